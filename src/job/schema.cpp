#include "core/json.hpp"
#include "job/schema_text.hpp"
#include "tunesmith/job.hpp"
#include "tunesmith/search.hpp"

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

/// A strategy's name, or an object with its name and options: from the table of strategies.
Json strategy_schema() {
  Json names = Json::array();
  Json forms = Json::array();
  for (const PluginInfo& info : search_strategies()) {
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
  return {{"description", "How the space is searched: a name, or an object with options."},
          {"default", "bayesian"},
          {"oneOf", std::move(forms)}};
}

}  // namespace

std::string job_schema() {
  std::vector<Mistake> mistakes;
  Json schema = parse_json(job_schema_text, mistakes);
  schema["properties"]["strategy"] = strategy_schema();
  return json_pretty(schema) + "\n";
}

}  // namespace tunesmith
