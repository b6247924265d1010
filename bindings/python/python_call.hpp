#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "held_object.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith::python {

/// tunesmith.Error raised by Python code, on its way through C++ that may ask for its code; arrives
/// in Python as the very object that was raised.
class PythonError : public Error {
 public:
  PythonError(const Error& error, HeldObject raised) : Error(error), raised_(std::move(raised)) {}
  const pybind11::object& raised() const { return raised_.get(); }

 private:
  HeldObject raised_;
};

/// tunesmith.Error. Only with the GIL.
pybind11::object error_type();

/// Throws what was raised on: a PythonError where it is a tunesmith.Error, else as it is. Only with
/// the GIL.
[[noreturn]] void pass_on(pybind11::error_already_set& raised);

/// "ValueError: too large", then the traceback on lines of its own. Only with the GIL.
std::string words_of(pybind11::error_already_set& raised);

/// Runs a call into Python from any thread; what Python raises passes through C++ to whoever called
/// that from Python. The result must be no Python object.
template <class Call>
auto with_gil(const Call& call) {
  const pybind11::gil_scoped_acquire gil;
  try {
    return call();
  } catch (pybind11::error_already_set& raised) {
    pass_on(raised);
  }
}

/// What the method of a user's class returned. Throws TypeError with `expected` in words.
template <class T>
T answer_as(const pybind11::object& answer, const char* method, const char* expected) {
  try {
    return answer.cast<T>();
  } catch (const pybind11::cast_error&) {
    throw pybind11::type_error(
        std::string(method) + " must return " + expected + ", not " +
        std::string(pybind11::str(pybind11::type::handle_of(answer).attr("__name__"))));
  }
}

/// The first exception that could not be thrown where it was raised; kept for the call from Python
/// that waits. Thread-safe.
class KeptException {
 public:
  /// `heard` is called for the first one, by the thread that keeps it.
  explicit KeptException(std::function<void()> heard = [] {}) : heard_(std::move(heard)) {}

  void keep(std::exception_ptr exception) {
    {
      const std::lock_guard lock(mutex_);
      if (exception_) return;
      exception_ = std::move(exception);
    }
    heard_();
  }
  bool any() const {
    const std::lock_guard lock(mutex_);
    return exception_ != nullptr;
  }
  void rethrow() {
    std::unique_lock lock(mutex_);
    const std::exception_ptr kept = exception_;
    lock.unlock();
    if (kept) std::rethrow_exception(kept);
  }

 private:
  std::function<void()> heard_;
  mutable std::mutex mutex_;
  std::exception_ptr exception_;
};

}  // namespace tunesmith::python
