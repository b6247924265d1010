#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/error.hpp"
#include "tunesmith/export.hpp"

namespace tunesmith {

/// Where a metric stands in a line of output. JSON words: "regex", "json_lines", "key_value".
enum class MetricFormat {
  regex,       ///< capture group 1 of a pattern
  json_lines,  ///< a key of a line that is one JSON object: {"epoch": 3, "eval": {"loss": 0.4}}
  key_value,   ///< `loss=0.4` anywhere in a line
};
TUNESMITH_API const char* to_string(MetricFormat format) noexcept;

/// How one metric is found in the output of a trial.
struct MetricDefinition {
  /// What objectives and constraints call it.
  std::string name = {};
  /// RE2 syntax, searched in each line; capture group 1 is the number, further groups are ignored.
  /// `^` and `$` are the ends of the line, and `\s` or `\n` may match the newline that ends it.
  /// Bytes, not characters: `.` matches one byte, so that invalid UTF-8 hides no metric.
  std::string regex = {};
  /// Anything but `regex` is ready-made and needs no pattern.
  MetricFormat format = MetricFormat::regex;
  /// Ready-made formats: the key to look for; empty: the name. In JSON lines a dot steps into an
  /// object ("eval.loss"), unless the object has a key with that dot in it.
  std::string key = {};

  bool operator==(const MetricDefinition&) const = default;
};

/// What a MetricExtractor looks for.
struct ExtractionOptions {
  std::vector<MetricDefinition> metrics = {};
  /// Capture group 1 is the resource level (epoch, step count, …) of the values on the same line
  /// and after it, until the next one. Values before the first belong to level 0. Where a line has
  /// several, a value takes the nearest before it, else the first of the line.
  /// Empty: levels are counted, the n-th value of a metric is level n (from 1).
  std::string resource_regex = {};
};

/// Every mistake, with paths such as "/metrics/0/regex" and "/resource_regex". What RE2 cannot
/// take (lookaround, backreferences, possessive and atomic groups) comes with a hint how to write
/// it.
TUNESMITH_API std::vector<Mistake> validate(const ExtractionOptions& options);

/// Metrics at one resource level.
struct MetricReport {
  double resource = 0;
  /// NaN and infinities are kept as they were printed.
  std::map<std::string, double> metrics = {};

  bool operator==(const MetricReport&) const = default;
};

/// What was noticed while a number was read.
enum class MetricNoteKind {
  corrected,     ///< the pattern alone would have read another number, or none
  non_finite,    ///< NaN or infinity was printed
  out_of_range,  ///< printed as a finite number, but no double holds it: became ±infinity or 0
  unparsable,    ///< group 1 matched something that is no number: no value was taken
  refused,       ///< the pattern fits, but group 1 refuses what stands in its place: no value
};
/// "corrected", "non_finite", …
TUNESMITH_API const char* to_string(MetricNoteKind kind) noexcept;

/// The first of its kind for a metric, and how many there were.
struct MetricNote {
  MetricNoteKind kind = MetricNoteKind::corrected;
  /// Empty: the resource level.
  std::string metric = {};
  /// From 1.
  std::uint64_t line = 0;
  /// e.g. `captured "1,5", which is no number`. Printable UTF-8.
  std::string words = {};
  std::uint64_t count = 1;
};

/// One place where a pattern matched.
struct MetricMatch {
  /// Empty: the resource level.
  std::string metric = {};
  /// Bytes of ScannedLine::text that the number was read from (the captured ones where it is none).
  std::size_t begin = 0;
  std::size_t end = 0;
  /// Nothing where no number was taken.
  std::optional<double> value = {};
  /// The level the value belongs to. Meaningless for the resource level itself.
  double resource = 0;
  std::vector<MetricNote> notes = {};
};

/// A line as the patterns see it. Views and references are valid during the call that hands it
/// over.
struct ScannedLine {
  /// From 1.
  std::uint64_t number = 0;
  /// Without escape sequences, overwritten segments and newline; any bytes.
  std::string_view text = {};
  /// The line was longer than max_line_bytes; `text` is its head.
  bool cut = false;
  /// In the order of the metrics, then of the line; the resource level first.
  std::span<const MetricMatch> matches = {};
};

struct ExtractionCounts {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  /// Values taken, NaN and infinities included.
  std::uint64_t values = 0;
  /// Segments that a carriage return overwrote.
  std::uint64_t overwritten = 0;
  /// Lines longer than max_line_bytes, and the bytes of them that were not looked at.
  std::uint64_t cut_lines = 0;
  std::uint64_t discarded_bytes = 0;

  bool operator==(const ExtractionCounts&) const = default;
};

/// Reads metrics from the output of one trial, as it comes.
///
///     MetricExtractor extractor({.metrics = {{.name = "loss", .regex = "loss: ([0-9.]+)"}}});
///     extractor.feed(bytes, [&](const MetricReport& r) { reporter.report(r.resource, r.metrics);
///     }); extractor.finish(sink);
///
/// Lines. Output is a stream of bytes; how it is cut into calls of feed() changes nothing. A line
/// ends with `\n` or at finish(), and only then are its values reported. Escape sequences (colours,
/// cursor) are removed. Of the segments that carriage returns separate only the last one counts, so
/// that a progress bar is one line; `\r\n` is a plain newline. Of a line longer than max_line_bytes
/// the head is searched and the rest counted and discarded.
///
/// Numbers. Each match of a pattern is one value, left to right, at most 1,000 in a line. Group 1
/// must end where a number ends; the rules, each of which leaves a note:
/// - What runs on as a number is read in full: with `([0-9.]+)`, "3.2e-05" is 3.2e-05 and not 3.2;
///   a sign before, or digits that a `.*` has swallowed, belong to it as well. A character that the
///   pattern spells out right before or after the group is where the number begins or ends.
/// - nan and inf (any case) and numbers with an exponent ("1e+30") in place of group 1 are values,
///   whatever the group itself allows.
/// - A full stop after the number is not part of it.
/// - Anything else is no number: an empty capture, "1,5", "1.2.3", "0x1p3", "1e5" cut off by the
/// end
///   of an overlong line. It yields no value, but counts as a level.
/// - Where the rest of the pattern fits and group 1 refuses what stands in its place ("None"),
///   that is noted and nothing else.
///
/// Reports. All values of a line that belong to one level make one report, handed over in ascending
/// order of the levels; a second value of the same metric and level makes a second report.
///
/// Memory is bounded by about 3 MiB per pattern plus max_line_bytes, whatever comes in; time is
/// linear in the input. Not thread-safe: one extractor per stream.
class TUNESMITH_API MetricExtractor {
 public:
  static constexpr std::size_t max_line_bytes = 64 * 1024;

  using ReportSink = std::function<void(const MetricReport&)>;
  using LineSink = std::function<void(const ScannedLine&)>;

  /// Throws Error{invalid_problem} with everything validate() finds.
  explicit MetricExtractor(const ExtractionOptions& options);
  ~MetricExtractor();
  MetricExtractor(MetricExtractor&&) noexcept;
  MetricExtractor& operator=(MetricExtractor&&) noexcept;

  /// Hands the reports of every line that `bytes` completes to `sink`, in order, during the call.
  /// An exception of the sink passes through; the reports of that line that follow are lost.
  void feed(std::string_view bytes, const ReportSink& sink);
  /// The stream has ended: reads what the last, unfinished line holds.
  void finish(const ReportSink& sink);

  /// From now on shows every line with what was found in it, before its reports.
  void watch_lines(LineSink sink);

  ExtractionCounts counts() const;
  /// At most one for each kind and metric, in the order of their first appearance.
  const std::vector<MetricNote>& notes() const;
  /// Why there is no value, for each metric that has none: the pattern that failed, the lines that
  /// look most like it, and what is wrong with them where that is known. Printable UTF-8, several
  /// lines; empty when every metric has had a value.
  std::string diagnosis() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Which of a trial's values counts as its final one. JSON words: "last", "first", "best",
/// "mean_of_last".
enum class FinalValue { last, first, best, mean_of_last };
TUNESMITH_API const char* to_string(FinalValue value) noexcept;

/// Picks the level that a trial's final metrics come from. In JSON: "last", "first", "best" or
/// {"mean_of_last": 3}.
struct FinalRule {
  FinalValue value = FinalValue::last;
  /// For mean_of_last: how many levels, at least 1.
  int levels = 1;

  bool operator==(const FinalRule&) const = default;
};

/// All metrics of the one level that `rule` picks by `metric`, so that the final point is one that
/// existed; nothing where no level has the metric. A later report of a level replaces what an
/// earlier one said of the same metric; levels without `metric` are not looked at.
/// - `last`, `first`: the highest and the lowest level, even if the value there is NaN.
/// - `best`: among the finite values, the earliest level at a tie; without a finite one the last.
/// - `mean_of_last`: each metric's mean over the last `rule.levels` levels (fewer where there are
///   not as many), labelled with the last one.
/// O(n log n) in the number of reports.
TUNESMITH_API std::optional<MetricReport> final_report(std::span<const MetricReport> reports,
                                                       const FinalRule& rule,
                                                       std::string_view metric,
                                                       bool larger_is_better);

}  // namespace tunesmith
