#include "bindings.hpp"
#include "tunesmith/version.hpp"

PYBIND11_MODULE(_tunesmith, module) {
  namespace binding = tunesmith::python;
  module.doc() = "The C++ core of tunesmith; import tunesmith instead.";
  module.attr("__version__") = tunesmith::version();
  binding::bind_error(module);
  binding::bind_space(module);
  binding::bind_trial(module);
  binding::bind_search(module);
  binding::bind_study(module);
}
