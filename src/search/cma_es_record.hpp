#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What CMA-ES writes down with a suggestion (Suggestion::state), so that the generations can be
/// worked out again from the log alone, whatever the order of results was:
/// "cma <generation> <number> <attempt>", and with the first of a generation " = " and the ranges
/// of the trials that the generation was made from.
struct CmaEsRecord {
  std::int64_t generation = 0;
  /// The draw is keyed by these two. Attempt −1: not drawn from the distribution, but taken
  /// elsewhere.
  std::int64_t number = 0;
  std::int64_t attempt = 0;
  std::optional<std::vector<TrialId>> made_from = {};
};

std::string to_text(const CmaEsRecord& record);
/// None where the text is no record. `end`: trials that a generation can have been made from lie
/// before it.
std::optional<CmaEsRecord> cma_es_record_from(std::string_view text, TrialId end);

}  // namespace tunesmith
