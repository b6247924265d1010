#include "objective.hpp"

#include <pybind11/stl.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "bindings.hpp"
#include "python_call.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* reporter_doc =
    R"(The line from a running attempt back to the tuner. Any thread may use it, also inside TrialExecutor.start and after
the tuner has gone (then reports answer "stop" and results are dropped).

run -- the TrialRun

>>> import tunesmith
>>> def train(run, reporter):
...     for epoch in range(1, 10):
...         if reporter.report(epoch, 1 / (epoch * run.params["n"])) == "stop":
...             break
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 3), metric="loss", strategy="grid")
>>> tunesmith.Tuner(study, tunesmith.thread_pool_executor(train)).run().view.best.params
{'n': 3}
)";

constexpr const char* report_doc =
    "Metrics reached at a resource level, e.g. an epoch: a dict, or the number of the only "
    "objective. Levels may come in any order and repeatedly: the latest value holds. Returns "
    "\"keep_going\" or \"stop\": then end the trial soon.";
constexpr const char* finish_doc =
    "Ends the attempt with a number (of the only objective), a dict of metrics, None (what was "
    "reported counts) or a TrialResult. Only the first call of an attempt counts.";

constexpr const char* result_doc =
    R"(How an attempt ended.

outcome -- "completed"; "stopped": ended early on purpose; "failed"; "infeasible": the params cannot be evaluated;
           "lost": its worker vanished; "preempted": its machine was taken away, the trial goes on as its next attempt;
           "paused": ended where it was asked to, and can be resumed from there
reason -- in words; required unless completed
metrics -- a dict of final metrics, the number of the only objective, or None: those of the reports

>>> import tunesmith
>>> tunesmith.TrialResult("infeasible", "does not fit the memory")
<tunesmith.TrialResult infeasible: does not fit the memory>
)";

Outcome outcome_from(const std::string& word) {
  for (const Outcome outcome :
       {Outcome::completed, Outcome::stopped, Outcome::failed, Outcome::infeasible, Outcome::lost,
        Outcome::preempted, Outcome::paused}) {
    if (word == to_string(outcome)) return outcome;
  }
  throw py::value_error("there is no outcome \"" + word + "\"");
}

PyResult make_result(const std::string& outcome, std::string reason, const py::object& metrics) {
  PyResult made{{.outcome = outcome_from(outcome), .reason = std::move(reason)}, std::nullopt};
  if (made.result.outcome != Outcome::completed && made.result.reason.empty())
    throw py::value_error("an outcome other than \"completed\" needs a reason");
  if (py::isinstance<py::dict>(metrics)) {
    made.result.metrics = metrics_from(metrics);
  } else if (!metrics.is_none()) {
    made.number = py::float_(metrics);
  }
  return made;
}

/// Knows the problem's only metric, which its functions' plain numbers stand for, once it is open.
class ObjectiveExecutor final : public TrialExecutor {
 public:
  ObjectiveExecutor(HeldObject objective, int max_parallel)
      : pool_(thread_pool_executor(
            [this, held = std::move(objective)](const TrialRun& run,
                                                const TrialReporter& reporter) {
              return call(held, run, reporter);
            },
            {.max_parallel = max_parallel})) {}

  void open(std::string_view study, const Problem& problem) override {
    only_metric_ = std::make_shared<const std::string>(only_metric(problem));
    pool_->open(study, problem);
  }
  int capacity() override { return pool_->capacity(); }
  std::string start(const TrialRun& run, TrialReporter reporter) override {
    return pool_->start(run, std::move(reporter));
  }
  void request_stop(const TrialRun& run) noexcept override { pool_->request_stop(run); }
  void request_pause(const TrialRun& run) noexcept override { pool_->request_pause(run); }

 private:
  TrialResult call(const HeldObject& objective, const TrialRun& run,
                   const TrialReporter& reporter) const {
    const py::gil_scoped_acquire gil;
    try {
      const py::object result = objective.get()(run, PyReporter{reporter, only_metric_});
      return result_from(result, *only_metric_);
    } catch (py::error_already_set& raised) {
      return {.outcome = Outcome::failed, .reason = words_of(raised)};
    }
  }

  std::shared_ptr<const std::string> only_metric_ = std::make_shared<const std::string>();
  // Last, so that its threads have ended before what they use goes.
  std::unique_ptr<TrialExecutor> pool_;
};

}  // namespace

std::unique_ptr<TrialExecutor> objective_executor(HeldObject objective, int max_parallel) {
  return std::make_unique<ObjectiveExecutor>(std::move(objective), max_parallel);
}

std::string only_metric(const Problem& problem) {
  return problem.objectives.size() == 1 ? problem.objectives.front().metric : "";
}

Metrics metrics_or_number(const py::handle& metrics, const std::string& only) {
  if (py::isinstance<py::dict>(metrics))
    return metrics_from(py::reinterpret_borrow<py::dict>(metrics));
  if (only.empty()) throw py::type_error("a study with several objectives needs a dict of metrics");
  return {{only, py::float_(py::reinterpret_borrow<py::object>(metrics))}};
}

TrialResult result_from(const py::handle& result, const std::string& only) {
  if (result.is_none()) return {};
  if (!py::isinstance<PyResult>(result)) return {.metrics = metrics_or_number(result, only)};
  const auto& given = result.cast<const PyResult&>();
  TrialResult made = given.result;
  if (given.number) made.metrics = metrics_or_number(py::float_(*given.number), only);
  return made;
}

void bind_objective(py::module_& module) {
  auto result =
      py::class_<PyResult>(module, "TrialResult", result_doc)
          .def(py::init(&make_result), "outcome"_a = "completed", "reason"_a = "",
               "metrics"_a = py::none())
          .def_property_readonly(
              "outcome", [](const PyResult& self) { return to_string(self.result.outcome); })
          .def_property_readonly("reason", [](const PyResult& self) { return self.result.reason; })
          .def_property_readonly("metrics",
                                 [](const PyResult& self) -> py::object {
                                   if (self.number) return py::float_(*self.number);
                                   return py::cast(self.result.metrics);
                                 })
          .def("__repr__", [](const PyResult& self) {
            return std::string("<tunesmith.TrialResult ") + to_string(self.result.outcome) +
                   (self.result.reason.empty() ? "" : ": " + self.result.reason) + ">";
          });
  publish(result);

  auto reporter =
      py::class_<PyReporter>(module, "TrialReporter", reporter_doc)
          .def_property_readonly("run", [](const PyReporter& self) { return self.reporter.run(); })
          .def(
              "report",
              [](const PyReporter& self, double resource, const py::object& metrics) {
                const Metrics values = metrics_or_number(metrics, *self.only_metric);
                const py::gil_scoped_release release;
                return word_of(self.reporter.report(resource, values));
              },
              "resource"_a, "metrics"_a, report_doc)
          .def(
              "finish",
              [](const PyReporter& self, const py::object& given) {
                const TrialResult made = result_from(given, *self.only_metric);
                const py::gil_scoped_release release;
                self.reporter.finish(made);
              },
              "result"_a = py::none(), finish_doc);
  publish(reporter);
}

}  // namespace tunesmith::python
