#include "tunesmith/simulated_executor.hpp"

#include <pybind11/stl.h>

#include <stdexcept>
#include <utility>

#include "bindings.hpp"
#include "objective.hpp"
#include "plugins.hpp"
#include "python_call.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* clock_doc =
    R"doc(Time that only a simulated_executor moves; begins at 0. Give the same one to the Study.

seconds -- how far it is

>>> import tunesmith
>>> tunesmith.VirtualClock().seconds
0.0
)doc";

constexpr const char* curves_doc =
    R"doc(Recorded trials that stand in for all others: params are answered by their nearest neighbour in the scaled cube,
where another choice counts as much as the whole range of a number. An objective for simulated_executor.

space -- the Space of the study
text -- JSON lines, a line per trial and level, as `tunesmith trials --format curves` prints them:
        {"parameters": {"lr": 0.1}, "level": 1, "seconds": 12.5, "metrics": {"loss": 0.43}}

Calling it with params gives the curve, [(level, seconds, metrics), ...]; len() the number of trials. Raises Error with
every mistake, paths begin with the line.

>>> import tunesmith
>>> line = '{"parameters": {"x": %s}, "level": 1, "seconds": 60, "metrics": {"loss": %s}}'
>>> text = "\n".join(line % (x, x * x) for x in (0, 0.25, 0.5, 1))
>>> curves = tunesmith.RecordedCurves(tunesmith.Space().add_float("x", 0, 1), text)
>>> curves({"x": 0.3})
[(1.0, 60.0, {'loss': 0.0625})]
)doc";

constexpr const char* executor_doc =
    R"doc(Runs trials on a clock that does not wait: hours of tuning in milliseconds, the same log every time.

objective -- a function of params that gives the whole curve of a trial that nobody stops: [(level, seconds, metrics),
             ...] by rising level, seconds since the trial began, metrics a dict or the number of the only objective;
             or a RecordedCurves. Called once per trial; must answer the same for the same params. An exception makes
             the trial failed
clock -- the VirtualClock of the study
workers -- attempts at once

A report that is answered with "stop" or "pause" is the last one; a resumed trial goes on where it was, at no cost.

>>> import tunesmith
>>> clock = tunesmith.VirtualClock()
>>> space = tunesmith.Space().add_float("x", 0, 1)
>>> study = tunesmith.Study("s", space, metric="loss", strategy="random", clock=clock)
>>> def curve(params):
...     return [(epoch, 60 * epoch, params["x"] + 1 / epoch) for epoch in range(1, 11)]
>>> executor = tunesmith.simulated_executor(curve, clock, workers=4)
>>> len(tunesmith.Tuner(study, executor, max_trials=41).run().view)
41
>>> clock.seconds / 3600
1.8333333333333333
)doc";

py::list list_of(const SimulatedCurve& curve) {
  py::list list;
  for (const SimulatedReport& report : curve.reports)
    list.append(py::make_tuple(report.resource, report.elapsed.count(), report.metrics));
  return list;
}

SimulatedCurve curve_from(const py::object& given, const std::string& only_metric) {
  SimulatedCurve curve;
  for (const py::handle entry : given) {
    const auto [level, seconds, metrics] = entry.cast<std::tuple<double, double, py::object>>();
    curve.reports.push_back({.resource = level,
                             .elapsed = Seconds(seconds),
                             .metrics = metrics_or_number(metrics, only_metric)});
  }
  return curve;
}

/// Knows the problem's only metric, which the function's plain numbers stand for, once it is open.
class SimulatedPythonExecutor final : public TrialExecutor {
 public:
  SimulatedPythonExecutor(HeldObject objective, std::shared_ptr<VirtualClock> clock, int workers)
      : inner_(simulated_executor(
            [this, held = std::move(objective)](const Configuration& configuration) {
              return call(held, configuration);
            },
            std::move(clock), {.workers = workers})) {}

  void open(std::string_view, const Problem& problem) override {
    only_metric_ = only_metric(problem);
  }
  int capacity() override { return inner_->capacity(); }
  std::string start(const TrialRun& run, TrialReporter reporter) override {
    return inner_->start(run, std::move(reporter));
  }
  void request_stop(const TrialRun& run) noexcept override { inner_->request_stop(run); }
  void request_pause(const TrialRun& run) noexcept override { inner_->request_pause(run); }
  void discard(TrialId trial) noexcept override { inner_->discard(trial); }
  void retire(TrialId trial) noexcept override { inner_->retire(trial); }
  bool advance() override { return inner_->advance(); }

 private:
  SimulatedCurve call(const HeldObject& objective, const Configuration& configuration) const {
    const py::gil_scoped_acquire gil;
    try {
      return curve_from(objective.get()(to_python(configuration)), only_metric_);
    } catch (py::error_already_set& raised) {
      const std::string words = words_of(raised);
      // An interrupt is about the tuner, which looks for signals; no Python code may run before.
      if (!raised.matches(PyExc_Exception)) PyErr_SetInterrupt();
      throw std::runtime_error(words);
    } catch (const py::cast_error&) {
      throw std::runtime_error("the objective must give (level, seconds, metrics) for each level");
    }
  }

  std::string only_metric_;
  std::unique_ptr<TrialExecutor> inner_;
};

std::unique_ptr<PyExecutor> make_executor(const py::object& objective,
                                          std::shared_ptr<VirtualClock> clock, int workers) {
  if (py::isinstance<RecordedCurves>(objective)) {
    return own_executor(simulated_executor(objective.cast<const RecordedCurves&>().objective(),
                                           std::move(clock), {.workers = workers}));
  }
  return own_executor(std::make_unique<SimulatedPythonExecutor>(
      HeldObject(objective.cast<py::function>()), std::move(clock), workers));
}

}  // namespace

void bind_simulated_executor(py::module_& module) {
  auto curves = py::class_<RecordedCurves>(module, "RecordedCurves", curves_doc)
                    .def(py::init([](const Space& space, const std::string& text) {
                           return RecordedCurves::from_json_lines(space, text);
                         }),
                         "space"_a, "text"_a)
                    .def("__len__", [](const RecordedCurves& self) { return self.trials().size(); })
                    .def(
                        "__call__",
                        [](const RecordedCurves& self, const py::dict& params) {
                          return list_of(self.nearest(configuration_from(params)).curve);
                        },
                        "params"_a);
  publish(curves);

  module.def("simulated_executor", &make_executor, "objective"_a, "clock"_a, py::kw_only(),
             "workers"_a = 1, executor_doc);
  publish(module.attr("simulated_executor"));
}

void bind_clock(py::module_& module) {
  auto clock =
      py::class_<VirtualClock, std::shared_ptr<VirtualClock>>(module, "VirtualClock", clock_doc)
          .def(py::init<>())
          .def_property_readonly("seconds",
                                 [](const VirtualClock& self) { return self.monotonic().count(); });
  publish(clock);
}

}  // namespace tunesmith::python
