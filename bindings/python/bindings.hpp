#pragma once

#include <pybind11/pybind11.h>

namespace tunesmith::python {

/// Each adds words to the module, one public header's or a part of one's; called in this order.
void bind_error(pybind11::module_& module);
void bind_parameter(pybind11::module_& module);
void bind_space(pybind11::module_& module);
void bind_problem(pybind11::module_& module);
void bind_trial(pybind11::module_& module);
void bind_event(pybind11::module_& module);
void bind_view(pybind11::module_& module);
void bind_search(pybind11::module_& module);
void bind_halving_search(pybind11::module_& module);
void bind_rungs(pybind11::module_& module);
void bind_stopping(pybind11::module_& module);
void bind_store_values(pybind11::module_& module);
void bind_store(pybind11::module_& module);
void bind_clock(pybind11::module_& module);
void bind_study(pybind11::module_& module);
void bind_objective(pybind11::module_& module);
void bind_executor(pybind11::module_& module);
void bind_subprocess_executor(pybind11::module_& module);
void bind_simulated_executor(pybind11::module_& module);
void bind_tuner(pybind11::module_& module);
void bind_job(pybind11::module_& module);
void bind_conformance(pybind11::module_& module);

/// Shows what `from` has as tunesmith.X, not tunesmith._tunesmith.X.
inline void publish(pybind11::object type, const char* from = "tunesmith") {
  type.attr("__module__") = from;
}

}  // namespace tunesmith::python
