#include "search/sobol.hpp"

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "support/catch.hpp"

using tunesmith::SobolSequence;

TEST_CASE("Every aligned run of 2^m points has one point in each slice of each coordinate") {
  const SobolSequence sequence(40, 3);
  for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{256}, std::uint64_t{1024}}) {
    for (std::size_t d = 0; d < 40; ++d) {
      std::set<int> slices;
      for (std::uint64_t i = 0; i < 256; ++i) {
        slices.insert(static_cast<int>(sequence.point(start + i)[d] * 256));
      }
      CHECK(slices.size() == 256);
    }
  }
}

TEST_CASE("The first two coordinates are a (0, m, 2)-net: one point in every elementary box") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{99}}) {
    const SobolSequence sequence(2, seed);
    for (int split = 0; split <= 8; ++split) {
      std::set<std::pair<int, int>> boxes;
      for (std::uint64_t i = 0; i < 256; ++i) {
        const auto point = sequence.point(i);
        boxes.emplace(static_cast<int>(point[0] * (1 << split)),
                      static_cast<int>(point[1] * (1 << (8 - split))));
      }
      CHECK(boxes.size() == 256);
    }
  }
}

TEST_CASE("Points 2k and 2k+1 lie in opposite halves of every coordinate") {
  const SobolSequence sequence(3, 17);
  for (std::uint64_t i = 0; i < 64; i += 2) {
    const auto a = sequence.point(i);
    const auto b = sequence.point(i + 1);
    for (std::size_t d = 0; d < 3; ++d) CHECK((a[d] < 0.5) != (b[d] < 0.5));
  }
}

TEST_CASE(
    "Points are a function of seed and index, and coordinates do not depend on how many follow") {
  const SobolSequence narrow(4, 5);
  const SobolSequence wide(60, 5);
  const SobolSequence other(4, 6);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto point = narrow.point(i);
    CHECK(point == SobolSequence(4, 5).point(i));
    CHECK(point != other.point(i));
    const auto longer = wide.point(i);
    CHECK(std::vector<double>(longer.begin(), longer.begin() + 4) == point);
  }
}

TEST_CASE("The mean over scramblings is uniform and single points are spread over the cube") {
  std::array<double, 3> sum{};
  std::array<double, 3> squares{};
  const int seeds = 4000;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto point = SobolSequence(3, static_cast<std::uint64_t>(seed)).point(5);
    for (std::size_t d = 0; d < 3; ++d) {
      sum[d] += point[d];
      squares[d] += point[d] * point[d];
    }
  }
  for (std::size_t d = 0; d < 3; ++d) {
    // Five standard errors of the moments of a uniform: 5·sqrt(1/12/4000) and 5·sqrt(4/45/4000).
    CHECK(std::fabs(sum[d] / seeds - 0.5) < 0.023);
    CHECK(std::fabs(squares[d] / seeds - 1.0 / 3) < 0.024);
  }
}

TEST_CASE("Integrates a smooth product far better than independent draws would") {
  const SobolSequence sequence(8, 1);
  double sum = 0;
  const int n = 1024;
  for (int i = 0; i < n; ++i) {
    double product = 1;
    for (const double x : sequence.point(static_cast<std::uint64_t>(i))) product *= 1 + (x - 0.5);
    sum += product;
  }
  // Independent draws have a standard error of sqrt((13/12)^8 − 1)/32 = 0.030.
  CHECK(std::fabs(sum / n - 1) < 0.003);
}

TEST_CASE("Works without coordinates, beyond the tables and beyond 2^32 points") {
  CHECK(SobolSequence(0, 1).point(3).empty());

  const SobolSequence wide(SobolSequence::max_directions + 3, 2);
  const auto a = wide.point(0);
  const auto b = wide.point(1);
  REQUIRE(a.size() == SobolSequence::max_directions + 3);
  for (std::size_t d = a.size() - 4; d < a.size(); ++d) {
    CHECK(a[d] >= 0);
    CHECK(a[d] < 1);
    CHECK(a[d] != b[d]);
  }

  const SobolSequence sequence(2, 2);
  CHECK(sequence.point((std::uint64_t{1} << 32) + 7) != sequence.point(7));
}

TEST_CASE("No two of many points share a coordinate") {
  const SobolSequence sequence(3, 8);
  std::set<double> seen;
  for (std::uint64_t i = 0; i < 5000; ++i) seen.insert(sequence.point(i)[2]);
  CHECK(seen.size() == 5000);
}
