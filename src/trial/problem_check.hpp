#pragma once

#include <vector>

#include "tunesmith/problem.hpp"

namespace tunesmith {

/// What is wrong with parts of a problem, each given that the parts it depends on are right.
void check_objectives(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes);
void check_constraints(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes);
void check_metrics(const Problem& problem, std::vector<Mistake>& mistakes);
void check_final_rule(const Problem& problem, std::vector<Mistake>& mistakes);
void check_baseline(const Problem& problem, std::vector<Mistake>& mistakes);

}  // namespace tunesmith
