#include "search/evolution_record.hpp"

#include <utility>

#include "search/id_ranges.hpp"

namespace tunesmith {
namespace {

constexpr std::string_view word = "evolution ";
constexpr std::string_view separator = " / ";

}  // namespace

std::string to_text(const EvolutionRecord& record) {
  std::string text(word);
  text += to_ranges(record.parents);
  text += separator;
  return text += to_ranges(record.pending);
}

std::optional<EvolutionRecord> evolution_record_from(std::string_view text, TrialId end) {
  if (!text.starts_with(word)) return {};
  text.remove_prefix(word.size());
  const std::size_t middle = text.find(separator);
  if (middle == std::string_view::npos) return {};
  auto parents = ids_from_ranges(text.substr(0, middle), end);
  auto pending = ids_from_ranges(text.substr(middle + separator.size()), end);
  if (!parents || parents->empty() || !pending) return {};
  return EvolutionRecord{.parents = std::move(*parents), .pending = std::move(*pending)};
}

}  // namespace tunesmith
