#include <fstream>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/screen.hpp"
#include "cli/text.hpp"
#include "tunesmith/metrics.hpp"

namespace tunesmith::cli {
namespace {

/// The line with what was taken set off: in reverse on a terminal, else in double brackets.
std::string highlighted(const ScannedLine& line, bool reverse) {
  std::string text;
  std::size_t at = 0;
  for (const MetricMatch& match : line.matches) {
    if (!match.value || match.begin < at) continue;
    text += printable(line.text.substr(at, match.begin - at));
    text += (reverse ? "\x1b[7m" : "[[") +
            printable(line.text.substr(match.begin, match.end - match.begin)) +
            (reverse ? "\x1b[0m" : "]]");
    at = match.end;
  }
  return text + printable(line.text.substr(at));
}

void print_line(const ScannedLine& line, bool reverse) {
  if (line.matches.empty()) return;
  std::cout << line.number << ": " << highlighted(line, reverse) << "\n";
  for (const MetricMatch& match : line.matches) {
    if (match.value) {
      std::cout << "    " << (match.metric.empty() ? "level" : "value") << " "
                << short_number(*match.value);
      if (!match.metric.empty()) std::cout << " at level " << short_number(match.resource);
      std::cout << "\n";
    }
    for (const MetricNote& note : match.notes) {
      std::cout << "    " << to_string(note.kind) << ": " << note.words << "\n";
    }
  }
}

}  // namespace

int metrics_test_command(const MetricsTestOptions& options) {
  MetricExtractor extractor({.metrics = {{.name = "metric", .regex = options.regex}},
                             .resource_regex = options.resource_regex});
  const bool reverse = is_interactive();
  extractor.watch_lines([&](const ScannedLine& line) { print_line(line, reverse); });
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) throw Error(ErrorCode::invalid_argument, "cannot read " + options.file);
  }
  std::istream& input = options.file == "-" ? std::cin : file;
  std::vector<MetricReport> reports;
  const auto keep = [&](const MetricReport& report) {
    if (report.metrics.empty()) return;
    if (reports.size() < 2) {
      reports.push_back(report);
    } else {
      reports.back() = report;  // the first and the last are all that is told
    }
  };
  std::string bytes(65536, '\0');
  while (input.read(bytes.data(), static_cast<std::streamsize>(bytes.size())), input.gcount() > 0) {
    extractor.feed({bytes.data(), static_cast<std::size_t>(input.gcount())}, keep);
  }
  extractor.finish(keep);
  std::cout << extractor.counts().values << " values in " << extractor.counts().lines << " lines\n";
  if (reports.empty()) {
    std::cout << extractor.diagnosis() << "\n";
    return exit_failed;
  }
  std::cout << "first: " << short_number(reports.front().metrics.begin()->second)
            << ", last: " << short_number(reports.back().metrics.begin()->second) << "\n";
  return exit_ok;
}

}  // namespace tunesmith::cli
