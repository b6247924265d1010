#include <string>
#include <vector>

#include "core/random.hpp"
#include "reading.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

std::string rendered(const Reading& reading) {
  std::string text = reading.diagnosis;
  for (const MetricReport& report : reading.reports) {
    text += "\n" + std::to_string(report.resource);
    for (const auto& [name, value] : report.metrics) text += " " + name + std::to_string(value);
  }
  for (const MetricNote& note : reading.notes) {
    text += "\n" + std::string(to_string(note.kind)) + note.metric + std::to_string(note.line) +
            note.words + std::to_string(note.count);
  }
  const ExtractionCounts& c = reading.counts;
  for (const auto count :
       {c.bytes, c.lines, c.values, c.overwritten, c.cut_lines, c.discarded_bytes}) {
    text += " " + std::to_string(count);
  }
  return text;
}

/// Feeds pieces of up to `longest` bytes.
std::string in_pieces(const ExtractionOptions& options, std::string_view text, std::size_t longest,
                      RandomStream& random, bool watched = false) {
  Reading reading;
  MetricExtractor extractor(options);
  if (watched) extractor.watch_lines([](const ScannedLine&) {});
  const auto sink = [&](const MetricReport& r) { reading.reports.push_back(r); };
  while (!text.empty()) {
    const std::size_t size = 1 + static_cast<std::size_t>(random.below(longest));
    // A copy of its own, so that a look beyond the piece is seen by the sanitizers.
    const std::string piece(text.substr(0, size));
    extractor.feed(piece, sink);
    text.remove_prefix(piece.size());
  }
  extractor.finish(sink);
  reading.counts = extractor.counts();
  reading.notes = extractor.notes();
  reading.diagnosis = extractor.diagnosis();
  return rendered(reading);
}

/// A stream of everything that lines are made of, in any order.
std::string random_stream(RandomStream& random) {
  static const std::vector<std::string> parts = {"loss: ",
                                                 "Average loss: ",
                                                 "0.5",
                                                 "3.2e-05",
                                                 "nan",
                                                 "-inf",
                                                 "1,5",
                                                 "1.2.3",
                                                 "1e400",
                                                 "None",
                                                 "\n",
                                                 "\n",
                                                 "\n",
                                                 "\r",
                                                 "\r\n",
                                                 "\r\r\n",
                                                 "\x1b[31m",
                                                 "\x1b[0m",
                                                 "\x1b]0;t\a",
                                                 "\x1b",
                                                 "\x1b[",
                                                 "\x1b]8;;x\x1b\\",
                                                 "\xff\xfe",
                                                 std::string(1, '\0'),
                                                 "\xc3\xa4",
                                                 " ",
                                                 "epoch 3",
                                                 "epoch ",
                                                 "7",
                                                 "{\"loss\": 0.25}",
                                                 "\n{\"loss\": NaN}\n",
                                                 "acc=3",
                                                 "acc = 4;",
                                                 "10%|\xe2\x96\x88 |\r",
                                                 "some words without a metric\n",
                                                 "LOSS"};
  std::string text;
  const std::uint64_t count = random.below(400);
  for (std::uint64_t i = 0; i < count; ++i) text += parts[random.below(parts.size())];
  if (random.below(8) == 0) {
    text.insert(random.below(text.size() + 1), MetricExtractor::max_line_bytes, 'x');
  }
  if (random.below(4) == 0) {
    std::string noise;
    while (noise.size() < 30'000) noise += "noise " + std::to_string(noise.size()) + "\n";
    text.insert(random.below(text.size() + 1), noise);
  }
  return text;
}

}  // namespace

TEST_CASE("a line that is almost JSON says the same in whatever pieces it comes") {
  const ExtractionOptions options{.metrics = {{.name = "f1", .format = MetricFormat::json_lines}}};
  RandomStream random(7, 0, "pieces");
  for (const std::string line :
       {"{\"f1: 7\n", "{\"f\\u0031\": 7}\n", "{\"f1\": 7\n", "{f1: 7}\n"}) {
    const std::string text = line + "loss: 0.5\n" + line;
    const std::string expected = rendered(read_all(options, text));
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
      CHECK(in_pieces(options, text, piece, random) == expected);
    }
  }
}

TEST_CASE("how a stream is cut into pieces changes nothing") {
  ExtractionOptions options{
      .metrics = {{.name = "m", .regex = "loss: ([0-9.]+)"},
                  {.name = "json", .format = MetricFormat::json_lines, .key = "loss"},
                  {.name = "acc", .format = MetricFormat::key_value},
                  {.name = "never", .regex = "Validation loss ([0-9.]+)"}}};
  RandomStream random(7, 0, "chunks");
  std::size_t values = 0;
  for (int round = 0; round < 300; ++round) {
    options.resource_regex = round % 2 == 0 ? "" : R"(epoch (\S+))";
    const std::string text = random_stream(random);
    const Reading whole = read_all(options, text);
    values += whole.counts.values;
    const std::string expected = rendered(whole);
    REQUIRE(in_pieces(options, text, 1, random) == expected);
    REQUIRE(in_pieces(options, text, 2 + random.below(50), random) == expected);
    REQUIRE(in_pieces(options, text, 20'000, random) == expected);
    // Watching makes every line be read alone: passing over blocks of lines changes nothing.
    REQUIRE(in_pieces(options, text, 20'000, random, true) == expected);
  }
  CHECK(values > 1000);
}
