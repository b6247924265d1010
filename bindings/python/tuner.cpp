#include "tunesmith/tuner.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "bindings.hpp"
#include "plugins.hpp"
#include "tuner.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* tuner_doc =
    R"(A tuning job: runs a study's trials on an executor until its budget is spent.

study, executor -- what to search, and what runs the trials
max_trials, max_time, target, max_failures_in_a_row, max_cost -- the budget, see Budget; without any the study's own holds
max_parallel -- at most this many attempts at once, within the executor's capacity; 0: its capacity
probe_first -- one trial at a time until one has reported or completed, so that a mistake does not fail in parallel
max_first_failures -- while no trial has ever ended well, end early when this many failed; 0: never
keep_best -- keep models and checkpoints of the best so many trials and discard the others'; 0: keep all
on_progress -- called with a Progress after news and at least every progress_interval seconds, by run's thread; it must
               not call the tuner except cancel(). What it raises ends the tuning and run raises it
on_notice -- called with each Notice that stopping rules give from now on; as on_progress

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
>>> def objective(run, reporter):
...     return run.params["x"] ** 2
>>> result = tunesmith.Tuner(study, tunesmith.thread_pool_executor(objective), max_trials=20).run()
>>> result.reason, result.explanation, result.view.best.value < 0.1
('trials_spent', '20 of 20 trials', True)
)";

constexpr const char* run_doc =
    R"(Harvests or restarts what an earlier session left open, then asks, starts and tells until the budget is spent: a
TuningResult. Call once.

On Ctrl-C, in the main thread, running trials are asked to stop and waited for, and KeyboardInterrupt is raised; the same
program run again continues the study. What a strategy, a store or an executor's open raises is raised as it is, after
running trials were stopped. Raises Error("store_busy") while another tuner drives the study.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 3), metric="loss", strategy="grid")
>>> executor = tunesmith.thread_pool_executor(lambda run, reporter: run.params["n"])
>>> print(tunesmith.Tuner(study, executor).run().report())
Ended: every configuration has been evaluated
Best:
  trial 0: loss=1
    n = 1
Trials: 3, completed 3
<BLANKLINE>
)";

constexpr const char* cancel_doc =
    R"(Ends run() soon: no new trials; running ones are stopped and are run again by the next session. From any thread.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
>>> tuner = tunesmith.Tuner(study, tunesmith.thread_pool_executor(lambda run, reporter: 0.5))
>>> tuner.cancel("changed my mind")
>>> tuner.run().explanation
'changed my mind'
)";

constexpr const char* progress_doc =
    R"(What a tuner shows while it works.

view -- the StudyView; time_left -- seconds that the budgets leave, by the pace so far, or None
stopping -- a stop was asked for; running trials are coming to their end

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 3), metric="loss", strategy="grid")
>>> seen = []
>>> executor = tunesmith.thread_pool_executor(lambda run, reporter: 0.5)
>>> _ = tunesmith.Tuner(study, executor, on_progress=lambda progress: seen.append(len(progress.view))).run()
>>> seen[-1]
3
)";

constexpr const char* result_doc =
    R"(How a tuning job ended.

reason -- "trials_spent", "time_spent", "cost_spent", "target_reached", "too_many_failures", "stopped_by_rule", "exhausted" or "cancelled"
explanation -- the reason in words, with numbers
view -- the StudyView at the end

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 3), metric="loss", strategy="grid")
>>> result = tunesmith.Tuner(study, tunesmith.thread_pool_executor(lambda run, reporter: 0.5)).run()
>>> result.reason
'exhausted'
)";

constexpr const char* report_doc =
    "A few lines: why it ended, the best trial with its params and metrics, the gain over the "
    "baseline, counts by state, the latest ten of the notices.";

/// Runs with the GIL, in the tuner's thread: Ctrl-C and what the user's function raises end the
/// tuning.
void look_around(KeptException& kept, const py::object& on_progress, const Progress& progress) {
  if (kept.any()) return;
  try {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (!on_progress.is_none()) on_progress(progress);
  } catch (...) {
    kept.keep(std::current_exception());
  }
}

/// While it lives, the end of Python waits: threads that call into Python after that bring the
/// process down. Such a tuner runs in a daemon thread; what it runs is stopped first.
class EndOfPython {
 public:
  explicit EndOfPython(Tuner& tuner) {
    stop_ = py::cpp_function([&tuner, ended = ended_.get_future().share(), begun = begun_] {
      *begun = true;
      const py::gil_scoped_release release;
      tuner.cancel("Python ends");
      ended.wait();
    });
    atexit("register");
  }
  ~EndOfPython() {
    if (!*begun_) atexit("unregister");
    ended_.set_value();
  }
  EndOfPython(const EndOfPython&) = delete;
  EndOfPython& operator=(const EndOfPython&) = delete;

 private:
  void atexit(const char* function) const { py::module_::import("atexit").attr(function)(stop_); }

  std::promise<void> ended_;
  std::shared_ptr<bool> begun_ = std::make_shared<bool>(false);
  py::cpp_function stop_;
};

TuningResult run(PyTuner& self) {
  if (std::exchange(self.ran, true))
    throw Error(ErrorCode::invalid_argument, "a tuner runs once; make another one");
  std::optional<TuningResult> result;
  const EndOfPython end(*self.tuner);
  try {
    const py::gil_scoped_release release;
    result = self.tuner->run();
  } catch (...) {
    self.kept->rethrow();
    throw;
  }
  self.kept->rethrow();
  return *std::move(result);
}

std::unique_ptr<PyTuner> make_tuner(std::shared_ptr<PyStudy> study, const py::object& executor,
                                    std::optional<std::int64_t> max_trials,
                                    std::optional<double> max_time, std::optional<double> target,
                                    std::optional<int> max_failures_in_a_row,
                                    std::optional<double> max_cost, int max_parallel,
                                    bool probe_first, int max_first_failures, int keep_best,
                                    const py::object& on_progress, double progress_interval,
                                    const py::object& on_notice) {
  auto made = std::make_unique<PyTuner>();
  TunerOptions options = listening_options(*made, on_progress, progress_interval, on_notice);
  options.budget = {.max_trials = max_trials,
                    .max_time = seconds_from(max_time),
                    .target = target,
                    .max_failures_in_a_row = max_failures_in_a_row,
                    .max_cost = max_cost};
  options.max_parallel = max_parallel;
  options.probe_first = probe_first;
  options.max_first_failures = max_first_failures;
  options.keep_best = keep_best;
  made->study = std::move(study);
  made->take(Unlocked<Tuner>(
      new Tuner(*made->study->study, executor_from(executor, made->kept), std::move(options))));
  return made;
}

void bind_values(py::module_& module) {
  auto progress =
      py::class_<Progress>(module, "Progress", progress_doc)
          .def_readonly("view", &Progress::view)
          .def_property_readonly("time_left",
                                 [](const Progress& self) { return count_of(self.time_left); })
          .def_readonly("stopping", &Progress::stopping);
  publish(progress);

  auto result = py::class_<TuningResult>(module, "TuningResult", result_doc)
                    .def_property_readonly(
                        "reason", [](const TuningResult& self) { return to_string(self.reason); })
                    .def_readonly("explanation", &TuningResult::explanation)
                    .def_readonly("view", &TuningResult::view)
                    .def("report", &TuningResult::report, report_doc)
                    .def("__repr__", [](const TuningResult& self) {
                      return std::string("<tunesmith.TuningResult ") + to_string(self.reason) +
                             ": " + self.explanation + ">";
                    });
  publish(result);
}

}  // namespace

TunerOptions listening_options(const PyTuner& tuner, const py::object& on_progress,
                               double progress_interval, const py::object& on_notice) {
  TunerOptions options;
  if (!(progress_interval > 0)) throw py::value_error("progress_interval must be above 0");
  // Also how long Ctrl-C may have to wait.
  options.progress_interval = std::min(options.progress_interval, Seconds(progress_interval));
  options.on_progress = [kept = tuner.kept,
                         held = HeldObject(on_progress)](const Progress& progress) {
    const py::gil_scoped_acquire gil;
    look_around(*kept, held.get(), progress);
  };
  if (on_notice.is_none()) return options;
  options.on_notice = [kept = tuner.kept, held = HeldObject(on_notice)](const Notice& notice) {
    const py::gil_scoped_acquire gil;
    if (kept->any()) return;
    try {
      held.get()(notice);
    } catch (...) {
      kept->keep(std::current_exception());
    }
  };
  return options;
}

void bind_tuner(py::module_& module) {
  bind_values(module);
  const TunerOptions defaults;
  auto tuner =
      py::class_<PyTuner>(module, "Tuner", tuner_doc)
          .def(py::init(&make_tuner), "study"_a, "executor"_a, py::kw_only(),
               "max_trials"_a = py::none(), "max_time"_a = py::none(), "target"_a = py::none(),
               "max_failures_in_a_row"_a = py::none(), "max_cost"_a = py::none(),
               "max_parallel"_a = defaults.max_parallel, "probe_first"_a = defaults.probe_first,
               "max_first_failures"_a = defaults.max_first_failures,
               "keep_best"_a = defaults.keep_best, "on_progress"_a = py::none(),
               "progress_interval"_a = defaults.progress_interval.count(),
               "on_notice"_a = py::none())
          .def("run", &run, run_doc)
          .def(
              "cancel", [](PyTuner& self, std::string why) { self.tuner->cancel(std::move(why)); },
              "why"_a = "cancelled", py::call_guard<py::gil_scoped_release>(), cancel_doc);
  publish(tuner);
}

}  // namespace tunesmith::python
