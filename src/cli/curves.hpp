#pragma once

#include <span>
#include <string>

#include "tunesmith/trial.hpp"

namespace tunesmith::cli {

/// What the study's trials reported, as `tunesmith plan --curves` and
/// RecordedCurves::from_json_lines read it: JSON lines, a line per trial and level. Seconds count
/// from when the trial began, pauses apart. Trials without reports, and what a trial measured anew
/// after it began again, are left out. `events` are the study's whole log.
std::string curves_text(const StudyView& view, std::span<const StoredEvent> events);

}  // namespace tunesmith::cli
