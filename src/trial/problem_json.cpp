#include "trial/problem_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "space/space_json.hpp"
#include "trial/configuration_json.hpp"
#include "trial/problem_check.hpp"

namespace tunesmith {
namespace {

constexpr std::array goals = {Goal::minimize, Goal::maximize};
constexpr std::array formats = {MetricFormat::regex, MetricFormat::json_lines,
                                MetricFormat::key_value};
constexpr const char* final_allowed =
    R"("last", "first", "best" or {"mean_of_last": an integer of at least 1})";
constexpr const char* cost_allowed = R"("time" or {"metric": the name of a metric})";
constexpr const char* seed_allowed = "an integer from 0 to 2^64-1 (from 2^63 on as a text)";

/// Whether one path is the other or leads to it.
bool related(const std::string& a, const std::string& b) {
  const std::string& shorter = a.size() < b.size() ? a : b;
  const std::string& longer = a.size() < b.size() ? b : a;
  return longer.starts_with(shorter) &&
         (longer.size() == shorter.size() || longer[shorter.size()] == '/');
}

bool any_below(const std::vector<Mistake>& mistakes, const std::string& path) {
  return std::any_of(mistakes.begin(), mistakes.end(),
                     [&](const Mistake& mistake) { return related(mistake.path, path); });
}

/// Adds mistakes of meaning, except about fields that could not even be read.
void add_unrelated(std::vector<Mistake> meaning, const std::string& base,
                   std::vector<Mistake>& mistakes) {
  const std::vector<Mistake> syntax = mistakes;
  for (Mistake& mistake : meaning) {
    mistake.path = base + mistake.path;
    if (!any_below(syntax, mistake.path)) mistakes.push_back(std::move(mistake));
  }
}

/// Calls `read` for each object of the array at `key`.
template <class Read>
void read_objects(ObjectReader& reader, std::string_view key, std::vector<Mistake>& mistakes,
                  const Read& read) {
  const Json* array = reader.array(key);
  if (array == nullptr) return;
  for (std::size_t i = 0; i < array->size(); ++i) {
    ObjectReader element((*array)[i], reader.path(key) + pointer_step(i), mistakes);
    read(element);
    element.finish();
  }
}

std::string required_text(ObjectReader& reader, std::string_view key, std::string_view allowed) {
  if (reader.has(key)) return reader.text(key).value_or("");
  reader.require(key, allowed);
  return "";
}

void read_objectives(ObjectReader& reader, Problem& problem, std::vector<Mistake>& mistakes) {
  if (!reader.has("objectives")) {
    reader.require("objectives", R"([{"metric": ..., "goal": "minimize" or "maximize"}])");
    return;
  }
  read_objects(reader, "objectives", mistakes, [&](ObjectReader& element) {
    Objective objective;
    objective.metric = required_text(element, "metric", "the name of a metric");
    if (const auto goal = element.choice("goal", {"minimize", "maximize"})) {
      objective.goal = goals.at(*goal);
    }
    if (auto name = element.text("standard_error")) {
      if (name->empty()) element.mistake("standard_error", "is empty", "the name of a metric");
      objective.standard_error = std::move(*name);
    }
    problem.objectives.push_back(std::move(objective));
  });
}

void read_constraints(ObjectReader& reader, Problem& problem, std::vector<Mistake>& mistakes) {
  read_objects(reader, "outcome_constraints", mistakes, [&](ObjectReader& element) {
    OutcomeConstraint constraint;
    constraint.metric = required_text(element, "metric", "the name of a metric");
    constraint.min = element.number("min");
    constraint.max = element.number("max");
    problem.constraints.push_back(std::move(constraint));
  });
}

void read_seed(ObjectReader& reader, Problem& problem) {
  const Json* json = reader.find("seed");
  if (json == nullptr) return;
  if (json->is_string()) {
    const auto& text = json->get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), problem.seed);
    if (error == std::errc() && end == text.data() + text.size()) return;
    reader.mistake("seed", "is " + json_excerpt(*json), seed_allowed);
  } else if (const auto seed = reader.integer("seed", 0)) {
    problem.seed = static_cast<std::uint64_t>(*seed);
  }
}

void read_baseline(ObjectReader& reader, Problem& problem, std::vector<Mistake>& mistakes) {
  if (const Json* json = reader.object("baseline")) {
    problem.baseline = read_configuration(*json, reader.path("baseline"), mistakes);
  }
}

void read_cost(ObjectReader& reader, Problem& problem, std::vector<Mistake>& mistakes) {
  const Json* json = reader.find("cost");
  if (json == nullptr) return;
  if (*json == "time") {
    problem.cost = Cost{};
  } else if (!json->is_object()) {
    reader.mistake("cost", "is " + json_excerpt(*json), cost_allowed);
  } else {
    ObjectReader fields(*json, reader.path("cost"), mistakes);
    std::string metric = required_text(fields, "metric", "the name of a metric");
    if (fields.has("metric") && metric.empty() && (*json)["metric"].is_string())
      fields.mistake("metric", "is empty", "the name of a metric");
    if (!metric.empty()) problem.cost = Cost{.metric = std::move(metric)};
    fields.finish();
  }
}

/// The parameters that nothing is wrong with, nor with those that their conditions name; without
/// constraints, which may name others.
Space sound_part(ObjectReader& reader, const Space& space, const std::vector<Mistake>& mistakes) {
  const Json* all = reader.find("parameters");
  Space sound;
  if (all == nullptr || !all->is_object()) return sound;
  Json parameters = Json::object();
  for (const Parameter& parameter : space.parameters()) {
    const bool knows_parents = std::all_of(
        parameter.when.begin(), parameter.when.end(),
        [&](const Condition& condition) { return parameters.contains(condition.parent); });
    const std::string path = reader.path("parameters") + pointer_step(parameter.name);
    if (knows_parents && !any_below(mistakes, path)) {
      parameters[parameter.name] = (*all)[parameter.name];
    }
  }
  const Json part = {{"parameters", std::move(parameters)}};
  std::vector<Mistake> none;
  ObjectReader part_reader(part, "", none);
  read_space(part_reader, sound, none);
  return sound;
}

}  // namespace

std::vector<MetricDefinition> read_metrics(const Json& array, const std::string& path,
                                           std::vector<Mistake>& mistakes) {
  std::vector<MetricDefinition> metrics;
  for (std::size_t i = 0; i < array.size(); ++i) {
    ObjectReader element(array[i], path + pointer_step(i), mistakes);
    MetricDefinition definition;
    definition.name = required_text(element, "name", "a text");
    const auto format = element.choice("format", {"regex", "json_lines", "key_value"});
    definition.regex = element.text("regex").value_or("");
    definition.key = element.text("key").value_or("");
    if (format) {
      definition.format = formats.at(*format);
    } else if (element.has("format") && definition.regex.empty()) {
      definition.format = MetricFormat::key_value;  // with which the other fields may be right
    }
    element.finish();
    metrics.push_back(std::move(definition));
  }
  return metrics;
}

FinalRule read_final_rule(ObjectReader& reader, std::string_view key,
                          std::vector<Mistake>& mistakes) {
  FinalRule rule;
  const Json* json = reader.find(key);
  if (json == nullptr) return rule;
  if (*json == "last" || *json == "first" || *json == "best") {
    rule.value = *json == "last"    ? FinalValue::last
                 : *json == "first" ? FinalValue::first
                                    : FinalValue::best;
    return rule;
  }
  if (!json->is_object() || !json->contains("mean_of_last")) {
    reader.mistake(key, "is " + json_excerpt(*json), final_allowed);
    return rule;
  }
  ObjectReader mean(*json, reader.path(key), mistakes);
  if (const auto levels = mean.integer("mean_of_last", 1, INT32_MAX)) {
    rule = {.value = FinalValue::mean_of_last, .levels = static_cast<int>(*levels)};
  }
  mean.finish();
  return rule;
}

void read_problem(ObjectReader& reader, Problem& problem, std::vector<Mistake>& mistakes) {
  read_space(reader, problem.space, mistakes);
  const bool space_good = !any_below(mistakes, reader.path("parameters")) &&
                          !any_below(mistakes, reader.path("constraints"));
  const Space sound = space_good ? problem.space : sound_part(reader, problem.space, mistakes);
  read_objectives(reader, problem, mistakes);
  read_constraints(reader, problem, mistakes);
  if (const Json* array = reader.array("metrics")) {
    problem.metrics = read_metrics(*array, reader.path("metrics"), mistakes);
  }
  problem.resource_regex = reader.text("resource_regex").value_or("");
  problem.final_rule = read_final_rule(reader, "final", mistakes);
  read_seed(reader, problem);
  read_baseline(reader, problem, mistakes);
  read_cost(reader, problem, mistakes);

  const bool names_known =
      std::none_of(problem.metrics.begin(), problem.metrics.end(),
                   [](const MetricDefinition& definition) { return definition.name.empty(); });
  std::vector<Mistake> meaning;
  check_objectives(problem, names_known, meaning);
  check_constraints(problem, names_known, meaning);
  check_metrics(problem, meaning);
  check_cost(problem, names_known, meaning);
  check_baseline(sound, problem, meaning);
  add_unrelated(std::move(meaning), reader.path(), mistakes);
}

void write_problem(const Problem& problem, Json& json) {
  write_space(problem.space, json);
  Json objectives = Json::array();
  for (const Objective& objective : problem.objectives) {
    Json entry = {{"metric", objective.metric}, {"goal", to_string(objective.goal)}};
    if (!objective.standard_error.empty()) entry["standard_error"] = objective.standard_error;
    objectives.push_back(std::move(entry));
  }
  json["objectives"] = std::move(objectives);

  for (const OutcomeConstraint& constraint : problem.constraints) {
    Json entry = {{"metric", constraint.metric}};
    if (constraint.min) entry["min"] = *constraint.min;
    if (constraint.max) entry["max"] = *constraint.max;
    json["outcome_constraints"].push_back(std::move(entry));
  }
  for (const MetricDefinition& definition : problem.metrics) {
    Json entry = {{"name", definition.name}};
    if (definition.format != MetricFormat::regex) entry["format"] = to_string(definition.format);
    if (!definition.regex.empty()) entry["regex"] = definition.regex;
    if (!definition.key.empty()) entry["key"] = definition.key;
    json["metrics"].push_back(std::move(entry));
  }
  if (!problem.resource_regex.empty()) json["resource_regex"] = problem.resource_regex;
  if (problem.final_rule.value == FinalValue::mean_of_last) {
    json["final"] = {{"mean_of_last", problem.final_rule.levels}};
  } else {
    json["final"] = to_string(problem.final_rule.value);
  }
  if (problem.baseline) json["baseline"] = write_configuration(*problem.baseline);
  if (problem.cost) {
    json["cost"] =
        problem.cost->metric.empty() ? Json("time") : Json{{"metric", problem.cost->metric}};
  }
  if (problem.seed <= static_cast<std::uint64_t>(INT64_MAX)) {
    json["seed"] = static_cast<std::int64_t>(problem.seed);
  } else {
    json["seed"] = std::to_string(problem.seed);
  }
}

}  // namespace tunesmith
