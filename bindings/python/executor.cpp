#include "tunesmith/executor.hpp"

#include <pybind11/stl.h>

#include <stdexcept>
#include <utility>

#include "bindings.hpp"
#include "objective.hpp"
#include "plugins.hpp"
#include "study_values.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* executor_doc =
    R"(Runs trials. tunesmith's own come from thread_pool_executor and subprocess_executor; derive from this class to run
them in your own way, with capacity(), start(run, reporter) and request_stop(run), and with open, recover, discard,
describe and close where there is something to do.

A tuner calls it from one thread. Reporters may be used from any thread, also before start returns.

>>> import threading, tunesmith
>>> class Threads(tunesmith.TrialExecutor):
...     def capacity(self):
...         return 2
...     def start(self, run, reporter):
...         threading.Thread(target=lambda: reporter.finish(run.params["x"] ** 2)).start()
...     def request_stop(self, run):
...         pass
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
>>> tunesmith.Tuner(study, Threads(), max_trials=8).run().reason
'trials_spent'
)";

constexpr const char* open_doc =
    "Called once, before anything else, by the tuner that will drive it, with the study's name and "
    "Problem. What it raises the tuner passes on.";
constexpr const char* capacity_doc =
    "How many attempts may run at once, at least 1. May change over time.";
constexpr const char* start_doc =
    "Begins an attempt and returns without waiting for it. What it returns, a str or None, is kept "
    "in the study's log and comes back in recover. An exception makes the trial failed.";
constexpr const char* request_stop_doc =
    "Asks an attempt to end: may come repeatedly, late, or for an unknown attempt. "
    "reporter.finish(TrialResult(\"stopped\", ...)) follows when it has ended.";
constexpr const char* request_pause_doc =
    "As request_stop, for an attempt whose trial may be resumed by a later start, with a higher "
    "run.until and run.reached set; its outcome is \"paused\". By default request_stop, whose "
    "\"stopped\" is then taken for paused.";
constexpr const char* retire_doc =
    "The trial was paused and will never be resumed: its checkpoints may go. By default nothing.";
constexpr const char* recover_doc =
    "Finds an attempt of an earlier session: \"finished\" (its reports and result have been given "
    "to the reporter), \"running\" (the reporter will hear from it) or \"gone\" (the trial starts "
    "again). By default gone.";
constexpr const char* discard_doc =
    "The trial is over and not among the best that are kept: what it left may go.";
constexpr const char* describe_doc =
    "Where a person finds the trial's log or output; \"\" where there is nothing to look at.";
constexpr const char* close_doc =
    "Ends what still runs and returns when nothing is left. Called once, by the tuner that is done "
    "with it.";

constexpr const char* thread_pool_doc =
    R"(Calls `objective(run, reporter)` on threads of its own.

objective -- returns the result: a number (of the only objective), a dict of metrics, None (what it reported counts) or
             a TrialResult. It may call reporter.report(resource, metrics) as it likes; the answer "stop" asks it to
             return early. An exception makes the trial failed, with the traceback as its reason.
max_parallel -- attempts at once, a thread each; 0: one per processor

It cannot end a running call: the tuner waits for it.

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
>>> executor = tunesmith.thread_pool_executor(lambda run, reporter: run.params["x"] ** 2, max_parallel=2)
>>> len(tunesmith.Tuner(study, executor, max_trials=8).run().view)
8
)";

const char* word_of(Recovery recovery) {
  return recovery == Recovery::finished  ? "finished"
         : recovery == Recovery::running ? "running"
                                         : "gone";
}

Recovery recovery_from(const std::string& word) {
  for (const Recovery recovery : {Recovery::finished, Recovery::running, Recovery::gone}) {
    if (word == word_of(recovery)) return recovery;
  }
  throw py::value_error("recover() must return \"finished\", \"running\" or \"gone\", not \"" +
                        word + "\"");
}

/// A user's class as the tuner sees it.
class PythonExecutor final : public TrialExecutor {
 public:
  PythonExecutor(HeldObject object, std::shared_ptr<KeptException> kept)
      : object_(std::move(object)), kept_(std::move(kept)) {}
  ~PythonExecutor() override {
    without_throwing([&] { call("close"); });
  }

  void open(std::string_view study, const Problem& problem) override {
    only_metric_ = std::make_shared<const std::string>(only_metric(problem));
    with_gil([&] { call("open", py::str(std::string(study)), problem); });
  }
  int capacity() override {
    return with_gil([&] { return answer_as<int>(call("capacity"), "capacity()", "an int"); });
  }
  std::string start(const TrialRun& run, TrialReporter reporter) override {
    const py::gil_scoped_acquire gil;
    try {
      const py::object handle = call("start", run, PyReporter{reporter, only_metric_});
      if (handle.is_none()) return {};
      return bytes_of(answer_as<py::str>(handle, "start()", "a str or None"));
    } catch (py::error_already_set& raised) {
      if (raised.matches(error_type())) pass_on(raised);
      if (raised.matches(PyExc_Exception)) throw std::runtime_error(words_of(raised));
      // An interrupt is about the tuner, not about this trial.
      kept_->keep(std::current_exception());
      reporter.finish({.outcome = Outcome::preempted, .reason = "interrupted"});
      return {};
    }
  }
  void request_stop(const TrialRun& run) noexcept override {
    without_throwing([&] { call("request_stop", run); });
  }
  void request_pause(const TrialRun& run) noexcept override {
    without_throwing([&] { call("request_pause", run); });
  }
  void retire(TrialId trial) noexcept override {
    without_throwing([&] { call("retire", trial); });
  }
  Recovery recover(const TrialRun& run, const std::string& handle,
                   TrialReporter reporter) override {
    return with_gil([&] {
      const py::object answer =
          call("recover", run, text_of(handle), PyReporter{std::move(reporter), only_metric_});
      return recovery_from(answer_as<std::string>(answer, "recover()", "a str"));
    });
  }
  void discard(TrialId trial) noexcept override {
    without_throwing([&] { call("discard", trial); });
  }
  std::string describe(TrialId trial) override {
    return with_gil([&] {
      return bytes_of(answer_as<py::str>(call("describe", trial), "describe()", "a str"));
    });
  }

 private:
  template <class... Arguments>
  py::object call(const char* method, const Arguments&... arguments) {
    return object_.get().attr(method)(arguments...);
  }

  template <class Call>
  void without_throwing(const Call& call) noexcept {
    try {
      with_gil(call);
    } catch (...) {
      kept_->keep(std::current_exception());
    }
  }

  HeldObject object_;
  std::shared_ptr<KeptException> kept_;
  std::shared_ptr<const std::string> only_metric_ = std::make_shared<const std::string>();
};

TrialExecutor& native(const PyExecutor& self, const char* method) {
  if (self.native) return *self.native;
  if (self.handed_over)
    throw Error(ErrorCode::invalid_argument,
                "this executor was given to a tuner, which has it now");
  PyErr_SetString(PyExc_NotImplementedError,
                  (std::string(method) + "() is for the derived class to define").c_str());
  throw py::error_already_set();
}

/// What a derived class gets where it defines nothing, and what an own executor does.
template <class Call, class Result>
Result native_or(const PyExecutor& self, Result otherwise, const Call& call) {
  if (!self.native) return otherwise;
  const py::gil_scoped_release release;
  return call(*self.native);
}

std::optional<std::string> start(const PyExecutor& self, const TrialRun& run,
                                 const PyReporter& reporter) {
  TrialExecutor& executor = native(self, "start");
  const py::gil_scoped_release release;
  return executor.start(run, reporter.reporter);
}

}  // namespace

std::unique_ptr<TrialExecutor> executor_from(const py::object& object,
                                             std::shared_ptr<KeptException> kept) {
  if (!py::isinstance<PyExecutor>(object)) refuse(object, "a tunesmith.TrialExecutor");
  auto& executor = object.cast<PyExecutor&>();
  if (executor.handed_over) native(executor, "start");
  if (!executor.native)
    return std::make_unique<PythonExecutor>(HeldObject(object), std::move(kept));
  executor.handed_over = true;
  return std::unique_ptr<TrialExecutor>(executor.native.release());
}

std::unique_ptr<PyExecutor> own_executor(std::unique_ptr<TrialExecutor> executor) {
  return std::make_unique<PyExecutor>(
      PyExecutor{Unlocked<TrialExecutor>(executor.release()), false});
}

void bind_executor(py::module_& module) {
  auto executor =
      py::class_<PyExecutor>(module, "TrialExecutor", executor_doc)
          .def(py::init<>())
          .def(
              "open",
              [](const PyExecutor& self, const std::string& study, const Problem& problem) {
                if (!self.native) return;
                const py::gil_scoped_release release;
                self.native->open(study, problem);
              },
              "study"_a, "problem"_a, open_doc)
          .def(
              "capacity",
              [](const PyExecutor& self) { return native(self, "capacity").capacity(); },
              capacity_doc)
          .def("start", &start, "run"_a, "reporter"_a, start_doc)
          .def(
              "request_stop",
              [](const PyExecutor& self, const TrialRun& run) {
                TrialExecutor& own = native(self, "request_stop");
                const py::gil_scoped_release release;
                own.request_stop(run);
              },
              "run"_a, request_stop_doc)
          .def(
              "request_pause",
              [](const py::object& self, const TrialRun& run) {
                const auto& plugin = self.cast<const PyExecutor&>();
                if (!plugin.native) {
                  self.attr("request_stop")(run);
                  return;
                }
                const py::gil_scoped_release release;
                plugin.native->request_pause(run);
              },
              "run"_a, request_pause_doc)
          .def(
              "retire",
              [](const PyExecutor& self, TrialId number) {
                native_or(self, 0, [&](TrialExecutor& own) {
                  own.retire(number);
                  return 0;
                });
              },
              "number"_a, retire_doc)
          .def(
              "recover",
              [](const PyExecutor& self, const TrialRun& run, const py::str& handle,
                 const PyReporter& reporter) {
                const std::string bytes = bytes_of(handle);
                return word_of(native_or(self, Recovery::gone, [&](TrialExecutor& own) {
                  return own.recover(run, bytes, reporter.reporter);
                }));
              },
              "run"_a, "handle"_a, "reporter"_a, recover_doc)
          .def(
              "discard",
              [](const PyExecutor& self, TrialId number) {
                native_or(self, 0, [&](TrialExecutor& own) {
                  own.discard(number);
                  return 0;
                });
              },
              "number"_a, discard_doc)
          .def(
              "describe",
              [](const PyExecutor& self, TrialId number) {
                return text_of(native_or(self, std::string(),
                                         [&](TrialExecutor& own) { return own.describe(number); }));
              },
              "number"_a, describe_doc)
          .def(
              "close", [](PyExecutor& self) { self.native.reset(); }, close_doc);
  publish(executor);

  module.def(
      "thread_pool_executor",
      [](const py::function& objective, int max_parallel) {
        return own_executor(objective_executor(HeldObject(objective), max_parallel));
      },
      "objective"_a, py::kw_only(), "max_parallel"_a = 1, thread_pool_doc);
  publish(module.attr("thread_pool_executor"));
}

}  // namespace tunesmith::python
