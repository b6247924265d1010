#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "search/bayesian_model.hpp"
#include "search/trial_history.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Space square() {
  Space space;
  space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear})
      .add_float("y", {.min = 0, .max = 1, .scale = Scale::linear});
  return space;
}

Configuration at(double x, double y) { return {{"x", x}, {"y", y}}; }

double bowl(double x, double y) { return std::pow(x - 0.2, 2) + std::pow(y - 0.3, 2); }

Problem problem_of(std::size_t objectives, bool with_errors) {
  Problem problem = test::problem_of(square());
  problem.objectives.clear();
  for (std::size_t k = 0; k < objectives; ++k) {
    const std::string name = "f" + std::to_string(k);
    problem.objectives.push_back(
        {.metric = name, .standard_error = with_errors ? name + "_error" : ""});
  }
  return problem;
}

/// A grid of exact values, and a value far too good in a corner, with the error it is said to have.
ViewBuilder with_lucky_corner(Problem problem, double error) {
  ViewBuilder study(std::move(problem));
  for (const double x : {0.0, 0.25, 0.5, 0.75})
    for (const double y : {0.0, 0.3, 0.6, 0.95})
      study.complete(study.add({.configuration = at(x, y)}), bowl(x, y));
  const TrialId lucky = study.add({.configuration = at(0.9, 0.9)});
  study.end(lucky, TrialState::completed).metrics = {{"f0", bowl(0.9, 0.9) - 2},
                                                     {"f0_error", error}};
  return study;
}

Point best_believed(const ViewBuilder& study) {
  const FeatureEncoding encoding(study.view().problem().space);
  const BayesianModel model(encoding, read_history(study.view(), encoding), "", 1, 17);
  REQUIRE(model.is_informative());
  return model.incumbents().front();
}

}  // namespace

TEST_CASE("a value too good whose error is known to be large is not believed") {
  const Point corner{{0.9, 0.9}};
  CHECK((best_believed(with_lucky_corner(problem_of(1, false), 2)) - corner).norm() < 1e-9);
  CHECK((best_believed(with_lucky_corner(problem_of(1, true), 1e-3)) - corner).norm() < 1e-9);
  CHECK((best_believed(with_lucky_corner(problem_of(1, true), 2)) - Point{{0.25, 0.3}}).norm() <
        1e-9);
}

TEST_CASE("an error that is none leaves suggestions as they are, bit for bit") {
  const auto suggestion = [](const ViewBuilder& study) {
    return bayesian_search()->suggest(study.view(), 1).at(0);
  };
  const Suggestion plain = suggestion(with_lucky_corner(problem_of(1, false), 1));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double error : {0.0, -1.0, std::nan(""), infinity, -infinity}) {
    const Suggestion same = suggestion(with_lucky_corner(problem_of(1, true), error));
    CHECK(same.configuration == plain.configuration);
    CHECK(same.state == plain.state);
  }
  CHECK_FALSE(suggestion(with_lucky_corner(problem_of(1, true), 1)).configuration ==
              plain.configuration);
}

TEST_CASE("errors count with several objectives, too") {
  for (const std::size_t objectives : {std::size_t{2}, std::size_t{3}, std::size_t{6}}) {
    const auto suggestion = [&](double error) {
      ViewBuilder study(problem_of(objectives, true));
      for (const double x : {0.0, 0.35, 0.7, 1.0})
        for (const double y : {0.0, 0.4, 0.9}) {
          Trial& trial = study.end(study.add({.configuration = at(x, y)}), TrialState::completed);
          for (std::size_t k = 0; k < objectives; ++k) {
            const std::string name = "f" + std::to_string(k);
            const double there = static_cast<double>(k) / static_cast<double>(objectives);
            trial.metrics[name] = std::pow(x - there, 2) + std::pow(y - there * there, 2);
            trial.metrics[name + "_error"] = error * (x + 1);
          }
        }
      return bayesian_search()->suggest(study.view(), 1).at(0).configuration;
    };
    const Configuration plain = suggestion(0);
    CHECK_FALSE(suggestion(0.2) == plain);
    for (const double error : {1e-300, 0.2, 1e6, 1e300})
      CHECK(square().check(suggestion(error)).empty());
  }
}

TEST_CASE("the incumbents of repeated trials are points that differ") {
  ViewBuilder study(problem_of(1, false));
  for (const double x : {0.1, 0.3, 0.5, 0.7, 0.9})
    for (const double value : {bowl(x, 0.3) + 0.01, bowl(x, 0.3) - 0.01, bowl(x, 0.3)})
      study.complete(study.add({.configuration = at(x, 0.3)}), value);
  const Space space = square();
  const FeatureEncoding encoding(space);
  const BayesianModel model(encoding, read_history(study.view(), encoding), "", 1, 15);
  const std::vector<Point> best = model.incumbents();
  CHECK(best.size() == 5);
  for (std::size_t i = 0; i < best.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK((best[i] - best[j]).norm() > 0.1);
}
