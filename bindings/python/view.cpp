#include <pybind11/stl.h>

#include "bindings.hpp"
#include "study_values.hpp"
#include "tunesmith/trial.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* view_doc =
    R"(An immutable picture of a study at one length of its log; len() is the number of trials. Any thread may read.

problem -- what is tuned; budget -- the limits in force
prefix -- length of the log that it shows
trials, best, front -- as Study has them; baseline -- the Trial of the problem's baseline, or None
gain -- how much better the best is than the baseline, in the objective's own unit; None where that is not known
queued -- how many params are enqueued and not yet handed out
failures_in_a_row -- failed trials of this session since the last one that ended otherwise
active_time -- seconds during which a tuner was at work, over all its sessions

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 3, 3), metric="loss", strategy="random")
>>> view = study.view()
>>> _ = study.ask()
>>> len(view), len(study.view()), study.view().count("running")
(0, 1, 1)
)";

constexpr const char* budget_doc =
    R"(What ends a study's search for more trials; None: no limit. Set with Study.set_budget.

max_trials -- trials in all, however they end
max_time -- seconds during which a tuner is at work, over all its sessions
target -- stop once the first objective is this good or better
max_failures_in_a_row -- failed trials since the last one that did not fail
max_cost -- sum of what the ended trials cost, see Study's cost

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> study.set_budget(max_trials=5)
>>> study.view().budget.max_trials
5
)";

constexpr const char* trial_of_doc = "The Trial of that number, in O(1). Raises IndexError.";
constexpr const char* count_doc = "Number of trials in a state, one of Trial.state's words. O(1).";
constexpr const char* objective_doc =
    "A Trial's value of objective `index`, where it is completed or stopped with a finite one; "
    "else None.";
constexpr const char* cost_doc =
    "What an ended Trial cost, whatever its outcome; None where that is not known, or the problem "
    "names no cost.";
constexpr const char* feasible_doc =
    "Whether a Trial is completed or stopped with finite objectives and keeps every outcome "
    "constraint.";
constexpr const char* repetitions_doc =
    "The Trials that evaluate the same configuration on purpose: the one that was repeated first "
    "and its repetitions (Study.replicate), by number; this one is among them.";
constexpr const char* mean_objective_doc =
    R"(The mean of objective `index` over the feasible ones of repetitions(number), or None.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> _ = study.tell(study.ask(), 1)
>>> study.replicate(0)
>>> _ = study.tell(study.ask(), 2)
>>> study.view().mean_objective(0)
1.5
)";
constexpr const char* notice_doc =
    R"(What a stopping rule wanted somebody to know.

trial -- its number, or -1 for the whole study
rule, message -- the rule's name and its words
time -- when, in seconds since 1970

>>> import tunesmith
>>> rule = tunesmith.exploding_tensor_rule(threshold=10, action="notify")
>>> space = tunesmith.Space().add_int("n", 1, 9)
>>> study = tunesmith.Study("s", space, metric="loss", strategy="random", stopping_rules=[rule])
>>> study.report(study.ask(), 1, 12)
'keep_going'
>>> study.view().notices
[<tunesmith.Notice trial 0 exploding_tensor: loss 12 at 1 is above 10>]
)";
constexpr const char* stop_requested_doc =
    "Without number: the reason of the latest request to stop the whole study in this session, or "
    "None. With number: whether that trial was asked to stop, alone or with the whole study.";

TrialState state_from(const std::string& word) {
  for (const TrialState state :
       {TrialState::running, TrialState::preempted, TrialState::completed, TrialState::stopped,
        TrialState::failed, TrialState::infeasible, TrialState::lost, TrialState::paused}) {
    if (word == to_string(state)) return state;
  }
  throw Error(
      ErrorCode::invalid_argument,
      {{.path = "/state",
        .what = "is '" + word + "'",
        .allowed = "running, preempted, completed, stopped, failed, infeasible, lost or paused"}});
}

JudgedTrial trial_of(const StudyView& view, TrialId number) {
  if (number < 0 || number >= static_cast<TrialId>(view.size()))
    throw py::index_error("there is no trial " + std::to_string(number));
  return {view, number};
}

std::optional<JudgedTrial> judged(const StudyView& view, const std::optional<TrialId>& id) {
  if (!id) return std::nullopt;
  return JudgedTrial{view, *id};
}

py::object stop_requested(const StudyView& view, const std::optional<TrialId>& number) {
  if (!number) return py::cast(view.stop_requested());
  return py::bool_(view.stop_requested(trial_of(view, *number).id));
}

}  // namespace

std::optional<JudgedTrial> best_of(const StudyView& view) { return judged(view, view.best()); }

std::vector<JudgedTrial> front_of(const StudyView& view) {
  std::vector<JudgedTrial> trials;
  for (const TrialId id : view.front()) trials.push_back({view, id});
  return trials;
}

std::vector<JudgedTrial> trials_of(const StudyView& view) {
  std::vector<JudgedTrial> trials;
  for (std::size_t i = 0; i < view.size(); ++i) trials.push_back({view, static_cast<TrialId>(i)});
  return trials;
}

void bind_view(py::module_& module) {
  auto budget = py::class_<Budget>(module, "Budget", budget_doc)
                    .def_readonly("max_trials", &Budget::max_trials)
                    .def_property_readonly(
                        "max_time", [](const Budget& self) { return count_of(self.max_time); })
                    .def_readonly("target", &Budget::target)
                    .def_readonly("max_failures_in_a_row", &Budget::max_failures_in_a_row)
                    .def_readonly("max_cost", &Budget::max_cost);
  publish(budget);

  auto view =
      py::class_<StudyView>(module, "StudyView", view_doc)
          .def_property_readonly("problem", &StudyView::problem)
          .def_property_readonly("budget", [](const StudyView& self) { return self.budget(); })
          .def_property_readonly("prefix", &StudyView::prefix)
          .def_property_readonly("trials", &trials_of)
          .def_property_readonly("best", &best_of)
          .def_property_readonly("front", &front_of)
          .def_property_readonly(
              "baseline", [](const StudyView& self) { return judged(self, self.baseline()); })
          .def_property_readonly("gain", &StudyView::gain)
          .def_property_readonly("queued", &StudyView::queued)
          .def_property_readonly("failures_in_a_row", &StudyView::failures_in_a_row)
          .def_property_readonly("active_time",
                                 [](const StudyView& self) { return self.active_time().count(); })
          .def("trial", &trial_of, "number"_a, trial_of_doc)
          .def(
              "count",
              [](const StudyView& self, const std::string& state) {
                return self.count(state_from(state));
              },
              "state"_a, count_doc)
          .def(
              "objective",
              [](const StudyView& self, const JudgedTrial& trial, std::size_t index) {
                if (index >= self.problem().objectives.size())
                  throw py::index_error("there is no objective " + std::to_string(index));
                return self.objective(trial.trial(), index);
              },
              "trial"_a, "index"_a = 0, objective_doc)
          .def(
              "feasible",
              [](const StudyView& self, const JudgedTrial& trial) {
                return self.feasible(trial.trial());
              },
              "trial"_a, feasible_doc)
          .def(
              "cost",
              [](const StudyView& self, const JudgedTrial& trial) {
                return self.cost(trial.trial());
              },
              "trial"_a, cost_doc)
          .def_property_readonly("total_cost", &StudyView::total_cost)
          .def(
              "repetitions",
              [](const StudyView& self, TrialId number) {
                std::vector<JudgedTrial> trials;
                for (const TrialId id : self.repetitions(trial_of(self, number).id))
                  trials.push_back({self, id});
                return trials;
              },
              "number"_a, repetitions_doc)
          .def(
              "mean_objective",
              [](const StudyView& self, TrialId number, std::size_t index) {
                if (index >= self.problem().objectives.size())
                  throw py::index_error("there is no objective " + std::to_string(index));
                return self.mean_objective(trial_of(self, number).id, index);
              },
              "number"_a, "index"_a = 0, mean_objective_doc)
          .def(
              "pause_requested",
              [](const StudyView& self, TrialId number) {
                return self.pause_requested(trial_of(self, number).id);
              },
              "number"_a, "Whether the strategy asked the trial's open attempt to pause.")
          .def("stop_requested", &stop_requested, "number"_a = py::none(), stop_requested_doc)
          .def_property_readonly("stopped_by_rule", &StudyView::stopped_by_rule,
                                 "Whether a stopping rule made that request.")
          .def_property_readonly("notices", &StudyView::notices,
                                 "What stopping rules have noticed, in order: a list of Notice; of "
                                 "a rule one per trial.")
          .def("__len__", &StudyView::size)
          .def("__repr__", [](const StudyView& self) {
            return "<tunesmith.StudyView of " + std::to_string(self.size()) + " trials>";
          });
  publish(view);

  auto notice = py::class_<Notice>(module, "Notice", notice_doc)
                    .def_readonly("trial", &Notice::trial)
                    .def_readonly("rule", &Notice::rule)
                    .def_readonly("message", &Notice::message)
                    .def_readonly("time", &Notice::time)
                    .def("__repr__", [](const Notice& self) {
                      return "<tunesmith.Notice " +
                             (self.trial < 0 ? "" : "trial " + std::to_string(self.trial) + " ") +
                             self.rule + ": " + self.message + ">";
                    });
  publish(notice);
}

}  // namespace tunesmith::python
