#include "tunesmith/problem.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* problem_doc =
    R"(What is tuned and towards what; fixed for the life of a study.

space -- the Space, scales settled
objectives -- {"metric": "minimize" or "maximize"}
standard_errors -- {"metric": the metric that holds its standard error}, of the objectives that have one
outcome_constraints -- {"metric": (min, max)}; None does not bind
baseline -- the present setting, a dict of parameters, or None
cost -- what a trial costs: "time", {"metric": name}, or None
seed -- everything random follows from it

>>> import tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random", seed=7)
>>> study.problem.objectives, study.problem.seed
({'loss': 'minimize'}, 7)
)";

constexpr const char* to_json_doc =
    R"(The problem as JSON text, as job files have it.

>>> import json, tunesmith
>>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 9), metric="loss", strategy="random")
>>> json.loads(study.problem.to_json())["objectives"]
[{'metric': 'loss', 'goal': 'minimize'}]
)";

constexpr const char* random_seed_doc =
    R"(A seed from the system's entropy, for those who want variety; it is recorded with the study.

>>> import tunesmith
>>> tunesmith.random_seed() != tunesmith.random_seed()
True
)";

py::dict objectives_of(const Problem& problem) {
  py::dict objectives;
  for (const Objective& objective : problem.objectives)
    objectives[py::str(objective.metric)] = to_string(objective.goal);
  return objectives;
}

py::dict standard_errors_of(const Problem& problem) {
  py::dict errors;
  for (const Objective& objective : problem.objectives)
    if (!objective.standard_error.empty())
      errors[py::str(objective.metric)] = objective.standard_error;
  return errors;
}

py::dict constraints_of(const Problem& problem) {
  py::dict constraints;
  for (const OutcomeConstraint& constraint : problem.constraints)
    constraints[py::str(constraint.metric)] = py::make_tuple(constraint.min, constraint.max);
  return constraints;
}

}  // namespace

void bind_problem(py::module_& module) {
  auto problem =
      py::class_<Problem>(module, "Problem", problem_doc)
          .def_property_readonly("space", [](const Problem& self) { return self.space; })
          .def_property_readonly("objectives", &objectives_of)
          .def_property_readonly("standard_errors", &standard_errors_of)
          .def_property_readonly("outcome_constraints", &constraints_of)
          .def_property_readonly("baseline",
                                 [](const Problem& self) -> py::object {
                                   if (!self.baseline) return py::none();
                                   return to_python(*self.baseline);
                                 })
          .def_property_readonly("cost", [](const Problem& self) { return to_python(self.cost); })
          .def_readonly("seed", &Problem::seed)
          .def(
              "to_json", [](const Problem& self) { return to_json(self); }, to_json_doc);
  publish(problem);
  module.def("random_seed", &random_seed, random_seed_doc);
  publish(module.attr("random_seed"));
}

}  // namespace tunesmith::python
