#include "core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "support/catch.hpp"

using namespace tunesmith;

// The known answers that Random123 ships (kat_vectors, philox4x32 with 10 rounds).
TEST_CASE("philox gives the published answers", "[core]") {
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("equal keys give equal streams, other keys other ones", "[core]") {
  const auto first = [](std::uint64_t seed, std::uint64_t number, const char* purpose) {
    return RandomStream(seed, number, purpose).next_u64();
  };
  CHECK(first(7, 3, "candidates") == first(7, 3, "candidates"));
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (std::uint64_t number = 0; number < 20; ++number) {
      for (const char* purpose : {"", "a", "b", "candidates"}) {
        seen.insert(first(seed, number, purpose));
      }
    }
  }
  CHECK(seen.size() == 20 * 20 * 4);
  CHECK(first(1ULL << 32, 0, "") != first(0, 0, ""));
  CHECK(first(0, 1ULL << 32, "") != first(0, 0, ""));
}

TEST_CASE("uniform draws fill [0, 1) evenly", "[core]") {
  RandomStream stream(1, 2, "uniform");
  constexpr int draws = 100000;
  std::array<int, 20> bins{};
  for (int i = 0; i < draws; ++i) {
    const double u = stream.uniform();
    REQUIRE(u >= 0.0);
    REQUIRE(u < 1.0);
    ++bins[static_cast<std::size_t>(u * 20)];
  }
  double chi_square = 0;
  for (const int count : bins) chi_square += std::pow(count - draws / 20.0, 2) / (draws / 20.0);
  CHECK(chi_square < 43.8);  // 0.999 quantile at 19 degrees of freedom
}

TEST_CASE("below is without bias and within its bound", "[core]") {
  RandomStream stream(1, 2, "below");
  CHECK(stream.below(1) == 0);
  std::array<int, 3> counts{};
  for (int i = 0; i < 30000; ++i) ++counts[stream.below(3)];
  double chi_square = 0;
  for (const int count : counts) chi_square += std::pow(count - 10000.0, 2) / 10000.0;
  CHECK(chi_square < 13.8);  // 0.999 quantile at 2 degrees of freedom
  // A bound just above 2^63 rejects almost half of the draws; the rest stays within.
  const std::uint64_t bound = (1ULL << 63) + 1;
  for (int i = 0; i < 1000; ++i) REQUIRE(stream.below(bound) < bound);
}

TEST_CASE("the normal quantile has the published values", "[core]") {
  CHECK(normal_quantile(0.5) == 0.0);
  CHECK(normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-15));
  CHECK(normal_quantile(0.9) == Approx(1.2815515655446004).epsilon(1e-15));
  CHECK(normal_quantile(1e-10) == Approx(-6.361340902404056).epsilon(1e-14));
  CHECK(normal_quantile(1e-300) == Approx(-37.0471).epsilon(1e-5));
  CHECK(normal_quantile(0) == -INFINITY);
  CHECK(normal_quantile(1) == INFINITY);
}

TEST_CASE("the normal quantile inverts the distribution function", "[core]") {
  for (double z = -8; z <= 5; z += 0.03125) {
    const double p = 0.5 * std::erfc(-z / std::sqrt(2.0));
    CAPTURE(z);
    // Towards 1 the spacing of p itself limits z.
    const double limit = 4e-16 * (1 + std::fabs(z)) +
                         2.3e-16 / (0.3989422804014327 * std::exp(-z * z / 2)) * (z > 0 ? 1 : p);
    CHECK(std::fabs(normal_quantile(p) - z) < 4 * limit);
  }
}

TEST_CASE("normal draws have mean 0, deviation 1 and the right tails", "[core]") {
  RandomStream stream(3, 0, "normal");
  constexpr int draws = 100000;
  double sum = 0;
  double squares = 0;
  int beyond = 0;
  for (int i = 0; i < draws; ++i) {
    const double z = stream.normal();
    sum += z;
    squares += z * z;
    beyond += std::fabs(z) > 1.959963984540054 ? 1 : 0;
  }
  CHECK(std::fabs(sum / draws) < 0.011);
  CHECK(std::fabs(squares / draws - 1) < 0.016);
  CHECK(std::abs(beyond - draws / 20) < 240);
}

TEST_CASE("FNV-1a gives the published values", "[core]") {
  CHECK(hash_text("") == 0xcbf29ce484222325ULL);
  CHECK(hash_text("a") == 0xaf63dc4c8601ec8cULL);
  CHECK(hash_text("foobar") == 0x85944171f73967e8ULL);
  CHECK(hash_text("bar", hash_text("foo")) == hash_text("foobar"));
}
