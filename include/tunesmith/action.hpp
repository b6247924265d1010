#pragma once

#include <string>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What a stopping rule or a search strategy wants done to what runs, and why.
struct Action {
  enum class Kind {
    stop_trial,  ///< end `trial` soon; what it reported counts
    stop_study,  ///< begin no further trial and end those that run; what they reported counts
    notify,      ///< let everything run, and tell whoever looks after it
    pause_trial  ///< end the attempt at `trial` soon, so that it can be resumed; strategies alone
  };
  Kind kind = Kind::stop_trial;
  /// Required for stop_trial and pause_trial. For notify −1 where the matter concerns the whole
  /// study.
  TrialId trial = -1;
  /// In words a user may read, e.g. "loss 0.71 at 3 is worse than the median 0.52". Required.
  std::string reason = {};
};

}  // namespace tunesmith
