#pragma once

#include <optional>

#include "tunesmith/trial.hpp"

namespace tunesmith::python {

/// A trial with what only its study can tell.
struct JudgedTrial {
  Trial trial;
  std::optional<double> value;
};

}  // namespace tunesmith::python
