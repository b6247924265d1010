#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "reading.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

std::vector<double> values(const Reading& reading) {
  std::vector<double> result;
  for (const MetricReport& report : reading.reports) result.push_back(report.metrics.at("m"));
  return result;
}

using Values = std::vector<double>;
using Reports = std::vector<MetricReport>;

}  // namespace

TEST_CASE("the lines of a real training script") {
  const ExtractionOptions options{
      .metrics = {{.name = "loss", .regex = "Average loss: ([0-9.]+)"},
                  {.name = "accuracy", .regex = R"(Accuracy: \d+/\d+ \((\d+)%\))"}}};
  const Reading reading =
      read_all(options,
               "Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.300039\n"
               "\nTest set: Average loss: 0.4012, Accuracy: 8567/10000 (86%)\n\n"
               "Train Epoch: 2 [0/60000 (0%)]\tLoss: 0.9\n"
               "\nTest set: Average loss: 3.2e-05, Accuracy: 9900/10000 (99%)\n\n");
  CHECK(reading.reports == Reports{{1, {{"loss", 0.4012}, {"accuracy", 86}}},
                                   {2, {{"loss", 3.2e-05}, {"accuracy", 99}}}});
  CHECK(reading.counts.lines == 8);
  CHECK(reading.counts.values == 4);
  CHECK(reading.diagnosis == "");
  REQUIRE(reading.notes.size() == 1);
  CHECK(reading.notes[0].kind == MetricNoteKind::corrected);
  CHECK(reading.notes[0].metric == "loss");
  CHECK(reading.notes[0].line == 7);
}

TEST_CASE("a trial that diverges does not keep its last good value") {
  for (const char* printed : {"nan", "NaN", "NAN", "-nan", "nan,", "nan(ind)"}) {
    INFO(printed);
    const Reading reading = read_all(one_regex("Average loss: ([0-9.]+)"),
                                     std::string("Average loss: 0.5\nAverage loss: ") + printed);
    REQUIRE(reading.reports.size() == 2);
    CHECK(std::isnan(reading.reports[1].metrics.at("m")));
    CHECK(noted(reading, MetricNoteKind::non_finite) == 1);
    CHECK(noted(reading, MetricNoteKind::corrected) == 1);
  }
  for (const char* pattern :
       {"Average loss: ([0-9.]+)", R"(Average loss: (\d+\.\d+))", "loss:? *([0-9]+.?[0-9]*)",
        R"(loss\D*([0-9.]+))", "loss[^0-9]+([0-9.]+)", "loss[a-z: ]*([0-9.]+)", "loss.*?([0-9.]+)",
        "loss: ([0-9.]*)", "loss: (.*),", R"(loss: (-?\d+\.?\d*(?:e-?\d+)?),)",
        "(?i)AVERAGE LOSS: ([0-9.]+)", R"(loss: (\S+),)"}) {
    INFO(pattern);
    CHECK(values(read_all(one_regex(pattern), "Average loss: inf, Accuracy: 9")) == Values{inf});
    CHECK(values(read_all(one_regex(pattern), "Average loss: -inf, Accuracy: 9")) == Values{-inf});
  }
}

TEST_CASE("words that begin like nan and inf are no numbers") {
  CHECK(read_all(one_regex("loss.*?([0-9.]+)"), "loss information of finance nano\n")
            .reports.empty());
}

TEST_CASE("numbers that the pattern alone would get wrong are corrected and noted") {
  struct Case {
    const char* pattern;
    const char* line;
    double value;
  };
  const Case cases[] = {
      {"loss: ([0-9.]+)", "loss: 3.2e-05", 3.2e-05},
      {"loss: ([0-9.]+),", "loss: 3.2e-05, acc", 3.2e-05},
      {"loss: ([0-9.]+)", "loss: -0.5", -0.5},
      {"loss: -?([0-9.]+)", "loss: -0.5", -0.5},
      {"loss:.*?([0-9.]+)", "loss: -0.5", -0.5},
      {R"(loss:\D*([0-9.]+))", "loss: -0.5", -0.5},
      {"loss.*([0-9.]+)", "loss 0.4012", 0.4012},
      {"loss: ([0-9]+)", "loss: 12.5", 12.5},
      {"loss: ([0-9.]+)", "The loss: 0.5.", 0.5},
      {"loss: ([0-9])+", "loss: 0.5", 0.5},
      {R"(loss: (\d+\.\d+))", "loss: 1e+30", 1e30},
      {R"(loss: (\d+\.\d+),)", "loss: -2e+30,", -2e30},
      {R"(loss.*?(\d+\.\d+))", "loss v1e5 = 1e+30", 1e30},
  };
  for (const Case& c : cases) {
    INFO(c.pattern << " on " << c.line);
    const Reading reading = read_all(one_regex(c.pattern), c.line);
    CHECK(values(reading) == Values{c.value});
    CHECK(noted(reading, MetricNoteKind::corrected) == 1);
  }
}

TEST_CASE("numbers that the pattern gets right are left alone") {
  struct Case {
    const char* pattern;
    const char* line;
    double value;
  };
  const Case cases[] = {
      {"loss: ([0-9.]+)", "loss: 0.5, acc 3", 0.5},
      {"loss: (.*?);", "loss: 0.5; acc 3", 0.5},
      {"loss:(.*?);", "loss: 0.5 ; acc 3", 0.5},
      {R"(loss: ([-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?))", "loss: -1.5E-3", -1.5e-3},
      {"step_0*([0-9]+)", "step_000123", 123},
      {R"(version 1\.([0-9]+))", "version 1.25", 25},
      {"loss -([0-9.]+)", "loss -0.5", 0.5},
      {"epoch([0-9]+)", "epoch3", 3},
      {"acc ([0-9]+)%", "acc 86%", 86},
      {"^([0-9]+),", "3,4", 3},
      {"(?i)loss: ([0-9e.-]+)", "Loss: 3E-05", 3e-05},
      {"loss: ([0-9.]+)e", "loss: 3.2e-05", 3.2},
  };
  for (const Case& c : cases) {
    INFO(c.pattern << " on " << c.line);
    const Reading reading = read_all(one_regex(c.pattern), c.line);
    CHECK(values(reading) == Values{c.value});
    CHECK(noted(reading, MetricNoteKind::corrected) == 0);
  }
}

TEST_CASE("what is no number is noted, yields nothing and counts as a level") {
  for (const char* printed : {"1,5", "1.2.3", "0x1p3", "x", ""}) {
    INFO(printed);
    const Reading reading = read_all(one_regex("loss=(.*?)(?:;|$)"),
                                     "loss=1;\nloss=" + std::string(printed) + ";\nloss=3;\n");
    CHECK(reading.reports == Reports{{1, {{"m", 1}}}, {3, {{"m", 3}}}});
    CHECK(noted(reading, MetricNoteKind::unparsable) == 1);
    CHECK(reading.notes[0].line == 2);
  }
}

TEST_CASE("what group 1 refuses in its place is noted") {
  const Reading reading = read_all(one_regex("loss: ([0-9.]+)"), "loss: 1\nloss: None\n");
  CHECK(values(reading) == Values{1});
  CHECK(noted(reading, MetricNoteKind::refused) == 1);
  CHECK(reading.notes[0].words == "\"None\" stands where group 1 should match");
}

TEST_CASE("numbers that no double holds are noted") {
  const Reading reading = read_all(one_regex(R"(loss: (\S+))"), "loss: 1e400\nloss: 1e-400\n");
  CHECK(values(reading) == Values{inf, 0});
  CHECK(noted(reading, MetricNoteKind::out_of_range) == 2);
  CHECK(noted(reading, MetricNoteKind::non_finite) == 0);
}

TEST_CASE("several matches in a line are values in their order") {
  const Reading reading = read_all(one_regex("l=([0-9]+)"), "l=5 l=6\nl=7\n");
  CHECK(reading.reports == Reports{{1, {{"m", 5}}}, {2, {{"m", 6}}}, {3, {{"m", 7}}}});
}

TEST_CASE("counted levels are counted for each metric") {
  const ExtractionOptions options{
      .metrics = {{.name = "a", .regex = "a=([0-9]+)"}, {.name = "b", .regex = "b=([0-9]+)"}}};
  CHECK(read_all(options, "a=1\na=2\nb=3 a=4\nb=5 b=6\n").reports == Reports{{1, {{"a", 1}}},
                                                                             {2, {{"a", 2}}},
                                                                             {1, {{"b", 3}}},
                                                                             {3, {{"a", 4}}},
                                                                             {2, {{"b", 5}}},
                                                                             {3, {{"b", 6}}}});
}

TEST_CASE("levels read by a pattern hold for their line and after") {
  ExtractionOptions options = one_regex("l=([0-9]+)");
  options.resource_regex = "epoch ([0-9]+)";
  SECTION("before, on the line, after") {
    CHECK(read_all(options, "l=1\nepoch 3\nl=2\nl=3\nl=4 epoch 5\nepoch 6 l=5\nl=6\n").reports ==
          Reports{{0, {{"m", 1}}},
                  {3, {{"m", 2}}},
                  {3, {{"m", 3}}},
                  {5, {{"m", 4}}},
                  {6, {{"m", 5}}},
                  {6, {{"m", 6}}}});
  }
  SECTION("several on a line") {
    CHECK(read_all(options, "l=0 epoch 1 l=1 epoch 2 l=2\nl=3\n").reports ==
          Reports{{1, {{"m", 0}}}, {1, {{"m", 1}}}, {2, {{"m", 2}}}, {2, {{"m", 3}}}});
  }
  SECTION("a level that is no number keeps the one before") {
    options.resource_regex = R"(epoch (\S+))";
    const Reading reading = read_all(options, "epoch 4\nl=1\nepoch nan\nl=2\nepoch x l=3\n");
    CHECK(reading.reports == Reports{{4, {{"m", 1}}}, {4, {{"m", 2}}}, {4, {{"m", 3}}}});
    CHECK(noted(reading, MetricNoteKind::unparsable, "") == 2);
  }
}

TEST_CASE("a progress bar is one line") {
  std::string bar;
  for (int i = 0; i <= 100; ++i) {
    bar += "\r " + std::to_string(i) + "%|\xe2\x96\x88\xe2\x96\x8e  | " + std::to_string(i) +
           "/100 [00:01<00:01, 4.9it/s, loss=" + std::to_string(i) + ".5]";
  }
  Reading reading = read_all(one_regex("loss=([0-9.]+)"), bar + "\n");
  CHECK(values(reading) == Values{100.5});
  CHECK(reading.counts.lines == 1);
  CHECK(reading.counts.overwritten == 100);
  reading = read_all(one_regex("loss=([0-9.]+)"), bar);  // killed in the middle
  CHECK(values(reading) == Values{100.5});
  const std::string keras =
      "Epoch 1/2\n\r 1/938 [....] - ETA: 3:00 - loss: 2.30\b\b\b\b\r938/938 "
      "[====] - 3s 2ms/step - loss: 0.3543 - val_loss: 0.1432\n";
  CHECK(values(read_all(one_regex(R"(\bloss: ([0-9.]+))"), keras)) == Values{0.3543});
  const std::string keras3 =
      "\x1b[1m938/938\x1b[0m \x1b[32m\xe2\x94\x81\xe2\x94\x81\x1b[0m\x1b[37m\x1b[0m "
      "\x1b[1m3s\x1b[0m 2ms/step - accuracy: 0.9 - loss: 0.3\x1b[0m\n";
  CHECK(values(read_all(one_regex("loss: ([0-9.]+)$"), keras3)) == Values{0.3});
}

TEST_CASE("bytes that are no text hide no metric") {
  const std::string lines[] = {"\xff\xfe loss=1\n",
                               "\xed\xa0\x80 loss=1\n",
                               std::string("\0\0 loss=1\0\n", 11),
                               "\x1b[31mloss=1\x1b[0m\n",
                               "lo\x1b[1mss=\x1b[32m1\n",
                               "\xc3 loss=1 \xc3\n",
                               "loss=1\r\n"};
  for (const std::string& line : lines) {
    CHECK(values(read_all(one_regex("^.*loss=([0-9.]+).*$"), line)) == Values{1});
  }
}

TEST_CASE("of an overlong line the head is read") {
  const std::string filler(MetricExtractor::max_line_bytes, 'x');
  Reading reading = read_all(one_regex("loss=([0-9.]+)"), "loss=1 " + filler + " loss=2\nloss=3\n");
  CHECK(reading.reports == Reports{{1, {{"m", 1}}}, {2, {{"m", 3}}}});
  CHECK(reading.counts.cut_lines == 1);
  CHECK(reading.counts.discarded_bytes == 14);
  // A number that is cut is none.
  const std::string head(MetricExtractor::max_line_bytes - 8, 'x');
  reading = read_all(one_regex(R"(loss=(.*?)(?:\s|$))"), head + "loss=0.25\n");
  CHECK(reading.reports.empty());
  CHECK(noted(reading, MetricNoteKind::unparsable) == 1);
}

TEST_CASE("a stream without newlines is read in bounded memory") {
  MetricExtractor extractor(one_regex("loss=([0-9.]+)"));
  const std::string chunk(1 << 20, '\0');
  int reports = 0;
  const auto sink = [&](const MetricReport&) { ++reports; };
  extractor.feed("loss=1 ", sink);
  for (int i = 0; i < 256; ++i) extractor.feed(chunk, sink);
  CHECK(reports == 0);  // a value counts when its line ends
  extractor.finish(sink);
  CHECK(reports == 1);
  CHECK(extractor.counts().bytes == 7 + 256 * chunk.size());
  CHECK(extractor.counts().discarded_bytes ==
        extractor.counts().bytes - MetricExtractor::max_line_bytes);
}

TEST_CASE("ready-made formats") {
  const ExtractionOptions json{
      .metrics = {{.name = "loss", .format = MetricFormat::json_lines},
                  {.name = "eval", .format = MetricFormat::json_lines, .key = "eval.loss"}}};
  CHECK(read_all(json, "starting\n{\"loss\": 0.5, \"eval\": {\"loss\": 0.25}}\n{\"x\": 1}\n")
            .reports == Reports{{1, {{"loss", 0.5}, {"eval", 0.25}}}});
  const ExtractionOptions pairs{
      .metrics = {{.name = "loss", .format = MetricFormat::key_value},
                  {.name = "top", .format = MetricFormat::key_value, .key = "acc@5"}}};
  const Reading reading = read_all(pairs,
                                   "epoch=1,loss=0.5,val_loss=9\n[loss = -3e-4; acc@5=86%]\n"
                                   "val.loss=1 val-loss=2 loss=nan\n\"loss\"=\"1\" loss='2.5'\n"
                                   "loss=None\n");
  REQUIRE(reading.reports.size() == 5);
  CHECK(reading.reports[0] == MetricReport{1, {{"loss", 0.5}}});
  CHECK(reading.reports[1] == MetricReport{1, {{"top", 86}}});
  CHECK(reading.reports[2] == MetricReport{2, {{"loss", -3e-4}}});
  CHECK(std::isnan(reading.reports[3].metrics.at("loss")));
  CHECK(reading.reports[4] == MetricReport{4, {{"loss", 2.5}}});
  CHECK(noted(reading, MetricNoteKind::unparsable, "loss") == 1);
}

TEST_CASE("watched lines show what was taken from where") {
  MetricExtractor extractor(one_regex("loss ([0-9.]+)"));
  std::string taken;
  std::vector<std::uint64_t> numbers;
  extractor.watch_lines([&](const ScannedLine& line) {
    numbers.push_back(line.number);
    for (const MetricMatch& match : line.matches) {
      taken += std::string(line.text.substr(match.begin, match.end - match.begin)) + "=" +
               (match.value ? std::to_string(*match.value) : "none") + "/" +
               std::to_string(match.notes.size()) + " ";
    }
  });
  const auto sink = [](const MetricReport&) {};
  extractor.feed("nothing\nloss \x1b[1m1e-1\x1b[0m loss 2\nloss 1.2.3", sink);
  extractor.finish(sink);
  CHECK(taken == "1e-1=0.100000/1 2=2.000000/0 1.2.3=none/1 ");
  CHECK(numbers == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("the diagnosis names the pattern and shows the nearest lines") {
  Reading reading = read_all(one_regex("Average loss: ([0-9.]+)"),
                             "starting\nTest: avg. Loss = 0.5\nAccuracy 3\nlosses: 3\n\ndone\n");
  CHECK(
      reading.diagnosis ==
      "No value of metric \"m\": the regex 'Average loss: ([0-9.]+)' matched none of 6 lines. The "
      "nearest lines:\n  line 2: Test: avg. Loss = 0.5\n  line 4: losses: 3");
  reading = read_all(one_regex("zzz ([0-9.]+)"),
                     "a\nb\n\nc\n\xff"
                     "d\n");
  CHECK(reading.diagnosis ==
        "No value of metric \"m\": the regex 'zzz ([0-9.]+)' matched none of 5 lines. The last "
        "lines:\n  line 2: b\n  line 4: c\n  line 5: \\xffd");
  reading = read_all(one_regex("zzz ([0-9.]+)"), "");
  CHECK(reading.diagnosis ==
        "No value of metric \"m\": the regex 'zzz ([0-9.]+)' matched none of 0 lines. Nothing was "
        "printed.");
  reading = read_all(one_regex("F1=(.*?)"), "F1=0.5\n");
  CHECK_THAT(reading.diagnosis, Catch::Contains("found 1 time,") &&
                                    Catch::Contains("Line 1: captured \"\"") &&
                                    Catch::Contains("lazy group"));
  reading = read_all(one_regex("(train|valid)-loss=([0-9.]+)"), "train-loss=1\nvalid-loss=2\n");
  CHECK_THAT(reading.diagnosis, Catch::Contains("found 2 times") && Catch::Contains("(?:"));
  reading = read_all(one_regex("loss: ([0-9.]+)"), "loss: None\n");
  CHECK_THAT(reading.diagnosis, Catch::Contains("Line 1: \"None\" stands"));
}

TEST_CASE("an extractor can be moved") {
  MetricExtractor first(one_regex("loss=([0-9.]+)"));
  std::vector<double> seen;
  const auto sink = [&](const MetricReport& r) { seen.push_back(r.metrics.at("m")); };
  first.feed("loss=1\nlos", sink);
  MetricExtractor second(std::move(first));
  second.feed("s=2\n", sink);
  CHECK(seen == Values{1, 2});
}
