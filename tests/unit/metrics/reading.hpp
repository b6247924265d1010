#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tunesmith/metrics.hpp"

/// Everything that an extractor makes of a text.
struct Reading {
  std::vector<tunesmith::MetricReport> reports;
  tunesmith::ExtractionCounts counts;
  std::vector<tunesmith::MetricNote> notes;
  std::string diagnosis;
};

inline Reading read_all(const tunesmith::ExtractionOptions& options, std::string_view text) {
  Reading reading;
  tunesmith::MetricExtractor extractor(options);
  const auto sink = [&](const tunesmith::MetricReport& r) { reading.reports.push_back(r); };
  extractor.feed(text, sink);
  extractor.finish(sink);
  reading.counts = extractor.counts();
  reading.notes = extractor.notes();
  reading.diagnosis = extractor.diagnosis();
  return reading;
}

inline tunesmith::ExtractionOptions one_regex(std::string regex) {
  return {.metrics = {{.name = "m", .regex = std::move(regex)}}};
}

/// How often a kind of note was made of a metric.
inline std::uint64_t noted(const Reading& reading, tunesmith::MetricNoteKind kind,
                           const std::string& metric = "m") {
  for (const tunesmith::MetricNote& note : reading.notes) {
    if (note.kind == kind && note.metric == metric) return note.count;
  }
  return 0;
}
