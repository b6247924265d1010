#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/numbers.hpp"
#include "stopping/ending.hpp"
#include "stopping/rule_plugin.hpp"
#include "tunesmith/convergence.hpp"

namespace tunesmith {
namespace {

constexpr double share_of_gain = 0.01;
/// So many more trials would together gain less than the tolerance. The bound alone, from a model
/// that is sure too early, ends rugged functions far from their optimum (bench/quality/README.md).
constexpr double trials_ahead = 50;

/// To three digits.
std::string short_text(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, 3);
  return {buffer.data(), end.ptr};
}

class ConvergenceRule final : public StoppingRule {
 public:
  explicit ConvergenceRule(ConvergenceRuleOptions options) : options_(options) {}

  std::string name() const override { return "convergence"; }

  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      const bool ends = ending(event).has_value();
      if (ends) finish(view, view.trial(event.trial));
      if (event.kind == EventKind::suggested) hear(view.trial(event.trial).outlook);
      // A session begins with the end of the one before, unless the rule has changed.
      if ((ends || event.kind == EventKind::session) && in_a_row_ >= options_.patience)
        actions.push_back({.kind = Action::Kind::stop_study, .reason = reason_});
    }
    return actions;
  }

 private:
  void finish(const StudyView& view, const Trial& trial) {
    news_ = true;
    if (!view.feasible(trial)) return;
    ++feasible_;
    const double value = *view.objective(trial);
    const double gain = view.problem().objectives.front().goal == Goal::minimize ? -value : value;
    if (std::ssize(first_) < options_.min_trials) first_.push_back(gain);
    best_ = std::max(best_.value_or(gain), gain);
    if (std::ssize(first_) == options_.min_trials && !middle_) {
      const auto half = first_.begin() + (std::ssize(first_) - 1) / 2;
      std::nth_element(first_.begin(), half, first_.end());
      middle_ = *half;
    }
  }

  void hear(const std::optional<Outlook>& outlook) {
    if (!outlook || !middle_) return;
    // Taken apart, so that huge values do not overflow.
    const double tolerance =
        options_.tolerance.value_or(share_of_gain * *best_ - share_of_gain * *middle_);
    // The best of n equal trials seems better than their median by about σ √(2 ln n): as long as no
    // more was gained, the model has learnt nothing and takes all differences for noise.
    const double luck = outlook->noise * std::sqrt(2 * std::log(feasible_));
    const bool within_noise =
        outlook->regret_bound <= outlook->noise && luck / 2 < *best_ / 2 - *middle_ / 2;
    const bool within_tolerance =
        outlook->regret_bound <= tolerance && outlook->expected_gain <= tolerance / trials_ahead;
    if (!within_noise && !within_tolerance) {
      in_a_row_ = 0;
      return;
    }
    // Suggestions between which no trial ended know the same: they speak once.
    if (!std::exchange(news_, false)) return;
    ++in_a_row_;
    reason_ = "no configuration is likely to be better than the best by more than " +
              short_text(outlook->regret_bound) +
              (within_tolerance ? ", and a further trial is expected to gain " +
                                      short_text(outlook->expected_gain) + "; the tolerance is " +
                                      short_text(tolerance)
                                : "; the noise of one evaluation is " + short_text(outlook->noise));
  }

  ConvergenceRuleOptions options_;
  /// How many.
  double feasible_ = 0;
  /// Larger is better.
  std::vector<double> first_;
  std::optional<double> middle_;
  std::optional<double> best_;
  /// Whether a trial has ended since a suggestion last counted.
  bool news_ = false;
  std::int64_t in_a_row_ = 0;
  std::string reason_;
};

}  // namespace

std::shared_ptr<StoppingRule> convergence_rule(ConvergenceRuleOptions options) {
  std::vector<Mistake> mistakes;
  if (options.tolerance && !(*options.tolerance >= 0 && std::isfinite(*options.tolerance)))
    mistakes.push_back({"/tolerance", "is " + number_text(*options.tolerance), "0 or more"});
  if (options.patience < 1)
    mistakes.push_back({"/patience", "is " + std::to_string(options.patience), "1 or more"});
  if (options.min_trials < 2)
    mistakes.push_back({"/min_trials", "is " + std::to_string(options.min_trials), "2 or more"});
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  return std::make_shared<ConvergenceRule>(options);
}

RulePlugin convergence_rule_plugin() {
  const ConvergenceRuleOptions defaults;
  return {
      .info = {.name = "convergence",
               .summary = "Ends the study when its strategy's model sees nothing left to gain.",
               .options = {{.name = "tolerance",
                            .type = "float",
                            .fallback = "null",
                            .text = "What is not worth another trial, in the objective's unit; "
                                    "left out: 1 % of what the study has gained over the median "
                                    "of its first trials."},
                           {.name = "patience",
                            .type = "int",
                            .fallback = std::to_string(defaults.patience),
                            .text = "Suggestions in a row that promise no more; 1 or more."},
                           {.name = "min_trials",
                            .type = "int",
                            .fallback = std::to_string(defaults.min_trials),
                            .text = "Feasible trials before anything ends; 2 or more."}}},
      .make =
          [](ObjectReader& options) {
            ConvergenceRuleOptions read;
            read.tolerance = options.number("tolerance", 0, 1e300);
            if (const auto patience = options.integer("patience", 1, INT32_MAX))
              read.patience = static_cast<int>(*patience);
            if (const auto trials = options.integer("min_trials", 2, INT32_MAX))
              read.min_trials = static_cast<int>(*trials);
            return convergence_rule(read);
          },
  };
}

}  // namespace tunesmith
