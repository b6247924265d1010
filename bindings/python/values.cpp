#include "values.hpp"

#include <string>
#include <utility>

namespace py = pybind11;

namespace tunesmith::python {

Value value_from(py::handle object) {
  if (py::isinstance<py::bool_>(object)) return object.cast<bool>();
  if (py::isinstance<py::int_>(object)) return object.cast<std::int64_t>();
  if (py::isinstance<py::float_>(object)) return object.cast<double>();
  if (py::isinstance<py::str>(object)) return object.cast<std::string>();
  if (py::hasattr(object, "item")) {
    const py::object plain = object.attr("item")();
    if (!plain.is(object)) return value_from(plain);
  }
  throw py::type_error("a parameter's value must be a float, int, bool or str, not " +
                       std::string(py::str(py::type::handle_of(object).attr("__name__"))));
}

py::object to_python(const Value& value) {
  return std::visit([](const auto& plain) -> py::object { return py::cast(plain); }, value);
}

Configuration configuration_from(const py::dict& parameters) {
  Configuration configuration;
  for (const auto& [name, value] : parameters) {
    configuration.set(name.cast<std::string>(), value_from(value));
  }
  return configuration;
}

py::dict to_python(const Configuration& configuration) {
  py::dict parameters;
  for (const auto& [name, value] : configuration.values())
    parameters[py::str(name)] = to_python(value);
  return parameters;
}

Metrics metrics_from(const py::dict& metrics) {
  Metrics result;
  for (const auto& [name, value] : metrics) {
    result[name.cast<std::string>()] = py::float_(py::reinterpret_borrow<py::object>(value));
  }
  return result;
}

std::vector<Condition> conditions_from(const py::object& when) {
  std::vector<Condition> conditions;
  if (when.is_none()) return conditions;
  for (const auto& [parent, values] : when.cast<py::dict>()) {
    Condition condition{.parent = parent.cast<std::string>()};
    if (py::isinstance<py::list>(values) || py::isinstance<py::tuple>(values)) {
      for (const py::handle value : values) condition.values.push_back(value_from(value));
    } else {
      condition.values.push_back(value_from(values));
    }
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

Scale scale_from(const std::string& parameter, const std::string& word) {
  for (const Scale scale : {Scale::automatic, Scale::linear, Scale::log, Scale::reverse_log}) {
    if (word == to_string(scale)) return scale;
  }
  throw Error(ErrorCode::invalid_argument, {{.path = "/parameters/" + parameter + "/scale",
                                             .what = "is '" + word + "'",
                                             .allowed = "auto, linear, log, reverse_log"}});
}

Goal goal_from(const std::string& word) {
  for (const Goal goal : {Goal::minimize, Goal::maximize}) {
    if (word == to_string(goal)) return goal;
  }
  throw Error(ErrorCode::invalid_argument,
              {{.path = "/goal", .what = "is '" + word + "'", .allowed = "minimize, maximize"}});
}

}  // namespace tunesmith::python
