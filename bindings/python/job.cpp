#include "tunesmith/job.hpp"

#include <pybind11/stl.h>

#include <utility>

#include "bindings.hpp"
#include "plugins.hpp"
#include "tuner.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* validate_job_doc =
    R"doc(Every Mistake of a job text, with JSON pointers; an empty list: it can be used. Opens no file and runs nothing.

base_folder, strict_amt, command, channels -- as for load_job

>>> import tunesmith
>>> mistakes = tunesmith.validate_job('{"name": "s", "parameters": {"n": {"type": "int", "min": 9, "max": 1}}}')
>>> [mistake.path for mistake in mistakes]
['/parameters/n/max', '/objective', '/metrics']
)doc";

constexpr const char* load_job_doc =
    R"doc(A tuning job from JSON text: a problem, how to search it, how to run a trial, when to end; in tunesmith's own schema
(job_schema()) or as a CreateHyperParameterTuningJob request of SageMaker. Raises Error with every mistake.

base_folder -- where the job file lies: relative paths in it start here
strict_amt -- also apply the limits of SageMaker's service to a request
command -- in place of the job's command
channels -- data folders by channel name, over the job's

>>> import tunesmith
>>> job = tunesmith.load_job('''{"name": "demo", "command": ["python3", "train.py"],
...     "parameters": {"lr": {"type": "float", "min": 0.001, "max": 1}}, "budget": {"max_trials": 20},
...     "metrics": [{"name": "loss", "regex": "loss: (.*)"}], "objective": {"metric": "loss"}}''')
>>> job.name, job.budget.max_trials
('demo', 20)
)doc";

constexpr const char* job_doc =
    R"doc(A tuning job read from JSON by load_job.

name, problem, strategy, budget, max_parallel, keep_best -- as in the text
folder -- where its trials' folders are made; may be set

>>> import tunesmith
>>> job = tunesmith.load_job('''{"name": "demo", "command": ["true"], "max_parallel": 3,
...     "parameters": {"n": {"type": "int", "min": 1, "max": 9}},
...     "metrics": [{"name": "loss", "regex": "loss: (.*)"}], "objective": {"metric": "loss"}}''')
>>> job.problem.objectives, job.max_parallel
({'loss': 'minimize'}, 3)
)doc";

constexpr const char* job_schema_doc =
    R"doc(The JSON Schema (draft 2020-12) of tunesmith's own job files, as text.

>>> import json, tunesmith
>>> json.loads(tunesmith.job_schema())["type"]
'object'
)doc";

constexpr const char* open_job_doc =
    R"doc(Opens (or continues) a job's study in a store and puts an executor and a tuner to it: a pair (Study, Tuner).

store -- a Store, or the URL of one
on_progress, progress_interval, on_notice -- as for Tuner; notices also go where the job sends them

Raises Error for a job without a command, and where the stored study was made by a different job.

>>> import sys, tempfile, tunesmith
>>> job = tunesmith.load_job('''{"name": "demo", "command": ["%s", "-c", "print('loss:', 0.5)"],
...     "parameters": {"n": {"type": "int", "min": 1, "max": 9}}, "budget": {"max_trials": 2},
...     "metrics": [{"name": "loss", "regex": "loss: (.*)"}], "objective": {"metric": "loss"}}''' % sys.executable)
>>> with tempfile.TemporaryDirectory() as job.folder:
...     study, tuner = tunesmith.open_job(job, "memory:")
...     _ = tuner.run()
>>> study.best.value
0.5
)doc";

JobOptions options_from(const py::object& base_folder, bool strict_amt,
                        const std::vector<std::string>& command,
                        const std::map<std::string, std::string>& channels) {
  return {.base_folder = path_of(base_folder),
          .strict_amt = strict_amt,
          .command = command,
          .channels = channels};
}

py::tuple open(const Job& job, const py::object& store, const py::object& on_progress,
               double progress_interval, const py::object& on_notice) {
  auto made = std::make_unique<PyTuner>();
  const TunerOptions callbacks =
      listening_options(*made, on_progress, progress_interval, on_notice);
  const std::shared_ptr<Store> opened_store = store_from(store);
  OpenedJob opened = [&] {
    const py::gil_scoped_release release;
    return open_job(job, opened_store, callbacks);
  }();
  made->study = std::make_shared<PyStudy>(opened.study.release());
  made->take(Unlocked<Tuner>(opened.tuner.release()));
  const py::object study = py::cast(made->study);
  return py::make_tuple(study, py::cast(std::move(made)));
}

}  // namespace

void bind_job(py::module_& module) {
  using Texts = std::map<std::string, std::string>;
  auto job =
      py::class_<Job>(module, "Job", job_doc)
          .def_readonly("name", &Job::name)
          .def_readonly("problem", &Job::problem)
          .def_readonly("strategy", &Job::strategy)
          .def_readonly("budget", &Job::budget)
          .def_readonly("max_parallel", &Job::max_parallel)
          .def_readonly("keep_best", &Job::keep_best)
          .def_property(
              "folder", [](const Job& self) { return self.executor.folder; },
              [](Job& self, const py::object& folder) { self.executor.folder = path_of(folder); });
  publish(job);

  module.def(
      "validate_job",
      [](const std::string& json, const py::object& base_folder, bool strict_amt,
         const std::vector<std::string>& command, const Texts& channels) {
        return validate_job(json, options_from(base_folder, strict_amt, command, channels));
      },
      "json"_a, py::kw_only(), "base_folder"_a = "", "strict_amt"_a = false,
      "command"_a = std::vector<std::string>(), "channels"_a = Texts(), validate_job_doc);
  module.def(
      "load_job",
      [](const std::string& json, const py::object& base_folder, bool strict_amt,
         const std::vector<std::string>& command, const Texts& channels) {
        return load_job(json, options_from(base_folder, strict_amt, command, channels));
      },
      "json"_a, py::kw_only(), "base_folder"_a = "", "strict_amt"_a = false,
      "command"_a = std::vector<std::string>(), "channels"_a = Texts(), load_job_doc);
  module.def("job_schema", &job_schema, job_schema_doc);
  module.def("open_job", &open, "job"_a, "store"_a, py::kw_only(), "on_progress"_a = py::none(),
             "progress_interval"_a = TunerOptions{}.progress_interval.count(),
             "on_notice"_a = py::none(), open_job_doc);
  for (const char* name : {"validate_job", "load_job", "job_schema", "open_job"})
    publish(module.attr(name));
}

}  // namespace tunesmith::python
