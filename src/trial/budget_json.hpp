#pragma once

#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// {"max_trials": 20, "max_time": 3600, "target": 0.1, "max_failures_in_a_row": 5, "max_cost": 80};
/// `max_time` in seconds. Notes every mistake; absent limits do not bind.
void read_budget(ObjectReader& reader, Budget& budget);
Json write_budget(const Budget& budget);

/// Every mistake, with paths such as "/max_trials". Empty: usable.
std::vector<Mistake> validate(const Budget& budget);

}  // namespace tunesmith
