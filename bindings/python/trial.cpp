#include "tunesmith/trial.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* trial_run_doc =
    R"(One attempt at a trial, as ask() hands it out: number, attempt, params, and until, the resource level up to
which it is to run (infinity: to its own end).

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 3, 3), metric="loss", strategy="random")
>>> run = study.ask()
>>> run.number, run.attempt, run.params
(0, 1, {'n': 3})
)";

constexpr const char* trial_doc =
    R"(What is known of a trial; a snapshot, which does not change.

number, params, attempt
state -- "running", "preempted", "completed", "stopped", "failed", "infeasible", "lost" or "paused"
origin -- who chose it: "strategy", "enqueued" or "baseline"
metrics -- the metrics that count; value -- the first objective's, where the trial has a finite one, else None
reports -- a list of (resource, metrics)
until -- resource level up to which it is to run; infinity: to its own end
resumable -- whether it is paused there instead of over
replicate_of -- number of the trial that it repeats on purpose, or None
note -- why these params, in the strategy's words; strategy_state -- what the strategy wanted to remember of it
outlook -- the Outlook of the strategy's model, or None
prefix -- length of the log that the strategy knew
strategy, instruction_set -- who suggested it, and the instruction set in use, which a replay elsewhere is to pin with
                             set_instruction_set; empty where no strategy chose
reason -- why it ended as it did; after an exception with its traceback
handle -- what the executor returned at its start
started, ended -- when the last attempt began and ended, in seconds since 1970 UTC; ended is None while it runs

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 3, 3), metric="loss", strategy="random")
>>> study.tell(study.ask(), 0.5)
'accepted'
>>> study.best.value, study.best.metrics, study.best.state
(0.5, {'loss': 0.5}, 'completed')
)";

constexpr const char* outlook_doc =
    R"(What a strategy's model expects still to be gained when it makes a suggestion, in the objective's own unit; to first
order around the best trial.

expected_gain -- the largest expected improvement over the best so far that a configuration was found to promise
regret_bound -- by how much the best configuration anywhere may plausibly beat the best trial
noise -- standard deviation of the objective when one configuration is evaluated again

>>> import tunesmith
>>> tunesmith.Outlook(expected_gain=0.1, regret_bound=2.0).noise
0.0
)";

py::list reports_of(const Trial& trial) {
  py::list reports;
  for (const Report& report : trial.reports)
    reports.append(py::make_tuple(report.resource, report.metrics));
  return reports;
}

}  // namespace

void bind_trial(py::module_& module) {
  auto run = py::class_<TrialRun>(module, "TrialRun", trial_run_doc)
                 .def_property_readonly("number", [](const TrialRun& self) { return self.trial; })
                 .def_readonly("attempt", &TrialRun::attempt)
                 .def_property_readonly(
                     "params", [](const TrialRun& self) { return to_python(self.configuration); })
                 .def_readonly("until", &TrialRun::until)
                 .def_readonly("reached", &TrialRun::reached)
                 .def("__repr__", [](const TrialRun& self) {
                   return "<tunesmith.TrialRun " + std::to_string(self.trial) + "." +
                          std::to_string(self.attempt) + " " + self.configuration.to_json() + ">";
                 });
  publish(run);

  auto outlook =
      py::class_<Outlook>(module, "Outlook", outlook_doc)
          .def(py::init([](double expected_gain, double regret_bound, double noise) {
                 return Outlook{expected_gain, regret_bound, noise};
               }),
               py::kw_only(), "expected_gain"_a = 0.0, "regret_bound"_a = 0.0, "noise"_a = 0.0)
          .def_readonly("expected_gain", &Outlook::expected_gain)
          .def_readonly("regret_bound", &Outlook::regret_bound)
          .def_readonly("noise", &Outlook::noise)
          .def("__eq__", [](const Outlook& self, const Outlook& other) { return self == other; })
          .def("__repr__", [](const Outlook& self) {
            return "<tunesmith.Outlook expected_gain=" +
                   std::string(py::repr(py::float_(self.expected_gain))) +
                   " regret_bound=" + std::string(py::repr(py::float_(self.regret_bound))) +
                   " noise=" + std::string(py::repr(py::float_(self.noise))) + ">";
          });
  publish(outlook);

  auto trial = py::class_<JudgedTrial>(module, "Trial", trial_doc);
  const auto property = [&](const char* name, auto read) {
    trial.def_property_readonly(name,
                                [read](const JudgedTrial& self) { return read(self.trial()); });
  };
  property("number", [](const Trial& self) { return self.id; });
  property("params", [](const Trial& self) { return to_python(self.configuration); });
  property("state", [](const Trial& self) { return to_string(self.state); });
  property("origin", [](const Trial& self) { return to_string(self.origin); });
  property("attempt", [](const Trial& self) { return self.attempt; });
  property("metrics", [](const Trial& self) { return self.metrics; });
  property("reports", &reports_of);
  property("until", [](const Trial& self) { return self.until; });
  property("resumable", [](const Trial& self) { return self.resumable; });
  property("replicate_of", [](const Trial& self) { return self.replicate_of; });
  property("note", [](const Trial& self) { return self.note; });
  property("strategy_state", [](const Trial& self) { return self.strategy_state; });
  property("outlook", [](const Trial& self) { return self.outlook; });
  property("prefix", [](const Trial& self) { return self.prefix; });
  property("strategy", [](const Trial& self) { return self.strategy; });
  property("instruction_set", [](const Trial& self) { return self.instruction_set; });
  property("reason", [](const Trial& self) { return self.reason; });
  property("started", [](const Trial& self) { return self.started; });
  property("ended", [](const Trial& self) {
    return self.ended > 0 ? std::optional<double>(self.ended) : std::nullopt;
  });
  property("handle", [](const Trial& self) { return py::object(text_of(self.handle)); });
  trial
      .def_property_readonly(
          "value", [](const JudgedTrial& self) { return self.view.objective(self.trial()); })
      .def("__repr__", [](const JudgedTrial& self) {
        return "<tunesmith.Trial " + std::to_string(self.id) + " " + to_string(self.trial().state) +
               " " + self.trial().configuration.to_json() + ">";
      });
  publish(trial);
}

}  // namespace tunesmith::python
