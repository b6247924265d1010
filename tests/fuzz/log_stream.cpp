// A trial's output: how it is cut into pieces changes nothing. The first byte says how.
#include <string>

#include "fuzz/fuzz.hpp"
#include "tunesmith/metrics.hpp"

using namespace tunesmith;

namespace {

std::string read(std::string_view text, std::size_t piece) {
  MetricExtractor extractor({.metrics = {{.name = "loss", .regex = "loss[:=] ?([0-9.]+)"},
                                         {.name = "acc", .format = MetricFormat::key_value},
                                         {.name = "f1", .format = MetricFormat::json_lines}},
                             .resource_regex = R"(epoch (\S+))"});
  std::string seen;
  const auto sink = [&](const MetricReport& report) {
    seen += std::to_string(report.resource);
    for (const auto& [name, value] : report.metrics) {
      seen += " " + name + "=" + std::to_string(value);
    }
    seen += "\n";
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    extractor.feed(text.substr(at, piece), sink);
  }
  extractor.finish(sink);
  const ExtractionCounts counts = extractor.counts();
  fuzz::require(counts.bytes == text.size(), "every byte is counted");
  return seen + std::to_string(counts.lines) + " " + std::to_string(counts.values) +
         extractor.diagnosis();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::text_of(data + 1, size - 1);
  const std::string whole = read(text, text.size() + 1);
  fuzz::require(read(text, 1U + data[0]) == whole, "pieces of another length read differently");
  fuzz::require(read(text, 1) == whole, "single bytes read differently");
  return 0;
}
