#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>
#include <string>

#include "python_call.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/stopping.hpp"
#include "tunesmith/store.hpp"

namespace tunesmith::python {

/// What Python sees of a contract: `native` is one of tunesmith's own; empty in the instances of
/// classes that users derive.
template <class Contract>
struct Plugin {
  std::shared_ptr<Contract> native = {};
};
using PySearch = Plugin<SearchStrategy>;
using PyStoppingRule = Plugin<StoppingRule>;
using PyStore = Plugin<Store>;

/// The contract behind an object: tunesmith's own, or an adapter that calls the user's class with
/// the GIL. They throw TypeError for anything else.
std::shared_ptr<SearchStrategy> search_from(const pybind11::object& object);
std::shared_ptr<StoppingRule> stopping_rule_from(const pybind11::object& object);
std::shared_ptr<Store> store_from(const pybind11::object& object);

/// An executor is one tuner's alone: handing it over empties `native`.
struct PyExecutor {
  Unlocked<TrialExecutor> native = {};
  bool handed_over = false;
};

/// `kept` takes what a user's class raises where the contract may not throw; it is the caller's to
/// look at. Throws TypeError, and Error{invalid_argument} for what was handed over before.
std::unique_ptr<TrialExecutor> executor_from(const pybind11::object& object,
                                             std::shared_ptr<KeptException> kept);

/// tunesmith's own executor as an object.
std::unique_ptr<PyExecutor> own_executor(std::unique_ptr<TrialExecutor> executor);

/// The native one of `self`, or NotImplementedError: the user's class lacks the method.
template <class Contract>
Contract& native_of(const Plugin<Contract>& self, const char* method) {
  if (self.native) return *self.native;
  PyErr_SetString(PyExc_NotImplementedError,
                  (std::string(method) + "() is for the derived class to define").c_str());
  throw pybind11::error_already_set();
}

/// Its class's name, for users' classes that define no name().
inline std::string class_name(const pybind11::handle& object) {
  return pybind11::str(pybind11::type::handle_of(object).attr("__name__"));
}

/// Throws TypeError: not `expected`.
[[noreturn]] inline void refuse(const pybind11::handle& object, const char* expected) {
  throw pybind11::type_error(std::string("expected ") + expected + ", not " + class_name(object));
}

/// tunesmith's own, or an adapter that holds the user's object.
template <class Adapter, class Contract>
std::shared_ptr<Contract> plugin_from(const pybind11::object& object, const char* expected) {
  if (!pybind11::isinstance<Plugin<Contract>>(object)) refuse(object, expected);
  const auto& plugin = object.cast<const Plugin<Contract>&>();
  if (plugin.native) return plugin.native;
  return std::make_shared<Adapter>(HeldObject(object));
}

}  // namespace tunesmith::python
