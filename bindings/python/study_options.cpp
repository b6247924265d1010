#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "plugins.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

std::vector<Objective> objectives_from(const py::object& metric, const std::string& goal,
                                       const py::object& objectives) {
  if (metric.is_none() == objectives.is_none()) {
    throw py::type_error("give either metric (and goal) or objectives");
  }
  if (!metric.is_none()) return {{.metric = metric.cast<std::string>(), .goal = goal_from(goal)}};
  std::vector<Objective> result;
  for (const auto& [name, word] : objectives.cast<py::dict>()) {
    result.push_back(
        {.metric = name.cast<std::string>(), .goal = goal_from(word.cast<std::string>())});
  }
  return result;
}

void read_standard_errors(const py::object& given, std::vector<Objective>& objectives) {
  if (given.is_none()) return;
  if (py::isinstance<py::str>(given)) {
    if (objectives.size() != 1)
      throw py::type_error("with several objectives standard_error is a dict by objective");
    objectives[0].standard_error = given.cast<std::string>();
    return;
  }
  for (const auto& [name, metric] : given.cast<std::map<std::string, std::string>>()) {
    const auto same = [&wanted = name](const Objective& one) { return one.metric == wanted; };
    const auto found = std::find_if(objectives.begin(), objectives.end(), same);
    if (found == objectives.end())
      throw py::type_error("standard_error names \"" + name + "\", which is no objective");
    found->standard_error = metric;
  }
}

std::vector<OutcomeConstraint> outcome_constraints_from(const py::object& constraints) {
  std::vector<OutcomeConstraint> result;
  if (constraints.is_none()) return result;
  for (const auto& [name, bounds] : constraints.cast<py::dict>()) {
    const auto [min, max] = bounds.cast<std::pair<std::optional<double>, std::optional<double>>>();
    result.push_back({.metric = name.cast<std::string>(), .min = min, .max = max});
  }
  return result;
}

/// How metrics are read from output, in the words of job files; read as part of a problem, so that
/// every mistake is told.
void read_extraction(Problem& problem, const StudyArguments& given) {
  if (given.metrics.is_none() && given.final_rule.is_none() && given.resource_regex.empty()) return;
  const py::module_ json = py::module_::import("json");
  py::dict document = json.attr("loads")(to_json(problem));
  if (!given.metrics.is_none()) document["metrics"] = given.metrics;
  if (!given.resource_regex.empty()) document["resource_regex"] = given.resource_regex;
  if (!given.final_rule.is_none()) document["final"] = given.final_rule;
  Problem read = problem_from_json(json.attr("dumps")(document).cast<std::string>());
  problem.metrics = std::move(read.metrics);
  problem.resource_regex = std::move(read.resource_regex);
  problem.final_rule = read.final_rule;
}

py::dict finite_metrics(const Metrics& metrics) {
  py::dict result;
  for (const auto& [name, value] : metrics) {
    result[py::str(name)] =
        std::isfinite(value) ? py::object(py::float_(value)) : py::object(py::none());
  }
  return result;
}

}  // namespace

std::unique_ptr<PyStudy> make_study(const StudyArguments& given, const py::kwargs& options) {
  StudyOptions made{
      .name = given.name,
      .problem = {.space = given.space,
                  .objectives = objectives_from(given.metric, given.goal, given.objectives),
                  .constraints = outcome_constraints_from(given.outcome_constraints),
                  .seed = given.seed}};
  read_standard_errors(given.standard_error, made.problem.objectives);
  if (!given.baseline.is_none())
    made.problem.baseline = configuration_from(given.baseline.cast<py::dict>());
  made.problem.cost = cost_from(given.cost);
  read_extraction(made.problem, given);
  if (given.search.is_none()) {
    made.search = make_search(given.strategy.value_or("auto"), json_of(options));
  } else if (given.strategy || !options.empty()) {
    throw py::type_error("give either search or strategy and its options");
  } else {
    made.search = search_from(given.search);
  }
  for (const py::handle rule : given.stopping_rules)
    made.stopping_rules.push_back(stopping_rule_from(py::reinterpret_borrow<py::object>(rule)));
  made.store = store_from(given.store);
  made.clock = given.clock;
  for (const py::handle parent : given.parents) {
    if (py::isinstance<PyStudy>(parent)) {
      made.parents.push_back(parent.cast<PyStudy&>().study->view());
    } else if (py::isinstance<StudyView>(parent)) {
      made.parents.push_back(parent.cast<const StudyView&>());
    } else {
      throw py::type_error("parents are Studies or StudyViews");
    }
  }
  const py::gil_scoped_release release;
  return std::make_unique<PyStudy>(new Study(std::move(made)));
}

std::string study_json(const std::string& name, const StudyView& view) {
  const py::module_ json = py::module_::import("json");
  py::list all;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const Trial& trial = view.trial(static_cast<TrialId>(i));
    py::list reports;
    for (const Report& report : trial.reports) {
      reports.append(
          py::dict("resource"_a = report.resource, "metrics"_a = finite_metrics(report.metrics)));
    }
    all.append(py::dict("number"_a = trial.id, "params"_a = to_python(trial.configuration),
                        "state"_a = to_string(trial.state), "origin"_a = to_string(trial.origin),
                        "attempt"_a = trial.attempt, "metrics"_a = finite_metrics(trial.metrics),
                        "reports"_a = reports, "replicate_of"_a = trial.replicate_of,
                        "note"_a = trial.note, "reason"_a = trial.reason));
  }
  const py::dict document(
      "name"_a = name, "problem"_a = json.attr("loads")(to_json(view.problem())), "trials"_a = all);
  return json.attr("dumps")(document).cast<std::string>();
}

}  // namespace tunesmith::python
