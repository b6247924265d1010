#include <pybind11/stl.h>

#include "bindings.hpp"
#include "tunesmith/space.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* parameter_doc =
    R"(One dimension of a space, as read back from it.

name; type -- "float", "int", "categorical", "ordinal" or "fixed"
min, max, scale, step -- of floats and ints, else None; step is None where every float is allowed
choices -- of a categorical or ordinal in order, the one value of a fixed; else an empty list
when -- {"parent": [values]}, all of which must hold for it to be active
prior -- {"near": value, "spread": share} or {"weights": [...]}: where good values probably are; None: nobody knows

>>> import tunesmith
>>> parameter = tunesmith.Space().add_int("width", 16, 64, step=16).parameters[0]
>>> parameter.name, parameter.type, parameter.min, parameter.max, parameter.step
('width', 'int', 16, 64, 16)
)";

constexpr const char* cardinality_doc =
    "Number of distinct values; None for a float without step, and for more than 2**64 - 1.";
constexpr const char* value_at_doc =
    "The value number `index`, from the smallest up or in the order of the choices. Raises "
    "IndexError.";
constexpr const char* index_of_doc =
    "Where a value stands among the values; None where it is not exactly one of them.";

bool is_numeric(const Parameter& parameter) {
  return parameter.type == ParameterType::floating || parameter.type == ParameterType::integer;
}

py::object bound(const Parameter& parameter, double number, std::int64_t integer) {
  if (parameter.type == ParameterType::integer) return py::int_(integer);
  if (parameter.type == ParameterType::floating) return py::float_(number);
  return py::none();
}

py::object step_of(const Parameter& parameter) {
  if (parameter.type == ParameterType::floating && parameter.step == 0) return py::none();
  return bound(parameter, parameter.step, parameter.int_step);
}

py::list choices_of(const std::vector<Value>& values) {
  py::list choices;
  for (const Value& value : values) choices.append(to_python(value));
  return choices;
}

py::dict conditions_of(const Parameter& parameter) {
  py::dict when;
  for (const Condition& condition : parameter.when)
    when[py::str(condition.parent)] = choices_of(condition.values);
  return when;
}

py::object value_at(const Parameter& parameter, std::uint64_t index) {
  const auto values = parameter.cardinality();
  if (!values || index >= *values)
    throw py::index_error("there is no value number " + std::to_string(index));
  return to_python(parameter.value_at(index));
}

}  // namespace

void bind_parameter(py::module_& module) {
  auto parameter =
      py::class_<Parameter>(module, "Parameter", parameter_doc)
          .def_readonly("name", &Parameter::name)
          .def_property_readonly("type", [](const Parameter& self) { return to_string(self.type); })
          .def_property_readonly(
              "min", [](const Parameter& self) { return bound(self, self.min, self.int_min); })
          .def_property_readonly(
              "max", [](const Parameter& self) { return bound(self, self.max, self.int_max); })
          .def_property_readonly("step", &step_of)
          .def_property_readonly("scale",
                                 [](const Parameter& self) -> py::object {
                                   if (!is_numeric(self)) return py::none();
                                   return py::str(to_string(self.scale));
                                 })
          .def_property_readonly("choices",
                                 [](const Parameter& self) { return choices_of(self.choices); })
          .def_property_readonly("when", &conditions_of)
          .def_property_readonly("prior",
                                 [](const Parameter& self) { return to_python(self.prior); })
          .def("cardinality", &Parameter::cardinality, cardinality_doc)
          .def("value_at", &value_at, "index"_a, value_at_doc)
          .def(
              "index_of",
              [](const Parameter& self, const py::object& value) {
                return self.index_of(value_from(value));
              },
              "value"_a, index_of_doc)
          .def("__repr__", [](const Parameter& self) {
            return std::string("<tunesmith.Parameter ") + to_string(self.type) + " " + self.name +
                   ">";
          });
  publish(parameter);
}

}  // namespace tunesmith::python
