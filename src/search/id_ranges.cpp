#include "search/id_ranges.hpp"

#include "core/numbers.hpp"

namespace tunesmith {

std::string to_ranges(const std::vector<TrialId>& ids) {
  std::string text;
  for (std::size_t first = 0; first < ids.size();) {
    std::size_t last = first;
    while (last + 1 < ids.size() && ids[last + 1] == ids[last] + 1) ++last;
    if (!text.empty()) text += ' ';
    text += std::to_string(ids[first]);
    if (last > first) text += '-' + std::to_string(ids[last]);
    first = last + 1;
  }
  return text;
}

std::optional<std::vector<TrialId>> ids_from_ranges(std::string_view text, TrialId end) {
  std::vector<TrialId> ids;
  while (!text.empty()) {
    const std::string_view range = text.substr(0, text.find(' '));
    text.remove_prefix(range.size());
    if (!text.empty()) text.remove_prefix(1);
    const std::size_t dash = range.find('-');
    const auto first = parse_integer(range.substr(0, dash));
    const auto last =
        dash == std::string_view::npos ? first : parse_integer(range.substr(dash + 1));
    const TrialId after = ids.empty() ? 0 : ids.back() + 1;
    if (!first || !last || *first < after || *last < *first || *last >= end) return {};
    for (TrialId id = *first; id <= *last; ++id) ids.push_back(id);
  }
  return ids;
}

}  // namespace tunesmith
