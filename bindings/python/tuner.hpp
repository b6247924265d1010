#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>
#include <optional>

#include "python_call.hpp"
#include "study_values.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith::python {

/// What a tuner and its callback share: they outlive neither each other nor the study.
struct TunerState {
  std::shared_ptr<KeptException> kept = std::make_shared<KeptException>();
  /// Null between construction and use, and while the tuner goes.
  std::atomic<Tuner*> tuner = nullptr;
  bool told = false;
};

/// A tuner that keeps its study alive and hears Ctrl-C.
struct PyTuner {
  std::shared_ptr<PyStudy> study;
  std::shared_ptr<TunerState> state = std::make_shared<TunerState>();
  bool ran = false;
  // Last, so that it goes first.
  Unlocked<Tuner> tuner;
};

/// Options whose callback looks for Ctrl-C and calls `on_progress`, None or a function.
TunerOptions listening_options(const std::shared_ptr<TunerState>& state,
                               const pybind11::object& on_progress, double progress_interval);

}  // namespace tunesmith::python
