#include "search/cma_es_axes.hpp"

#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("Cells are where the decoded value changes, on even and on bent scales") {
  Space space;
  space.add_int("even", {.min = 1, .max = 7, .scale = Scale::linear})
      .add_int("bent", {.min = 1, .max = 300, .scale = Scale::log})
      .add_float("step", {.min = 0.1, .max = 0.9, .scale = Scale::reverse_log, .step = 0.1})
      .add_ordinal("order", {"s", "m", "l"});
  space = space.settled();
  const CmaEsAxes axes(space);
  REQUIRE(axes.numbers().size() == 4);
  const std::vector<std::string> names = {"even", "bent", "step", "order"};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value_at = [&](double x) {
      std::vector<double> unit(4, 0.5);
      unit[i] = x;
      return *space.decode(unit).find(names[i]);
    };
    for (const double x : {0.0, 0.01, 0.2, 0.45, 0.77, 0.999}) {
      INFO(names[i] << " at " << x);
      const CmaEsAxes::Cell cell = CmaEsAxes::cell_of(axes.numbers()[i], x);
      const Value here = value_at(x);
      CHECK(cell.low <= x);
      CHECK(cell.high > x);
      if (cell.low > 0) {
        CHECK(value_at(cell.low + 1e-12) == here);
        CHECK(value_at(cell.low - 1e-12) != here);
      }
      if (cell.high < 1) {
        CHECK(value_at(cell.high - 1e-12) == here);
        CHECK(value_at(cell.high + 1e-12) != here);
      }
      CHECK((cell.low > 0 || here == value_at(0)));
      CHECK((cell.high < 1 || here == value_at(1)));
    }
  }
}

TEST_CASE("Beyond its ends a number is reflected, a number with cells stays in the last one") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1})
      .add_int("n", {.min = 1, .max = 4})
      .add_float("one", {.min = 2, .max = 2})
      .add_fixed("fixed", true)
      .add_categorical("c", {"a", "b", "c"});
  const CmaEsAxes axes(space);
  REQUIRE(axes.numbers().size() == 2);
  REQUIRE(axes.choices().size() == 1);
  Vector x(2);
  x << -0.25, 1.5;
  const std::vector<std::size_t> choices = {2};
  const std::vector<double> point = axes.point(x, choices);
  REQUIRE(point.size() == 4);
  CHECK(point[0] == Approx(0.25));
  CHECK(point[1] == 1);
  CHECK(space.decode(point).text("c") == "c");
  CHECK(axes.choices_at(point) == choices);
  x << 2.25, 0.3;
  CHECK(axes.point(x, choices)[0] == Approx(0.25));
  CHECK(axes.numbers_at(axes.point(x, choices))(1) == 0.3);
}
