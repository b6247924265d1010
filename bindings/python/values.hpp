#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <string>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith::python {

/// A float, int, bool or str; numpy's scalars count as the Python values they stand for. Throws
/// TypeError for others.
Value value_from(pybind11::handle object);
pybind11::object to_python(const Value& value);

/// "keep_going", "stop" or "pause".
const char* word_of(Decision decision) noexcept;
/// Throws ValueError for another word.
Decision decision_from(const std::string& word);

/// From and to a dict of parameters.
Configuration configuration_from(const pybind11::dict& parameters);
pybind11::dict to_python(const Configuration& configuration);

/// A dict of metrics.
Metrics metrics_from(const pybind11::dict& metrics);

/// {"parent": value} or {"parent": [values]}, all of which must hold; None: no condition.
std::vector<Condition> conditions_from(const pybind11::object& when);

/// {"near": 1e-3, "spread": 0.1} or {"weights": [3, 1]}; None: no prior.
std::optional<Prior> prior_from(const pybind11::object& prior);
pybind11::object to_python(const std::optional<Prior>& prior);

/// "time" or {"metric": name}; None: trials cost the same.
std::optional<Cost> cost_from(const pybind11::object& cost);
pybind11::object to_python(const std::optional<Cost>& cost);

/// Any bytes as a str and back, by Python's surrogateescape.
pybind11::str text_of(const std::string& bytes);
std::string bytes_of(const pybind11::str& text);

/// A str or os.PathLike.
std::string path_of(const pybind11::object& path);

/// Keyword arguments as a JSON object.
std::string json_of(const pybind11::kwargs& options);

/// A list of dicts with name, summary and options.
pybind11::list list_of(const std::vector<PluginInfo>& plugins);

/// Seconds as plain numbers; None where there is no limit.
std::optional<double> count_of(const std::optional<Seconds>& seconds);
std::optional<Seconds> seconds_from(const std::optional<double>& count);

Scale scale_from(const std::string& parameter, const std::string& word);
Goal goal_from(const std::string& word);

}  // namespace tunesmith::python
