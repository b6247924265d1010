#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>
#include <utility>

#include "python_call.hpp"
#include "study_values.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith::python {

/// A tuner that keeps its study alive and hears Ctrl-C.
struct PyTuner {
  PyTuner() = default;
  ~PyTuner() { *running = nullptr; }

  /// From here on an exception that is kept ends the tuning.
  void take(Unlocked<Tuner> made) {
    tuner = std::move(made);
    *running = tuner.get();
  }

  std::shared_ptr<PyStudy> study;
  /// The tuner for those that it calls and that must not keep it alive; null before and after it.
  std::shared_ptr<std::atomic<Tuner*>> running = std::make_shared<std::atomic<Tuner*>>(nullptr);
  std::shared_ptr<KeptException> kept = std::make_shared<KeptException>([running = running] {
    if (Tuner* goes = *running) goes->cancel("interrupted");
  });
  bool ran = false;
  // Last, so that it goes first.
  Unlocked<Tuner> tuner;
};

/// Options whose callbacks look for Ctrl-C and call `on_progress` and `on_notice`, each None or a
/// function.
TunerOptions listening_options(const PyTuner& tuner, const pybind11::object& on_progress,
                               double progress_interval, const pybind11::object& on_notice);

}  // namespace tunesmith::python
