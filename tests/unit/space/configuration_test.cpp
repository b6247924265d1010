#include "tunesmith/configuration.hpp"

#include <limits>

#include "support/catch.hpp"
#include "tunesmith/error.hpp"

namespace ts = tunesmith;

namespace {

template <class Call>
ts::Error thrown(Call call) {
  try {
    call();
  } catch (const ts::Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw 0;
}

}  // namespace

TEST_CASE("values show their type in JSON and read plainly as text") {
  CHECK(ts::to_json(ts::Value(0.1)) == "0.1");
  CHECK(ts::to_json(ts::Value(1.0)) == "1.0");
  CHECK(ts::to_json(ts::Value(-0.0)) == "0.0");
  CHECK(ts::to_json(ts::Value(1e-5)) == "1e-05");
  CHECK(ts::to_json(ts::Value(std::int64_t{12})) == "12");
  CHECK(ts::to_json(ts::Value(true)) == "true");
  CHECK(ts::to_json(ts::Value("a\"b\n")) == R"("a\"b\n")");
  CHECK(ts::to_json(ts::Value(std::numeric_limits<double>::quiet_NaN())) == "null");
  CHECK(ts::to_json(ts::Value(std::numeric_limits<double>::infinity())) == "null");
  CHECK(ts::to_text(ts::Value("a\"b")) == "a\"b");
  CHECK(ts::to_text(ts::Value(1.0)) == "1.0");
  CHECK(ts::to_text(ts::Value(false)) == "false");
}

TEST_CASE("a configuration keeps order, replaces, and refuses a name given twice") {
  ts::Configuration configuration{{"b", 0.5}, {"a", std::int64_t{2}}};
  configuration.set("c", "text");
  configuration.set("b", true);
  CHECK(configuration.to_json() == R"({"b":true,"a":2,"c":"text"})");
  CHECK(configuration.size() == 3);
  CHECK(configuration.contains("a"));
  CHECK_FALSE(configuration.contains("A"));
  CHECK(configuration.find("d") == nullptr);
  CHECK(*configuration.find("c") == ts::Value("text"));
  CHECK(thrown([] {
          ts::Configuration{{"a", 1.0}, {"a", 2.0}};
        }).code() == ts::ErrorCode::invalid_argument);
}

TEST_CASE("typed look-ups refuse other types and absent names, in words that help") {
  const ts::Configuration configuration{
      {"real", 0.5}, {"whole", std::int64_t{3}}, {"flag", true}, {"text", "adam"}};
  CHECK(configuration.number("real") == 0.5);
  CHECK(configuration.number("whole") == 3.0);
  CHECK(configuration.integer("whole") == 3);
  CHECK(configuration.flag("flag"));
  CHECK(configuration.text("text") == "adam");
  CHECK_THROWS_AS(configuration.integer("real"), ts::Error);
  CHECK_THROWS_AS(configuration.number("text"), ts::Error);
  CHECK_THROWS_AS(configuration.flag("whole"), ts::Error);
  CHECK_THROWS_AS(configuration.text("flag"), ts::Error);
  const ts::Error absent = thrown([&] { configuration.number("rael"); });
  CHECK(absent.code() == ts::ErrorCode::invalid_argument);
  CHECK(std::string(absent.what()) == "the configuration has no 'rael'; did you mean 'real'?");
}

TEST_CASE("a configuration is read back from its JSON, types and all") {
  const ts::Configuration configuration{{"x", 1.0},
                                        {"tiny", 5e-324},
                                        {"third", 1.0 / 3},
                                        {"big", std::int64_t{9007199254740993}},
                                        {"least", std::numeric_limits<std::int64_t>::min()},
                                        {"flag", false},
                                        {"a/b~\"ü", "line\nbreak"}};
  CHECK(ts::Configuration::from_json(configuration.to_json()) == configuration);
  CHECK(ts::Configuration::from_json("{}") == ts::Configuration());
}

TEST_CASE("equality looks at types and order, and not at the sign of zero") {
  CHECK(ts::Configuration{{"a", 1.0}} != ts::Configuration{{"a", std::int64_t{1}}});
  CHECK(ts::Configuration{{"a", 1.0}, {"b", 2.0}} != ts::Configuration{{"b", 2.0}, {"a", 1.0}});
  CHECK(ts::Configuration{{"a", 0.0}} == ts::Configuration{{"a", -0.0}});
  CHECK(ts::Configuration{{"a", 0.0}}.to_json() == ts::Configuration{{"a", -0.0}}.to_json());
}

TEST_CASE("everything wrong with a configuration's JSON is told at once") {
  const ts::Error error = thrown([] {
    ts::Configuration::from_json(R"({"a": null, "b": 1, "c/d": [1], "e": 99999999999999999999})");
  });
  REQUIRE(error.mistakes().size() == 3);
  CHECK(error.mistakes()[0].path == "/e");
  CHECK(error.mistakes()[1].path == "/a");
  CHECK(error.mistakes()[2].path == "/c~1d");
  CHECK(thrown([] { ts::Configuration::from_json("[1]"); }).mistakes().size() == 1);
  CHECK(thrown([] { ts::Configuration::from_json("{"); }).mistakes().size() == 1);
}
