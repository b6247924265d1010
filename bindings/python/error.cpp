#include "tunesmith/error.hpp"

#include <pybind11/stl.h>

#include <array>

#include "bindings.hpp"
#include "python_call.hpp"

namespace py = pybind11;

namespace tunesmith::python {
namespace {

constexpr const char* mistake_doc =
    R"(One thing that is wrong: path (a JSON pointer), what, and what is allowed.

>>> import tunesmith
>>> tunesmith.Space().add_int("n", 3, 1).validate()[0].path
'/parameters/n/max'
)";

void set_python_error(const py::object& instance) {
  PyErr_SetObject(py::type::handle_of(instance).ptr(), instance.ptr());
}

ErrorCode code_from(const std::string& word) {
  constexpr std::array codes = {
      ErrorCode::invalid_argument, ErrorCode::invalid_space,  ErrorCode::invalid_problem,
      ErrorCode::invalid_job,      ErrorCode::study_mismatch, ErrorCode::store_unavailable,
      ErrorCode::store_corrupt,    ErrorCode::store_busy,     ErrorCode::executor_failed};
  for (const ErrorCode code : codes) {
    if (word == to_string(code)) return code;
  }
  return ErrorCode::invalid_argument;
}

/// The exception object with its traceback, as `raise` takes it.
py::object instance_of(py::error_already_set& raised) {
  py::object instance = raised.value();
  if (raised.trace()) PyException_SetTraceback(instance.ptr(), raised.trace().ptr());
  return instance;
}

}  // namespace

py::object error_type() { return py::module_::import("tunesmith._error").attr("Error"); }

void pass_on(py::error_already_set& raised) {
  const py::object type = error_type();
  if (!raised.matches(type)) throw;
  const py::object instance = instance_of(raised);
  const ErrorCode code = code_from(py::str(instance.attr("code")));
  throw PythonError(Error(code, py::str(instance)), HeldObject(instance));
}

std::string words_of(py::error_already_set& raised) {
  return py::str(py::module_::import("tunesmith._failure").attr("words")(instance_of(raised)));
}

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

  module.attr("Error") = error_type();
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const PythonError& error) {
      set_python_error(error.raised());
    } catch (const Error& error) {
      set_python_error(error_type()(to_string(error.code()), error.what(), error.mistakes()));
    }
  });
}

}  // namespace tunesmith::python
