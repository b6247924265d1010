#include "tunesmith/rungs.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "tunesmith/error.hpp"

using namespace tunesmith;

TEST_CASE("levels grow by eta and end with the maximum") {
  using Levels = std::vector<std::int64_t>;
  CHECK(rung_levels({.min_resource = 1, .max_resource = 81}) == Levels{1, 3, 9, 27, 81});
  CHECK(rung_levels({.min_resource = 1, .max_resource = 100}) == Levels{1, 3, 9, 27, 81, 100});
  CHECK(rung_levels({.min_resource = 4, .max_resource = 27, .eta = 2}) == Levels{4, 8, 16, 27});
  CHECK(rung_levels({.min_resource = 5, .max_resource = 5}) == Levels{5});
  CHECK(rung_levels({.min_resource = 1, .max_resource = 2, .eta = 7}) == Levels{1, 2});
  CHECK(rung_levels({.min_resource = 1, .max_resource = 1'000'000'000'000'000, .eta = 1'000'000}) ==
        Levels{1, 1'000'000, 1'000'000'000'000, 1'000'000'000'000'000});
}

TEST_CASE("brackets of 81 are those of the paper, but for those that it rounds otherwise") {
  const auto brackets = hyperband_brackets({.min_resource = 1, .max_resource = 81});
  CHECK(brackets == std::vector<Bracket>{{{1, 81}, {3, 27}, {9, 9}, {27, 3}, {81, 1}},
                                         {{3, 34}, {9, 11}, {27, 3}, {81, 1}},
                                         {{9, 15}, {27, 5}, {81, 1}},
                                         {{27, 8}, {81, 2}},
                                         {{81, 5}}});
}

TEST_CASE("levels that eta does not divide are rounded down, and none is below the minimum") {
  const auto brackets = hyperband_brackets({.min_resource = 1, .max_resource = 100});
  CHECK(brackets.at(0) == Bracket{{1, 81}, {3, 27}, {11, 9}, {33, 3}, {100, 1}});
  const auto higher = hyperband_brackets({.min_resource = 12, .max_resource = 100});
  CHECK(higher == std::vector<Bracket>{{{33, 3}, {100, 1}}, {{100, 2}}});
}

TEST_CASE("exact powers are not lost to rounding") {
  for (std::int64_t eta = 2; eta <= 10; ++eta) {
    std::int64_t power = 1;
    for (int exponent = 0; power <= 1'000'000'000'000'000 / eta; ++exponent, power *= eta) {
      for (const std::int64_t min : {std::int64_t{1}, std::int64_t{7}}) {
        if (power > 1'000'000'000'000'000 / min) continue;
        const RungOptions options{.min_resource = min, .max_resource = min * power, .eta = eta};
        INFO("eta " << eta << ", exponent " << exponent << ", min " << min);
        CHECK(rung_levels(options).size() == static_cast<std::size_t>(exponent + 1));
        CHECK(hyperband_brackets(options).size() == static_cast<std::size_t>(exponent + 1));
        if (exponent == 0) continue;
        const RungOptions less{.min_resource = min, .max_resource = min * power - 1, .eta = eta};
        CHECK(hyperband_brackets(less).size() == static_cast<std::size_t>(exponent));
      }
    }
  }
}

TEST_CASE("every bracket narrows to at least one trial at the maximum") {
  for (std::int64_t eta = 2; eta <= 5; ++eta) {
    for (std::int64_t max = 1; max <= 300; ++max) {
      const auto brackets =
          hyperband_brackets({.min_resource = 1, .max_resource = max, .eta = eta});
      for (const Bracket& bracket : brackets) {
        REQUIRE(bracket.back().level == max);
        REQUIRE(bracket.back().trials >= 1);
        for (std::size_t i = 1; i < bracket.size(); ++i) {
          REQUIRE(bracket[i].level > bracket[i - 1].level);
          REQUIRE(bracket[i].trials <= bracket[i - 1].trials / eta);
        }
      }
    }
  }
}

TEST_CASE("every mistake of the options is named") {
  const auto paths = [](const RungOptions& options) {
    std::string all;
    try {
      rung_levels(options);
    } catch (const Error& error) {
      for (const Mistake& mistake : error.mistakes()) all += mistake.path;
    }
    return all;
  };
  CHECK(paths({.min_resource = 0, .max_resource = 0, .eta = 1}) ==
        "/min_resource/max_resource/eta");
  CHECK(paths({.min_resource = 3, .max_resource = 2}) == "/max_resource");
  CHECK(paths({.min_resource = 1, .max_resource = 2'000'000'000'000'000}) == "/max_resource");
  CHECK_THROWS_AS(hyperband_brackets({.max_resource = 9, .eta = 0}), Error);
}
