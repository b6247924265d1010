#include "search/bayesian_record.hpp"

#include <algorithm>
#include <utility>

namespace tunesmith {
namespace {

bool may_change(const Trial& trial) { return !is_final(trial.state); }

}  // namespace

BayesianRecord::BayesianRecord(const StudyView& view)
    : view_(view), encoding_(view_.problem().space) {
  follow(view);
}

bool BayesianRecord::follow(const StudyView& view) {
  if (&view.problem() != &view_.problem() || view.size() < trials_.size()) return false;
  for (std::size_t row = 0; row < trials_.size(); ++row) {
    const Trial& trial = view.trial(static_cast<TrialId>(row));
    if (&trial != trials_[row] &&
        !(may_change(*trials_[row]) && trial.configuration == trials_[row]->configuration))
      return false;
  }
  // The view before keeps its trials alive until the end of this.
  const StudyView before = std::exchange(view_, view);
  const std::size_t known = trials_.size();
  trials_.resize(view.size());
  for (std::size_t row = 0; row < view.size(); ++row) {
    const Trial& trial = view.trial(static_cast<TrialId>(row));
    const Trial* earlier = std::exchange(trials_[row], &trial);
    if (&trial == earlier || (row < known && may_change(trial))) continue;
    read(view, trial);
  }
  follower_.follow(view);
  return true;
}

void BayesianRecord::read(const StudyView& view, const Trial& trial) {
  const auto was = std::lower_bound(pending_ids_.begin(), pending_ids_.end(), trial.id);
  if (was != pending_ids_.end() && *was == trial.id) {
    pending_.erase(pending_.begin() + (was - pending_ids_.begin()));
    pending_ids_.erase(was);
  }
  if (trial.state == TrialState::lost || !fits(encoding_.space(), trial.configuration)) return;
  Point point = encoding_.point_of(trial.configuration);
  if (may_change(trial)) {
    pending_.push_back(std::move(point));
    pending_ids_.push_back(trial.id);
  } else if (auto seen = observation_of(view, trial, std::move(point))) {
    const auto after = std::upper_bound(ended_ids_.begin(), ended_ids_.end(), trial.id);
    ended_.insert(ended_.begin() + (after - ended_ids_.begin()), *std::move(seen));
    ended_ids_.insert(after, trial.id);
    model_ = nullptr;
  }
}

std::shared_ptr<const BayesianModel> BayesianRecord::model(std::string_view state) const {
  // While something is pending, data that were fitted once are not fitted again.
  const bool holds = model_ && !pending_.empty() && model_->state() == state;
  return holds ? model_ : nullptr;
}

}  // namespace tunesmith
