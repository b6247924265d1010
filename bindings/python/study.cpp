#include "tunesmith/study.hpp"

#include <pybind11/stl.h>

#include <utility>

#include "bindings.hpp"
#include "plugins.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* study_doc =
    R"doc(Ask for trials, tell results, on an append-only log. Usable from any thread.

name -- names the study inside its store; opening the same name again continues it
space -- what may be tuned
metric, goal -- what to make small ("minimize") or large ("maximize"); or, for several,
objectives -- {"metric": "minimize", ...}
standard_error -- the metric that holds a value's standard error (over folds or seeds), where trials measure it: models
                  then trust each value by its error. With several objectives {"metric": "its standard error"}
outcome_constraints -- {"metric": (min, max)}: a trial counts as feasible only within; None does not bind
metrics -- how subprocess_executor reads metrics from output, a list of dicts as job files have them:
           {"name": "loss", "regex": "loss: ([0-9.]+)"}; resource_regex -- finds the epoch or step
final -- which level of the reports the final metrics come from: "last", "first", "best", {"mean_of_last": 3}
baseline -- the present setting, a dict of parameters: becomes trial 0
cost -- what a trial costs, where trials differ in it: "time" (the seconds it takes) or {"metric": name}; "auto" and
        "bayesian" then look for good values at little cost
strategy, options -- by name, see search_strategies(); its options are keyword arguments. None: "auto". Or
search -- a SearchStrategy
stopping_rules -- StoppingRules that judge running trials; each serves this study alone
seed -- everything random follows from it
store -- "memory:", "sqlite:FILE" or a Store
parents -- earlier studies to start from, up to five Studies or StudyViews of the same or another space: their best
           come first, and (one objective) what they found helps as far as it orders this study's trials rightly. It
           is recorded when the study begins; later they may be gone
clock -- the VirtualClock of a simulation (see simulated_executor); None: the machine's

Raises Error with every mistake.

>>> import tunesmith
>>> space = tunesmith.Space().add_float("x", -1, 1).add_float("y", -1, 1)
>>> study = tunesmith.Study("bowl", space, metric="loss", strategy="sobol", seed=1)
>>> for _ in range(20):
...     run = study.ask()
...     _ = study.tell(run, run.params["x"] ** 2 + run.params["y"] ** 2)
>>> study.best.value < 0.5
True
)doc";

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
reported; or as a TrialResult says. A value that is not finite makes the trial failed.

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
    R"(Replaces the budget, see Budget: what makes ask return None with nothing_now == "budget_spent".

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

constexpr const char* started_doc =
    R"(Records a text with an open attempt, in place of an earlier one: Trial.handle. It is for whoever runs trials, to find
the work again or to keep what else there is to know of it. No effect where the attempt is not open.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.started(study.ask(), "machine 7")
>>> study.trials[0].handle
'machine 7'
)";

constexpr const char* to_json_doc =
    R"(The study as JSON text: name, problem and trials. Values that are not finite show as null.

>>> import json, tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> _ = study.tell(study.ask(), 0.5)
>>> json.loads(study.to_json())["trials"][0]["metrics"]
{'loss': 0.5}
)";

constexpr const char* view_doc =
    R"(A StudyView: the study as it is now, which does not change any more.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> len(study.view())
0
)";

constexpr const char* request_stop_doc =
    R"(Asks the study's tuner, whichever process it is in, to stop: one trial, or (None) everything.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> run = study.ask()
>>> study.request_stop("no longer needed", run.number)
>>> study.report(run, 1, 0.5)
'stop'
)";

constexpr const char* retire_paused_doc =
    "Ends all paused trials as stopped, with what they reported. ask() does so itself when it "
    "finds "
    "the budget spent or the space exhausted, not when somebody asked for a stop.";
constexpr const char* take_retired_doc =
    "Numbers of trials that were retired and not named by an earlier call, for whoever keeps "
    "checkpoints; after opening a study, of all that it ever retired.";
constexpr const char* refresh_doc =
    R"(Reads what other processes have appended to the study's log.

>>> import tunesmith
>>> tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random").refresh()
)";

constexpr const char* read_study_doc =
    R"(A StudyView of a stored study, for readers that drive nothing; with prefix the picture that a strategy had when the
log was that long. Raises Error where there is none of that name.

store -- a Store, or the URL of one

>>> import tunesmith
>>> store = tunesmith.open_store("memory:")
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random", store=store)
>>> _ = study.ask(), study.ask()
>>> view = tunesmith.read_study(store, "s")
>>> len(view), len(tunesmith.read_study(store, "s", prefix=view.trials[1].prefix))
(2, 1)
)";

StudyView view_of(const PyStudy& self) {
  const py::gil_scoped_release release;
  return self.study->view();
}

StudyView read(const py::object& given, const std::string& name, std::optional<Sequence> prefix) {
  const std::shared_ptr<Store> store = store_from(given);
  const py::gil_scoped_release release;
  return prefix ? read_study(*store, name, *prefix) : read_study(*store, name);
}

std::optional<TrialRun> ask(PyStudy& self) {
  const Asked asked = [&] {
    const py::gil_scoped_release release;
    return self.study->ask();
  }();
  self.nothing_now = asked ? std::nullopt : std::optional<std::string>(to_string(asked.reason()));
  if (!asked) return std::nullopt;
  return *asked;
}

const char* report(PyStudy& self, const TrialRun& run, double resource, const py::object& metrics) {
  const Metrics values = metrics_or_number(metrics, only_metric(self.study->problem()));
  const py::gil_scoped_release release;
  return word_of(self.study->report(run, resource, values));
}

const char* tell(PyStudy& self, const TrialRun& run, const py::object& metrics) {
  const TrialResult result = result_from(metrics, only_metric(self.study->problem()));
  const py::gil_scoped_release release;
  return to_string(self.study->tell(run, result));
}

const char* fail(PyStudy& self, const TrialRun& run, const std::string& reason) {
  const py::gil_scoped_release release;
  return to_string(self.study->fail(run, reason));
}

}  // namespace

void bind_study(py::module_& module) {
  auto study =
      py::class_<PyStudy, std::shared_ptr<PyStudy>>(module, "Study", study_doc)
          .def(py::init([](std::string name, const Space& space, py::object metric,
                           std::string goal, py::object objectives, py::object standard_error,
                           py::object outcome_constraints, py::object metrics, std::string resource_regex, py::object final_rule,
                           py::object baseline, py::object cost, std::optional<std::string> strategy,
                           py::object search, py::iterable stopping_rules, std::uint64_t seed,
                           py::object store, py::iterable parents,
                           std::shared_ptr<VirtualClock> clock,
                           const py::kwargs& options) {
                 return make_study({std::move(name), space, std::move(metric), std::move(goal),
                                    std::move(objectives), std::move(standard_error),
                                    std::move(outcome_constraints),
                                    std::move(metrics), std::move(resource_regex),
                                    std::move(final_rule), std::move(baseline), std::move(cost),
                                    std::move(strategy), std::move(search),
                                    std::move(stopping_rules), seed, std::move(store), std::move(parents),
                                    std::move(clock)},
                                   options);
               }),
               "name"_a, "space"_a, py::kw_only(), "metric"_a = py::none(), "goal"_a = "minimize",
               "objectives"_a = py::none(), "standard_error"_a = py::none(),
               "outcome_constraints"_a = py::none(),
               "metrics"_a = py::none(), "resource_regex"_a = "", "final"_a = py::none(),
               "baseline"_a = py::none(), "cost"_a = py::none(), "strategy"_a = py::none(), "search"_a = py::none(),
               "stopping_rules"_a = py::tuple(), "seed"_a = 0, "store"_a = "memory:",
               "parents"_a = py::tuple(), "clock"_a = py::none())
          .def("ask", &ask, ask_doc)
          .def("report", &report, "run"_a, "resource"_a, "metrics"_a, report_doc)
          .def("tell", &tell, "run"_a, "metrics"_a = py::none(), tell_doc)
          .def("fail", &fail, "run"_a, "reason"_a = "", fail_doc)
          .def(
              "enqueue",
              [](PyStudy& self, const py::dict& parameters, const std::string& note) {
                const Configuration configuration = configuration_from(parameters);
                const py::gil_scoped_release release;
                self.study->enqueue(configuration, note);
              },
              "params"_a, "note"_a = "", enqueue_doc)
          .def(
              "replicate",
              [](PyStudy& self, TrialId number, const std::string& note) {
                self.study->replicate(number, note);
              },
              "number"_a, "note"_a = "", py::call_guard<py::gil_scoped_release>(), replicate_doc)
          .def(
              "set_budget",
              [](PyStudy& self, std::optional<std::int64_t> max_trials,
                 std::optional<double> max_time, std::optional<double> target,
                 std::optional<int> max_failures_in_a_row, std::optional<double> max_cost) {
                self.study->set_budget({.max_trials = max_trials,
                                       .max_time = seconds_from(max_time),
                                       .target = target,
                                       .max_failures_in_a_row = max_failures_in_a_row,
                                       .max_cost = max_cost});
              },
              py::kw_only(), "max_trials"_a = py::none(), "max_time"_a = py::none(), "target"_a = py::none(),
              "max_failures_in_a_row"_a = py::none(), "max_cost"_a = py::none(), py::call_guard<py::gil_scoped_release>(),
              set_budget_doc)
          .def(
              "open_runs", [](const PyStudy& self) { return self.study->open_runs(); },
              py::call_guard<py::gil_scoped_release>(), open_runs_doc)
          .def(
              "restart",
              [](PyStudy& self, const TrialRun& run, const std::string& why) {
                return self.study->restart(run, why);
              },
              "run"_a, "why"_a = "", py::call_guard<py::gil_scoped_release>(), restart_doc)
          .def(
              "started",
              [](PyStudy& self, const TrialRun& run, const std::string& handle) {
                self.study->started(run, handle);
              },
              "run"_a, "handle"_a, py::call_guard<py::gil_scoped_release>(), started_doc)
          .def("view", &view_of, view_doc)
          .def(
              "request_stop",
              [](PyStudy& self, std::string reason, std::optional<TrialId> number) {
                self.study->request_stop(std::move(reason), number);
              },
              "reason"_a, "number"_a = py::none(), py::call_guard<py::gil_scoped_release>(),
              request_stop_doc)
          .def(
              "retire_paused",
              [](PyStudy& self, std::string why) { self.study->retire_paused(std::move(why)); },
              "why"_a, py::call_guard<py::gil_scoped_release>(), retire_paused_doc)
          .def(
              "take_retired", [](PyStudy& self) { return self.study->take_retired(); },
              py::call_guard<py::gil_scoped_release>(), take_retired_doc)
          .def(
              "refresh", [](PyStudy& self) { self.study->refresh(); },
              py::call_guard<py::gil_scoped_release>(), refresh_doc)
          .def(
              "to_json",
              [](const PyStudy& self) { return study_json(self.study->name(), view_of(self)); },
              to_json_doc)
          .def_property_readonly(
              "problem", [](const PyStudy& self) -> const Problem& { return self.study->problem(); },
              "The Problem.")
          .def_property_readonly("name", [](const PyStudy& self) { return self.study->name(); })
          .def_readonly("nothing_now", &PyStudy::nothing_now,
                        "Why the last ask returned None: \"waiting\" (tell something first), "
                        "\"exhausted\" (every "
                        "configuration has been evaluated) or \"budget_spent\"; None where it "
                        "returned a trial.")
          .def_property_readonly(
              "why_spent",
              [](const PyStudy& self) {
                const py::gil_scoped_release release;
                return self.study->why_spent();
              },
              "Why ask says \"budget_spent\", in words; empty where it would not.")
          .def_property_readonly(
              "best", [](const PyStudy& self) { return best_of(view_of(self)); },
              "The feasible Trial with the best objective, or None; with several objectives the "
              "earliest of the front. A repeated trial counts once, with the mean of its "
              "repetitions (StudyView.mean_objective).")
          .def_property_readonly("front", [](const PyStudy& self) { return front_of(view_of(self)); },
                                 "The feasible Trials that no other one beats in all objectives.")
          .def_property_readonly("trials", [](const PyStudy& self) { return trials_of(view_of(self)); }, "All Trials, by number.")
          .def("__repr__", [](const PyStudy& self) {
            return "<tunesmith.Study '" + self.study->name() + "', " +
                   std::to_string(view_of(self).size()) + " trials>";
          });
  publish(study);
  module.def("read_study", &read, "store"_a, "name"_a, "prefix"_a = py::none(), read_study_doc);
  publish(module.attr("read_study"));
}

}  // namespace tunesmith::python
