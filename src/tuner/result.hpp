#pragma once

#include <optional>
#include <string>

#include "tunesmith/tuner.hpp"

namespace tunesmith {

/// Which limit of the view's budget is spent, if any; `active` is the tuner time used so far.
std::optional<EndReason> spent_limit(const StudyView& view, Seconds active);

/// By the pace of the trials that have ended, `parallel` at a time, and what the time budget
/// leaves.
std::optional<Seconds> estimate_time_left(const StudyView& view, int parallel, Seconds active,
                                          Timestamp now);

/// What stopping rules noticed, a line each, the latest of them under a heading; empty: nothing.
std::string notices_text(const StudyView& view);

}  // namespace tunesmith
