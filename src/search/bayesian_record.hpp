#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "search/bayesian_model.hpp"
#include "search/crowd.hpp"
#include "search/seen_set.hpp"
#include "search/trial_history.hpp"
#include "search/view_follower.hpp"

namespace tunesmith {

/// What one study's trials tell the Bayesian strategy, kept from one call to the next so that only
/// what is new has to be read. A cache of the view alone: read afresh it would hold the same. Not
/// synchronised.
class BayesianRecord {
 public:
  explicit BayesianRecord(const StudyView& view);
  BayesianRecord(const BayesianRecord&) = delete;
  BayesianRecord& operator=(const BayesianRecord&) = delete;

  /// Takes in what is new in `view`. O(trials) pointers are compared, trials that are new or
  /// changed are read. False: it is not the picture before with more known, and this is of no use
  /// to it.
  bool follow(const StudyView& view);

  const FeatureEncoding& encoding() const { return encoding_; }
  const std::vector<Observation>& ended() const { return ended_; }
  /// Points of the trials that run.
  const std::vector<Point>& pending() const { return pending_; }
  /// Of the view last followed, which is also the one to be given here.
  SeenSet seen(const StudyView& view) const { return SeenSet(view, follower_); }

  /// The model of one objective that was kept, where one fitted now, with what is pending and
  /// `state` as its warm start, would be the same; else null.
  std::shared_ptr<const BayesianModel> model(std::string_view state) const;
  void keep(std::shared_ptr<const BayesianModel> model) { model_ = std::move(model); }

  /// Null, or of an earlier suggestion, to be asked whether it still fits.
  std::unique_ptr<Crowd> crowd = {};

 private:
  void read(const StudyView& view, const Trial& trial);

  /// Keeps the problem and the trials alive, so that equal addresses mean the same ones.
  StudyView view_;
  FeatureEncoding encoding_;
  std::vector<const Trial*> trials_;
  /// In the order of the trials, whose ids stand beside.
  std::vector<Observation> ended_;
  std::vector<TrialId> ended_ids_;
  std::vector<Point> pending_;
  std::vector<TrialId> pending_ids_;
  ViewFollower follower_;
  /// Of all that ended; null: none is known.
  std::shared_ptr<const BayesianModel> model_;
};

}  // namespace tunesmith
