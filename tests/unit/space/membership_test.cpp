#include "space/membership.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "random_space.hpp"
#include "support/catch.hpp"
#include "tunesmith/space.hpp"

namespace ts = tunesmith;

namespace {

ts::Space example() {
  ts::Space space;
  space.add_float("lr", {.min = 0.001, .max = 1})
      .add_float("dropout", {.min = 0, .max = 0.5, .step = 0.1})
      .add_int("layers", {.min = 1, .max = 9, .step = 2})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("momentum", {.min = 0, .max = 1, .when = {{"optimizer", {"sgd"}}}})
      .add_fixed("seed", std::int64_t{7})
      .add_constraint("layers * lr <= 5");
  return space;
}

ts::Configuration good() {
  return {{"lr", 0.5},          {"dropout", 0.3},  {"layers", std::int64_t{3}},
          {"optimizer", "sgd"}, {"momentum", 0.9}, {"seed", std::int64_t{7}}};
}

std::vector<std::string> paths(const std::vector<ts::Mistake>& mistakes) {
  std::vector<std::string> result;
  for (const ts::Mistake& mistake : mistakes) result.push_back(mistake.path);
  std::sort(result.begin(), result.end());
  return result;
}

using Paths = std::vector<std::string>;

Paths paths_with(const char* name, ts::Value value) {
  ts::Configuration configuration = good();
  configuration.set(name, std::move(value));
  return paths(example().check(configuration));
}

Paths paths_without(const char* name) {
  const ts::Configuration all = good();
  ts::Configuration configuration;
  for (const auto& [key, value] : all.values()) {
    if (key != name) configuration.set(key, value);
  }
  return paths(example().check(configuration));
}

}  // namespace

TEST_CASE("check passes what belongs and names what does not") {
  REQUIRE(example().validate().empty());
  CHECK(example().check(good()).empty());
  CHECK(paths_with("lr", 1.5) == Paths{"/lr"});
  CHECK(paths_with("lr", std::int64_t{1}) == Paths{"/lr"});
  CHECK(paths_with("lr", "0.5") == Paths{"/lr"});
  CHECK(paths_with("lr", std::nan("")) == Paths{"/lr"});
  CHECK(paths_with("dropout", 0.25) == Paths{"/dropout"});
  CHECK(paths_with("layers", std::int64_t{4}) == Paths{"/layers"});
  CHECK(paths_with("layers", 3.0) == Paths{"/layers"});
  CHECK(paths_with("layers", std::int64_t{11}) == Paths{"/layers"});
  CHECK(paths_with("seed", std::int64_t{8}) == Paths{"/seed"});
  CHECK(paths_with("lrr", 0.5) == Paths{"/lrr"});
  CHECK(paths_without("lr") == Paths{"/lr"});
  CHECK(paths_without("seed") == Paths{"/seed"});
  CHECK(paths_without("momentum") == Paths{"/momentum"});
}

TEST_CASE(
    "check tells inactive values, and draws no conclusion from a parent that is wrong itself") {
  CHECK(paths_with("optimizer", "adam") == Paths{"/momentum"});
  CHECK(paths_with("optimizer", "adagrad") == Paths{"/optimizer"});
  CHECK(paths_without("optimizer") == Paths{"/optimizer"});
}

TEST_CASE("check tells order and broken constraints once the values are right") {
  const ts::Configuration ordered = good();
  ts::Configuration swapped{{"layers", std::int64_t{3}}};
  for (const auto& [key, value] : ordered.values()) swapped.set(key, value);
  CHECK(paths(example().check(swapped)) == Paths{""});
  CHECK(example().check(example().conform(swapped)).empty());

  ts::Configuration heavy = good();
  heavy.set("lr", 0.9);
  heavy.set("layers", std::int64_t{7});
  const auto mistakes = example().check(heavy);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].what == "breaks the constraint \"layers * lr <= 5\"");
}

TEST_CASE("conform mends types, order, steps and fixed values") {
  const ts::Configuration sloppy{{"optimizer", "sgd"},
                                 {"momentum", std::int64_t{1}},
                                 {"layers", 3.0},
                                 {"dropout", 0.1 + 0.2},
                                 {"lr", std::int64_t{1}}};
  const ts::Configuration expected{
      {"lr", 1.0},          {"dropout", 0.3},  {"layers", std::int64_t{3}},
      {"optimizer", "sgd"}, {"momentum", 1.0}, {"seed", std::int64_t{7}}};
  CHECK(example().conform(sloppy) == expected);
  CHECK(example().conform(expected) == expected);
  CHECK(example().check(expected).empty());
}

TEST_CASE("conform leaves to check what it cannot mend") {
  const ts::Configuration hopeless{{"lr", "fast"},        {"dropout", 0.26}, {"layers", 2.5},
                                   {"optimizer", "adam"}, {"momentum", 0.5}, {"who", true}};
  const ts::Configuration conformed = example().conform(hopeless);
  CHECK(*conformed.find("dropout") == ts::Value(0.26));
  CHECK(paths(example().check(conformed)) ==
        Paths{"/dropout", "/layers", "/lr", "/momentum", "/who"});
}

TEST_CASE("conform fills a fixed value in only where it is active") {
  ts::Space space;
  space.add_categorical("optimizer", {"sgd", "adam"})
      .add_fixed("nesterov", true, {.when = {{"optimizer", {"sgd"}}}});
  CHECK(space.conform({{"optimizer", "sgd"}}).contains("nesterov"));
  CHECK_FALSE(space.conform({{"optimizer", "adam"}}).contains("nesterov"));
}

TEST_CASE("choices that mean the same number are found across types") {
  ts::Space space;
  space.add_categorical("x", {std::int64_t{1}, 2.5, "1"});
  CHECK(*space.conform({{"x", 1.0}}).find("x") == ts::Value(std::int64_t{1}));
  CHECK(*space.conform({{"x", "1"}}).find("x") == ts::Value("1"));
  CHECK(paths(space.check({{"x", true}})) == Paths{"/x"});
}

TEST_CASE("what decode makes belongs to the space and comes back") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    ts::testing::RandomSpace random(seed, seed % 2 == 0);
    const ts::Space space = random.make();
    CAPTURE(seed, space.to_json());
    REQUIRE(space.validate().empty());
    for (int i = 0; i < 20; ++i) {
      const ts::Configuration configuration = space.decode(random.point(space));
      CAPTURE(configuration.to_json());
      REQUIRE(space.check(configuration).empty());
      REQUIRE(space.conform(configuration) == configuration);
      REQUIRE(space.decode(space.encode(configuration)) == configuration);
      REQUIRE(ts::Configuration::from_json(configuration.to_json()) == configuration);
      for (const ts::Parameter& parameter : space.parameters()) {
        REQUIRE(space.is_active(parameter, configuration) ==
                configuration.contains(parameter.name));
      }
    }
  }
}
