#include "tunesmith/space.hpp"

#include <limits>
#include <utility>

#include "support/catch.hpp"

namespace ts = tunesmith;

namespace {

ts::Scale settled_float(double min, double max) {
  return ts::Space().add_float("x", {.min = min, .max = max}).settled().parameters()[0].scale;
}

ts::Scale settled_int(std::int64_t min, std::int64_t max) {
  return ts::Space().add_int("x", {.min = min, .max = max}).settled().parameters()[0].scale;
}

}  // namespace

TEST_CASE("parameters read back as they were added") {
  ts::Space space;
  space.add_float("lr", {.min = 1e-5, .max = 0.1, .scale = ts::Scale::log})
      .add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_ordinal("size", {"s", "m", "l"}, {.when = {{"optimizer", {"adam"}}}})
      .add_fixed("epochs", std::int64_t{3})
      .add_constraint("layers < 5");
  REQUIRE(space.validate().empty());
  REQUIRE(space.parameters().size() == 5);
  CHECK(space.dimension() == 4);
  CHECK(space.find("lr")->max == 0.1);
  CHECK(space.find("layers")->int_max == 8);
  CHECK(space.find("layers")->max == 8.0);
  CHECK(space.find("size")->choices.size() == 3);
  CHECK(space.find("size")->when.front().parent == "optimizer");
  CHECK(space.find("epochs")->type == ts::ParameterType::fixed);
  CHECK(space.find("LR") == nullptr);
  CHECK(space.constraints() == std::vector<std::string>{"layers < 5"});
}

TEST_CASE("a space is a value") {
  ts::Space original;
  original.add_int("a", {}).add_constraint("a > 0");
  ts::Space copy = original;
  CHECK(copy == original);
  copy.add_int("b", {});
  CHECK(copy != original);
  CHECK(original.find("b") == nullptr);
  original = copy;
  CHECK(original == copy);
  const ts::Space moved = std::move(copy);
  CHECK(moved == original);
  copy = ts::Space();
  CHECK(copy.parameters().empty());
  CHECK(moved != ts::Space(moved).add_constraint("b > 0"));
}

TEST_CASE("automatic scales are settled by span") {
  CHECK(settled_float(1e-5, 0.1) == ts::Scale::log);
  CHECK(settled_float(1, 50) == ts::Scale::log);
  CHECK(settled_float(1, 49.9) == ts::Scale::linear);
  CHECK(settled_float(0, 100) == ts::Scale::linear);
  CHECK(settled_float(-1, 100) == ts::Scale::linear);
  CHECK(settled_float(0.5, 0.999) == ts::Scale::reverse_log);
  CHECK(settled_float(0, 0.99) == ts::Scale::reverse_log);
  CHECK(settled_float(0.5, 0.98) == ts::Scale::linear);
  CHECK(settled_float(0.001, 0.999) == ts::Scale::log);
  CHECK(settled_float(0.5, 1) == ts::Scale::linear);
  CHECK(settled_float(0.5, 0.5) == ts::Scale::linear);
  CHECK(settled_float(1e-300, std::numeric_limits<double>::max()) == ts::Scale::log);
  CHECK(settled_int(1, 50) == ts::Scale::log);
  CHECK(settled_int(1, 49) == ts::Scale::linear);
  CHECK(settled_int(0, 1000) == ts::Scale::linear);
  CHECK(settled_int(0, 0) == ts::Scale::linear);
}

TEST_CASE("settling leaves chosen scales and meanings alone") {
  ts::Space space;
  space.add_float("a", {.min = 1e-5, .max = 0.1, .scale = ts::Scale::linear})
      .add_float("b", {.min = 1e-5, .max = 0.1})
      .add_categorical("c", {"x", "y"});
  const ts::Space settled = space.settled();
  CHECK(settled.parameters()[0] == space.parameters()[0]);
  CHECK(settled.parameters()[2] == space.parameters()[2]);
  CHECK(settled.settled() == settled);
  const std::vector<double> unit{0.3, 0.6, 0.9};
  CHECK(settled.decode(unit) == space.decode(unit));
}

TEST_CASE("a child is active where its parent is active and has one of the values") {
  ts::Space space;
  space.add_float("nesterov_decay", {.min = 0, .max = 1, .when = {{"nesterov", {true}}}})
      .add_categorical("nesterov", {true, false}, {.when = {{"optimizer", {"sgd", "momentum"}}}})
      .add_categorical("optimizer", {"sgd", "momentum", "adam"})
      .add_float("x", {.min = 0, .max = 1, .when = {{"optimizer", {"adam"}}, {"level", {2.0}}}})
      .add_int("level", {.min = 1, .max = 3});
  REQUIRE(space.validate().empty());
  const auto active = [&](const char* name, const ts::Configuration& configuration) {
    return space.is_active(*space.find(name), configuration);
  };
  CHECK(active("optimizer", {}));
  CHECK(active("nesterov", {{"optimizer", "sgd"}}));
  CHECK(active("nesterov", {{"optimizer", "momentum"}}));
  CHECK_FALSE(active("nesterov", {{"optimizer", "adam"}}));
  CHECK_FALSE(active("nesterov", {}));
  CHECK(active("nesterov_decay", {{"optimizer", "sgd"}, {"nesterov", true}}));
  CHECK_FALSE(active("nesterov_decay", {{"optimizer", "sgd"}, {"nesterov", false}}));
  // The grandparent decides even where the parent's value is there.
  CHECK_FALSE(active("nesterov_decay", {{"optimizer", "adam"}, {"nesterov", true}}));
  CHECK(active("x", {{"optimizer", "adam"}, {"level", std::int64_t{2}}}));
  CHECK_FALSE(active("x", {{"optimizer", "adam"}, {"level", std::int64_t{1}}}));
  CHECK_FALSE(active("x", {{"optimizer", "sgd"}, {"level", std::int64_t{2}}}));
}

TEST_CASE("an invalid space with a circle of conditions answers, and ends") {
  ts::Space space;
  space.add_categorical("a", {true}, {.when = {{"b", {true}}}})
      .add_categorical("b", {true}, {.when = {{"a", {true}}}})
      .add_categorical("c", {true}, {.when = {{"c", {true}}}});
  const ts::Configuration all{{"a", true}, {"b", true}, {"c", true}};
  for (const ts::Parameter& parameter : space.parameters())
    CHECK_FALSE(space.is_active(parameter, all));
  CHECK_FALSE(space.cardinality().has_value());
}

TEST_CASE("constraints hold for the configurations that satisfy all of them") {
  ts::Space space;
  space.add_int("layers", {.min = 1, .max = 8})
      .add_int("width", {.min = 1, .max = 1024})
      .add_constraint("layers * width <= 1000")
      .add_constraint("layers != 3");
  CHECK(space.satisfies({{"layers", std::int64_t{2}}, {"width", std::int64_t{500}}}));
  CHECK_FALSE(space.satisfies({{"layers", std::int64_t{2}}, {"width", std::int64_t{501}}}));
  CHECK_FALSE(space.satisfies({{"layers", std::int64_t{3}}, {"width", std::int64_t{1}}}));
  CHECK(space.satisfies({{"layers", std::int64_t{5}}}));
}
