#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "core/numbers.hpp"
#include "stopping/rule_plugin.hpp"

namespace tunesmith {
namespace {

/// What a trial has reported of the objective, by rising level.
class Curve {
 public:
  /// A level that is there already takes the new value.
  void put(double level, double value) {
    auto at = std::lower_bound(points_.begin(), points_.end(), level,
                               [](const Point& point, double key) { return point.level < key; });
    if (at == points_.end() || at->level != level) at = points_.insert(at, {level, 0, 0});
    at->value = value;
    for (; at != points_.end(); ++at) {
      const auto count = static_cast<double>(at - points_.begin() + 1);
      const double before = at == points_.begin() ? 0 : (at - 1)->mean;
      // Written so that sums of huge values do not overflow.
      at->mean = before * ((count - 1) / count) + at->value / count;
    }
  }

  std::size_t levels() const { return points_.size(); }

  /// Mean of the values up to a level; none where it begins above.
  std::optional<double> mean_up_to(double level) const {
    const auto after =
        std::upper_bound(points_.begin(), points_.end(), level,
                         [](double key, const Point& point) { return key < point.level; });
    if (after == points_.begin()) return {};
    return (after - 1)->mean;
  }

 private:
  struct Point {
    double level;
    double value;
    double mean;
  };
  std::vector<Point> points_;
};

/// The running means of completed trials at one level, sorted.
struct Bar {
  std::vector<double> means;
  /// So many completed trials have been looked at.
  std::size_t trials = 0;
};

double median(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

class MedianRule final : public StoppingRule {
 public:
  explicit MedianRule(MedianRuleOptions options) : options_(options) {}

  std::string name() const override { return "median"; }

  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    const Objective& objective = view.problem().objectives.front();
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      if (event.kind == EventKind::finished) {
        finish(event);
      } else if (event.kind == EventKind::reported && event.metric == objective.metric &&
                 std::isfinite(event.value)) {
        if (auto action = judge(objective, event)) actions.push_back(std::move(*action));
      }
    }
    return actions;
  }

 private:
  void finish(const Event& event) {
    const auto curve = running_.find(event.trial);
    if (curve == running_.end()) return;
    const auto outcome = static_cast<Outcome>(event.value);
    if (outcome == Outcome::preempted) return;  // goes on
    if (outcome == Outcome::completed) completed_.push_back(std::move(curve->second));
    running_.erase(curve);
  }

  std::optional<Action> judge(const Objective& objective, const Event& event) {
    Curve& curve = running_[event.trial];
    curve.put(event.resource, event.value);
    if (std::ssize(completed_) < options_.min_trials ||
        std::cmp_less(curve.levels(), options_.min_levels)) {
      return {};
    }
    const std::vector<double>& means = bar_at(event.resource).means;
    if (std::ssize(means) < options_.min_trials) return {};
    const double bar = median(means);
    const bool worse = objective.goal == Goal::minimize ? event.value > bar : event.value < bar;
    if (!worse) return {};
    return Action{.trial = event.trial,
                  .reason = objective.metric + " " + number_text(event.value) + " at " +
                            number_text(event.resource) + " is worse than the median " +
                            number_text(bar) + " of " + std::to_string(means.size()) + " trials"};
  }

  const Bar& bar_at(double level) {
    Bar& bar = bars_[level];
    for (; bar.trials < completed_.size(); ++bar.trials) {
      const std::optional<double> mean = completed_[bar.trials].mean_up_to(level);
      if (!mean) continue;
      bar.means.insert(std::upper_bound(bar.means.begin(), bar.means.end(), *mean), *mean);
    }
    return bar;
  }

  MedianRuleOptions options_;
  std::map<TrialId, Curve> running_;
  std::vector<Curve> completed_;
  std::map<double, Bar> bars_;
};

}  // namespace

std::shared_ptr<StoppingRule> median_rule(MedianRuleOptions options) {
  std::vector<Mistake> mistakes;
  if (options.min_trials < 1) {
    mistakes.push_back({"/min_trials", "is " + std::to_string(options.min_trials), "1 or more"});
  }
  if (options.min_levels < 1) {
    mistakes.push_back({"/min_levels", "is " + std::to_string(options.min_levels), "1 or more"});
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  return std::make_shared<MedianRule>(options);
}

RulePlugin median_rule_plugin() {
  const auto option = [](const char* name, int fallback, const char* text) {
    return OptionInfo{
        .name = name, .type = "int", .fallback = std::to_string(fallback), .text = text};
  };
  return {
      .info = {.name = "median",
               .summary = "Stops a trial that is worse than the median of the completed ones at "
                          "the same level.",
               .options = {option("min_trials", MedianRuleOptions{}.min_trials,
                                  "Completed trials to compare with before anything is stopped; "
                                  "1 or more."),
                           option("min_levels", MedianRuleOptions{}.min_levels,
                                  "Levels a trial reports before it may be stopped; 1 or more.")}},
      .make =
          [](ObjectReader& options) {
            MedianRuleOptions read;
            const auto number = [&](const char* name, int& field) {
              if (const auto value = options.integer(name, 1, INT32_MAX)) {
                field = static_cast<int>(*value);
              }
            };
            number("min_trials", read.min_trials);
            number("min_levels", read.min_levels);
            return median_rule(read);
          },
  };
}

}  // namespace tunesmith
