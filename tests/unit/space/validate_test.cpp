#include "space/validate.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tunesmith/space.hpp"

namespace ts = tunesmith;

namespace {

using Paths = std::vector<std::string>;

Paths paths(const ts::Space& space) {
  Paths result;
  for (const ts::Mistake& mistake : space.validate()) result.push_back(mistake.path);
  std::sort(result.begin(), result.end());
  return result;
}

Paths paths_of_float(ts::FloatOptions options) {
  return paths(ts::Space().add_float("x", std::move(options)));
}
Paths paths_of_int(ts::IntOptions options) {
  return paths(ts::Space().add_int("x", std::move(options)));
}

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("float ranges") {
  CHECK(paths_of_float({.min = 1, .max = 1}).empty());
  CHECK(paths_of_float({.min = 1, .max = 1, .scale = ts::Scale::log, .step = 5}).empty());
  CHECK(paths_of_float({.min = 2, .max = 1}) == Paths{"/parameters/x/max"});
  CHECK(paths_of_float({.min = 2, .max = 1, .step = 5}) == Paths{"/parameters/x/max"});
  CHECK(paths_of_float({.min = -infinity, .max = not_a_number}) ==
        Paths{"/parameters/x/max", "/parameters/x/min"});
  CHECK(paths_of_float({.min = not_a_number, .max = 1, .scale = ts::Scale::log}) ==
        Paths{"/parameters/x/min"});
  CHECK(paths_of_float({.min = -1.7e308, .max = 1.7e308}).empty());
}

TEST_CASE("scales need their domain") {
  CHECK(paths_of_float({.min = 0, .max = 1, .scale = ts::Scale::log}) ==
        Paths{"/parameters/x/min"});
  CHECK(paths_of_float({.min = -2, .max = -1, .scale = ts::Scale::log}) ==
        Paths{"/parameters/x/min"});
  CHECK(paths_of_float({.min = 5e-324, .max = 1, .scale = ts::Scale::log}).empty());
  CHECK(paths_of_float({.min = 0, .max = 1, .scale = ts::Scale::reverse_log}) ==
        Paths{"/parameters/x/max"});
  CHECK(paths_of_float({.min = -0.1, .max = 2, .scale = ts::Scale::reverse_log}) ==
        Paths{"/parameters/x/max", "/parameters/x/min"});
  CHECK(paths_of_float({.min = 2, .max = 1, .scale = ts::Scale::reverse_log}) ==
        Paths{"/parameters/x/max"});
  CHECK(paths_of_float({.min = 0, .max = 0.999, .scale = ts::Scale::reverse_log}).empty());
  CHECK(paths_of_int({.min = 0, .max = 9, .scale = ts::Scale::log}) == Paths{"/parameters/x/min"});
  CHECK(paths_of_int({.min = 1, .max = 9, .scale = ts::Scale::log}).empty());
  CHECK(paths_of_int({.min = 1, .max = 9, .scale = ts::Scale::reverse_log}) ==
        Paths{"/parameters/x/scale"});
}

TEST_CASE("steps") {
  CHECK(paths_of_float({.step = 0}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_float({.step = -0.1}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_float({.step = infinity}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_float({.step = not_a_number}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_float({.step = 1.5}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_float({.step = 1e-300}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_float({.step = 1}).empty());
  CHECK(paths_of_float({.min = 0.1, .max = 0.4, .step = 0.3}).empty());
  CHECK(paths_of_int({.step = 0}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_int({.min = 1, .max = 5, .step = 5}) == Paths{"/parameters/x/step"});
  CHECK(paths_of_int({.min = 1, .max = 5, .step = 4}).empty());
  CHECK(paths_of_int({.min = INT64_MIN, .max = INT64_MAX, .step = INT64_MAX}).empty());
  CHECK(paths_of_int({.min = 5, .max = 1}) == Paths{"/parameters/x/max"});
}

TEST_CASE("choices") {
  CHECK(paths(ts::Space().add_categorical("x", {})) == Paths{"/parameters/x/values"});
  CHECK(paths(ts::Space().add_categorical("x", {"a"})).empty());
  CHECK(paths(ts::Space().add_ordinal("x", {"a", "b", "a", "a"})) ==
        Paths{"/parameters/x/values/2", "/parameters/x/values/3"});
  CHECK(paths(ts::Space().add_categorical("x", {std::int64_t{1}, 1.0, "1", true})) ==
        Paths{"/parameters/x/values/1"});
  CHECK(paths(ts::Space().add_categorical("x", {0.0, -0.0})) == Paths{"/parameters/x/values/1"});
  CHECK(paths(ts::Space().add_categorical("x", {not_a_number, std::string("a\0b", 3), "\xff"})) ==
        Paths{"/parameters/x/values/0", "/parameters/x/values/1", "/parameters/x/values/2"});
  CHECK(paths(ts::Space().add_fixed("x", infinity)) == Paths{"/parameters/x/value"});
}

TEST_CASE("priors") {
  const auto of_float = [](ts::Prior prior) {
    return paths_of_float({.min = 1, .max = 2, .prior = std::move(prior)});
  };
  const auto of_choices = [](ts::Prior prior) {
    return paths(ts::Space().add_ordinal("x", {"a", "b"}, {.prior = std::move(prior)}));
  };
  CHECK(of_float({.near = 1}).empty());
  CHECK(of_float({.near = 2, .spread = 1}).empty());
  CHECK(of_float({}) == Paths{"/parameters/x/prior/near"});
  CHECK(of_float({.near = 2.5}) == Paths{"/parameters/x/prior/near"});
  CHECK(of_float({.near = not_a_number, .spread = not_a_number}) ==
        Paths{"/parameters/x/prior/near", "/parameters/x/prior/spread"});
  CHECK(of_float({.near = 1, .spread = 1.5}) == Paths{"/parameters/x/prior/spread"});
  CHECK(of_float({.near = 1, .weights = {1}}) == Paths{"/parameters/x/prior/weights"});
  CHECK(paths_of_int({.min = 1, .max = 9, .prior = ts::Prior{.near = 10}}) ==
        Paths{"/parameters/x/prior/near"});
  CHECK(of_choices({.weights = {0, 1}}).empty());
  CHECK(of_choices({}) == Paths{"/parameters/x/prior/weights"});
  CHECK(of_choices({.weights = {0, 0}}) == Paths{"/parameters/x/prior/weights"});
  CHECK(of_choices({.weights = {infinity, -1}}) ==
        Paths{"/parameters/x/prior/weights/0", "/parameters/x/prior/weights/1"});
  CHECK(of_choices({.near = 1, .spread = 1, .weights = {1, 1}}) ==
        Paths{"/parameters/x/prior/near", "/parameters/x/prior/spread"});
  CHECK(paths(ts::Space().add_fixed("x", 1.0, {.prior = ts::Prior{.weights = {1}}})) ==
        Paths{"/parameters/x/prior"});
}

TEST_CASE("a wrong prior raises nothing where the parameter is used") {
  ts::Space space;
  space.add_int("n", {.min = 1, .max = 3, .prior = ts::Prior{.near = 7}})
      .add_float("x", {.when = {{"n", {std::int64_t{4}}}}});
  CHECK(paths(space) == Paths{"/parameters/n/prior/near", "/parameters/x/when/n/0"});
}

TEST_CASE("names") {
  CHECK(paths(ts::Space().add_int("", {})) == Paths{"/parameters/"});
  CHECK(paths(ts::Space().add_int("a\nb", {})) == Paths{"/parameters/a\nb"});
  CHECK(paths(ts::Space().add_int(std::string("a\0", 2), {})) ==
        Paths{std::string("/parameters/a\0", 14)});
  CHECK(paths(ts::Space().add_int("\xc3", {})) == Paths{"/parameters/\xc3"});
  CHECK(paths(ts::Space().add_int("a/b~c d-ü", {})).empty());
  CHECK(paths(ts::Space().add_int("a/b", {.min = 2})) == Paths{"/parameters/a~1b/max"});
  CHECK(paths(ts::Space().add_int("a", {}).add_float("a", {.min = 2})) == Paths{"/parameters/a"});
}

TEST_CASE("conditions name another parameter and values that it can have") {
  ts::Space space;
  space.add_float("early", {.when = {{"optimizer", {"sgd"}}}})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_int("layers", {.min = 1, .max = 9, .step = 2})
      .add_float("rate", {.min = 0, .max = 1, .step = 0.1})
      .add_fixed("mode", "fast");
  CHECK(paths(space).empty());
  const auto when = [&](std::vector<ts::Condition> conditions) {
    return paths(ts::Space(space).add_float("x", {.when = std::move(conditions)}));
  };
  CHECK(when({{"optimizer", {"sgd", "adam"}}, {"layers", {std::int64_t{3}}}, {"mode", {"fast"}}})
            .empty());
  CHECK(when({{"layers", {3.0}}}).empty());
  CHECK(when({{"rate", {0.3}}}).empty());
  CHECK(when({{"rate", {0.1 + 0.2}}}) == Paths{"/parameters/x/when/rate/0"});
  CHECK(when({{"optimiser", {"sgd"}}}) == Paths{"/parameters/x/when/optimiser"});
  CHECK(when({{"optimizer", {}}}) == Paths{"/parameters/x/when/optimizer"});
  CHECK(when({{"optimizer", {"sgd", "sdg", std::int64_t{1}}}}) ==
        Paths{"/parameters/x/when/optimizer/1", "/parameters/x/when/optimizer/2"});
  CHECK(when({{"layers", {std::int64_t{4}, std::int64_t{11}, 3.5}}}) ==
        Paths{"/parameters/x/when/layers/0", "/parameters/x/when/layers/1",
              "/parameters/x/when/layers/2"});
  CHECK(when({{"optimizer", {"sgd"}}, {"optimizer", {"adam"}}}) ==
        Paths{"/parameters/x/when/optimizer"});
  CHECK(when({{"mode", {"slow"}}}) == Paths{"/parameters/x/when/mode/0"});
}

TEST_CASE("each circle of conditions is one mistake, and those behind it none") {
  ts::Space space;
  space.add_categorical("behind", {true}, {.when = {{"b", {true}}}})
      .add_categorical("a", {true}, {.when = {{"c", {true}}}})
      .add_categorical("b", {true}, {.when = {{"a", {true}}}})
      .add_categorical("c", {true}, {.when = {{"b", {true}}}})
      .add_categorical("self", {true}, {.when = {{"self", {true}}}})
      .add_categorical("fine", {true});
  CHECK(paths(space) == Paths{"/parameters/a/when/c", "/parameters/self/when/self"});
}

TEST_CASE("conditions nest up to 64 deep, and one too deep chain is one mistake") {
  const auto chain = [](int length) {
    ts::Space space;
    space.add_categorical("p0", {true});
    for (int i = 1; i <= length; ++i) {
      space.add_categorical("p" + std::to_string(i), {true},
                            {.when = {{"p" + std::to_string(i - 1), {true}}}});
    }
    return space;
  };
  const ts::Space deepest = chain(64);
  CHECK(paths(deepest).empty());
  CHECK(deepest.decode(std::vector<double>(65, 0.5)).size() == 65);
  CHECK(paths(chain(65)) == Paths{"/parameters/p65/when"});
  CHECK(paths(chain(20000)) == Paths{"/parameters/p65/when"});
}

TEST_CASE("constraints") {
  ts::Space space;
  space.add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_constraint("layers < 5")
      .add_constraint("layers <")
      .add_constraint("optimizer == 'sdg' and layer < 3")
      .add_constraint("layers > 1");
  CHECK(paths(space) == Paths{"/constraints/1", "/constraints/2", "/constraints/2"});
}

TEST_CASE("a parameter that is wrong itself raises nothing where it is used") {
  ts::Space space;
  space.add_float("rate", {.min = 1, .max = 0})
      .add_categorical("kind", {"a", "a"})
      .add_float("x", {.when = {{"rate", {7.0}}, {"kind", {"z"}}}})
      .add_constraint("kind == 'z' and rate < 1");
  CHECK(paths(space) == Paths{"/parameters/kind/values/1", "/parameters/rate/max"});
}

TEST_CASE("mistakes read well") {
  const auto mistakes = ts::Space()
                            .add_float("lr", {.min = 0, .max = 0.1, .scale = ts::Scale::log})
                            .add_int("n", {.when = {{"lrr", {1.0}}}})
                            .validate();
  REQUIRE(mistakes.size() == 2);
  CHECK(to_string(mistakes[0]) ==
        "/parameters/lr/min: is 0, but a log scale needs values above 0 (allowed: a number greater "
        "than 0)");
  CHECK(to_string(mistakes[1]) ==
        "/parameters/n/when/lrr: is about no parameter of this space; did you mean 'lr'? (allowed: "
        "the name of another "
        "parameter)");
}
