#pragma once

#include <vector>

#include "tunesmith/problem.hpp"

namespace tunesmith {

/// What is wrong with parts of a problem, each given that the parts it depends on are right.
void check_objectives(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes);
void check_constraints(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes);
void check_metrics(const Problem& problem, std::vector<Mistake>& mistakes);
void check_final_rule(const Problem& problem, std::vector<Mistake>& mistakes);
void check_cost(const Problem& problem, bool metrics_known, std::vector<Mistake>& mistakes);
/// Judges the values of the parameters of `space`, the problem's own or a part of it.
void check_baseline(const Space& space, const Problem& problem, std::vector<Mistake>& mistakes);

}  // namespace tunesmith
