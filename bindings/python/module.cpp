#include "bindings.hpp"
#include "tunesmith/version.hpp"

PYBIND11_MODULE(_tunesmith, module) {
  namespace binding = tunesmith::python;
  module.doc() = "The C++ core of tunesmith; import tunesmith instead.";
  module.attr("__version__") = tunesmith::version();
  binding::bind_error(module);
  binding::bind_parameter(module);
  binding::bind_space(module);
  binding::bind_problem(module);
  binding::bind_trial(module);
  binding::bind_event(module);
  binding::bind_view(module);
  binding::bind_search(module);
  binding::bind_halving_search(module);
  binding::bind_rungs(module);
  binding::bind_stopping(module);
  binding::bind_store_values(module);
  binding::bind_store(module);
  binding::bind_clock(module);
  binding::bind_study(module);
  binding::bind_objective(module);
  binding::bind_executor(module);
  binding::bind_subprocess_executor(module);
  binding::bind_simulated_executor(module);
  binding::bind_tuner(module);
  binding::bind_job(module);
  binding::bind_conformance(module);
}
