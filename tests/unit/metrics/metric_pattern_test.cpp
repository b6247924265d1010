#include "metrics/metric_pattern.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "core/numbers.hpp"
#include "core/random.hpp"
#include "support/catch.hpp"

using tunesmith::check_pattern;
using tunesmith::MetricPattern;
using tunesmith::OutputLine;
using tunesmith::PatternMatch;

namespace {

std::vector<PatternMatch> find(const std::string& pattern, const std::string& text) {
  REQUIRE_FALSE(check_pattern(pattern));
  const std::string line = text + "\n";
  std::vector<PatternMatch> matches;
  MetricPattern(pattern).find({std::string_view(line).substr(0, text.size()), line}, matches);
  return matches;
}

}  // namespace

TEST_CASE("patterns that RE2 cannot take are refused with a hint") {
  struct Case {
    const char* pattern;
    const char* word;  // of the message
    const char* hint;
  };
  const Case cases[] = {
      {"loss=([0-9.]+)(?=,)", "lookahead", "after the capture group"},
      {"loss=(?!x)([0-9.]+)", "lookahead", "after the capture group"},
      {"(?<=loss=)([0-9.]+)", "lookbehind", "in front of the capture group"},
      {"(?<!val_)loss=([0-9.]+)", "lookbehind", "in front of the capture group"},
      {R"((a) \1)", "backreference", "itself"},
      {R"((?P<x>a) (?P=x))", "backreference", "itself"},
      {"loss=([0-9.]++)", "possessive", "without the second '+'"},
      {"a*+(b)", "possessive", "without the second '+'"},
      {"a{2}+(b)", "possessive", "without the second '+'"},
      {"loss=(?>[0-9.]+)", "atomic", "(?:"},
      {"(a)(?(1)b|c)", "conditional", "alternatives"},
      {"(?#comment)(a)", "comment", "without"},
      {"(?<v>[0-9]+)", "named", "(?P<name>"},
      {"(?x) (a)", "flag x", "without"},
      {"[\xc3\xa4\xc3\xb6](a)", "ASCII", "alternatives"},
      {"loss: [0-9.]+", "no capture group", "parentheses"},
      {"loss: (?:[0-9.]+)", "no capture group", "parentheses"},
      {"", "empty", "capture group"},
      {"loss: ([0-9.]+", "missing )", "RE2"},
      {"loss: [0-9.+)", "missing ]", "RE2"},
      {"loss)(a)", "unexpected )", "RE2"},
      {"*(a)", "repetition", "RE2"},
      {"(x{1000}){1000}", "repetition size", "1000"},
      {R"((\pL{1000}){1})", "", ""},
      {"((((((a{10}){10}){10}){10}){10}){10})", "", ""},
      {R"((\N))", "escape", "RE2"},
  };
  for (const Case& c : cases) {
    INFO(c.pattern);
    const auto mistake = check_pattern(c.pattern);
    if (std::string(c.word).empty()) continue;  // either answer will do; it must come soon
    REQUIRE(mistake);
    CHECK(mistake->path == "");
    CHECK_THAT(mistake->what, Catch::Contains(c.word));
    CHECK_THAT(mistake->allowed, Catch::Contains(c.hint));
  }
}

TEST_CASE("patterns that people use are taken") {
  for (const char* pattern :
       {"Average loss: ([0-9.]+)", R"(Average loss: ([0-9\.]+))", "F1=(.*?);",
        R"(.*\[[0-9]+\].*	validation-auc:([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*)",
        R"(([-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?))", "(?P<loss>[0-9]+)", R"(^loss (\S+)$)",
        R"(loss\s*=\s*(\d+\.\d+)\Z)", "[^\xc2\xb0]+([0-9]+)\xc2\xb0", "(?i)LOSS (.+)", "[(][)](a)",
        "a{1,1000}(b)"}) {
    INFO(pattern);
    CHECK_FALSE(check_pattern(pattern));
  }
}

TEST_CASE("a pattern that needs too much memory is refused") {
  const auto mistake = check_pattern(R"(((?:\pL{30}){30}){30}(a))");
  REQUIRE(mistake);
  CHECK(check_pattern(R"((?:[a-z]{100}[0-9]{1,9}){100}(?:x{9}){90}(a){900})"));
}

TEST_CASE("non-ASCII characters and bytes are matched as written") {
  CHECK(find("gr\xc3\xb6\xc3\x9f"
             "e: ([0-9.]+)",
             "gr\xc3\xb6\xc3\x9f"
             "e: 2.5")[0]
            .number.value == 2.5);
  CHECK(find("\xe2\x88\x9a?loss ([0-9.]+)", "loss 2.5").size() == 1);
  CHECK(find("^.* loss=([0-9.]+)", "\xff\xfe loss=2.5").size() == 1);
  CHECK(find("loss.([0-9.]+)", std::string("loss\0"
                                           "2.5",
                                           8))
            .size() == 1);
}

TEST_CASE("the ends of a line are where patterns expect them") {
  CHECK(find("^loss ([0-9.]+)$", "loss 1").size() == 1);
  CHECK(find(R"(loss (.*?)\s)", "loss 1")[0].number.value == 1);
  CHECK(find(R"(loss (.*?)\n)", "loss 1")[0].number.value == 1);
  CHECK(find(R"(loss (\S+)\Z)", "loss 1")[0].number.value == 1);
  CHECK(find(R"(loss (\S+)\z)", "loss 1")[0].number.value == 1);
  CHECK(find("loss ([^,]+)", "loss 1")[0].number.value == 1);
  CHECK(find("^([0-9]*)", "").empty());
  CHECK(find("([0-9.]*)", "loss 0.5").size() == 1);
}

TEST_CASE("matches are found left to right and numbers are not found twice") {
  const auto two = find("loss ([0-9.]+)", "loss 1 loss 2");
  REQUIRE(two.size() == 2);
  CHECK(two[0].number.value == 1);
  CHECK(two[1].number.value == 2);
  CHECK(find("([0-9.]+)", "3.2e-05").size() == 1);
  CHECK(find("(?:loss ([0-9.]+)|epoch)", "epoch loss 2").size() == 2);
  CHECK(find("(?:loss ([0-9.]+)|epoch)", "epoch loss 2")[0].number.fault != "");
}

TEST_CASE("there is an end to the matches of a line") {
  std::string text;
  for (std::size_t i = 0; i < MetricPattern::max_matches; ++i) text += "1 ";
  std::vector<PatternMatch> matches;
  const MetricPattern pattern("([0-9])");
  CHECK(pattern.find({text, text}, matches));
  CHECK(matches.size() == MetricPattern::max_matches);
  matches.clear();
  text += "1 ";
  CHECK_FALSE(pattern.find({text, text}, matches));
  CHECK(matches.size() == MetricPattern::max_matches);
}

TEST_CASE("a word that group 1 refuses is named") {
  const auto refused = [](const std::string& pattern, const std::string& text) {
    return MetricPattern(pattern).refused_word({text, text});
  };
  CHECK(refused("loss: ([0-9.]+)", "loss: None, x") == "None");
  CHECK(refused("loss: ([0-9]\\.[0-9]+)", "loss: 12.5") == "12.5");
  CHECK(refused("loss: ([0-9.]+)", "lost: None") == "");
  CHECK(refused("([0-9.]+)", "anything") == "");
}

TEST_CASE(
    "without a correction the value is what the pattern alone reads, and otherwise it is not") {
  const std::vector<std::string> parts = {"loss",  "loss ", "loss: ", ": ",   "-",    "+",
                                          "0.5",   "3",     "e-05",   ".",    "nan",  "inf",
                                          " ",     ",",     "12",     "x",    "acc ", "1e400",
                                          "1.2.3", "%",     "=",      "None", ";",    "\xff"};
  const std::vector<std::string> patterns = {
      "loss: ([0-9.]+)",   "loss.*([0-9.]+)",       "loss.*?([0-9.]+)", R"(loss\D*([0-9.]+))",
      "loss: -?([0-9.]+)", "loss: (.*?)[,;]",       R"(loss: (\S+))",   "loss ([-+0-9.e]+)",
      "([0-9.]+)",         "loss(?::|=) ?([0-9]*)", R"((\d+\.\d+)%)"};
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  tunesmith::RandomStream random(3, 0, "lines");
  int plain = 0;
  int corrected = 0;
  for (const std::string& pattern : patterns) {
    const MetricPattern searched(pattern);
    const RE2 alone(pattern, options);
    for (int round = 0; round < 3000; ++round) {
      std::string line;
      for (std::uint64_t i = 1 + random.below(9); i > 0; --i)
        line += parts[random.below(parts.size())];
      INFO(pattern << " on " << line);
      std::vector<PatternMatch> matches;
      const std::string with_newline = line + "\n";
      searched.find({std::string_view(with_newline).substr(0, line.size()), with_newline}, matches);
      re2::StringPiece captured;
      const bool there = RE2::PartialMatch(line, alone, &captured) && !captured.empty();
      while (captured.starts_with(" ")) captured.remove_prefix(1);
      while (captured.ends_with(" ")) captured.remove_suffix(1);
      const auto value =
          tunesmith::parse_number(std::string_view(captured.data(), captured.size()));
      if (there && value) REQUIRE_FALSE(matches.empty());  // nothing is lost
      if (matches.empty() || !matches[0].number.fault.empty()) continue;
      const double read = matches[0].number.value;
      const bool same =
          there && value && (*value == read || (std::isnan(*value) && std::isnan(read)));
      REQUIRE(same == !matches[0].corrected);
      ++(same ? plain : corrected);
    }
  }
  CHECK(plain > 1000);
  CHECK(corrected > 1000);
}
