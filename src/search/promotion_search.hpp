#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "search/halving_searcher.hpp"
#include "search/promotions.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// Asynchronous halving by promotion: what asha and pasha have in common.
class PromotionSearch : public SearchStrategy {
 public:
  PromotionSearch(const RungLadder& ladder, HalvingSearcher searcher);

  bool follows_events() const noexcept override { return true; }
  /// Never acts; notes which trials have changed.
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override;
  std::vector<Suggestion> suggest(const StudyView& view, int count) override;

 private:
  /// Trials that wait at this rung or above it stay there.
  virtual std::size_t highest_rung(const StudyView& view, const Promotions& promotions) const = 0;
  void bring_up_to_date(const StudyView& view);

  RungLadder ladder_;
  std::mutex mutex_;
  HalvingSearcher searcher_;
  Promotions promotions_;
  /// Of the study whose events it is fed; none: it is fed none, or has missed some.
  std::optional<StudyView> fed_;
  std::set<TrialId> changed_;
  /// Whether the promotions are those of the fed study but for the changed trials.
  bool indexed_ = false;
};

}  // namespace tunesmith
