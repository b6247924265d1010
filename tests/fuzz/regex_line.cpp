// A pattern, a newline, and a line: the pattern is refused, or reads the line, and twice the same.
#include <string>

#include "fuzz/fuzz.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/metrics.hpp"

using namespace tunesmith;

namespace {

std::string read(const ExtractionOptions& options, std::string_view line) {
  MetricExtractor extractor(options);
  std::string seen;
  extractor.feed(line, [](const MetricReport&) { fuzz::require(false, "the line has not ended"); });
  extractor.finish([&](const MetricReport& report) {
    for (const auto& [name, value] : report.metrics) seen += std::to_string(value) + " ";
  });
  return seen + extractor.diagnosis();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t newline = text.find('\n');
  if (newline == std::string_view::npos) return 0;
  const ExtractionOptions options{
      .metrics = {{.name = "m", .regex = std::string(text.substr(0, newline))}}};
  std::string line(text.substr(newline + 1));
  std::erase(line, '\n');
  if (!validate(options).empty()) {
    try {
      const MetricExtractor extractor(options);
      fuzz::require(false, "what is refused is refused everywhere");
    } catch (const Error&) {
    }
    return 0;
  }
  fuzz::require(read(options, line) == read(options, line), "a line reads the same twice");
  return 0;
}
