#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tunesmith/search.hpp"

namespace tunesmith {

/// Successive halving as small as it can be: random trials run up to the lowest level, and whenever
/// a trial is among the best third of those that reported a level it is resumed up to the next.
/// With `retire`, paused trials that stand in the worst third of at least six are retired.
class HalvingSearch : public SearchStrategy {
 public:
  explicit HalvingSearch(std::vector<double> levels = {1, 3, 9}, bool retire = false)
      : levels_(std::move(levels)), retire_(retire) {}

  std::string name() const override { return "halving"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    std::vector<Suggestion> all;
    for (std::size_t rung = levels_.size() - 1; rung-- > 0;) {
      const auto ranked = ranking(view, levels_[rung]);
      for (std::size_t place = 0; place < ranked.size(); ++place) {
        const Trial& trial = view.trial(ranked[place].second);
        if (trial.state != TrialState::paused || trial.until != levels_[rung]) continue;
        if (place < ranked.size() / 3) {
          if (static_cast<int>(all.size()) >= count) continue;
          all.push_back({.until = levels_[rung + 1],
                         .note = "promoted",
                         .state = "rung " + std::to_string(rung + 1),
                         .resumable = rung + 2 < levels_.size(),
                         .resume = trial.id});
        } else if (retire_ && ranked.size() >= 6 && place >= ranked.size() * 2 / 3) {
          all.insert(all.begin(), {.note = "among the worst", .retire = trial.id});
        }
      }
    }
    for (Suggestion& fresh : random_->suggest(view, count)) {
      const auto taken =
          std::count_if(all.begin(), all.end(), [](const Suggestion& one) { return !one.retire; });
      if (taken >= count) break;
      fresh.until = levels_.front();
      fresh.resumable = levels_.size() > 1;
      fresh.state = "rung 0";
      all.push_back(std::move(fresh));
    }
    return all;
  }

 private:
  /// Of the trials that reported the level, the best first.
  static std::vector<std::pair<double, TrialId>> ranking(const StudyView& view, double level) {
    const Objective& objective = view.problem().objectives.front();
    std::vector<std::pair<double, TrialId>> ranked;
    for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
      for (const Report& report : view.trial(id).reports) {
        const auto value = report.metrics.find(objective.metric);
        if (report.resource == level && value != report.metrics.end()) {
          ranked.emplace_back(objective.goal == Goal::minimize ? value->second : -value->second,
                              id);
        }
      }
    }
    std::sort(ranked.begin(), ranked.end());
    return ranked;
  }

  std::vector<double> levels_;
  bool retire_;
  std::shared_ptr<SearchStrategy> random_ = random_search();
};

}  // namespace tunesmith
