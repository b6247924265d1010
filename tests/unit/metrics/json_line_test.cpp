#include "metrics/json_line.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "support/catch.hpp"

using tunesmith::JsonLine;
using tunesmith::NumberSpan;
using tunesmith::OutputLine;

namespace {

std::optional<NumberSpan> number(const std::string& text, const std::string& key) {
  const std::string with_newline = text + "\n";
  const OutputLine line{std::string_view(with_newline).substr(0, text.size()), with_newline};
  return JsonLine(line).number(key);
}

}  // namespace

TEST_CASE("a number at a key of a JSON line") {
  struct Case {
    const char* text;
    const char* key;
    double value;
  };
  constexpr double inf = std::numeric_limits<double>::infinity();
  const Case cases[] = {
      {R"({"loss": 0.5})", "loss", 0.5},
      {R"(  {"epoch": 3, "loss": -1e-3} )", "loss", -1e-3},
      {R"({"eval": {"loss": 0.5}, "loss": 1})", "eval.loss", 0.5},
      {R"({"eval.loss": 0.5})", "eval.loss", 0.5},
      {R"({"a.b": {"c.d": 2}})", "a.b.c.d", 2},
      {R"({"eval/loss": 7})", "eval/loss", 7},
      {R"({"loss": "0.25"})", "loss", 0.25},
      {R"({"loss": Infinity})", "loss", inf},
      {R"({"loss": -Infinity})", "loss", -inf},
      {R"({"loss": 1e400})", "loss", inf},
      {R"({"loss": 123456789012345678901234567890})", "loss", 123456789012345678901234567890.0},
      {R"({"text": "a \"loss\": 3 NaN", "loss": 4})", "loss", 4},
      {"{\"text\": \"\xff\xfe\", \"loss\": 5}", "loss", 5},
      {"{\"gr\xc3\xb6\xc3\x9f"
       "e\": 6}",
       "gr\xc3\xb6\xc3\x9f"
       "e",
       6},
      {R"({"gr\u00f6\u00dfe": 6})",
       "gr\xc3\xb6\xc3\x9f"
       "e",
       6},
      {R"({"other": true, "x": null, "y": [1, {"z": 2}], "loss": 8})", "loss", 8},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const auto found = number(c.text, c.key);
    REQUIRE(found);
    CHECK(found->fault == "");
    CHECK(found->value == c.value);
  }
  CHECK(std::isnan(number(R"({"loss": NaN})", "loss")->value));
  CHECK(number(R"({"loss": 1e400})", "loss")->out_of_range);
  CHECK(number(R"({"loss": 1e-400})", "loss")->out_of_range);
  CHECK_FALSE(number(R"({"loss": Infinity})", "loss")->out_of_range);
  CHECK_FALSE(number(R"({"loss": 0.0})", "loss")->out_of_range);
}

TEST_CASE("lines that are no objects or lack the key say nothing") {
  for (const char* text : {"", "loss\": 1", "INFO {\"loss\": 1}", R"(["loss", 1])",
                           R"({"loss2": 1, "x": "loss"})", R"({"train": {"loss": 1}})"}) {
    INFO(text);
    CHECK_FALSE(number(text, "loss"));
  }
}

TEST_CASE("a key without a number is a fault") {
  for (const char* text :
       {R"({"loss": "high"})", R"({"loss": null})", R"({"loss": true})", R"({"loss": [1]})",
        R"({"loss": {"a": 1}})", R"({"loss": 1,5})", R"({"loss": 1)", R"({"loss": 1, "loss": 2})",
        R"({'x': 1, "loss": 1})", R"({"loss": 0x10})", R"({"loss": 1.2.3})"}) {
    INFO(text);
    const auto found = number(text, "loss");
    REQUIRE(found);
    CHECK(found->fault != "");
  }
}

TEST_CASE("the span shows the value") {
  const std::string text = R"({"epoch": 3, "loss": 0.25})";
  const auto found = number(text, "loss");
  REQUIRE(found);
  CHECK(text.substr(found->begin, found->end - found->begin) == "0.25");
}
