#include "tunesmith/study.hpp"

#include <pybind11/stl.h>

#include <cmath>
#include <utility>

#include "bindings.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* study_doc =
    R"(Ask for trials, tell results, on an append-only log. Usable from any thread.

name -- names the study inside its store; opening the same name again continues it
space -- what may be tuned
metric, goal -- what to make small ("minimize") or large ("maximize"); or, for several,
objectives -- {"metric": "minimize", ...}
outcome_constraints -- {"metric": (min, max)}: a trial counts as feasible only within; None does not bind
baseline -- the present setting, a dict of parameters: becomes trial 0
strategy, options -- by name, see search_strategies(); its options are keyword arguments
seed -- everything random follows from it
store -- "memory:" or "sqlite:FILE"

Raises Error with every mistake.

>>> import tunesmith
>>> space = tunesmith.Space().add_float("x", -1, 1).add_float("y", -1, 1)
>>> study = tunesmith.Study("bowl", space, metric="loss", strategy="random", quasi_random=True, seed=1)
>>> for _ in range(20):
...     run = study.ask()
...     _ = study.tell(run, run.params["x"] ** 2 + run.params["y"] ** 2)
>>> study.best.value < 0.5
True
)";

constexpr const char* ask_doc =
    R"(The next trial to run, a TrialRun; or None, and then nothing_now says why.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 1), metric="loss", strategy="grid")
>>> study.tell(study.ask(), 0.5)
'accepted'
>>> study.ask(), study.nothing_now
(None, 'exhausted')
)";

constexpr const char* report_doc =
    R"(Metrics of a running attempt at a resource level, e.g. an epoch: a dict, or the number of the only objective.

Returns "keep_going" or "stop": then end the trial soon and tell what it reached.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> run = study.ask()
>>> study.report(run, 1, {"loss": 0.9, "accuracy": 0.6})
'keep_going'
)";

constexpr const char* tell_doc =
    R"(Ends an attempt, completed: with a dict of metrics, with the number of the only objective, or (None) with what was
reported. A value that is not finite makes the trial failed.

Returns "accepted"; "duplicate", where the attempt had ended the same way; or "fenced", where it is not the open one.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.tell(study.ask(), {"loss": 0.5, "seconds": 12})
'accepted'
)";

constexpr const char* fail_doc =
    R"(Ends an attempt, failed, for the given reason. Returns what tell does.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.fail(study.ask(), "out of memory")
'accepted'
>>> study.trials[0].state, study.trials[0].reason
('failed', 'out of memory')
)";

constexpr const char* enqueue_doc =
    R"(Puts a dict of parameters in line before what the strategy suggests. Raises Error with every mistake.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.enqueue({"n": 7})
>>> study.ask().params
{'n': 7}
)";

constexpr const char* replicate_doc =
    R"(Puts an explicit repetition of a trial in line.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> first = study.ask()
>>> study.replicate(first.number)
>>> study.ask().params == first.params
True
)";

constexpr const char* set_budget_doc =
    R"(Replaces the budget: what makes ask return None with nothing_now == "budget_spent".

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.set_budget(max_trials=1)
>>> study.tell(study.ask(), 0.5)
'accepted'
>>> study.ask(), study.nothing_now
(None, 'budget_spent')
)";

constexpr const char* open_runs_doc =
    R"(Attempts that are open in the log, e.g. those of a process that died. Go on with restart.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> run = study.ask()
>>> [open.number for open in study.open_runs()]
[0]
)";

constexpr const char* restart_doc =
    R"(Closes an open attempt and opens the next one of the same trial: a TrialRun.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.restart(study.ask(), "its process died").attempt
2
)";

constexpr const char* to_json_doc =
    R"(The study as JSON text: name, problem and trials. Values that are not finite show as null.

>>> import json, tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> _ = study.tell(study.ask(), 0.5)
>>> json.loads(study.to_json())["trials"][0]["metrics"]
{'loss': 0.5}
)";

/// A study that remembers why the last ask had no trial. That word is touched with the GIL held,
/// the study without.
struct PyStudy {
  explicit PyStudy(StudyOptions options) : study(std::move(options)) {}
  Study study;
  std::optional<std::string> nothing_now;
};

JudgedTrial judged(const StudyView& view, TrialId id) {
  const Trial& trial = view.trial(id);
  return {trial, view.objective(trial)};
}

StudyView view_of(const PyStudy& self) {
  const py::gil_scoped_release release;
  return self.study.view();
}

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

std::vector<OutcomeConstraint> outcome_constraints_from(const py::object& constraints) {
  std::vector<OutcomeConstraint> result;
  if (constraints.is_none()) return result;
  for (const auto& [name, bounds] : constraints.cast<py::dict>()) {
    const auto [min, max] = bounds.cast<std::pair<std::optional<double>, std::optional<double>>>();
    result.push_back({.metric = name.cast<std::string>(), .min = min, .max = max});
  }
  return result;
}

std::unique_ptr<PyStudy> make_study(const std::string& name, const Space& space,
                                    const py::object& metric, const std::string& goal,
                                    const py::object& objectives,
                                    const py::object& outcome_constraints,
                                    const py::object& baseline, const std::string& strategy,
                                    std::uint64_t seed, const std::string& store,
                                    const py::kwargs& options) {
  StudyOptions made{.name = name,
                    .problem = {.space = space,
                                .objectives = objectives_from(metric, goal, objectives),
                                .constraints = outcome_constraints_from(outcome_constraints),
                                .seed = seed}};
  if (!baseline.is_none()) made.problem.baseline = configuration_from(baseline.cast<py::dict>());
  const auto options_json = py::module_::import("json").attr("dumps")(options).cast<std::string>();
  const py::gil_scoped_release release;
  made.search = make_search(strategy, options_json);
  made.store = open_store(store);
  return std::make_unique<PyStudy>(std::move(made));
}

/// A number stands for the only objective.
Metrics metrics_or_number(const PyStudy& self, const py::object& metrics) {
  if (py::isinstance<py::dict>(metrics)) return metrics_from(metrics);
  const auto& objectives = self.study.problem().objectives;
  if (objectives.size() != 1)
    throw py::type_error("a study with several objectives needs a dict of metrics");
  return {{objectives.front().metric, py::float_(metrics)}};
}

std::optional<TrialRun> ask(PyStudy& self) {
  const Asked asked = [&] {
    const py::gil_scoped_release release;
    return self.study.ask();
  }();
  self.nothing_now = asked ? std::nullopt : std::optional<std::string>(to_string(asked.reason()));
  if (!asked) return std::nullopt;
  return *asked;
}

const char* report(PyStudy& self, const TrialRun& run, double resource, const py::object& metrics) {
  const Metrics values = metrics_or_number(self, metrics);
  const py::gil_scoped_release release;
  return self.study.report(run, resource, values) == Decision::stop ? "stop" : "keep_going";
}

const char* tell(PyStudy& self, const TrialRun& run, const py::object& metrics) {
  TrialResult result;
  if (!metrics.is_none()) result.metrics = metrics_or_number(self, metrics);
  const py::gil_scoped_release release;
  return to_string(self.study.tell(run, result));
}

const char* fail(PyStudy& self, const TrialRun& run, const std::string& reason) {
  const py::gil_scoped_release release;
  return to_string(self.study.fail(run, reason));
}

std::optional<JudgedTrial> best(const PyStudy& self) {
  const StudyView view = view_of(self);
  const auto id = view.best();
  if (!id) return std::nullopt;
  return judged(view, *id);
}

std::vector<JudgedTrial> front(const PyStudy& self) {
  const StudyView view = view_of(self);
  std::vector<JudgedTrial> trials;
  for (const TrialId id : view.front()) trials.push_back(judged(view, id));
  return trials;
}

std::vector<JudgedTrial> trials(const PyStudy& self) {
  const StudyView view = view_of(self);
  std::vector<JudgedTrial> all;
  for (std::size_t i = 0; i < view.size(); ++i)
    all.push_back(judged(view, static_cast<TrialId>(i)));
  return all;
}

py::dict finite_metrics(const Metrics& metrics) {
  py::dict result;
  for (const auto& [name, value] : metrics) {
    result[py::str(name)] =
        std::isfinite(value) ? py::object(py::float_(value)) : py::object(py::none());
  }
  return result;
}

std::string study_json(const PyStudy& self) {
  const StudyView view = view_of(self);
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
  const py::dict document("name"_a = self.study.name(),
                          "problem"_a = json.attr("loads")(to_json(view.problem())),
                          "trials"_a = all);
  return json.attr("dumps")(document).cast<std::string>();
}

}  // namespace

void bind_study(py::module_& module) {
  auto study =
      py::class_<PyStudy>(module, "Study", study_doc)
          .def(py::init(&make_study), "name"_a, "space"_a, py::kw_only(), "metric"_a = py::none(),
               "goal"_a = "minimize", "objectives"_a = py::none(),
               "outcome_constraints"_a = py::none(), "baseline"_a = py::none(),
               "strategy"_a = "bayesian", "seed"_a = 0, "store"_a = "memory:")
          .def("ask", &ask, ask_doc)
          .def("report", &report, "run"_a, "resource"_a, "metrics"_a, report_doc)
          .def("tell", &tell, "run"_a, "metrics"_a = py::none(), tell_doc)
          .def("fail", &fail, "run"_a, "reason"_a = "", fail_doc)
          .def(
              "enqueue",
              [](PyStudy& self, const py::dict& parameters, const std::string& note) {
                const Configuration configuration = configuration_from(parameters);
                const py::gil_scoped_release release;
                self.study.enqueue(configuration, note);
              },
              "params"_a, "note"_a = "", enqueue_doc)
          .def(
              "replicate",
              [](PyStudy& self, TrialId number, const std::string& note) {
                self.study.replicate(number, note);
              },
              "number"_a, "note"_a = "", py::call_guard<py::gil_scoped_release>(), replicate_doc)
          .def(
              "set_budget",
              [](PyStudy& self, std::optional<std::int64_t> max_trials,
                 std::optional<double> target, std::optional<int> max_failures_in_a_row) {
                self.study.set_budget({.max_trials = max_trials,
                                       .target = target,
                                       .max_failures_in_a_row = max_failures_in_a_row});
              },
              py::kw_only(), "max_trials"_a = py::none(), "target"_a = py::none(),
              "max_failures_in_a_row"_a = py::none(), py::call_guard<py::gil_scoped_release>(),
              set_budget_doc)
          .def(
              "open_runs", [](const PyStudy& self) { return self.study.open_runs(); },
              py::call_guard<py::gil_scoped_release>(), open_runs_doc)
          .def(
              "restart",
              [](PyStudy& self, const TrialRun& run, const std::string& why) {
                return self.study.restart(run, why);
              },
              "run"_a, "why"_a = "", py::call_guard<py::gil_scoped_release>(), restart_doc)
          .def("to_json", &study_json, to_json_doc)
          .def_property_readonly("name", [](const PyStudy& self) { return self.study.name(); })
          .def_readonly("nothing_now", &PyStudy::nothing_now,
                        "Why the last ask returned None: \"waiting\" (tell something first), "
                        "\"exhausted\" (every "
                        "configuration has been evaluated) or \"budget_spent\"; None where it "
                        "returned a trial.")
          .def_property_readonly(
              "why_spent",
              [](const PyStudy& self) {
                const py::gil_scoped_release release;
                return self.study.why_spent();
              },
              "Why ask says \"budget_spent\", in words; empty where it would not.")
          .def_property_readonly(
              "best", &best,
              "The feasible Trial with the best objective, or None; with several objectives the "
              "earliest of the front.")
          .def_property_readonly("front", &front,
                                 "The feasible Trials that no other one beats in all objectives.")
          .def_property_readonly("trials", &trials, "All Trials, by number.")
          .def("__repr__", [](const PyStudy& self) {
            return "<tunesmith.Study '" + self.study.name() + "', " +
                   std::to_string(view_of(self).size()) + " trials>";
          });
  publish(study);
}

}  // namespace tunesmith::python
