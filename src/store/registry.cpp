#include <algorithm>
#include <utility>

#include "core/json_reader.hpp"
#include "store/store_plugin.hpp"

namespace tunesmith {

#define TUNESMITH_STORE(name) StorePlugin name##_store();
#include "store/stores.def"
#undef TUNESMITH_STORE

namespace {

const std::vector<StorePlugin>& plugins() {
  static const std::vector<StorePlugin> all = {
#define TUNESMITH_STORE(name) name##_store(),
#include "store/stores.def"
#undef TUNESMITH_STORE
  };
  return all;
}

[[noreturn]] void refuse(std::string_view url, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "store \"" + std::string(url) + "\": " + why);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

StoreUrl take_apart(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos) {
    refuse(url, "names no kind of store; write \"sqlite:" + std::string(url) + "\" for a file");
  }
  StoreUrl parts;
  parts.scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 1);
  const std::size_t question = rest.find('?');
  parts.place = rest.substr(0, question);
  rest = question == std::string_view::npos ? "" : rest.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      refuse(url, "\"" + std::string(pair) + "\" is no option; write name=value");
    }
    if (!parts.options.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second) {
      refuse(url, "option " + std::string(pair.substr(0, equals)) + " is given twice");
    }
  }
  return parts;
}

}  // namespace

const std::vector<PluginInfo>& stores() {
  static const std::vector<PluginInfo> infos = [] {
    std::vector<PluginInfo> list;
    for (const StorePlugin& plugin : plugins()) list.push_back(plugin.info);
    return list;
  }();
  return infos;
}

std::shared_ptr<Store> open_store(std::string_view url) {
  const StoreUrl parts = take_apart(url);
  const auto plugin = std::find_if(plugins().begin(), plugins().end(), [&](const StorePlugin& p) {
    return p.info.name == parts.scheme;
  });
  if (plugin == plugins().end()) {
    std::vector<std::string> names;
    for (const PluginInfo& info : stores()) names.push_back(info.name);
    const std::string guess = closest(parts.scheme, names);
    refuse(url, "there is no kind of store \"" + parts.scheme + "\"" +
                    (guess.empty() ? "" : "; did you mean \"" + guess + "\"?") +
                    " (allowed: " + joined(names) + ")");
  }
  std::vector<std::string> known;
  for (const OptionInfo& option : plugin->info.options) known.push_back(option.name);
  for (const auto& [name, value] : parts.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    refuse(url, "option " + name + " is not known (allowed: " + joined(known) + ")");
  }
  return plugin->open(parts);
}

}  // namespace tunesmith
