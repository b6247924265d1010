#pragma once

#include <string>

#include "trial/fold.hpp"

namespace tunesmith {

/// Why no attempt may begin any more, in words with the numbers; empty: it may. `idle` is the time
/// since the last event during which a tuner was at work all the same.
std::string why_nothing_may_begin(const StudyFold& fold, Seconds idle);

/// Why no further trial may be made, though a preempted one may go on.
std::string why_no_more_trials(const StudyFold& fold);

}  // namespace tunesmith
