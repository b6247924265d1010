#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "held_object.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/simulated_executor.hpp"
#include "tunesmith/study.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith::python {

/// A trial with the view it was read from, which tells what a trial alone cannot.
struct JudgedTrial {
  StudyView view;
  TrialId id = 0;

  const Trial& trial() const { return view.trial(id); }
};

std::optional<JudgedTrial> best_of(const StudyView& view);
std::vector<JudgedTrial> front_of(const StudyView& view);
std::vector<JudgedTrial> trials_of(const StudyView& view);

/// A study that remembers why the last ask had no trial. That word is touched with the GIL held,
/// the study without.
struct PyStudy {
  explicit PyStudy(Study* made) : study(made) {}
  Unlocked<Study> study;
  std::optional<std::string> nothing_now;
};

/// Study's arguments as Python gives them.
struct StudyArguments {
  std::string name;
  Space space;
  pybind11::object metric;
  std::string goal;
  pybind11::object objectives;
  pybind11::object standard_error;
  pybind11::object outcome_constraints;
  pybind11::object metrics;
  std::string resource_regex;
  pybind11::object final_rule;
  pybind11::object baseline;
  pybind11::object cost;
  std::optional<std::string> strategy;
  pybind11::object search;
  pybind11::iterable stopping_rules;
  std::uint64_t seed = 0;
  pybind11::object store;
  pybind11::iterable parents;
  std::shared_ptr<VirtualClock> clock;
};
std::unique_ptr<PyStudy> make_study(const StudyArguments& given, const pybind11::kwargs& options);

/// Name, problem and trials; values that are not finite show as null.
std::string study_json(const std::string& name, const StudyView& view);

/// The metric that a plain number stands for: the only objective's, or "" where there are several.
std::string only_metric(const Problem& problem);

/// A dict of metrics, or the number of the metric that is `only`. Throws TypeError.
Metrics metrics_or_number(const pybind11::handle& metrics, const std::string& only);

/// What a trial came to: None (its reports count), metrics_or_number, or a TrialResult. Throws
/// TypeError.
TrialResult result_from(const pybind11::handle& result, const std::string& only);

}  // namespace tunesmith::python
