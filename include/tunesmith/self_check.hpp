#pragma once

#include <memory>
#include <string_view>
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
  bool operator==(const SelfCheckOptions&) const = default;
};

/// Whether a rule of stopping_rules() stops trials because it expects too little of them, so that
/// it can be wrong: those that self_check_rule is for, and the ones that jobs put under it. Others
/// end what is broken, or the whole study.
TUNESMITH_API bool is_forecast(std::string_view rule) noexcept;

/// Watches over rules that stop trials by their first objective. Some of the trials they call for
/// run on, chosen by the problem's seed, and what comes of each is told in a notice, with how many
/// became the best so far. While the latest 100 completed trials' values at the level where trials
/// were last to be stopped do not order them as their final values do, nothing is stopped, and a
/// notice says so. Completed trials are those that nobody stopped, so that the correlation errs to
/// the low side. Other actions pass. Throws Error{invalid_argument} for unusable options, a null or
/// no rule. The rules' cost, and per completed trial a comparison of each two of the 100.
TUNESMITH_API std::shared_ptr<StoppingRule> self_check_rule(
    std::vector<std::shared_ptr<StoppingRule>> rules, SelfCheckOptions options = {});

}  // namespace tunesmith
