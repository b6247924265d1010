#include "tunesmith/space.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* space_doc =
    R"(What may be tuned: parameters with ranges, scales and conditions, and constraints between them.

Building never fails; validate() lists every mistake, and Study refuses a space that has any.

>>> import tunesmith
>>> space = (tunesmith.Space()
...     .add_float("lr", 1e-5, 1e-1, scale="log")
...     .add_int("layers", 1, 8)
...     .add_categorical("optimizer", ["sgd", "adam"])
...     .add_float("momentum", 0.5, 0.999, scale="reverse_log", when={"optimizer": "sgd"})
...     .add_constraint("layers * lr <= 0.2"))
>>> space.validate()
[]
)";

constexpr const char* add_float_doc =
    R"(Adds a float in [min, max]; min == max is allowed.

scale -- how the range is stretched before it is searched: "linear", "log", "reverse_log" (resolves values
         close to 1), or "auto": chosen from the range when the study is created
step -- distance of the allowed values; None: every float
when -- {"parent": value or [values]}: the parameter exists only while all of these hold
prior -- {"near": 1e-3, "spread": 0.1}: good values are probably near this one; spread is the standard deviation in
         shares of the scaled range, 0.15 without it. Searches look there first, and less and less the more is known

>>> import tunesmith
>>> tunesmith.Space().add_float("dropout", 0, 0.5, step=0.1).cardinality()
6
)";

constexpr const char* add_int_doc =
    R"(Adds an int in [min, max]; the other arguments are as for add_float.

>>> import tunesmith
>>> tunesmith.Space().add_int("width", 16, 64, step=16).cardinality()
4
)";

constexpr const char* add_categorical_doc =
    R"(Adds unordered choices: strs, ints, floats or bools.

prior -- {"weights": [3, 1]}: how probable it is that each choice is good, in their order

>>> import tunesmith
>>> tunesmith.Space().add_categorical("optimizer", ["sgd", "adam"]).cardinality()
2
)";

constexpr const char* add_ordinal_doc =
    R"(Adds choices with an order: neighbours are taken to behave alike.

>>> import tunesmith
>>> tunesmith.Space().add_ordinal("size", ["small", "medium", "large"]).cardinality()
3
)";

constexpr const char* add_fixed_doc =
    R"(Adds a value that every trial gets and that is never varied.

>>> import tunesmith
>>> tunesmith.Space().add_fixed("epochs", 10).cardinality()
1
)";

constexpr const char* add_constraint_doc =
    R"(Adds a condition between parameters in plain words; one that names an inactive parameter holds.

Knows + - * / % ** ( ), < <= > >= == !=, and or not, abs min max log exp sqrt floor ceil, numbers and 'texts'.

>>> import tunesmith
>>> space = tunesmith.Space().add_int("layers", 1, 8).add_int("width", 64, 4096)
>>> len(space.add_constraint("layers * width <= 4096").check({"layers": 8, "width": 4096}))
1
)";

constexpr const char* validate_doc =
    R"(Every Mistake of the space; an empty list: it can be used.

>>> import tunesmith
>>> [m.path for m in tunesmith.Space().add_float("a", 0, 1, scale="log").add_int("b", 2, 1).validate()]
['/parameters/a/min', '/parameters/b/max']
)";

constexpr const char* check_doc =
    R"(What keeps a dict of parameters from being one of this space's configurations; an empty list: it is one.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 1, 9).check({"n": 5})
[]
)";

constexpr const char* cardinality_doc =
    R"(Number of configurations, conditions respected, constraints not; None where it is infinite or does not fit 64 bits.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 1, 9).add_categorical("c", ["x", "y"]).cardinality()
18
)";

constexpr const char* to_json_doc =
    R"(The space as JSON text, as job files have it.

>>> import tunesmith
>>> space = tunesmith.Space().add_int("n", 1, 9)
>>> tunesmith.Space.from_json(space.to_json()) == space
True
)";

constexpr const char* from_json_doc =
    R"(Reads what to_json writes. Raises Error with every mistake.

>>> import tunesmith
>>> tunesmith.Space.from_json('{"parameters": {"n": {"type": "int", "min": 1, "max": 9}}}').cardinality()
9
)";

constexpr const char* parameters_doc = "The Parameters, in order.";
constexpr const char* constraints_doc = "The constraints' texts, in order.";
constexpr const char* dimension_doc =
    "Coordinates of the unit cube: one per parameter that is not fixed, active or not.";

constexpr const char* decode_doc =
    R"(The dict of parameters at a point of the unit cube, a list of `dimension` floats in [0, 1]: what a strategy searches.

Ints, steps and choices take equal shares of the scaled range; inactive parameters are left out; constraints are not
looked at.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 1, 4).add_float("lr", 0.001, 1, scale="log").decode([0.99, 0])
{'n': 4, 'lr': 0.001}
)";

constexpr const char* encode_doc =
    R"(The point of a dict of parameters, with decode(encode(params)) == params; inactive ones stand at 0.5.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 1, 4).encode({"n": 1})
[0.125]
)";

constexpr const char* satisfies_doc =
    R"(Whether all constraints hold for a dict of parameters.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 1, 9).add_constraint("n % 2 == 0").satisfies({"n": 3})
False
)";

std::vector<Value> values_from(const py::sequence& choices) {
  std::vector<Value> values;
  for (const py::handle choice : choices) values.push_back(value_from(choice));
  return values;
}

}  // namespace

void bind_space(py::module_& module) {
  // The add functions return the very object, so that they can be chained.
  auto space =
      py::class_<Space>(module, "Space", space_doc)
          .def(py::init<>())
          .def(
              "add_float",
              [](py::object self, const std::string& name, double min, double max,
                 const std::string& scale, std::optional<double> step, const py::object& when,
                 const py::object& prior) {
                self.cast<Space&>().add_float(name, {.min = min,
                                                     .max = max,
                                                     .scale = scale_from(name, scale),
                                                     .step = step,
                                                     .when = conditions_from(when),
                                                     .prior = prior_from(prior)});
                return self;
              },
              "name"_a, "min"_a, "max"_a, py::kw_only(), "scale"_a = "auto", "step"_a = py::none(),
              "when"_a = py::none(), "prior"_a = py::none(), add_float_doc)
          .def(
              "add_int",
              [](py::object self, const std::string& name, std::int64_t min, std::int64_t max,
                 const std::string& scale, std::int64_t step, const py::object& when,
                 const py::object& prior) {
                self.cast<Space&>().add_int(name, {.min = min,
                                                   .max = max,
                                                   .scale = scale_from(name, scale),
                                                   .step = step,
                                                   .when = conditions_from(when),
                                                   .prior = prior_from(prior)});
                return self;
              },
              "name"_a, "min"_a, "max"_a, py::kw_only(), "scale"_a = "auto", "step"_a = 1,
              "when"_a = py::none(), "prior"_a = py::none(), add_int_doc)
          .def(
              "add_categorical",
              [](py::object self, const std::string& name, const py::sequence& choices,
                 const py::object& when, const py::object& prior) {
                self.cast<Space&>().add_categorical(
                    name, values_from(choices),
                    {.when = conditions_from(when), .prior = prior_from(prior)});
                return self;
              },
              "name"_a, "choices"_a, py::kw_only(), "when"_a = py::none(), "prior"_a = py::none(),
              add_categorical_doc)
          .def(
              "add_ordinal",
              [](py::object self, const std::string& name, const py::sequence& choices,
                 const py::object& when, const py::object& prior) {
                self.cast<Space&>().add_ordinal(
                    name, values_from(choices),
                    {.when = conditions_from(when), .prior = prior_from(prior)});
                return self;
              },
              "name"_a, "choices"_a, py::kw_only(), "when"_a = py::none(), "prior"_a = py::none(),
              add_ordinal_doc)
          .def(
              "add_fixed",
              [](py::object self, const std::string& name, const py::object& value,
                 const py::object& when) {
                self.cast<Space&>().add_fixed(name, value_from(value),
                                              {.when = conditions_from(when)});
                return self;
              },
              "name"_a, "value"_a, py::kw_only(), "when"_a = py::none(), add_fixed_doc)
          .def(
              "add_constraint",
              [](py::object self, const std::string& expression) {
                self.cast<Space&>().add_constraint(expression);
                return self;
              },
              "expression"_a, add_constraint_doc)
          .def("validate", &Space::validate, validate_doc)
          .def(
              "check",
              [](const Space& self, const py::dict& parameters) {
                return self.check(self.conform(configuration_from(parameters)));
              },
              "params"_a, check_doc)
          .def_property_readonly(
              "parameters", [](const Space& self) { return self.parameters(); }, parameters_doc)
          .def_property_readonly(
              "constraints", [](const Space& self) { return self.constraints(); }, constraints_doc)
          .def_property_readonly("dimension", &Space::dimension, dimension_doc)
          .def(
              "decode",
              [](const Space& self, const std::vector<double>& unit) {
                return to_python(self.decode(unit));
              },
              "unit"_a, decode_doc)
          .def(
              "encode",
              [](const Space& self, const py::dict& parameters) {
                const Configuration configuration = self.conform(configuration_from(parameters));
                std::vector<Mistake> mistakes = self.check(configuration);
                if (!mistakes.empty()) throw Error(ErrorCode::invalid_space, std::move(mistakes));
                return self.encode(configuration);
              },
              "params"_a, encode_doc)
          .def(
              "satisfies",
              [](const Space& self, const py::dict& parameters) {
                return self.satisfies(self.conform(configuration_from(parameters)));
              },
              "params"_a, satisfies_doc)
          .def("cardinality", &Space::cardinality, cardinality_doc)
          .def("to_json", &Space::to_json, to_json_doc)
          .def_static("from_json", &Space::from_json, "json"_a, from_json_doc)
          .def(
              "__eq__", [](const Space& self, const Space& other) { return self == other; },
              py::is_operator())
          .def("__repr__",
               [](const Space& self) { return "<tunesmith.Space " + self.to_json() + ">"; });
  publish(space);
}

}  // namespace tunesmith::python
