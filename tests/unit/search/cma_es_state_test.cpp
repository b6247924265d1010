#include "search/cma_es_state.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

using Function = std::function<double(const Configuration&)>;

Space cube(int dimension) {
  Space space;
  for (int i = 0; i < dimension; ++i) {
    space.add_float("x" + std::to_string(i), {.min = -5, .max = 5, .scale = Scale::linear});
  }
  return space.settled();
}

struct Run {
  int evaluations = 0;
  double best = INFINITY;
};

/// Generation after generation until `target` or `most` evaluations.
Run minimise(CmaEsState& state, const CmaEsAxes& axes, const Space& space, const Function& f,
             double target, int most) {
  Run run;
  while (run.evaluations < most && run.best > target) {
    std::vector<std::pair<double, CmaEsState::Member>> drawn;
    while (static_cast<int>(drawn.size()) < state.population()) {
      RandomStream stream(9, static_cast<std::uint64_t>(run.evaluations++), "test");
      CmaEsState::Member member = state.sample(stream);
      const double y = f(space.decode(axes.point(member.numbers.x, member.choices)));
      run.best = std::min(run.best, y);
      drawn.emplace_back(y, std::move(member));
    }
    std::stable_sort(drawn.begin(), drawn.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    CmaEsState::Generation results;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const bool tied = i > 0 && drawn[i].first == drawn[i - 1].first;
      results.places.push_back(tied ? results.places.back() : static_cast<int>(i));
      results.members.push_back(drawn[i].second);
    }
    results.best = drawn.front().first;
    results.middle = drawn[drawn.size() / 2].first;
    state.update(results);
  }
  return run;
}

Run minimise(const Space& space, const Function& f, double target, int most) {
  const CmaEsAxes axes(space);
  CmaEsState state(axes, 3, 0);
  return minimise(state, axes, space, f, target, most);
}

double squared(double x) { return x * x; }

}  // namespace

TEST_CASE("The sphere in ten dimensions takes some 1,500 evaluations to 1e-8") {
  const Function sphere = [](const Configuration& c) {
    double sum = 0;
    for (const auto& [name, value] : c.values()) sum += squared(std::get<double>(value) - 1.3);
    return sum;
  };
  const Run run = minimise(cube(10), sphere, 1e-8, 2000);
  CHECK(run.best <= 1e-8);
}

TEST_CASE("An ellipsoid of condition 1e6 takes some 4,500 evaluations: the covariance is learnt") {
  const Function ellipsoid = [](const Configuration& c) {
    double sum = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double x = std::get<double>(c.values()[i].second) + 2;
      sum += std::pow(1e6, static_cast<double>(i) / 9) * x * x;
    }
    return sum;
  };
  const Run run = minimise(cube(10), ellipsoid, 1e-8, 5500);
  CHECK(run.best <= 1e-8);
}

TEST_CASE("An optimum in a corner of the space is reached") {
  const Function slope = [](const Configuration& c) {
    double sum = 0;
    for (const auto& [name, value] : c.values()) sum += 5 - std::get<double>(value);
    return sum;
  };
  const Run run = minimise(cube(5), slope, 1e-6, 2000);
  CHECK(run.best <= 1e-6);
}

TEST_CASE("Ints keep moving though the numbers beside them have settled") {
  // The margin's case: the ints matter only once the floats are near their optimum.
  Space space = cube(3);
  for (int i = 0; i < 3; ++i) {
    space.add_int("n" + std::to_string(i), {.min = -10, .max = 10, .scale = Scale::linear});
  }
  const Function f = [](const Configuration& c) {
    double floats = 0;
    double ints = 0;
    for (const auto& [name, value] : c.values()) {
      if (const double* x = std::get_if<double>(&value)) {
        floats += 1000 * squared(*x - 1);
      } else {
        ints += squared(static_cast<double>(std::get<std::int64_t>(value)) - 7);
      }
    }
    return floats + ints;
  };
  const Run run = minimise(space, f, 1e-6, 3000);
  CHECK(run.best <= 1e-6);
}

TEST_CASE("Choices, ints and floats are searched together") {
  Space space = cube(3);
  space.add_int("n", {.min = 1, .max = 64, .scale = Scale::log})
      .add_categorical("a", {"x", "y", "z"})
      .add_categorical("b", {true, false});
  const Function f = [](const Configuration& c) {
    double sum = squared(std::log(c.number("n") / 24));
    for (int i = 0; i < 3; ++i) sum += squared(c.number("x" + std::to_string(i)) - 2);
    sum += c.text("a") == "y" ? 0 : 3;
    return sum + (c.flag("b") ? 1 : 0);
  };
  const Run run = minimise(space.settled(), f, 1e-4, 2500);
  CHECK(run.best <= 1e-4);
}

TEST_CASE("A constant objective leads to a restart with twice the population") {
  const Space space = cube(2);
  const CmaEsAxes axes(space);
  CmaEsState state(axes, 3, 0);
  CHECK(state.population() == 6);
  minimise(
      state, axes, space, [](const Configuration&) { return 1.0; }, 0, 500);
  CHECK(state.restarts() >= 1);
  CHECK(state.population() == 6 << state.restarts());
}

TEST_CASE("A generation of draws that were all known leads to a restart") {
  const Space space = cube(2);
  const CmaEsAxes axes(space);
  CmaEsState state(axes, 3, 8);
  CmaEsState::Generation results{.elsewhere = 5};
  for (int i = 0; i < 8; ++i) {
    RandomStream stream(1, static_cast<std::uint64_t>(i), "test");
    results.members.push_back(state.sample(stream));
    results.places.push_back(i);
  }
  state.update(results);
  CHECK(state.restarts() == 1);
  CHECK(state.population() == 16);
}

TEST_CASE("A warm start begins where the best tenth of the earlier points lies") {
  const Space space = cube(2);
  const CmaEsAxes axes(space);
  std::vector<CmaEsState::Member> earlier;
  for (int i = 0; i < 40; ++i) {
    Vector x = Vector::Constant(2, i < 4 ? 0.8 : 0.3);
    if (i < 4) x(0) += i % 2 == 0 ? 0.05 : -0.05;
    earlier.push_back({.numbers = {.x = x}});
  }
  const CmaEsState state(axes, 3, 0, earlier);
  CHECK(state.gaussian().mean().isApprox(Vector::Constant(2, 0.8)));
  // 0.1² and the scatter of the four.
  CHECK(state.gaussian().deviation(0) == Approx(std::sqrt(0.01 + 0.0025)));
  CHECK(state.gaussian().deviation(1) == Approx(0.1));

  // Of few points the best is where to begin, and says nothing about the scale.
  earlier.resize(3);
  const CmaEsState few(axes, 3, 0, earlier);
  CHECK(few.gaussian().mean().isApprox(earlier[0].numbers.x));
  CHECK(few.gaussian().deviation(1) == Approx(1.0 / 6));
}
