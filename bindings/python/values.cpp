#include "values.hpp"

#include <pybind11/stl.h>

#include <string>
#include <utility>

namespace py = pybind11;
using namespace py::literals;

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

const char* word_of(Decision decision) noexcept {
  switch (decision) {
    case Decision::keep_going:
      return "keep_going";
    case Decision::stop:
      return "stop";
    case Decision::pause:
      return "pause";
  }
  return "unknown";
}

Decision decision_from(const std::string& word) {
  for (const Decision decision : {Decision::keep_going, Decision::stop, Decision::pause}) {
    if (word == word_of(decision)) return decision;
  }
  throw py::value_error("report() must return \"keep_going\", \"stop\" or \"pause\", not \"" +
                        word + "\"");
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

std::optional<Prior> prior_from(const py::object& prior) {
  if (prior.is_none()) return std::nullopt;
  Prior result;
  for (const auto& [key, value] : prior.cast<py::dict>()) {
    const auto name = key.cast<std::string>();
    if (name == "near") {
      result.near = value.cast<double>();
    } else if (name == "spread") {
      result.spread = value.cast<double>();
    } else if (name == "weights") {
      result.weights = value.cast<std::vector<double>>();
    } else {
      throw py::type_error("a prior has no \"" + name + "\", but near and spread, or weights");
    }
  }
  return result;
}

py::object to_python(const std::optional<Prior>& prior) {
  if (!prior) return py::none();
  py::dict result;
  if (!prior->near) {
    result["weights"] = prior->weights;
  } else {
    result["near"] = *prior->near;
    result["spread"] = prior->spread;
  }
  return result;
}

std::optional<Cost> cost_from(const py::object& cost) {
  if (cost.is_none()) return std::nullopt;
  if (py::isinstance<py::str>(cost) && cost.cast<std::string>() == "time") return Cost{};
  const auto given = py::isinstance<py::dict>(cost) ? cost.cast<py::dict>() : py::dict();
  if (given.size() != 1 || !given.contains("metric"))
    throw py::type_error("cost is \"time\" or {\"metric\": name}");
  auto metric = given["metric"].cast<std::string>();
  if (metric.empty()) throw py::type_error("the metric of cost has no name");
  return Cost{.metric = std::move(metric)};
}

py::object to_python(const std::optional<Cost>& cost) {
  if (!cost) return py::none();
  if (cost->metric.empty()) return py::str("time");
  return py::dict("metric"_a = cost->metric);
}

py::str text_of(const std::string& bytes) {
  PyObject* text =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "surrogateescape");
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(text);
}

std::string bytes_of(const py::str& text) {
  return text.attr("encode")("utf-8", "surrogateescape").cast<std::string>();
}

std::string path_of(const py::object& path) {
  return py::module_::import("os").attr("fsencode")(path).cast<std::string>();
}

std::string json_of(const py::kwargs& options) {
  return py::module_::import("json").attr("dumps")(options).cast<std::string>();
}

py::list list_of(const std::vector<PluginInfo>& plugins) {
  py::list list;
  for (const PluginInfo& info : plugins) {
    py::list options;
    for (const OptionInfo& option : info.options) {
      options.append(py::dict("name"_a = option.name, "type"_a = option.type,
                              "default"_a = option.fallback, "text"_a = option.text));
    }
    list.append(py::dict("name"_a = info.name, "summary"_a = info.summary, "options"_a = options));
  }
  return list;
}

std::optional<double> count_of(const std::optional<Seconds>& seconds) {
  return seconds ? std::optional(seconds->count()) : std::nullopt;
}

std::optional<Seconds> seconds_from(const std::optional<double>& count) {
  return count ? std::optional(Seconds(*count)) : std::nullopt;
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
