#include <cmath>
#include <functional>

#include "core/random.hpp"
#include "rule_course.hpp"
#include "stopping/curve_posterior.hpp"

namespace tunesmith {
namespace {

using test::RuleCourse;
using Matrix = std::vector<std::vector<double>>;

/// Logarithm of the density of a multivariate Student t with 2 degrees of freedom, location 0 and
/// that scale matrix, up to a constant that depends on the number of values alone.
double log_density(Matrix scale, std::vector<double> values) {
  const std::size_t n = values.size();
  double log_determinant = 0;
  double squares = 0;
  for (std::size_t j = 0; j < n; ++j) {  // Cholesky, and L⁻¹ of the values on the way
    for (std::size_t k = 0; k < j; ++k) scale[j][j] -= scale[j][k] * scale[j][k];
    scale[j][j] = std::sqrt(scale[j][j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) scale[i][j] -= scale[i][k] * scale[j][k];
      scale[i][j] /= scale[j][j];
    }
    for (std::size_t k = 0; k < j; ++k) values[j] -= scale[j][k] * values[k];
    values[j] /= scale[j][j];
    log_determinant += 2 * std::log(scale[j][j]);
    squares += values[j] * values[j];
  }
  return -log_determinant / 2 - (2 + static_cast<double>(n)) / 2 * std::log1p(squares / 2);
}

/// Noise of 0.02, and a and b of 0 ± 3 at that noise; its shape is 1.
Matrix covariance(const std::vector<double>& x) {
  Matrix scale(x.size(), std::vector<double>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      scale[i][j] = 9 * (1 + x[i] * x[j]) + (i == j ? 0.02 * 0.02 : 0);
    }
  }
  return scale;
}

/// What CurvePosterior computes in closed form, from the joint density of the points and the one at
/// the end, which is integrated by the trapezoid rule. For values that begin with 0 and have a
/// range of 1.
double p_by_integration(const std::vector<double>& levels, const std::vector<double>& values,
                        double end, double bar) {
  std::vector<std::function<double(double)>> shapes;
  for (const double c : {0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0}) {
    shapes.push_back([=](double t) { return std::pow(t / levels[0], -c); });
  }
  for (const double c : {1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 60.0}) {
    shapes.push_back([=](double t) { return std::exp(-c * (t - levels[0]) / (end - levels[0])); });
  }
  double below = 0;
  double all = 0;
  for (const auto& shape : shapes) {
    std::vector<double> x;
    for (const double level : levels) x.push_back(shape(level));
    const double weight = std::exp(log_density(covariance(x), values));
    x.push_back(shape(end));
    const Matrix scale = covariance(x);
    std::vector<double> joint = values;
    joint.push_back(0);
    double mass = 0;
    double mass_below = 0;
    for (double u = -6; u < 6; u += 0.001) {
      const double y = std::sinh(u);
      joint.back() = y;
      const double density = std::exp(log_density(scale, joint)) * std::cosh(u);
      mass += density;
      if (y < bar) mass_below += density;
    }
    below += weight * mass_below / mass;
    all += weight;
  }
  return below / all;
}

/// A curve that ends at level 40, in one of the two families.
std::vector<double> random_curve(RandomStream& dice) {
  const double a = dice.uniform();
  const double b = 0.2 + dice.uniform();
  const double c = 0.3 + 1.5 * dice.uniform();
  const bool power = dice.below(2) == 0;
  const double noise = 0.02 * dice.uniform();
  std::vector<double> curve;
  for (int t = 1; t <= 40; ++t) {
    const double part = power ? std::pow(t, -c) : std::exp(-c * t / 6);
    curve.push_back(a + b * part + noise * dice.normal());
  }
  return curve;
}

}  // namespace

TEST_CASE("curve posterior: as by integration over the joint density") {
  const std::vector<double> levels = {2, 4, 6, 10};
  const std::vector<double> values = {0, -0.5, -0.8, -1};
  CurvePosterior posterior(levels[0], levels[1], 30);
  for (std::size_t i = 0; i < levels.size(); ++i) posterior.add(levels[i], values[i]);
  for (const double bar : {-2.0, -1.3, -1.1, -1.0, 0.0}) {
    CHECK(posterior.probability_below(bar) ==
          Approx(p_by_integration(levels, values, 30, bar)).margin(2e-3));
  }
}

TEST_CASE("curve posterior: neither the unit nor the origin of values matters") {
  CurvePosterior plain(1, 2, 20);
  CurvePosterior moved(1, 2, 20);
  for (int t = 1; t < 8; ++t) {
    plain.add(t, 1.0 / t);
    moved.add(t, 1000.0 / t + 500);
  }
  CHECK(plain.probability_below(0.05) == Approx(moved.probability_below(550)));
  CHECK(plain.probability_below(0.05) > 0.2);
  CHECK(plain.probability_below(0.05) < 0.8);
}

TEST_CASE("curve posterior: levels from 0 on, flat curves and huge values have an answer") {
  CurvePosterior from_zero(0, 1, 10);
  for (int t = 0; t < 6; ++t) from_zero.add(t, 1.0 / (t + 1));
  CHECK(from_zero.probability_below(-1) < 0.05);
  CHECK(from_zero.probability_below(1) > 0.95);
  CurvePosterior flat(1, 2, 10);
  for (int t = 1; t < 6; ++t) flat.add(t, 3);
  CHECK(flat.probability_below(1) < 0.05);
  CHECK(flat.probability_below(5) > 0.95);
  CurvePosterior huge(1, 2, 10);
  for (int t = 1; t < 6; ++t) huge.add(t, t % 2 == 0 ? 1.7e308 : -1.7e308);
  CHECK(std::isnan(huge.probability_below(0)));
}

TEST_CASE("extrapolation: hopeless trials are stopped early, and few of those that would win") {
  RandomStream dice(7, 0, "curves");
  int stopped = 0;
  int wrongly = 0;
  int worse = 0;
  double levels = 0;
  for (int i = 0; i < 600; ++i) {
    RuleCourse course(extrapolation_rule());
    course.complete(random_curve(dice));
    const std::vector<double> rival = random_curve(dice);
    course.complete(rival);
    RuleCourse alone(extrapolation_rule());
    alone.complete(rival);
    const TrialId trial = alone.begin();
    const std::vector<double> curve = random_curve(dice);
    const bool wins = curve.back() < rival.back();
    worse += wins ? 0 : 1;
    for (std::size_t t = 0; t < curve.size(); ++t) {
      if (alone.report(trial, static_cast<double>(t + 1), curve[t]).empty()) continue;
      ++stopped;
      wrongly += wins ? 1 : 0;
      levels += static_cast<double>(t + 1);
      break;
    }
  }
  CAPTURE(stopped, wrongly, worse, levels / stopped);
  CHECK(stopped > 0.85 * worse);
  CHECK(wrongly < 0.05 * stopped);
  CHECK(levels / stopped < 15);
}

TEST_CASE("extrapolation: one that is still falling goes on, one that is flat does not") {
  const auto finish = [](RuleCourse& course, double sign) {
    const TrialId best = course.begin();
    for (int t = 1; t <= 50; ++t) course.report(best, t, sign * (1 + 2.0 / t));
    course.end(best);
  };
  for (const Goal goal : {Goal::minimize, Goal::maximize}) {
    const double sign = goal == Goal::minimize ? 1 : -1;
    RuleCourse course(extrapolation_rule(), test::loss_problem(goal));
    finish(course, sign);
    const TrialId falling = course.begin();
    for (int t = 1; t <= 10; ++t) CHECK(course.report(falling, t, sign * (0.8 + 3.0 / t)).empty());
    const TrialId flat = course.begin();
    std::vector<Action> actions;
    for (int t = 1; t <= 10; ++t) actions = course.report(flat, t, sign * (2 + 1.0 / t));
    REQUIRE(actions.size() == 1);
    CHECK(actions[0].trial == flat);
    CHECK_THAT(actions[0].reason,
               Catch::Contains(sign > 0 ? "loss 2.1 at 10 will beat the best 1.04 at 50"
                                        : "loss -2.1 at 10"));
  }
}

TEST_CASE("extrapolation: the order of reports does not matter, nor do those told twice") {
  RuleCourse course(extrapolation_rule());
  course.complete(std::vector<double>(30, 1.0));
  const TrialId plain = course.begin();
  std::vector<Action> expected;
  for (int t = 1; t <= 8; ++t) expected = course.report(plain, t, 2 + 1.0 / t);
  REQUIRE(expected.size() == 1);
  const TrialId late = course.begin();
  for (const int t : {1, 2, 7, 4, 6, 3}) course.report(late, t, 2 + 1.0 / t);
  course.report(late, 5, 100);
  course.preempt(late);
  course.report(late, 5, 2 + 1.0 / 5);
  const auto actions = course.report(late, 8, 2 + 1.0 / 8);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].reason == expected[0].reason);
}

TEST_CASE("extrapolation: waits for levels and trials, and leaves the last level alone") {
  RuleCourse course(extrapolation_rule({.min_levels = 5, .min_trials = 2, .max_level = 6}));
  course.complete({1, 1, 1, 1, 1, 1});
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {9, 9, 9, 9, 9}).empty());
  course.complete({1, 1, 1, 1, 1, 1});
  CHECK(course.report(trial, 5, 9.5).size() == 1);
  CHECK(course.report(trial, 6, 9).empty());
  const TrialId young = course.begin();
  CHECK(course.report_all(young, {9, 9, 9, 9}).empty());
  CHECK(course.report(young, 5, 9).size() == 1);
  CHECK(test::refused([] {
          extrapolation_rule({.probability = 1, .min_levels = 2, .min_trials = 0, .max_level = -1});
        }) == std::vector<std::string>{"/probability", "/min_levels", "/min_trials", "/max_level"});
}

}  // namespace tunesmith
