#pragma once

#include <pybind11/pybind11.h>

namespace tunesmith::python {

/// Each adds one public header's words to the module; called in this order.
void bind_error(pybind11::module_& module);
void bind_space(pybind11::module_& module);
void bind_trial(pybind11::module_& module);
void bind_search(pybind11::module_& module);
void bind_study(pybind11::module_& module);

/// Shows a class as tunesmith.X, not tunesmith._tunesmith.X.
inline void publish(pybind11::object type) { type.attr("__module__") = "tunesmith"; }

}  // namespace tunesmith::python
