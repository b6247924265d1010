#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Rising ids as short text: "0-9 12 14-15"; empty for none.
std::string to_ranges(const std::vector<TrialId>& ids);

/// Back. None where the text is not such a list, or names `end` or beyond.
std::optional<std::vector<TrialId>> ids_from_ranges(std::string_view text, TrialId end);

}  // namespace tunesmith
