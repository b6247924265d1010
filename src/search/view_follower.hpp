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
  /// so whatever was worked out must be forgotten; then O(trials), else O(trials that are new).
  bool follow(const StudyView& view);

  /// Whether a trial has this configuration. `view` is the one last followed.
  bool knows(const StudyView& view, const Configuration& configuration) const;

 private:
  bool goes_on(const StudyView& view) const;
  /// Takes a trial of `view` to know its log by, a final one where there is one.
  void mark(const StudyView& view);

  /// Keeps the marked trial, so that its address is no other's.
  std::optional<StudyView> marked_in_;
  TrialId mark_ = -1;
  bool mark_is_final_ = false;
  Sequence prefix_ = 0;
  std::unordered_multimap<std::uint64_t, TrialId> trials_;
};

}  // namespace tunesmith
