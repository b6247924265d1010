#include <algorithm>
#include <cmath>
#include <utility>

#include "core/numbers.hpp"
#include "metrics/definition.hpp"
#include "metrics/json_line.hpp"
#include "metrics/metric_pattern.hpp"
#include "metrics/nearest_lines.hpp"
#include "metrics/note_book.hpp"
#include "metrics/output_lines.hpp"
#include "metrics/printable.hpp"
#include "metrics/words.hpp"
#include "tunesmith/metrics.hpp"

namespace tunesmith {
namespace {

std::string in_quotes(std::string_view text) { return '"' + printable(text, 80) + '"'; }

std::string with_thousands(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

/// One metric and how it has fared so far.
struct Wanted {
  explicit Wanted(const MetricDefinition& given)
      : definition(given), key(key_of(given)), nearest({}) {
    if (given.format == MetricFormat::json_lines) {
      json_hint = LiteralSearch(required_by_json_key(key));
      nearest = NearestLines(words_of(key));
    } else {
      pattern.emplace(pattern_of(given));
      nearest = NearestLines(pattern->words());
    }
  }

  /// Whether nothing is to be learnt from some lines: neither a match nor a better lookalike.
  bool indifferent_to(std::string_view lines) const {
    return !(pattern ? pattern->may_match(lines) : json_hint.occurs_in(lines)) &&
           (matches > 0 || nearest.indifferent_to(lines));
  }

  MetricDefinition definition;
  std::string key;
  std::optional<MetricPattern> pattern;  // none: JSON lines
  LiteralSearch json_hint{""};
  NearestLines nearest;
  std::uint64_t matches = 0;
  std::uint64_t values = 0;
};

}  // namespace

class MetricExtractor::Impl {
 public:
  explicit Impl(const ExtractionOptions& options) {
    if (auto mistakes = validate(options); !mistakes.empty()) {
      throw Error(ErrorCode::invalid_problem, std::move(mistakes));
    }
    for (const MetricDefinition& definition : options.metrics) wanted_.emplace_back(definition);
    if (!options.resource_regex.empty()) resource_.emplace(options.resource_regex);
  }

  void feed(std::string_view bytes, const ReportSink& sink) {
    counts_.bytes += bytes.size();
    lines_.feed(
        bytes, [this, &sink](const OutputLine& line) { read(line, sink); },
        [this](std::string_view lines) { return skip(lines); });
  }

  void finish(const ReportSink& sink) {
    lines_.finish([this, &sink](const OutputLine& line) { read(line, sink); });
  }

  void watch_lines(LineSink sink) { watcher_ = std::move(sink); }

  ExtractionCounts counts() const {
    ExtractionCounts counts = counts_;
    counts.overwritten = lines_.overwritten();
    counts.cut_lines = lines_.cut_lines();
    counts.discarded_bytes = lines_.discarded_bytes();
    return counts;
  }

  const std::vector<MetricNote>& notes() const { return notes_.notes(); }

  std::string diagnosis() const;

 private:
  bool skip(std::string_view lines);
  void read(const OutputLine& line, const ReportSink& sink);
  void read_levels(const OutputLine& line);
  bool some_unseen() const {
    return std::any_of(wanted_.begin(), wanted_.end(),
                       [](const Wanted& wanted) { return wanted.matches == 0; });
  }
  void read_metric(Wanted& wanted, const OutputLine& line, JsonLine& json);
  void add(Wanted* wanted, PatternMatch found);
  double level_of(const Wanted& wanted, std::size_t position) const;
  void note(std::vector<MetricNote>& notes, MetricNoteKind kind, const std::string& metric,
            std::string words);
  void report(const ReportSink& sink);

  std::vector<Wanted> wanted_;
  std::optional<MetricPattern> resource_;
  OutputLines lines_{max_line_bytes};
  LineSink watcher_;
  ExtractionCounts counts_;
  NoteBook notes_;
  LastLines last_lines_;  // as long as some metric has not been seen
  double level_ = 0;      // read last, where there is a pattern for it

  // Of the present line.
  std::vector<PatternMatch> found_;
  std::vector<MetricMatch> matches_;
  std::size_t level_matches_ = 0;  // the first of matches_, which are levels
  std::vector<MetricReport> reports_;
};

/// Deals with whole lines as read() would, line by line, or returns false.
bool MetricExtractor::Impl::skip(std::string_view lines) {
  if (watcher_ || (resource_ && resource_->may_match(lines))) return false;
  for (const Wanted& wanted : wanted_) {
    if (!wanted.indifferent_to(lines)) return false;
  }
  counts_.lines += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  if (some_unseen()) last_lines_.add_block(counts_.lines, lines);
  return true;
}

void MetricExtractor::Impl::read(const OutputLine& line, const ReportSink& sink) {
  ++counts_.lines;
  matches_.clear();
  if (resource_) read_levels(line);
  level_matches_ = matches_.size();
  if (some_unseen()) last_lines_.add(counts_.lines, line.text);
  JsonLine json(line);
  for (Wanted& wanted : wanted_) read_metric(wanted, line, json);
  if (watcher_) {
    watcher_({.number = counts_.lines, .text = line.text, .cut = line.cut(), .matches = matches_});
  }
  if (matches_.size() > level_matches_) report(sink);
}

void MetricExtractor::Impl::read_levels(const OutputLine& line) {
  found_.clear();
  resource_->find(line, found_);
  for (PatternMatch& match : found_) {
    if (match.number.fault.empty() && !std::isfinite(match.number.value)) {
      match.number.fault = "which is no resource level";
    }
    add(nullptr, std::move(match));
    if (matches_.back().value) level_ = *matches_.back().value;
  }
}

void MetricExtractor::Impl::read_metric(Wanted& wanted, const OutputLine& line, JsonLine& json) {
  found_.clear();
  std::string refused;
  if (!wanted.pattern) {
    if (auto number = json.number(wanted.key)) {
      const std::string_view text = line.text.substr(number->begin, number->end - number->begin);
      found_.push_back({.number = std::move(*number), .captured = std::string(text)});
    }
  } else if (!wanted.pattern->find(line, found_)) {
    refused = "more than 1,000 matches in one line";
  } else if (found_.empty()) {
    refused = wanted.pattern->refused_word(line);
    if (!refused.empty()) refused = in_quotes(refused) + " stands where group 1 should match";
  }
  if (!refused.empty()) {
    std::vector<MetricNote> unused;
    note(unused, MetricNoteKind::refused, wanted.definition.name, std::move(refused));
  }
  for (PatternMatch& match : found_) add(&wanted, std::move(match));
  if (wanted.matches == 0) wanted.nearest.look(counts_.lines, line.text);
}

/// Files a match of a metric, or of the resource level (null).
void MetricExtractor::Impl::add(Wanted* wanted, PatternMatch found) {
  const NumberSpan& number = found.number;
  MetricMatch match{.begin = number.begin, .end = number.end};
  if (wanted != nullptr) {
    match.metric = wanted->definition.name;
    ++wanted->matches;
    match.resource = level_of(*wanted, number.begin);
  }
  const auto add_note = [&](MetricNoteKind kind, std::string words) {
    note(match.notes, kind, match.metric, std::move(words));
  };
  if (!number.fault.empty()) {
    add_note(MetricNoteKind::unparsable,
             "captured " + in_quotes(found.captured) + ", " + number.fault);
  } else {
    match.value = number.value;
    if (wanted != nullptr) {
      ++wanted->values;
      ++counts_.values;
    }
    if (found.corrected) {
      add_note(MetricNoteKind::corrected,
               "read " + number_text(number.value) +
                   "; the pattern alone would have read another number or none");
    }
    if (number.out_of_range) {
      add_note(MetricNoteKind::out_of_range,
               in_quotes(found.captured) + " became " + number_text(number.value));
    } else if (!std::isfinite(number.value)) {
      add_note(MetricNoteKind::non_finite, "read " + number_text(number.value));
    }
  }
  matches_.push_back(std::move(match));
}

double MetricExtractor::Impl::level_of(const Wanted& wanted, std::size_t position) const {
  if (!resource_) return static_cast<double>(wanted.matches);
  const MetricMatch* nearest = nullptr;
  for (std::size_t i = 0; i < level_matches_; ++i) {
    const MetricMatch& level = matches_[i];
    if (level.value && (nearest == nullptr || level.begin <= position)) nearest = &level;
  }
  return nearest != nullptr ? *nearest->value : level_;
}

void MetricExtractor::Impl::note(std::vector<MetricNote>& notes, MetricNoteKind kind,
                                 const std::string& metric, std::string words) {
  notes.push_back(
      {.kind = kind, .metric = metric, .line = counts_.lines, .words = std::move(words)});
  notes_.add(notes.back());
}

void MetricExtractor::Impl::report(const ReportSink& sink) {
  reports_.clear();
  for (std::size_t i = level_matches_; i < matches_.size(); ++i) {
    const MetricMatch& match = matches_[i];
    if (!match.value) continue;
    const auto place = std::find_if(reports_.begin(), reports_.end(), [&](const MetricReport& r) {
      return r.resource == match.resource && !r.metrics.contains(match.metric);
    });
    MetricReport& report = place != reports_.end()
                               ? *place
                               : reports_.emplace_back(MetricReport{.resource = match.resource});
    report.metrics[match.metric] = *match.value;
  }
  std::stable_sort(
      reports_.begin(), reports_.end(),
      [](const MetricReport& a, const MetricReport& b) { return a.resource < b.resource; });
  for (const MetricReport& report : reports_) sink(report);
}

std::string MetricExtractor::Impl::diagnosis() const {
  std::string text;
  for (const Wanted& wanted : wanted_) {
    if (wanted.values > 0) continue;
    if (!text.empty()) text += '\n';
    const MetricDefinition& definition = wanted.definition;
    text += "No value of metric " + in_quotes(definition.name) + ": ";
    text +=
        definition.format == MetricFormat::regex
            ? "the regex '" + printable(definition.regex, 500) + "'"
            : "the " + std::string(to_string(definition.format)) + " key " + in_quotes(wanted.key);
    const MetricNote* wrong = notes_.find(MetricNoteKind::unparsable, definition.name);
    if (wanted.matches > 0 && wrong != nullptr) {
      text += " was found " + with_thousands(wanted.matches) +
              (wanted.matches == 1 ? " time" : " times") + ", but never with a number. ";
      text += "Line " + std::to_string(wrong->line) + ": " + wrong->words + ".";
      if (wanted.pattern && wanted.pattern->groups() > 1) {
        text += " The number is capture group 1: write the groups before it as '(?:...)'.";
      } else if (wrong->words.starts_with("captured \"\"")) {
        text += " A lazy group such as '(.*?)' needs something after it that ends it, e.g. '\\s'.";
      }
      continue;
    }
    text += " matched none of " + with_thousands(counts_.lines) + " lines.";
    if (const MetricNote* refused = notes_.find(MetricNoteKind::refused, definition.name)) {
      text += " Line " + std::to_string(refused->line) + ": " + refused->words + ".";
    }
    if (counts_.lines == 0) text += " Nothing was printed.";
    if (const auto nearest = wanted.nearest.lines(); !nearest.empty()) {
      text += " The nearest lines:" + listing(nearest);
    } else if (const std::string last = listing(last_lines_.lines()); !last.empty()) {
      text += " The last lines:" + last;
    }
  }
  return text;
}

MetricExtractor::MetricExtractor(const ExtractionOptions& options)
    : impl_(std::make_unique<Impl>(options)) {}
MetricExtractor::~MetricExtractor() = default;
MetricExtractor::MetricExtractor(MetricExtractor&&) noexcept = default;
MetricExtractor& MetricExtractor::operator=(MetricExtractor&&) noexcept = default;

void MetricExtractor::feed(std::string_view bytes, const ReportSink& sink) {
  impl_->feed(bytes, sink);
}
void MetricExtractor::finish(const ReportSink& sink) { impl_->finish(sink); }
void MetricExtractor::watch_lines(LineSink sink) { impl_->watch_lines(std::move(sink)); }
ExtractionCounts MetricExtractor::counts() const { return impl_->counts(); }
const std::vector<MetricNote>& MetricExtractor::notes() const { return impl_->notes(); }
std::string MetricExtractor::diagnosis() const { return impl_->diagnosis(); }

}  // namespace tunesmith
