#include "metrics/number_span.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "support/catch.hpp"

using tunesmith::Capture;
using tunesmith::number_at;
using tunesmith::NumberSpan;

namespace {

/// The capture is what stands between '<' and '>' in `marked`.
struct Marked {
  explicit Marked(const std::string& marked)
      : begin(marked.find('<')), end(marked.rfind('>') - 1), text(marked) {
    text.erase(marked.rfind('>'), 1);
    text.erase(begin, 1);
  }
  std::size_t begin;
  std::size_t end;
  std::string text;
};

NumberSpan read(const std::string& marked, bool fixed_before = false, bool fixed_after = false) {
  const Marked m(marked);
  return number_at(
      m.text,
      {.begin = m.begin, .end = m.end, .fixed_before = fixed_before, .fixed_after = fixed_after});
}

constexpr double inf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a number is read to where it ends, and from where it begins") {
  struct Case {
    const char* marked;
    double value;
  };
  const Case cases[] = {
      {"loss <0.4012>, acc", 0.4012},
      {"loss <3.2>e-05", 3.2e-05},
      {"loss <3.2e>-05", 3.2e-05},
      {"loss <3.2e->05", 3.2e-05},
      {"loss <3>.2e-05", 3.2e-05},
      {"loss <3.>2", 3.2},
      {"loss 0.4<2>", 0.42},
      {"loss 3.2e-0<5> x", 3.2e-05},
      {"loss 3.2e<5>", 3.2e5},
      {"loss -<0.5>", -0.5},
      {"loss=-0.<5>", -0.5},
      {"loss .<5>", 0.5},
      {"<-0.5>", -0.5},
      {"<+0.5>", 0.5},
      {"--<0.5>", 0.5},
      {"epoch-<3>", 3},
      {"v2.<3>", 2.3},
      {"acc (0.8)-<3>", 3},
      {"loss < 0.5 >", 0.5},
      {"loss <0.5.>", 0.5},
      {"loss <0.5...>", 0.5},
      {"took <12>.", 12},
      {"numpy <3.>", 3},
      {"numpy <1.e-05>", 1e-05},
      {"<86>%", 86},
      {"<12>ms", 12},
      {"<0.5>epochs", 0.5},
      {"<8567>/10000", 8567},
      {"<12>:30", 12},
      {"<0.5>,0.6", 0.5},
      {"<1e400>", inf},
      {"<-1e400>", -inf},
      {"<1e-400>", 0},
      {"<inf>", inf},
      {"<-Infinity>", -inf},
      {"<i>nf x", inf},
  };
  for (const Case& c : cases) {
    INFO(c.marked);
    const NumberSpan span = read(c.marked);
    CHECK(span.fault == "");
    CHECK(span.value == c.value);
  }
  for (const char* marked : {"<nan>", "<NaN>", "<-nan>(ind)", "<n>an,"}) {
    INFO(marked);
    CHECK(read(marked).fault == "");
    CHECK(std::isnan(read(marked).value));
  }
}

TEST_CASE("the span is the text of the whole number") {
  const std::string text = "loss: -3.2e-05;";
  const NumberSpan span = number_at(text, {.begin = 7, .end = 10});
  CHECK(text.substr(span.begin, span.end - span.begin) == "-3.2e-05");
}

TEST_CASE("what is no number is a fault") {
  for (const char* marked :
       {"F1=<>0.8",  "<train>",   "<1,5>",   "<1>,5",     "<1>,234.5",     "<0x1p3>",
        "<0>x1p3",   "<0>xff",    "<1.2.3>", "<1.2>.3",   "192.168.0.<1>", "<1>_000",
        "<1.5>D-03", "<1.>#QNAN", "<->",     "<.>",       "<e5>",          "<0.5,>",
        "<nano>",    "<info>",    "< >",     "<0.5 0.6>", "<None>"}) {
    INFO(marked);
    CHECK(read(marked).fault != "");
  }
}

TEST_CASE("a character that the pattern spells out is where the number begins or ends") {
  CHECK(read("version 1.<5>").value == 1.5);
  CHECK(read("version 1.<5>", true).value == 5);
  CHECK(read("-<0.5>", true).value == 0.5);
  CHECK(read("<3.2>e-05").value == 3.2e-05);
  CHECK(read("<3.2>e-05", false, true).value == 3.2);
  CHECK(read("<1>,5", false, true).value == 1);
  CHECK(read("v<1.2>.3", false, true).value == 1.2);
}

TEST_CASE("what no double holds is told from what was printed as infinite") {
  CHECK(read("<1e400>").out_of_range);
  CHECK(read("<1e-400>").out_of_range);
  CHECK_FALSE(read("<1e-310>").out_of_range);
  CHECK_FALSE(read("<0e-400>").out_of_range);
  CHECK_FALSE(read("<0.000>").out_of_range);
  CHECK_FALSE(read("<inf>").out_of_range);
  CHECK_FALSE(read("<nan>").out_of_range);
}

TEST_CASE("a number that the end of an overlong line may have cut is none") {
  const std::string text = "loss 0.40";
  CHECK(number_at(text, {.begin = 5, .end = 9, .cut = true}).fault != "");
  CHECK(number_at(text, {.begin = 5, .end = 9, .cut = false}).fault == "");
  CHECK(number_at(text + " ", {.begin = 5, .end = 9, .cut = true}).fault == "");
}
