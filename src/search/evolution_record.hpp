#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What the first suggestion of a generation carries as Suggestion::state: the trials that parents
/// are chosen from, and those that had not ended then and so are still to be judged. Text:
/// "evolution <parents> / <pending>", both as ranges.
struct EvolutionRecord {
  std::vector<TrialId> parents = {};
  std::vector<TrialId> pending = {};
};

std::string to_text(const EvolutionRecord& record);
/// None where the text is no record of trials before `end`.
std::optional<EvolutionRecord> evolution_record_from(std::string_view text, TrialId end);

}  // namespace tunesmith
