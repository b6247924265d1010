#include "tunesmith/subprocess_executor.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"
#include "plugins.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* subprocess_doc =
    R"doc(Runs each attempt as a process of its own, in SageMaker's script mode; metrics are read from its output by the
study's `metrics`. Nothing that a script starts outlives its attempt or the tuner.

command -- program and leading arguments, e.g. ["python3", "train.py"]; hyperparameters follow as `--name value`. Never
           a shell. A file named here is looked up in base_folder
folder -- where trials' folders are made: logs, working folder, model, output, checkpoints; one study per folder
base_folder -- "": the current folder
max_parallel -- attempts at once
static_parameters -- passed to every trial beside the searched ones
channels -- data folders by channel name: SM_CHANNEL_<NAME>
environment -- added to the inherited environment
grace -- seconds from SIGTERM to SIGKILL when an attempt is stopped
time_limit -- longest time of one attempt in seconds; None: unlimited
silence_limit -- longest silence in seconds before an attempt counts as hung; None: unlimited
max_log_bytes -- output kept on disk per attempt

Raises Error for unusable arguments.

>>> import sys, tempfile, tunesmith
>>> script = "import sys; print('loss:', float(sys.argv[2]) ** 2)"
>>> space = tunesmith.Space().add_float("x", 0, 1)
>>> metrics = [{"name": "loss", "regex": "loss: (.*)"}]
>>> study = tunesmith.Study("s", space, metric="loss", metrics=metrics, strategy="random")
>>> with tempfile.TemporaryDirectory() as folder:
...     executor = tunesmith.subprocess_executor([sys.executable, "-c", script], folder, max_parallel=2)
...     view = tunesmith.Tuner(study, executor, max_trials=3).run().view
>>> all(trial.value == trial.params["x"] ** 2 for trial in view.trials)
True
)doc";

}  // namespace

void bind_subprocess_executor(py::module_& module) {
  using Texts = std::map<std::string, std::string>;
  module.def(
      "subprocess_executor",
      [](const std::vector<std::string>& command, const py::object& folder,
         const py::object& base_folder, int max_parallel, const Texts& static_parameters,
         const Texts& channels, const Texts& environment, double grace,
         std::optional<double> time_limit, std::optional<double> silence_limit,
         std::size_t max_log_bytes) {
        return own_executor(subprocess_executor({.command = command,
                                                 .folder = path_of(folder),
                                                 .base_folder = path_of(base_folder),
                                                 .max_parallel = max_parallel,
                                                 .static_parameters = static_parameters,
                                                 .channels = channels,
                                                 .environment = environment,
                                                 .grace = Seconds(grace),
                                                 .time_limit = seconds_from(time_limit),
                                                 .silence_limit = seconds_from(silence_limit),
                                                 .max_log_bytes = max_log_bytes}));
      },
      "command"_a, "folder"_a, py::kw_only(), "base_folder"_a = "", "max_parallel"_a = 1,
      "static_parameters"_a = Texts(), "channels"_a = Texts(), "environment"_a = Texts(),
      "grace"_a = SubprocessOptions{}.grace.count(), "time_limit"_a = py::none(),
      "silence_limit"_a = py::none(), "max_log_bytes"_a = SubprocessOptions{}.max_log_bytes,
      subprocess_doc);
  publish(module.attr("subprocess_executor"));
}

}  // namespace tunesmith::python
