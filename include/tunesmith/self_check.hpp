#pragma once

#include <memory>
#include <vector>

#include "tunesmith/export.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {

struct SelfCheckOptions {
  /// Share of the trials that are to be stopped which run on instead; 0 to 1.
  double share = 0.05;
  /// Kendall's rank correlation between values where rules stop and final ones, below which nothing
  /// is stopped; −1 to 1, −1: never mind.
  double least_correlation = 0.3;
  /// Completed trials before the correlation is judged; ≥ 3.
  int min_trials = 10;
};
/// Watches over rules that stop trials by their first objective. Some of the trials they call for
/// run on, chosen by the problem's seed, and what comes of them is told in notices: how many became
/// the best. While the latest 100 completed trials' values at the level where trials were last to
/// be stopped do not order them as their final values do, nothing is stopped, and a notice says so.
/// Completed trials are those that nobody stopped, so that the correlation errs to the low side.
/// Other actions pass. Throws Error{invalid_argument} for unusable options, a null or no rule. The
/// rules' cost, and per completed trial a comparison of each two of the 100.
TUNESMITH_API std::shared_ptr<StoppingRule> self_check_rule(
    std::vector<std::shared_ptr<StoppingRule>> rules, SelfCheckOptions options = {});

}  // namespace tunesmith
