#include "search/survivors.hpp"

#include <set>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

TrialOutcome good(std::vector<double> objectives) { return {.objectives = std::move(objectives)}; }

}  // namespace

TEST_CASE("Reference points are as many as the formula says, and lie on the simplex") {
  // Table I of the NSGA-III paper: 3 objectives and 12 divisions, 91; 5 and 6, 210.
  for (const auto& [objectives, divisions, count] :
       {std::tuple(2, 4, 5), std::tuple(3, 12, 91), std::tuple(4, 6, 84), std::tuple(5, 6, 210),
        std::tuple(8, 3, 120)}) {
    const Matrix points = reference_points(objectives, divisions);
    CHECK(points.rows() == objectives);
    CHECK(points.cols() == count);
    CHECK(points.minCoeff() >= 0);
    CHECK((points.colwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
    std::set<std::vector<double>> distinct;
    for (Eigen::Index i = 0; i < points.cols(); ++i) {
      const Vector point = points.col(i);
      distinct.insert(std::vector<double>(point.begin(), point.end()));
    }
    CHECK(static_cast<int>(distinct.size()) == count);
  }
  CHECK(divisions_for(4, 100) == 6);
  CHECK(divisions_for(3, 91) == 12);
  CHECK(divisions_for(3, 90) == 11);
  CHECK(divisions_for(10, 5) == 1);
}

TEST_CASE("NSGA-II keeps whole fronts, and of the last one the lonely") {
  const std::vector<TrialOutcome> outcomes = {good({0, 10}), good({5, 5}),     good({6, 6}),
                                              good({10, 0}), good({4.9, 5.1}), good({2, 8}),
                                              good({9, 9})};
  CHECK(survivors(outcomes, 10) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(survivors(outcomes, 5) == std::vector<std::size_t>{0, 1, 3, 4, 5});
  CHECK(survivors(outcomes, 2) == std::vector<std::size_t>{0, 3});
  CHECK(survivors(outcomes, 6) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("NSGA-III keeps one near each reference line rather than many near one") {
  std::vector<TrialOutcome> outcomes;
  // The four ends of the axes, and a crowd around one of them.
  for (int k = 0; k < 4; ++k) {
    std::vector<double> values(4, 0);
    values[static_cast<std::size_t>(k)] = 1;
    outcomes.push_back(good(values));
  }
  for (int i = 1; i <= 6; ++i) {
    outcomes.push_back(good({1 - 0.01 * i, 0.01 * i / 3, 0.01 * i / 3, 0.01 * i / 3}));
  }
  CHECK(survivors(outcomes, 4) == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(survivors(outcomes, 7).size() == 7);
}

TEST_CASE("Many objectives: as many survive as asked for, whatever their values") {
  for (const double scale : {0.0, 1e-300, 1.0, 1e308}) {
    std::vector<TrialOutcome> outcomes;
    for (std::uint64_t i = 0; i < 60; ++i) {
      RandomStream stream(4, i, "test");
      std::vector<double> values(5);
      for (double& value : values) value = scale * (2 * stream.uniform() - 1);
      outcomes.push_back(i % 9 == 0 ? TrialOutcome{.failed = true} : good(values));
    }
    for (const std::size_t count : {1U, 5U, 20U, 55U}) {
      const auto kept = survivors(outcomes, count);
      CHECK(kept.size() == count);
      CHECK(std::set<std::size_t>(kept.begin(), kept.end()).size() == count);
    }
  }
}
