#pragma once

#include <vector>

#include "search/feature_encoding.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What the ended trials cost, whatever their outcome; those whose cost is not known are left out.
struct CostHistory {
  /// In the order of the trials.
  std::vector<Point> points = {};
  std::vector<double> log_costs = {};
};
CostHistory read_costs(const StudyView& view, const FeatureEncoding& encoding);

/// The share of the budget that is left, by the limit that is spent most; 1 without a limit.
double budget_left(const StudyView& view);

}  // namespace tunesmith
