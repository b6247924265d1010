#include "search/cma_es_record.hpp"

#include <algorithm>

#include "core/numbers.hpp"
#include "search/id_ranges.hpp"

namespace tunesmith {
namespace {

constexpr std::string_view word = "cma ";
constexpr std::string_view made_from = " =";

}  // namespace

std::string to_text(const CmaEsRecord& record) {
  std::string text(word);
  text += std::to_string(record.generation);
  text += ' ';
  text += std::to_string(record.number);
  text += ' ';
  text += std::to_string(record.attempt);
  if (!record.made_from) return text;
  text += made_from;
  if (!record.made_from->empty()) text += ' ' + to_ranges(*record.made_from);
  return text;
}

std::optional<CmaEsRecord> cma_es_record_from(std::string_view text, TrialId end) {
  if (!text.starts_with(word)) return {};
  text.remove_prefix(word.size());
  CmaEsRecord record;
  if (const auto sign = text.find(made_from); sign != std::string_view::npos) {
    std::string_view ranges = text.substr(sign + made_from.size());
    if (!ranges.empty()) ranges.remove_prefix(1);
    record.made_from = ids_from_ranges(ranges, end);
    if (!record.made_from) return {};
    text = text.substr(0, sign);
  }
  for (std::int64_t* field : {&record.generation, &record.number, &record.attempt}) {
    const std::string_view digits = text.substr(0, text.find(' '));
    const auto read = parse_integer(digits);
    if (!read || *read < -1) return {};
    *field = *read;
    text.remove_prefix(std::min(text.size(), digits.size() + 1));
  }
  if (!text.empty() || record.generation < 0 || record.number < 0) return {};
  return record;
}

}  // namespace tunesmith
