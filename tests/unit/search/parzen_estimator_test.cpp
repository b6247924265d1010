#include "search/parzen_estimator.hpp"

#include <cmath>

#include "search/parzen_kernels.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

ParzenColumns columns_of(const ParzenSpace& space, const std::vector<Configuration>& trials) {
  ParzenColumns columns(space);
  columns.resize(trials.size());
  for (std::size_t row = 0; row < trials.size(); ++row) {
    const auto places = space.places_of(trials[row]);
    REQUIRE(places);
    columns.set(row, *places);
  }
  columns.settle();
  return columns;
}

ParzenEstimator estimator_of(const ParzenSpace& space, const std::vector<Configuration>& trials) {
  std::vector<int> rows;
  for (std::size_t i = 0; i < trials.size(); ++i) rows.push_back(static_cast<int>(i));
  return {space, columns_of(space, trials), rows, false};
}

ParzenPoint at(std::vector<float> places) { return {.at = std::move(places)}; }

double density(const ParzenEstimator& estimator, std::vector<float> places) {
  return std::exp(estimator.log_densities({at(std::move(places))}).front());
}

std::vector<float> bandwidths_of(const std::vector<float>& sorted) {
  std::vector<float> bandwidths;
  neighbour_bandwidths(sorted, bandwidths);
  return bandwidths;
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// A normal with this middle and width, truncated to [0, 1].
double truncated(double x, double middle, double width) {
  const double z = (x - middle) / width;
  const double all = normal_cdf((1 - middle) / width) - normal_cdf(-middle / width);
  return std::exp(-z * z / 2) / (std::sqrt(2 * std::acos(-1.0)) * width * all);
}

}  // namespace

TEST_CASE("Bandwidths are the larger distance to a neighbour, within bounds") {
  // Four kernels of trials: the least is 1/6.
  const std::vector<float> b = bandwidths_of({0.1F, 0.2F, 0.6F, 0.65F});
  REQUIRE(b.size() == 4);
  CHECK(b[0] == Approx(1.0 / 6));
  CHECK(b[1] == Approx(0.4));
  CHECK(b[2] == Approx(0.4));
  CHECK(b[3] == Approx(1.0 / 6));
  CHECK(bandwidths_of({0.3F}).front() == Approx(0.7));
  CHECK(bandwidths_of({}).empty());
  const std::vector<float> many(1000, 0.5F);
  for (const float narrow : bandwidths_of(many)) CHECK(narrow == Approx(0.01));
}

TEST_CASE("Each trial gets its own bandwidth, whether its kind is few or many of all") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  const ParzenSpace parzen(space);
  std::vector<Configuration> trials;
  for (const double x : {0.6, 0.1, 0.65, 0.2}) trials.push_back({{"x", x}});
  for (int i = 0; i < 60; ++i) trials.push_back({{"x", 0.9}});
  ParzenColumns columns = columns_of(parzen, trials);
  for (const std::size_t rows : {64U, 4U}) {
    CHECK(columns.order(0).size() == rows);
    // Four of 64 are sorted, four of four are picked from the order.
    const ParzenEstimator estimator(parzen, columns, {0, 1, 2, 3}, false);
    CHECK(estimator.bandwidth(0, 0) == Approx(0.4));
    CHECK(estimator.bandwidth(0, 1) == Approx(1.0 / 6));
    CHECK(estimator.bandwidth(0, 2) == Approx(1.0 / 6));
    CHECK(estimator.bandwidth(0, 3) == Approx(0.4));
    columns.resize(4);
    CHECK(columns.order(0) == std::vector<int>{1, 3, 0, 2});
  }
}

TEST_CASE("The density of one number is that computed by hand") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  const ParzenSpace parzen(space);
  const ParzenEstimator two = estimator_of(parzen, {{{"x", 0.2}}, {{"x", 0.9}}});
  CHECK(two.bandwidth(0, 0) == Approx(0.7));
  for (const double x : {0.0, 0.2, 0.55, 1.0}) {
    const double wanted =
        (truncated(x, 0.2, 0.7) + truncated(x, 0.9, 0.7) + truncated(x, 0.5, 1)) / 3;
    CHECK(density(two, {static_cast<float>(x)}) == Approx(wanted).epsilon(1e-5));
  }
}

TEST_CASE("Older trials fade") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  const ParzenSpace parzen(space);
  std::vector<Configuration> trials;
  std::vector<int> rows;
  for (int i = 0; i < 40; ++i) {
    trials.push_back({{"x", i < 10 ? 0.25 : 0.75}});
    rows.push_back(i);
  }
  const ParzenColumns columns = columns_of(parzen, trials);
  for (const bool fade : {false, true}) {
    const ParzenEstimator estimator(parzen, columns, rows, fade);
    double sum = truncated(0.3, 0.5, 1);  // the broad kernel
    double weights = 1;
    for (std::size_t i = 0; i < 40; ++i) {
      // The 15 before the latest 25 rise evenly from 1/40 to 1.
      const double weight = fade && i < 15 ? 1.0 / 40 + 39.0 / 40 * static_cast<double>(i) / 14 : 1;
      weights += weight;
      sum += weight *
             truncated(0.3, i < 10 ? 0.25 : 0.75, static_cast<double>(estimator.bandwidth(0, i)));
    }
    CHECK(density(estimator, {0.3F}) == Approx(sum / weights).epsilon(1e-4));
  }
}

TEST_CASE("The density over lines, tables and choices integrates to 1") {
  Space space;
  space.add_float("x", {.min = 1e-3, .max = 1, .scale = Scale::log})
      .add_int("n", {.min = 1, .max = 6, .scale = Scale::log})
      .add_categorical("c", {"a", "b", "c"});
  const ParzenSpace parzen(space);
  std::vector<Configuration> trials;
  for (int i = 0; i < 30; ++i)
    trials.push_back({{"x", 1e-3 * std::pow(2.0, i % 9)},
                      {"n", std::int64_t{1 + i % 5}},
                      {"c", std::string(1, static_cast<char>('a' + i % 2))}});
  const ParzenEstimator estimator = estimator_of(parzen, trials);
  constexpr int steps = 2000;
  double sum = 0;
  for (int n = 0; n < 6; ++n)
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < steps; ++i)
        sum += density(estimator, {(static_cast<float>(i) + 0.5F) / steps, static_cast<float>(n),
                                   static_cast<float>(c)}) /
               steps;
  CHECK(sum == Approx(1).epsilon(1e-4));
}

TEST_CASE("Draws follow the density") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear})
      .add_int("n", {.min = 1, .max = 4, .scale = Scale::linear})
      .add_categorical("c", {"a", "b", "c"});
  const ParzenSpace parzen(space);
  const ParzenEstimator estimator =
      estimator_of(parzen, {{{"x", 0.1}, {"n", std::int64_t{1}}, {"c", "a"}},
                            {{"x", 0.2}, {"n", std::int64_t{2}}, {"c", "a"}},
                            {{"x", 0.8}, {"n", std::int64_t{2}}, {"c", "b"}}});
  RandomStream random(1, 2, "test");
  constexpr int draws = 40000;
  double share[4][3] = {};
  double low[4][3] = {};
  for (int i = 0; i < draws; ++i) {
    ParzenPoint point;
    estimator.draw(random, point);
    const auto n = static_cast<int>(point.at[1]);
    const auto c = static_cast<int>(point.at[2]);
    share[n][c] += 1.0 / draws;
    if (point.at[0] < 0.5F) low[n][c] += 1.0 / draws;
  }
  for (int n = 0; n < 4; ++n) {
    for (int c = 0; c < 3; ++c) {
      constexpr int steps = 200;
      double all = 0;
      double half = 0;
      for (int i = 0; i < steps; ++i) {
        const double part = density(estimator, {(static_cast<float>(i) + 0.5F) / steps,
                                                static_cast<float>(n), static_cast<float>(c)}) /
                            steps;
        all += part;
        if (i < steps / 2) half += part;
      }
      CHECK(share[n][c] == Approx(all).margin(0.01));
      CHECK(low[n][c] == Approx(half).margin(0.01));
    }
  }
}

TEST_CASE(
    "A kernel whose trial lacks the coordinate is uniform in it; one that the point lacks "
    "does not count") {
  Space space;
  space.add_categorical("model", {"tree", "net"})
      .add_float("rate",
                 {.min = 0, .max = 1, .scale = Scale::linear, .when = {{"model", {"net"}}}});
  const ParzenSpace parzen(space);
  const ParzenEstimator estimator = estimator_of(
      parzen, {{{"model", "tree"}}, {{"model", "tree"}}, {{"model", "net"}, {"rate", 0.25}}});
  // a = 1/4: the trial's own choice has 1.25/1.5.
  const double own = 1.25 / 1.5;
  const double other = 0.25 / 1.5;
  CHECK(density(estimator, {0, ParzenSpace::inactive}) ==
        Approx((2 * own + other + 0.5) / 4).epsilon(1e-5));
  CHECK(estimator.bandwidth(1, 0) == 0);
  CHECK(estimator.bandwidth(1, 2) == Approx(0.75));
  for (const double x : {0.25, 0.9})
    CHECK(density(estimator, {1, static_cast<float>(x)}) ==
          Approx((2 * other + own * truncated(x, 0.25, 0.75) + 0.5 * truncated(x, 0.5, 1)) / 4)
              .epsilon(1e-5));
}

TEST_CASE("Integers of many values are drawn in the middles of their cells") {
  for (const std::int64_t most : {1000, 100000}) {
    Space space;
    space.add_int("n", {.min = 1, .max = most, .scale = Scale::log});
    const ParzenSpace parzen(space);
    std::vector<Configuration> trials;
    for (const std::int64_t n : {1, 2, 30, 900}) trials.push_back({{"n", n}});
    const ParzenEstimator estimator = estimator_of(parzen, trials);
    RandomStream random(5, 0, "test");
    for (int i = 0; i < 100; ++i) {
      ParzenPoint point;
      estimator.draw(random, point);
      const std::vector<double> unit = space.encode(space.decode(point.unit));
      CHECK(point.unit[0] == Approx(unit[0]).epsilon(1e-12));
      CHECK(point.at[0] == Approx(unit[0]));
    }
  }
}

TEST_CASE("The fast functions are as exact as they say") {
  for (float x = -6; x <= 6; x += 0.01F)
    CHECK(parzen_kernels().normal_cdf(x) ==
          Approx(normal_cdf(static_cast<double>(x))).margin(5e-7));
  for (const float middle : {0.0F, 0.3F, 1.0F}) {
    for (const float width : {0.01F, 0.2F, 1.0F}) {
      const std::vector<float> middles(parzen_lanes, middle);
      const std::vector<float> widths(parzen_lanes, width);
      std::vector<float> scales(parzen_lanes);
      std::vector<float> constants(parzen_lanes, 0.0F);
      parzen_kernels().line_constants(middles.data(), widths.data(), parzen_lanes, scales.data(),
                                      constants.data());
      const float scale = scales.back();
      const float constant = constants.back();
      CHECK(scale == Approx(1 / (std::sqrt(2.0) * static_cast<double>(width))).epsilon(1e-6));
      const auto m = static_cast<double>(middle);
      CHECK(constant == Approx(std::log(truncated(m, m, static_cast<double>(width)))).margin(5e-6));
    }
  }
}
