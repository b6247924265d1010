#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/option.hpp"

namespace tunesmith {

/// What the source file of a plug-in (a strategy, a stopping rule, …) hands to its registry. `Made`
/// is what front ends get for a name and options, e.g. a std::shared_ptr<SearchStrategy>.
template <typename Made>
struct Plugin {
  PluginInfo info = {};
  /// Reads the options named in `info` and leaves mistakes with the reader, which the caller
  /// finishes. The result is used only where there was no mistake.
  std::function<Made(ObjectReader& options)> make = {};
};

/// "there is no <kind> 'x'; did you mean 'y'?", with the names that there are.
inline Mistake unknown_plugin(std::string_view kind, std::string_view name,
                              const std::vector<PluginInfo>& infos) {
  std::vector<std::string> names;
  std::string allowed;
  for (const PluginInfo& info : infos) {
    names.push_back(info.name);
    allowed += (allowed.empty() ? "" : ", ") + info.name;
  }
  const std::string guess = closest(name, names);
  return {.path = "",
          .what = "there is no " + std::string(kind) + " '" + std::string(name) + "'" +
                  (guess.empty() ? "" : "; did you mean '" + guess + "'?"),
          .allowed = allowed};
}

/// The plug-ins of one kind, in the order of their .def file. Immutable.
template <typename Made>
class PluginTable {
 public:
  /// `kind` in words, e.g. "search strategy".
  PluginTable(std::string kind, std::vector<Plugin<Made>> plugins)
      : kind_(std::move(kind)), plugins_(std::move(plugins)) {
    for (const Plugin<Made>& plugin : plugins_) infos_.push_back(plugin.info);
  }

  const std::vector<PluginInfo>& infos() const noexcept { return infos_; }

  /// Throws Error{invalid_argument} with every mistake; paths are "/<option>", or "" for the name.
  Made make(std::string_view name, std::string_view options_json) const {
    std::vector<Mistake> mistakes;
    Made made;
    const Json json = parse_json(options_json, mistakes);
    const Plugin<Made>* found = nullptr;
    for (const Plugin<Made>& plugin : plugins_) {
      if (plugin.info.name == name) found = &plugin;
    }
    if (found == nullptr) {
      mistakes.push_back(unknown_plugin(kind_, name, infos_));
    } else if (!json.is_discarded()) {
      ObjectReader options(json, "", mistakes);
      made = found->make(options);
      options.finish();
    }
    if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
    return made;
  }

 private:
  std::string kind_;
  std::vector<Plugin<Made>> plugins_;
  std::vector<PluginInfo> infos_;
};

}  // namespace tunesmith
