#include "core/json.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

std::vector<std::string> paths_of(const std::string& text) {
  std::vector<Mistake> mistakes;
  (void)parse_json(text, mistakes);
  std::vector<std::string> paths;
  for (const Mistake& mistake : mistakes) paths.push_back(mistake.path);
  return paths;
}

}  // namespace

TEST_CASE("a text comes back with its keys in the order they were written", "[core]") {
  const std::string text = R"({"z":1,"a":[true,null,-2.5,"ü"],"m":{"k":{}}})";
  std::vector<Mistake> mistakes;
  const Json json = parse_json(text, mistakes);
  CHECK(mistakes.empty());
  CHECK(json_text(json) == text);
  CHECK(json_pretty(Json{{"a", 1}}) == "{\n  \"a\": 1\n}");
}

TEST_CASE("integers and reals keep their kind", "[core]") {
  std::vector<Mistake> mistakes;
  const Json json = parse_json("[1, 1.0, -9223372036854775808, 9223372036854775807]", mistakes);
  REQUIRE(mistakes.empty());
  CHECK(json[0].is_number_integer());
  CHECK(json[1].is_number_float());
  CHECK(json[2].get<std::int64_t>() == INT64_MIN);
  CHECK(json[3].get<std::int64_t>() == INT64_MAX);
}

TEST_CASE("an integer that 64 bits do not hold is a mistake at its place", "[core]") {
  using Paths = std::vector<std::string>;
  CHECK(paths_of(R"({"a": 9223372036854775808})") == Paths{"/a"});
  CHECK(paths_of(R"({"a": [1, -9223372036854775809]})") == Paths{"/a/1"});
  CHECK(paths_of(R"({"a": {"b": 99999999999999999999999}})") == Paths{"/a/b"});
  CHECK(paths_of("99999999999999999999999") == Paths{""});
  std::vector<Mistake> mistakes;
  const Json json = parse_json(R"({"a": 9223372036854775808, "b": 1})", mistakes);
  CHECK(json["a"].is_discarded());
  CHECK(json["b"] == 1);
}

TEST_CASE("a number that no double holds is a mistake", "[core]") {
  using Paths = std::vector<std::string>;
  CHECK(paths_of(R"({"a": 1e999})") == Paths{"/a"});
  CHECK(paths_of(R"({"a": [0, -1e999]})") == Paths{"/a/1"});
  std::vector<Mistake> mistakes;
  (void)parse_json(R"({"a": 1e999})", mistakes);
  CHECK(to_string(mistakes.at(0)) ==
        "/a: is 1e999, which no double holds (allowed: at most about 1.8e308)");
  CHECK(paths_of(R"({"a": NaN})").size() == 1);
}

TEST_CASE("a key given twice is a mistake for each repetition, at its place", "[core]") {
  using Paths = std::vector<std::string>;
  CHECK(paths_of(R"({"a": 1, "a": 2})") == Paths{"/a"});
  CHECK(paths_of(R"({"x": [{"k/1": {}, "k/1": 2, "k/1": 3}]})") == Paths{"/x/0/k~11", "/x/0/k~11"});
  CHECK(paths_of(R"([{"a": 1}, {"a": 1}])").empty());
}

TEST_CASE("what is no JSON names line and column", "[core]") {
  std::vector<Mistake> mistakes;
  const Json json = parse_json("{\n  \"a\": 1,\n  \"b\" 2\n}", mistakes);
  CHECK(json.is_discarded());
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].path.empty());
  CHECK_THAT(mistakes[0].what, Catch::Matchers::Contains("line 3, column 7"));
}

TEST_CASE("broken texts are mistakes, never crashes", "[core]") {
  using namespace std::string_literals;
  for (const std::string& text :
       {""s, "{"s, "[1,]"s, "{} {}"s, "\"\xff\""s, "nul"s, "[1}"s, "{\"a\":}"s, "\"\\ud800\""s,
        "// c\n1"s, "[1]\0x"s, "\0"s, "{\"a\": \"b\0c\"}"s}) {
    CAPTURE(text);
    std::vector<Mistake> mistakes;
    CHECK(parse_json(text, mistakes).is_discarded());
    CHECK(mistakes.size() == 1);
  }
}

TEST_CASE("depth and size are capped", "[core]") {
  const auto nested = [](int depth) {
    const auto count = static_cast<std::size_t>(depth);
    return std::string(count, '[') + std::string(count, ']');
  };
  CHECK(paths_of(nested(max_json_depth)).empty());
  CHECK(paths_of(nested(max_json_depth + 1)).size() == 1);
  CHECK(paths_of(nested(1000000)).size() == 1);
  CHECK(paths_of("\"" + std::string(max_json_bytes - 2, 'x') + "\"").empty());
  CHECK(paths_of("\"" + std::string(max_json_bytes - 1, 'x') + "\"").size() == 1);
}

TEST_CASE("the throwing form carries code and mistakes", "[core]") {
  CHECK(parse_json_or_throw("[1]", ErrorCode::invalid_job)[0] == 1);
  try {
    (void)parse_json_or_throw(R"({"a": 1, "a": 2})", ErrorCode::invalid_job);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_job);
    CHECK(error.mistakes().size() == 1);
  }
}

TEST_CASE("text that is not UTF-8 is written with replacements", "[core]") {
  CHECK(json_text(Json("a\xffz")) == "\"a\xEF\xBF\xBDz\"");
}

TEST_CASE("UTF-8 is told from what only looks like it", "[core]") {
  for (const char* text : {"", "plain", "ü€", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF4\x8F\xBF\xBF"}) {
    CAPTURE(text);
    CHECK(is_utf8(text));
  }
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xFEz"}) {
    CAPTURE(text);
    CHECK_FALSE(is_utf8(text));
  }
  CHECK(is_utf8(std::string_view("a\0b", 3)));
}

TEST_CASE("pointer steps are escaped as RFC 6901 says", "[core]") {
  CHECK(pointer_step("a/b~c") == "/a~1b~0c");
  CHECK(pointer_step("") == "/");
  CHECK(pointer_step(std::size_t{12}) == "/12");
}
