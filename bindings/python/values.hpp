#pragma once

#include <pybind11/pybind11.h>

#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith::python {

/// A float, int, bool or str; numpy's scalars count as the Python values they stand for. Throws
/// TypeError for others.
Value value_from(pybind11::handle object);
pybind11::object to_python(const Value& value);

/// From and to a dict of parameters.
Configuration configuration_from(const pybind11::dict& parameters);
pybind11::dict to_python(const Configuration& configuration);

/// A dict of metrics.
Metrics metrics_from(const pybind11::dict& metrics);

/// {"parent": value} or {"parent": [values]}, all of which must hold; None: no condition.
std::vector<Condition> conditions_from(const pybind11::object& when);

Scale scale_from(const std::string& parameter, const std::string& word);
Goal goal_from(const std::string& word);

}  // namespace tunesmith::python
