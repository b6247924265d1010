#pragma once

#include <memory>
#include <optional>
#include <string>

#include "held_object.hpp"
#include "tunesmith/executor.hpp"

namespace tunesmith::python {

/// A reporter that knows which metric a plain number stands for.
struct PyReporter {
  TrialReporter reporter;
  std::shared_ptr<const std::string> only_metric;
};

/// A TrialResult as Python makes it: a number waits for the name of its metric.
struct PyResult {
  TrialResult result;
  std::optional<double> number;
};

/// A thread pool that calls a Python function of (run, reporter).
std::unique_ptr<TrialExecutor> objective_executor(HeldObject objective, int max_parallel);

}  // namespace tunesmith::python
