#include "core/json_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

Json json_of(const std::string& text) {
  return parse_json_or_throw(text, ErrorCode::invalid_argument);
}

std::vector<std::string> paths_of(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> paths;
  for (const Mistake& mistake : mistakes) paths.push_back(mistake.path);
  return paths;
}

}  // namespace

TEST_CASE("fields of the right type are read without a mistake", "[core]") {
  const Json json = json_of(R"({"t": "x", "b": true, "n": 2.5, "i": 3, "c": "log",
                                "a": [1], "o": {"k": 1}})");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "/job", mistakes);
  CHECK(reader.text("t") == "x");
  CHECK(reader.boolean("b") == true);
  CHECK(reader.number("n") == 2.5);
  CHECK(reader.integer("i") == 3);
  CHECK(reader.choice("c", {"linear", "log"}) == 1U);
  REQUIRE(reader.array("a") != nullptr);
  CHECK(reader.array("a")->size() == 1);
  REQUIRE(reader.object("o") != nullptr);
  CHECK(reader.require("t", "a name") != nullptr);
  CHECK(reader.path("t") == "/job/t");
  reader.finish();
  CHECK(mistakes.empty());
}

TEST_CASE("absent fields read as nothing, and only required ones are mistakes", "[core]") {
  const Json json = json_of("{}");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  CHECK_FALSE(reader.has("t"));
  CHECK_FALSE(reader.text("t"));
  CHECK_FALSE(reader.boolean("t"));
  CHECK_FALSE(reader.number("t"));
  CHECK_FALSE(reader.integer("t"));
  CHECK_FALSE(reader.choice("t", {"a"}));
  CHECK(reader.array("t") == nullptr);
  CHECK(reader.object("t") == nullptr);
  CHECK(mistakes.empty());
  CHECK(reader.require("name", "a text") == nullptr);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0] == Mistake{"/name", "is missing", "a text"});
}

TEST_CASE("k seeded mistakes give exactly k paths", "[core]") {
  const Json json = json_of(R"({"t": 1, "b": "yes", "n": "2", "i": 2.5, "c": "logg", "a": {},
                                "o": [], "low": 0, "high": 11, "min": 1, "extra": 1})");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "/p", mistakes);
  CHECK_FALSE(reader.text("t"));
  CHECK_FALSE(reader.boolean("b"));
  CHECK_FALSE(reader.number("n"));
  CHECK_FALSE(reader.integer("i"));
  CHECK_FALSE(reader.choice("c", {"linear", "log"}));
  CHECK(reader.array("a") == nullptr);
  CHECK(reader.object("o") == nullptr);
  CHECK_FALSE(reader.number("low", 1, 10));
  CHECK_FALSE(reader.integer("high", 1, 10));
  CHECK(reader.number("min", 1, 10) == 1.0);
  reader.finish();
  CHECK(paths_of(mistakes) == std::vector<std::string>{"/p/t", "/p/b", "/p/n", "/p/i", "/p/c",
                                                       "/p/a", "/p/o", "/p/low", "/p/high",
                                                       "/p/extra"});
}

TEST_CASE("messages say what stands there and what is allowed", "[core]") {
  const Json json = json_of(R"({"n": 0, "i": "many", "c": "logg"})");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  (void)reader.number("n", 0.5, 2);
  (void)reader.integer("i", 1);
  (void)reader.choice("c", {"linear", "log"});
  REQUIRE(mistakes.size() == 3);
  CHECK(mistakes[0] == Mistake{"/n", "is 0", "a number from 0.5 to 2"});
  CHECK(mistakes[1] == Mistake{"/i", "is a string (\"many\")", "an integer of at least 1"});
  CHECK(mistakes[2] == Mistake{"/c", "is \"logg\"", "one of \"linear\", \"log\""});
}

TEST_CASE("integers may be written as reals without a fraction", "[core]") {
  const Json json = json_of(R"({"a": 10.0, "b": 1e3, "c": 1e300, "d": 9223372036854775807})");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  CHECK(reader.integer("a") == 10);
  CHECK(reader.integer("b") == 1000);
  CHECK_FALSE(reader.integer("c"));
  CHECK(reader.integer("d") == INT64_MAX);
  CHECK(paths_of(mistakes) == std::vector<std::string>{"/c"});
}

TEST_CASE("what is no object is one mistake, whatever is read from it", "[core]") {
  const Json json = json_of("[1, 2]");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "/x", mistakes);
  CHECK_FALSE(reader.is_object());
  CHECK_FALSE(reader.text("t"));
  CHECK(reader.require("name", "a text") == nullptr);
  reader.finish();
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0] == Mistake{"/x", "is an array ([1,2])", "an object"});
}

TEST_CASE("an integer that 64 bits do not hold is reported once, and reads as nothing", "[core]") {
  std::vector<Mistake> mistakes;
  const Json json = parse_json(R"({"a": 9223372036854775808})", mistakes);
  ObjectReader reader(json, "", mistakes);
  CHECK(reader.require("a", "an integer") == nullptr);
  CHECK_FALSE(reader.integer("a"));
  reader.finish();
  CHECK(paths_of(mistakes) == std::vector<std::string>{"/a"});
}

TEST_CASE("a field asked for twice is listed once", "[core]") {
  const Json json = json_of(R"({"other": 1})");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  (void)reader.find("min");
  (void)reader.number("min");
  reader.finish();
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].allowed == "min");
}

TEST_CASE("an unknown key is answered with the key it resembles", "[core]") {
  const Json json = json_of(R"({"budgett": 1, "zebra": 2})");
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  (void)reader.find("budget");
  (void)reader.find("name");
  reader.finish();
  REQUIRE(mistakes.size() == 2);
  CHECK(mistakes[0].what == "is not known here; did you mean \"budget\"?");
  CHECK(mistakes[0].allowed == "budget, name");
  CHECK(mistakes[1].what == "is not known here");
}

TEST_CASE("closest takes typing slips and nothing wilder", "[core]") {
  CHECK(closest("momentun", {"lr", "momentum"}) == "momentum");
  CHECK(closest("rael", {"lr", "real"}) == "real");
  CHECK(closest("lr", {"momentum", "rl"}) == "rl");
  CHECK(closest("lr", {"momentum", "wd"}).empty());
  CHECK(closest("x", {"y"}).empty());
  CHECK(closest("", {"x"}).empty());
  CHECK(closest("anything", {}).empty());
}

TEST_CASE("excerpts are cut between characters, not inside one", "[core]") {
  CHECK(json_excerpt(Json("short")) == "\"short\"");
  const std::string cut = json_excerpt(Json("x" + std::string(35, 'y') + "üüüü"));
  CHECK(cut.size() <= 40);
  CHECK(cut.substr(cut.size() - 3) == "...");
  std::vector<Mistake> mistakes;
  (void)parse_json("\"" + cut.substr(1) + "\"", mistakes);
  CHECK(mistakes.empty());
}
