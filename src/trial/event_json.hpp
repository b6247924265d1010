#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What a `suggested` event carries beside the trial's number.
struct SuggestionRecord {
  Configuration configuration = {};
  double until = run_to_end;
  bool resumable = false;
  std::optional<TrialId> replicate_of = {};
  Origin origin = Origin::strategy;
  std::string note = {};
  std::string state = {};
  std::optional<Outlook> outlook = {};
  Sequence prefix = 0;
  /// Name of the strategy, where it chose, and the instruction set it used.
  std::string strategy = {};
  std::string instruction_set = {};
};

/// What a `resumed` event carries beside the trial and its attempt.
struct ResumptionRecord {
  double until = run_to_end;
  bool resumable = false;
  std::string note = {};
  std::string state = {};
  Sequence prefix = 0;
  std::string strategy = {};
  std::string instruction_set = {};
  bool operator==(const ResumptionRecord&) const = default;
};

/// What an `enqueued` event carries.
struct QueuedConfiguration {
  Configuration configuration = {};
  std::string note = {};
  std::optional<TrialId> replicate_of = {};
};

/// Payloads of events. What `*_payload` wrote, `read_*` reads back exactly; texts should be UTF-8.
/// The readers throw Error{store_corrupt} for anything else.
std::string suggestion_payload(const SuggestionRecord& record);
SuggestionRecord read_suggestion(std::string_view payload);

std::string resumption_payload(const ResumptionRecord& record);
ResumptionRecord read_resumption(std::string_view payload);

std::string queued_payload(const QueuedConfiguration& queued);
QueuedConfiguration read_queued(std::string_view payload);

std::string budget_payload(const Budget& budget);
Budget read_budget_payload(std::string_view payload);

std::string session_payload(std::string_view who);

/// Precondition: finite values.
std::string parent_payload(const ParentStudy& parent);
ParentStudy read_parent(std::string_view payload);

}  // namespace tunesmith
