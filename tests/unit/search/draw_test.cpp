#include "search/draw.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

std::optional<Configuration> draw(const Space& space, const SeenSet& seen, std::uint64_t number) {
  RandomStream stream(1, number, "test");
  return draw_new(
      space, seen,
      [&] {
        std::vector<double> point(space.dimension());
        for (double& x : point) x = stream.uniform();
        return point;
      },
      stream);
}

}  // namespace

TEST_CASE("The last configurations of a finite space are found, then none is left") {
  Space space;
  space.add_int("a", {.min = 1, .max = 50000, .scale = Scale::log}).add_constraint("a % 1000 == 0");
  REQUIRE(space.validate().empty());
  SeenSet seen(ViewBuilder(test::problem_of(space)).view());
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto configuration = draw(space, seen, i);
    REQUIRE(configuration);
    CHECK(configuration->integer("a") % 1000 == 0);
    CHECK(seen.insert(*configuration));
  }
  CHECK_FALSE(draw(space, seen, 50));
}

TEST_CASE("Few configurations in a large finite space are counted out") {
  Space space;
  space.add_int("a", {.min = 1, .max = 1000})
      .add_int("b", {.min = 1, .max = 1000})
      .add_int("c", {.min = 1, .max = 1000});
  space.add_constraint("a <= 2").add_constraint("b == a * 7").add_constraint("c == 1000");
  REQUIRE(space.validate().empty());
  SeenSet seen(ViewBuilder(test::problem_of(space)).view());
  std::set<std::int64_t> found;
  while (const auto configuration = draw(space, seen, found.size())) {
    found.insert(configuration->integer("b"));
    REQUIRE(seen.insert(*configuration));
  }
  CHECK(found == std::set<std::int64_t>{7, 14});
}

TEST_CASE("Constraints that leave nothing are an error, in finite and in infinite spaces") {
  Space finite;
  finite.add_int("a", {.min = 1, .max = 10}).add_constraint("a > 10");
  Space infinite;
  infinite.add_float("a", {.min = 0, .max = 1}).add_constraint("a > 2");
  for (const Space& space : {finite, infinite}) {
    const SeenSet seen(ViewBuilder(test::problem_of(space)).view());
    try {
      draw(space, seen, 0);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::invalid_space);
      REQUIRE(error.mistakes().size() == 1);
      CHECK(error.mistakes()[0].path == "/constraints");
    }
  }
}

TEST_CASE("A constraint that one in a thousand keeps is met") {
  Space space;
  space.add_float("a", {.min = 0, .max = 1}).add_constraint("a < 0.001");
  const SeenSet seen(ViewBuilder(test::problem_of(space)).view());
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto configuration = draw(space, seen, i);
    REQUIRE(configuration);
    CHECK(configuration->number("a") < 0.001);
  }
}
