#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <utility>

namespace tunesmith::python {

/// A Python object that C++ may copy and drop on any thread, with the GIL or without.
class HeldObject {
 public:
  explicit HeldObject(pybind11::object object)
      : object_(new pybind11::object(std::move(object)), [](pybind11::object* held) {
          // Once Python has ended there is nobody left to give it back to.
          if (Py_IsInitialized() == 0) return;
          const pybind11::gil_scoped_acquire gil;
          delete held;
        }) {}

  /// Only with the GIL.
  const pybind11::object& get() const { return *object_; }

 private:
  std::shared_ptr<pybind11::object> object_;
};

/// Deletes without the GIL, whoever drops it: what is deleted may wait for threads that run Python.
struct DeleteWithoutGil {
  template <class T>
  void operator()(T* object) const {
    if (PyGILState_Check() == 0) {
      delete object;
      return;
    }
    const pybind11::gil_scoped_release release;
    delete object;
  }
};
template <class T>
using Unlocked = std::unique_ptr<T, DeleteWithoutGil>;

}  // namespace tunesmith::python
