#include <cmath>
#include <variant>

#include "core/json.hpp"
#include "core/numbers.hpp"
#include "executor/script_mode.hpp"
#include "tunesmith/rungs.hpp"

namespace tunesmith {
namespace {

/// Python's repr of a JSON value, as the toolkit's str() of a list shows its elements.
std::string python_repr(const Json& json) {
  if (json.is_string()) {
    const std::string& text = json.get_ref<const std::string&>();
    const bool has_single = text.find('\'') != std::string::npos;
    const char quote = has_single && text.find('"') == std::string::npos ? '"' : '\'';
    std::string quoted(1, quote);
    for (const char c : text) {
      if (c == quote || c == '\\') quoted += '\\';
      if (c == '\n') {
        quoted += "\\n";
      } else {
        quoted += c;
      }
    }
    return quoted + quote;
  }
  if (json.is_boolean()) return json.get<bool>() ? "True" : "False";
  if (json.is_null()) return "None";
  std::string text;
  if (json.is_array()) {
    for (const Json& element : json) text += (text.empty() ? "" : ", ") + python_repr(element);
    return "[" + text + "]";
  }
  if (json.is_object()) {
    for (const auto& [key, value] : json.items())
      text += (text.empty() ? "" : ", ") + python_repr(Json(key)) + ": " + python_repr(value);
    return "{" + text + "}";
  }
  return json_text(json);
}

/// str() of a JSON value as the toolkit puts it on the command line; numbers stay as written.
std::string toolkit_argument(const Json& json, const std::string& written) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_null()) return "";
  if (json.is_number()) return written;
  if (!json.is_object()) return python_repr(json);
  std::string text;
  for (const auto& [key, value] : json.items())
    text += (text.empty() ? "" : ",") + key + "=" + toolkit_argument(value, json_text(value));
  return text;
}

/// The toolkit reads every value as JSON and keeps as text what is none.
Json decoded(const std::string& text) {
  std::vector<Mistake> mistakes;
  Json json = parse_json(text, mistakes);
  return mistakes.empty() && !json.is_discarded() ? json : Json(text);
}

Hyperparameter from_json(std::string text, std::string argument, const Json& json) {
  Hyperparameter value;
  value.text = std::move(text);
  value.argument = std::move(argument);
  value.json = json_text(json);
  value.variable = json.is_string() ? json.get<std::string>() : value.json;
  return value;
}

Hyperparameter from_value(const Value& value, bool json_values) {
  if (const std::string* text = std::get_if<std::string>(&value)) {
    const Json json = json_values ? decoded(*text) : Json(*text);
    return from_json(*text, toolkit_argument(json, *text), json);
  }
  const std::string text = to_text(value);
  if (const bool* flag = std::get_if<bool>(&value))
    return from_json(text, *flag ? "True" : "False", Json(*flag));
  return {.text = text, .argument = text, .json = text, .variable = text};
}

bool is_fixed(const Problem& problem, const std::string& name) {
  const Parameter* parameter = problem.space.find(name);
  return parameter != nullptr && parameter->type == ParameterType::fixed;
}

}  // namespace

std::string level_text(double level) {
  // Far below where doubles stop telling whole numbers apart.
  const bool whole = level == std::floor(level) && std::abs(level) <= 1e15;
  return whole ? std::to_string(static_cast<std::int64_t>(level)) : number_text(level);
}

std::optional<std::string> until_parameter(const SubprocessOptions& options, const Problem& problem,
                                           const TrialRun& run) {
  if (!(run.until >= 1 && run.until <= 1e15) || run.until != std::floor(run.until)) return {};
  std::map<std::string, std::string> statics = options.static_parameters;
  for (const auto& [name, value] : run.configuration.values()) {
    if (is_fixed(problem, name)) {
      statics[name] = to_text(value);
    } else {
      statics.erase(name);
    }
  }
  const auto epochs = infer_epochs(statics);
  if (!epochs) return {};
  return epochs->name;
}

Hyperparameters hyperparameters(const SubprocessOptions& options, const Problem& problem,
                                const TrialRun& run) {
  constexpr const char* objective_key = "_tuning_objective_metric";
  Hyperparameters all;
  // SageMaker's tuning adds this one to every training job.
  if (!problem.objectives.empty())
    all[objective_key] =
        from_json(problem.objectives[0].metric, "", Json(problem.objectives[0].metric));
  for (const auto& [name, text] : options.static_parameters) {
    const Json json = decoded(text);
    all[name] = from_json(text, options.json_values ? toolkit_argument(json, text) : text, json);
  }
  for (const auto& [name, value] : run.configuration.values())
    all[name] = from_value(value, options.json_values);
  if (const auto name = until_parameter(options, problem, run)) {
    const std::string level = level_text(run.until);
    const bool quoted = all.at(*name).text.starts_with('"');
    const std::string text = quoted ? '"' + level + '"' : level;
    const Json json = decoded(text);
    all[*name] = from_json(text, options.json_values ? toolkit_argument(json, text) : text, json);
  }
  for (auto& [name, value] : all)
    value.framework = name.starts_with("sagemaker_") || name == objective_key;
  return all;
}

}  // namespace tunesmith
