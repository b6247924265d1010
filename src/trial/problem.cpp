#include "tunesmith/problem.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "trial/problem_check.hpp"
#include "trial/problem_json.hpp"

namespace tunesmith {
namespace {

/// Where metrics are defined, only those can have a value.
void check_defined(const Problem& problem, const std::string& metric, const std::string& path,
                   std::vector<Mistake>& mistakes) {
  if (problem.metrics.empty()) return;
  std::vector<std::string> names;
  for (const MetricDefinition& definition : problem.metrics) names.push_back(definition.name);
  if (std::find(names.begin(), names.end(), metric) != names.end()) return;
  std::string what = "is \"" + metric + "\", which is none of the metrics";
  if (const std::string guess = closest(metric, names); !guess.empty()) {
    what += "; did you mean \"" + guess + "\"?";
  }
  std::string allowed;
  for (const std::string& name : names) allowed += (allowed.empty() ? "" : ", ") + name;
  mistakes.push_back({path, std::move(what), std::move(allowed)});
}

}  // namespace

const char* to_string(Goal goal) noexcept {
  return goal == Goal::minimize ? "minimize" : "maximize";
}

void check_objectives(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes) {
  if (problem.objectives.empty()) {
    mistakes.push_back({"/objectives", "names no metric", "at least one objective"});
  }
  for (std::size_t i = 0; i < problem.objectives.size(); ++i) {
    const std::string path = "/objectives" + pointer_step(i) + "/metric";
    const std::string error_path = "/objectives" + pointer_step(i) + "/standard_error";
    const std::string& metric = problem.objectives[i].metric;
    const std::string& standard_error = problem.objectives[i].standard_error;
    const auto same = [&](const Objective& other) { return other.metric == metric; };
    const auto end = problem.objectives.begin() + static_cast<std::ptrdiff_t>(i);
    if (metric.empty()) {
      mistakes.push_back({path, "is empty", "the name of a metric"});
    } else if (std::any_of(problem.objectives.begin(), end, same)) {
      mistakes.push_back({path, "is \"" + metric + "\" once more", "each metric once"});
    } else if (metrics_known) {
      check_defined(problem, metric, path, mistakes);
    }
    const auto named = [&](const Objective& one) { return one.metric == standard_error; };
    if (standard_error.empty()) continue;
    if (std::any_of(problem.objectives.begin(), problem.objectives.end(), named)) {
      mistakes.push_back({error_path, "is \"" + standard_error + "\", which is an objective",
                          "the metric that holds the standard error"});
    } else if (metrics_known) {
      check_defined(problem, standard_error, error_path, mistakes);
    }
  }
}

void check_constraints(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes) {
  for (std::size_t i = 0; i < problem.constraints.size(); ++i) {
    const std::string path = "/outcome_constraints" + pointer_step(i);
    const OutcomeConstraint& constraint = problem.constraints[i];
    if (constraint.metric.empty()) {
      mistakes.push_back({path + "/metric", "is empty", "the name of a metric"});
    } else if (metrics_known) {
      check_defined(problem, constraint.metric, path + "/metric", mistakes);
    }
    bool finite = true;
    for (const auto& [key, bound] :
         {std::pair("/min", constraint.min), std::pair("/max", constraint.max)}) {
      if (!bound || std::isfinite(*bound)) continue;
      mistakes.push_back({path + key, "is " + number_text(*bound), "a finite number"});
      finite = false;
    }
    if (!constraint.min && !constraint.max) {
      mistakes.push_back({path, "has no bound", "min, max or both"});
    } else if (finite && constraint.min && constraint.max && *constraint.min > *constraint.max) {
      mistakes.push_back(
          {path + "/max",
           "is " + number_text(*constraint.max) + ", but min is " + number_text(*constraint.min),
           "a number of at least min"});
    }
  }
}

void check_metrics(const Problem& problem, std::vector<Mistake>& mistakes) {
  std::vector<Mistake> found = validate(
      ExtractionOptions{.metrics = problem.metrics, .resource_regex = problem.resource_regex});
  mistakes.insert(mistakes.end(), found.begin(), found.end());
}

void check_final_rule(const Problem& problem, std::vector<Mistake>& mistakes) {
  if (problem.final_rule.value == FinalValue::mean_of_last && problem.final_rule.levels < 1) {
    mistakes.push_back({"/final/mean_of_last", "is " + std::to_string(problem.final_rule.levels),
                        "an integer of at least 1"});
  }
}

void check_cost(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes) {
  if (metrics_known && problem.cost && !problem.cost->metric.empty())
    check_defined(problem, problem.cost->metric, "/cost/metric", mistakes);
}

void check_baseline(const Space& space, const Problem& problem, std::vector<Mistake>& mistakes) {
  if (!problem.baseline || problem.space.parameters().empty()) return;
  Configuration judged;
  for (const auto& [name, value] : problem.baseline->values()) {
    const bool elsewhere = space.find(name) == nullptr && problem.space.find(name) != nullptr;
    if (!elsewhere) judged.set(name, value);
  }
  for (Mistake& mistake : space.check(space.conform(judged))) {
    mistake.path = "/baseline" + mistake.path;
    mistakes.push_back(std::move(mistake));
  }
}

std::vector<Mistake> validate(const Problem& problem) {
  std::vector<Mistake> mistakes = problem.space.validate();
  const bool space_good = mistakes.empty();
  check_objectives(problem, true, mistakes);
  check_constraints(problem, true, mistakes);
  check_metrics(problem, mistakes);
  check_final_rule(problem, mistakes);
  check_cost(problem, true, mistakes);
  if (space_good) check_baseline(problem.space, problem, mistakes);
  return mistakes;
}

std::string to_json(const Problem& problem) {
  Json json = Json::object();
  write_problem(problem, json);
  return json_text(json);
}

Problem problem_from_json(std::string_view text) {
  const Json json = parse_json_or_throw(text, ErrorCode::invalid_problem);
  Problem problem;
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  if (reader.is_object()) {
    read_problem(reader, problem, mistakes);
    reader.finish();
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_problem, std::move(mistakes));
  return problem;
}

std::uint64_t random_seed() {
  std::random_device entropy;
  // 53 bits: every JSON reader gives the seed back as it was.
  return ((static_cast<std::uint64_t>(entropy()) << 32U) | entropy()) >> 11U;
}

}  // namespace tunesmith
