#include "search/promotion_search.hpp"

#include <utility>

#include "core/numbers.hpp"

namespace tunesmith {

PromotionSearch::PromotionSearch(const RungLadder& ladder, HalvingSearcher searcher)
    : ladder_(ladder), searcher_(std::move(searcher)), promotions_(ladder) {}

std::vector<Action> PromotionSearch::on_events(const StudyView& view,
                                               std::span<const StoredEvent> news) {
  const std::lock_guard lock(mutex_);
  if (news.empty()) return {};
  const bool goes_on =
      fed_ && &fed_->problem() == &view.problem() && news.front().sequence == fed_->prefix() + 1;
  if (!goes_on) {
    changed_.clear();
    indexed_ = false;
  }
  fed_ = view;
  for (const StoredEvent& stored : news) {
    if (stored.event.trial >= 0) changed_.insert(stored.event.trial);
  }
  return {};
}

void PromotionSearch::bring_up_to_date(const StudyView& view) {
  const bool fed = fed_ && &fed_->problem() == &view.problem() && fed_->prefix() == view.prefix();
  if (fed && indexed_) {
    for (const TrialId id : changed_) promotions_.update(view.problem(), view.trial(id));
  } else {
    promotions_.clear();
    for (std::size_t i = 0; i < view.size(); ++i)
      promotions_.update(view.problem(), view.trial(static_cast<TrialId>(i)));
  }
  indexed_ = fed;
  if (fed) changed_.clear();
}

std::vector<Suggestion> PromotionSearch::suggest(const StudyView& view, int count) {
  // Studies that share the strategy share what it keeps.
  const std::lock_guard lock(mutex_);
  bring_up_to_date(view);
  std::vector<Suggestion> all;
  const std::size_t highest = highest_rung(view, promotions_);
  for (const auto& chosen : promotions_.best(static_cast<std::size_t>(count), highest)) {
    const std::size_t next = chosen.rung + 1;
    all.push_back({.until = ladder_.level(next),
                   .note = "among the best of each " + std::to_string(ladder_.eta()) + " of " +
                           std::to_string(chosen.among) + " at " +
                           number_text(ladder_.level(chosen.rung)),
                   .resumable = next < ladder_.rungs(),
                   .resume = chosen.trial});
  }
  auto id = static_cast<TrialId>(view.size());
  for (Suggestion& fresh : searcher_.suggest(view, count - static_cast<int>(all.size()))) {
    const std::size_t lowest = ladder_.lowest_rung(view.problem().seed, id++);
    fresh.until = ladder_.level(lowest);
    fresh.resumable = lowest < ladder_.rungs();
    all.push_back(std::move(fresh));
  }
  return all;
}

}  // namespace tunesmith
