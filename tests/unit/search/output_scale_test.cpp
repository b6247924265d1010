#include "search/output_scale.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

namespace tunesmith {

TEST_CASE("a difference of outputs is what it is between the trials' values") {
  const std::vector<double> values = {100, std::nan(""), 0, 140};
  Vector outputs(4);
  outputs << 1, -9, 0, 1.5;
  const OutputScale scale(values, outputs);
  CHECK(scale.difference(1.5, 0.25) == Approx(20));
  CHECK(scale.difference(1.5, 1.0) == Approx(90));
  CHECK(scale.difference(1.0, 0.5) == Approx(50));
  CHECK(scale.difference(1.0, 0) == 0);
  SECTION("beyond the best it is that below the best") {
    CHECK(scale.difference(7, 0.25) == Approx(20));
  }
  SECTION("beyond the worst it goes on as from the best to the worst") {
    CHECK(scale.difference(0, 3) == Approx(280));
    CHECK(scale.difference(-1, 3) == Approx(280));
  }
}

TEST_CASE("equal trials, a single one, none, and huge ones") {
  Vector two(2);
  two << 1, 1;
  CHECK(OutputScale(std::vector<double>{3, 3}, two).difference(1, 5) == 0);
  CHECK(OutputScale(std::vector<double>{3}, two.head(1)).difference(1, 5) == 0);
  CHECK(OutputScale(std::vector<double>{}, Vector()).difference(1, 5) == 0);
  Vector apart(2);
  apart << -1, 1;
  const OutputScale huge(std::vector<double>{-1.7e308, 1.7e308}, apart);
  CHECK(huge.difference(1, 0.5) == Approx(8.5e307));
  CHECK(huge.difference(1, 1.9) == std::numeric_limits<double>::max());
}

}  // namespace tunesmith
