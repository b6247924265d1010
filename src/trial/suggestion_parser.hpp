#pragma once

#include <string_view>

#include "trial/event_json.hpp"

namespace tunesmith {

/// Reads what suggestion_payload writes about ten times as fast as a JSON document would be:
/// opening a study is mostly this. False for anything that is not plainly in that form (also where
/// it is valid JSON); `record` then holds anything.
bool parse_suggestion(std::string_view payload, SuggestionRecord& record);

}  // namespace tunesmith
