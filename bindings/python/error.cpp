#include "tunesmith/error.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"

namespace py = pybind11;

namespace tunesmith::python {
namespace {

constexpr const char* error_doc =
    R"(Bad configuration or a broken store. Failed trials, exhausted spaces and spent budgets are values, not errors.

code -- why, one of a fixed set of words: "invalid_space", "store_busy", ...
mistakes -- every Mistake found; empty where the error is about no field

>>> import tunesmith
>>> try:
...     tunesmith.Study("s", tunesmith.Space().add_float("lr", 0, 1, scale="log"), metric="loss", strategy="random")
... except tunesmith.Error as error:
...     print(error.code, [mistake.path for mistake in error.mistakes])
invalid_space ['/parameters/lr/min']
)";

constexpr const char* mistake_doc =
    R"(One thing that is wrong: path (a JSON pointer), what, and what is allowed.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 3, 1).validate()[0].path
'/parameters/n/max'
)";

void set_python_error(const Error& error) {
  const py::object type = py::module_::import("tunesmith._tunesmith").attr("Error");
  const py::object instance = type(error.what());
  instance.attr("code") = to_string(error.code());
  instance.attr("mistakes") = py::cast(error.mistakes());
  PyErr_SetObject(type.ptr(), instance.ptr());
}

}  // namespace

void bind_error(py::module_& module) {
  auto mistake = py::class_<Mistake>(module, "Mistake", mistake_doc)
                     .def_readonly("path", &Mistake::path)
                     .def_readonly("what", &Mistake::what)
                     .def_readonly("allowed", &Mistake::allowed)
                     .def("__str__", [](const Mistake& self) { return to_string(self); })
                     .def("__repr__", [](const Mistake& self) {
                       return "<tunesmith.Mistake " + to_string(self) + ">";
                     });
  publish(mistake);

  module.attr("Error") = py::reinterpret_steal<py::object>(
      PyErr_NewExceptionWithDoc("tunesmith.Error", error_doc, nullptr, nullptr));
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const Error& error) {
      set_python_error(error);
    }
  });
}

}  // namespace tunesmith::python
