#include "search/rung_steps.hpp"

#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

/// `n` trials at the lowest rung; of each three the best goes on, to 0.5·value + 1 and an error.
std::vector<std::vector<double>> course(int n, double deviation) {
  RandomStream random(7, 0, "test");
  std::vector<std::vector<double>> values;
  for (int i = 0; i < n; ++i) values.push_back({random.normal()});
  for (auto& trial : values)
    if (trial[0] < -0.43) trial.push_back(0.5 * trial[0] + 1 + deviation * random.normal());
  return values;
}

}  // namespace

TEST_CASE("Steps between rungs find the line that values follow, and its error") {
  const RungSteps steps(course(3000, 0.1));
  const auto one = steps.at(0, -1, 1);
  CHECK(one.value == Approx(0.5).margin(0.02));
  CHECK(one.deviation == Approx(0.1).margin(0.01));
  // It holds for those that were left behind, too.
  CHECK(steps.at(0, 2, 1).value == Approx(2.0).margin(0.1));
}

TEST_CASE("Where few trials went on, differences are expected to stay as they are") {
  const RungSteps steps({{1, 11}, {2}, {3}, {4}, {5}});
  CHECK(steps.count(0) == 5);
  CHECK(steps.count(1) == 1);
  CHECK(steps.count(2) == 0);
  CHECK(steps.at(0, 1, 1).value == Approx(11));
  CHECK(steps.at(0, 3, 1).value == Approx(13));
  CHECK(steps.at(0, 3, 1).deviation > 0.5);
  CHECK(steps.at(1, 11, 1).value == 11);
  CHECK(steps.at(1, 11, 1).deviation == 0);
}

TEST_CASE("Errors of several steps add up") {
  std::vector<std::vector<double>> values = course(300, 0.1);
  const double one = RungSteps(values).at(0, -1, 1).deviation;
  for (auto& trial : values)
    if (trial.size() == 2) trial.push_back(trial[1]);
  const RungSteps steps(values);
  CHECK(steps.at(0, -1, 2).deviation > one);
  CHECK(steps.at(1, 0.5, 2).deviation < steps.at(0, -1, 2).deviation);
}

TEST_CASE("A value that diverged bends no line, and equal values none") {
  std::vector<std::vector<double>> values = course(300, 0.1);
  const double before = RungSteps(values).at(0, -1, 1).value;
  values.push_back({-0.5, 1e300});
  values.push_back({1e300});
  const RungSteps steps(values);
  CHECK(steps.at(0, -1, 1).value == Approx(before).margin(0.2));
  const RungSteps same({{2, 1}, {2, 1}, {2}});
  CHECK(same.at(0, 2, 1).value == 1);
  CHECK(std::isfinite(same.at(0, 2, 1).deviation));
}
