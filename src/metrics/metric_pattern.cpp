#include "metrics/metric_pattern.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/numbers.hpp"

namespace tunesmith {
namespace {

constexpr std::int64_t max_memory = 1 << 20;  // per RE2: programs and lazily built automata

RE2::Options options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // in UTF-8 mode an invalid byte stops '.*'
  options.set_log_errors(false);
  options.set_max_mem(max_memory);
  return options;
}

/// `^` and `$` become the ends of the line that is searched, newline included.
std::unique_ptr<RE2> compile(const std::string& pattern) {
  return std::make_unique<RE2>("(?m:" + pattern + ")", options());
}

std::string searched_content(std::string_view content, bool fixed_before) {
  // Word boundaries keep "finance" and "information" from being read as nan and inf. A number with
  // an exponent is admitted whatever the group says: "1e+30" is how a diverging loss looks.
  const std::string lead = fixed_before ? "[+-]?" : "(?:[+-]|\\b)";
  const std::string sign = "(?:\\B[+-])?";
  const std::string exponent = "[eE][+-]?[0-9]+";
  return lead + "(?i:nan|inf(?:inity)?)\\b|" + sign + (fixed_before ? "" : "\\b") +
         "[0-9]+\\.?[0-9]*" + exponent + "\\b|" + sign + "(?:" + std::string(content) +
         ")(?:" + exponent + ")?";
}

std::string with_group(const PatternOutline& outline, std::string_view content) {
  const GroupOutline& group = *outline.group;
  return outline.text.substr(0, group.open) + "(" + std::string(content) +
         outline.text.substr(group.close);
}

std::string_view group_content(const PatternOutline& outline) {
  const GroupOutline& group = *outline.group;
  return std::string_view(outline.text)
      .substr(group.content_begin, group.close - group.content_begin);
}

/// "loss\\D*([0-9.]+)" takes the first number after "loss", because what is repeated cannot match
/// digits; but it does pass over "nan". Made lazy it stops there and takes the same numbers.
void stop_at_first_number(PatternOutline& outline) {
  GroupOutline& group = *outline.group;
  if (group.repeated_begin == group.repeated_end) return;
  const RE2 repeated(
      outline.text.substr(group.repeated_begin, group.repeated_end - group.repeated_begin),
      options());
  if (!repeated.ok()) return;
  for (const char* digit : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
    if (RE2::FullMatch(digit, repeated)) return;
  }
  outline.text.insert(group.repeated_end + 1, "?");
  for (std::size_t* position : {&group.open, &group.content_begin, &group.close}) ++*position;
}

std::unique_ptr<RE2> compile_search(PatternOutline outline) {
  stop_at_first_number(outline);
  return compile(
      with_group(outline, searched_content(group_content(outline), outline.group->fixed_before)));
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\n\v\f\r";
  const std::size_t begin = std::min(text.find_first_not_of(spaces), text.size());
  return text.substr(begin, text.find_last_not_of(spaces) + 1 - begin);
}

}  // namespace

std::optional<Mistake> check_pattern(std::string_view pattern) {
  if (pattern.empty()) return Mistake{"", "is empty", "a pattern with one capture group"};
  const PatternOutline seen = outline(pattern);
  if (seen.unsupported) return seen.unsupported;
  const RE2 written(seen.text, options());
  const auto too_large = [] {
    return Mistake{"", "needs more memory than a pattern may have",
                   "smaller counts in braces, fewer nested repetitions"};
  };
  if (written.error_code() == RE2::ErrorPatternTooLarge) return too_large();
  if (!written.ok()) {
    return Mistake{"", "is not a pattern that RE2 takes: " + written.error(),
                   written.error_code() == RE2::ErrorRepeatSize
                       ? "counts in braces up to 1000, nested ones multiplied"
                       : "RE2 syntax"};
  }
  if (!seen.group) {
    return Mistake{"", "has no capture group",
                   "parentheses around the number, as in 'loss: ([0-9.]+)'"};
  }
  if (!compile_search(seen)->ok()) return too_large();
  return std::nullopt;
}

MetricPattern::MetricPattern(std::string_view pattern)
    : outline_(outline(pattern)),
      required_(outline_.required),
      search_(compile_search(outline_)),
      alone_(compile(outline_.text)),
      near_(compile(with_group(outline_, "[^\\s,;]+"))) {}

bool MetricPattern::find(const OutputLine& line, std::vector<PatternMatch>& matches) const {
  const std::string_view all = line.with_newline;
  if (!may_match(all)) return true;
  std::size_t found = 0;
  re2::StringPiece groups[2];
  for (std::size_t from = 0; from <= line.text.size();) {
    if (!search_->Match(piece(all), from, all.size(), RE2::UNANCHORED, groups, 2)) return true;
    const auto match_begin = static_cast<std::size_t>(groups[0].data() - all.data());
    const std::size_t match_end = match_begin + groups[0].size();
    if (match_begin > line.text.size()) return true;
    const std::size_t begin = std::exchange(from, std::max(match_end, match_begin + 1));
    if (groups[0].empty()) continue;  // nothing was read
    if (found++ == max_matches) return false;

    PatternMatch match;
    Capture capture{.begin = match_begin,
                    .end = match_begin,
                    .fixed_before = outline_.group->fixed_before,
                    .fixed_after = outline_.group->fixed_after,
                    .cut = line.cut()};
    if (groups[1].data() != nullptr) {  // else an alternative without group 1 has matched
      capture.begin = static_cast<std::size_t>(groups[1].data() - all.data());
      capture.end = capture.begin + groups[1].size();
    }
    match.captured = std::string(all.substr(capture.begin, capture.end - capture.begin));
    match.number = number_at(line.text, capture);
    if (match.number.fault.empty()) {
      match.corrected = !alone_reads(all, begin, match.number.value);
      from = std::max(from, match.number.end);
    }
    matches.push_back(std::move(match));
  }
  return true;
}

/// Whether the first match of the pattern as written, from `begin` on, reads `value`.
bool MetricPattern::alone_reads(std::string_view text, std::size_t begin, double value) const {
  re2::StringPiece groups[2];
  if (!alone_->Match(piece(text), begin, text.size(), RE2::UNANCHORED, groups, 2)) return false;
  const auto number = parse_number(trimmed({groups[1].data(), groups[1].size()}));
  return number && (*number == value || (std::isnan(*number) && std::isnan(value)));
}

std::string MetricPattern::refused_word(const OutputLine& line) const {
  if (required_.literal().empty() || !near_->ok() || !may_match(line.with_newline)) return "";
  re2::StringPiece groups[2];
  const re2::StringPiece text = piece(line.with_newline);
  if (!near_->Match(text, 0, text.size(), RE2::UNANCHORED, groups, 2)) return "";
  return std::string(groups[1].data() == nullptr ? re2::StringPiece("") : groups[1]);
}

}  // namespace tunesmith
