#include "job/plugin_choice.hpp"

#include <algorithm>
#include <utility>

#include "core/json_reader.hpp"

namespace tunesmith {
namespace {

Json option_schema(const OptionInfo& option) {
  Json schema = {{"description", option.text}};
  if (option.type == "int") schema["type"] = "integer";
  if (option.type == "float") schema["type"] = "number";
  if (option.type == "bool") schema["type"] = "boolean";
  if (option.type == "text") schema["type"] = "string";
  std::vector<Mistake> mistakes;
  const Json fallback = parse_json(option.fallback, mistakes);
  if (mistakes.empty() && !fallback.is_null()) schema["default"] = fallback;
  return schema;
}

}  // namespace

void read_plugin_choice(const Json& field, const std::string& path,
                        const std::vector<PluginInfo>& infos,
                        const std::function<void(const PluginChoice&)>& check, PluginChoice& choice,
                        std::vector<Mistake>& mistakes) {
  std::vector<std::string> names;
  std::string allowed = "one of";
  for (const PluginInfo& info : infos) {
    names.push_back(info.name);
    allowed += " \"" + info.name + "\"";
  }
  const Json* name = &field;
  std::string name_path = path;
  if (field.is_object()) {
    const auto it = field.find("name");
    name_path += "/name";
    if (it == field.end()) {
      mistakes.push_back({name_path, "is missing", allowed});
      return;
    }
    name = &*it;
  }
  if (name->is_discarded()) return;
  if (!name->is_string()) {
    mistakes.push_back({name_path, "is " + json_kind(*name) + " (" + json_excerpt(*name) + ")",
                        field.is_object() ? allowed : allowed + ", or an object with \"name\""});
    return;
  }
  PluginChoice read{.name = name->get<std::string>()};
  if (std::find(names.begin(), names.end(), read.name) == names.end()) {
    const std::string guess = closest(read.name, names);
    mistakes.push_back(
        {name_path,
         "is " + json_excerpt(*name) + (guess.empty() ? "" : "; did you mean \"" + guess + "\"?"),
         allowed});
    return;
  }
  if (field.is_object()) {
    Json options = field;
    options.erase("name");
    read.options = json_text(options);
  }
  try {
    check(read);
  } catch (const Error& error) {
    for (Mistake mistake : error.mistakes()) {
      mistake.path = path + mistake.path;
      mistakes.push_back(std::move(mistake));
    }
    return;
  }
  choice = std::move(read);
}

Json plugin_choice_schema(const std::vector<PluginInfo>& infos) {
  Json names = Json::array();
  Json forms = Json::array();
  for (const PluginInfo& info : infos) {
    names.push_back(info.name);
    Json properties = {{"name", {{"const", info.name}}}};
    for (const OptionInfo& option : info.options) {
      properties[option.name] = option_schema(option);
    }
    forms.push_back({{"type", "object"},
                     {"description", info.summary},
                     {"required", {"name"}},
                     {"additionalProperties", false},
                     {"properties", std::move(properties)}});
  }
  forms.insert(forms.begin(), Json{{"enum", std::move(names)}});
  return {{"oneOf", std::move(forms)}};
}

}  // namespace tunesmith
