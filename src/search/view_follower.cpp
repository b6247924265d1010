#include "search/view_follower.hpp"

#include "search/seen_set.hpp"

namespace tunesmith {

/// A Trial object stands in views of one log only, and of two pictures of one log the longer knows
/// all that the shorter does. The view before is kept, so that no address is used again.
bool ViewFollower::goes_on(const StudyView& view) const {
  if (!view_ || view_->size() == 0 || view.size() < view_->size()) return false;
  if (view.prefix() < view_->prefix()) return false;
  const auto same = [&](TrialId id) { return &view.trial(id) == &view_->trial(id); };
  return same(static_cast<TrialId>(view_->size()) - 1) || (final_ >= 0 && same(final_));
}

bool ViewFollower::follow(const StudyView& view) {
  const bool goes_on = this->goes_on(view);
  if (!goes_on) {
    trials_.clear();
    final_ = -1;
  }
  for (auto id = static_cast<TrialId>(trials_.size()); id < static_cast<TrialId>(view.size());
       ++id) {
    trials_.emplace(hash_configuration(view.trial(id).configuration), id);
  }
  for (auto id = static_cast<TrialId>(view.size()) - 1; id > final_; --id) {
    if (is_final(view.trial(id).state)) final_ = id;
  }
  view_ = view;
  return goes_on;
}

bool ViewFollower::knows(const Configuration& configuration) const {
  const auto [begin, end] = trials_.equal_range(hash_configuration(configuration));
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (view_->trial(candidate->second).configuration == configuration) return true;
  }
  return false;
}

}  // namespace tunesmith
