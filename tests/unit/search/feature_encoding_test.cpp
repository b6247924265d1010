#include "search/feature_encoding.hpp"

#include <cmath>
#include <set>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Point random_point(const FeatureEncoding& encoding, RandomStream& random) {
  Point point(static_cast<Eigen::Index>(encoding.coordinates().size()));
  for (Eigen::Index i = 0; i < point.size(); ++i) point[i] = random.uniform();
  return encoding.canonical(point);
}

}  // namespace

TEST_CASE("canonical points and configurations name each other") {
  for (const Space& space : {test::mixed_space(), test::finite_space()}) {
    const FeatureEncoding encoding(space);
    RandomStream random(1, 0, "points");
    for (int i = 0; i < 200; ++i) {
      const Point point = random_point(encoding, random);
      CHECK(encoding.canonical(point) == point);
      const Configuration configuration = encoding.configuration_at(point);
      CHECK((encoding.point_of(configuration) - point).cwiseAbs().maxCoeff() < 1e-12);
      for (std::size_t k = 0; k < encoding.coordinates().size(); ++k) {
        const bool active = configuration.contains(encoding.coordinates()[k].parameter->name);
        CHECK((point[static_cast<Eigen::Index>(k)] == inactive_coordinate) == !active);
      }
    }
  }
}

TEST_CASE(
    "a categorical is a block at squared distance 1 with one weight, two choices are one column") {
  Space space;
  space.add_categorical("three", {"a", "b", "c"})
      .add_categorical("two", {"x", "y"})
      .add_int("one", {.min = 5, .max = 5})
      .add_float("number", {.min = 0, .max = 1, .scale = Scale::linear});
  const FeatureEncoding encoding(space);
  CHECK(encoding.shape().group_of_column == std::vector<int>{0, 0, 0, 1, 2});
  CHECK(encoding.shape().groups == 3);
  CHECK(encoding.parameters() == 3);
  const auto point = [&](const char* three, const char* two, double number) {
    return encoding.point_of(
        {{"three", three}, {"two", two}, {"one", std::int64_t{5}}, {"number", number}});
  };
  const Matrix x =
      encoding.features({point("a", "x", 0.5), point("c", "x", 0.5), point("a", "y", 0.25)});
  CHECK((x.row(0) - x.row(1)).squaredNorm() == Approx(1));
  CHECK((x.row(0) - x.row(2)).squaredNorm() == Approx(1 + 0.0625));
}

TEST_CASE("inactive parameters do not tell configurations apart, being active does") {
  Space space;
  space.add_categorical("optimizer", {"sgd", "adam", "rms"})
      .add_float(
          "momentum",
          {.min = 0, .max = 1, .scale = Scale::linear, .when = {{"optimizer", {"sgd", "rms"}}}});
  const FeatureEncoding encoding(space);
  const Point adam = encoding.canonical(Eigen::Vector2d(0.5, 0.9));
  CHECK(adam == encoding.canonical(Eigen::Vector2d(0.5, 0.1)));
  const Point sgd = encoding.canonical(Eigen::Vector2d(0.1, 0.5));
  const Matrix x = encoding.features({adam, sgd});
  // The block, the number at its middle in both, and the column of activity.
  REQUIRE(x.cols() == 5);
  CHECK(x(0, 3) == x(1, 3));
  CHECK(x(0, 4) == 0);
  CHECK(x(1, 4) == 1);
}

TEST_CASE("integers of any width are seen at the middle of their cells") {
  Space space;
  space.add_int("few", {.min = 1, .max = 4, .scale = Scale::linear})
      .add_int("many", {.min = 1, .max = 1000000000, .scale = Scale::log});
  const FeatureEncoding encoding(space);
  CHECK(encoding.coordinates()[0].kind == FeatureEncoding::Kind::stepped);
  CHECK(encoding.coordinates()[1].kind == FeatureEncoding::Kind::rounded);
  CHECK_FALSE(encoding.has_reals());
  const Point point = encoding.canonical(Eigen::Vector2d(0.6, 0.001));
  CHECK(point[0] == 0.625);
  CHECK(encoding.configuration_at(point).integer("many") == 1);
  CHECK(point == encoding.canonical(Eigen::Vector2d(0.7, 0.002)));
}

TEST_CASE("neighbours are other values of the same coordinate") {
  const Space space = test::mixed_space();
  const FeatureEncoding encoding(space);
  RandomStream random(3, 0, "neighbours");
  for (int i = 0; i < 50; ++i) {
    const Point point = random_point(encoding, random);
    for (std::size_t k = 0; k < encoding.coordinates().size(); ++k) {
      const auto at = static_cast<Eigen::Index>(k);
      const std::vector<double> others = encoding.neighbours(point, k, random);
      const auto kind = encoding.coordinates()[k].kind;
      if (point[at] < 0 || kind == FeatureEncoding::Kind::real) {
        CHECK(others.empty());
        continue;
      }
      CHECK(std::set<double>(others.begin(), others.end()).size() == others.size());
      if (kind != FeatureEncoding::Kind::rounded)
        CHECK(others.size() + 1 == encoding.coordinates()[k].levels.size());
      for (const double u : others) {
        Point moved = point;
        moved[at] = u;
        CHECK(encoding.canonical(moved)[at] == u);
        CHECK(u != point[at]);
      }
    }
  }
}
