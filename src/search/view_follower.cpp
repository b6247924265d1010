#include "search/view_follower.hpp"

#include "search/seen_set.hpp"

namespace tunesmith {

/// A Trial object stands in views of one log only, and stays there once it is final; of two
/// pictures of one log the longer knows all that the shorter does.
bool ViewFollower::goes_on(const StudyView& view) const {
  if (mark_ < 0 || view.prefix() < prefix_ || view.size() < trials_.size()) return false;
  return &view.trial(mark_) == &marked_in_->trial(mark_);
}

void ViewFollower::mark(const StudyView& view) {
  const auto end = static_cast<TrialId>(view.size());
  TrialId id = 0;
  while (id < end && !is_final(view.trial(id).state)) ++id;
  mark_is_final_ = id < end;
  mark_ = mark_is_final_ ? id : end - 1;
  marked_in_ = view;
}

bool ViewFollower::follow(const StudyView& view) {
  const bool goes_on = this->goes_on(view);
  if (!goes_on) trials_.clear();
  if (!goes_on || !mark_is_final_) mark(view);
  for (auto id = static_cast<TrialId>(trials_.size()); id < static_cast<TrialId>(view.size());
       ++id) {
    trials_.emplace(hash_configuration(view.trial(id).configuration), id);
  }
  prefix_ = view.prefix();
  return goes_on;
}

bool ViewFollower::knows(const StudyView& view, const Configuration& configuration) const {
  const auto [begin, end] = trials_.equal_range(hash_configuration(configuration));
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (view.trial(candidate->second).configuration == configuration) return true;
  }
  return false;
}

}  // namespace tunesmith
