#pragma once

#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/problem.hpp"

namespace tunesmith {

/// Reads the keys of a problem from an object that may hold others too (a job file). Notes every
/// mistake, of syntax and of meaning, once: what depends on something mistaken is not looked at.
/// Leaves finish() to the caller.
void read_problem(ObjectReader& reader, Problem& problem, std::vector<Mistake>& mistakes);

/// Adds the keys of a problem. Precondition: validate(problem) is empty.
void write_problem(const Problem& problem, Json& json);

/// {"name", "regex"} or {"name", "format", "key"}; `path` is the array's.
std::vector<MetricDefinition> read_metrics(const Json& array, const std::string& path,
                                           std::vector<Mistake>& mistakes);
/// "last", "first", "best" or {"mean_of_last": 3}.
FinalRule read_final_rule(ObjectReader& reader, std::string_view key,
                          std::vector<Mistake>& mistakes);

}  // namespace tunesmith
