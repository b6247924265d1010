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
    R"(One attempt at a trial, as ask() hands it out: number, attempt and params.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 3, 3), metric="loss", strategy="random")
>>> run = study.ask()
>>> run.number, run.attempt, run.params
(0, 1, {'n': 3})
)";

constexpr const char* trial_doc =
    R"(What is known of a trial; a snapshot, which does not change.

number, params, attempt, note
state -- "running", "preempted", "completed", "stopped", "failed", "infeasible" or "lost"
origin -- who chose it: "strategy", "enqueued" or "baseline"
metrics -- the metrics that count; value -- the first objective's, where the trial has a finite one, else None
reports -- a list of (resource, metrics)
replicate_of -- number of the trial that it repeats on purpose, or None
reason -- why it ended as it did

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 3, 3), metric="loss", strategy="random")
>>> study.tell(study.ask(), 0.5)
'accepted'
>>> study.best.value, study.best.metrics, study.best.state
(0.5, {'loss': 0.5}, 'completed')
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
                 .def("__repr__", [](const TrialRun& self) {
                   return "<tunesmith.TrialRun " + std::to_string(self.trial) + "." +
                          std::to_string(self.attempt) + " " + self.configuration.to_json() + ">";
                 });
  publish(run);

  auto trial =
      py::class_<JudgedTrial>(module, "Trial", trial_doc)
          .def_property_readonly("number", [](const JudgedTrial& self) { return self.trial.id; })
          .def_property_readonly(
              "params", [](const JudgedTrial& self) { return to_python(self.trial.configuration); })
          .def_property_readonly(
              "state", [](const JudgedTrial& self) { return to_string(self.trial.state); })
          .def_property_readonly(
              "origin", [](const JudgedTrial& self) { return to_string(self.trial.origin); })
          .def_property_readonly("attempt",
                                 [](const JudgedTrial& self) { return self.trial.attempt; })
          .def_property_readonly("metrics",
                                 [](const JudgedTrial& self) { return self.trial.metrics; })
          .def_readonly("value", &JudgedTrial::value)
          .def_property_readonly("reports",
                                 [](const JudgedTrial& self) { return reports_of(self.trial); })
          .def_property_readonly("replicate_of",
                                 [](const JudgedTrial& self) { return self.trial.replicate_of; })
          .def_property_readonly("note", [](const JudgedTrial& self) { return self.trial.note; })
          .def_property_readonly("reason",
                                 [](const JudgedTrial& self) { return self.trial.reason; })
          .def("__repr__", [](const JudgedTrial& self) {
            return "<tunesmith.Trial " + std::to_string(self.trial.id) + " " +
                   to_string(self.trial.state) + " " + self.trial.configuration.to_json() + ">";
          });
  publish(trial);
}

}  // namespace tunesmith::python
