#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Lets a strategy keep between two calls what it worked out, without any effect on its answers:
/// tells whether a view goes on from the one before, and knows the configurations of its trials.
/// Not synchronised.
class ViewFollower {
 public:
  /// Takes in the trials that are new in `view`. False: it is not the view before with more known,
  /// so whatever was worked out must be forgotten. O(trials that are new), then O(trials).
  bool follow(const StudyView& view);

  /// Whether a trial of the view has this configuration. Precondition: a view was followed.
  bool knows(const Configuration& configuration) const;

 private:
  bool goes_on(const StudyView& view) const;

  std::optional<StudyView> view_;
  /// The last trial of the view that is final, if any.
  TrialId final_ = -1;
  std::unordered_multimap<std::uint64_t, TrialId> trials_;
};

}  // namespace tunesmith
