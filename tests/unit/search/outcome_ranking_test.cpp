#include "search/outcome_ranking.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

TrialOutcome good(std::vector<double> objectives) { return {.objectives = std::move(objectives)}; }
TrialOutcome broken(double violation, std::vector<double> objectives) {
  return {.violation = violation, .objectives = std::move(objectives)};
}
const TrialOutcome failed{.failed = true, .violation = INFINITY};

}  // namespace

TEST_CASE("One objective: by value, then by violation, failures last; equals share a place") {
  const Ranking ranking = rank({failed, good({3}), broken(2, {0}), good({1}), broken(1, {9}),
                                good({3}), failed, broken(2, {-5})});
  CHECK(ranking.order == std::vector<std::size_t>{3, 1, 5, 4, 2, 7, 0, 6});
  CHECK(ranking.places == std::vector<int>{0, 1, 1, 2, 3, 3, 4, 4});
  CHECK(rank({}).order.empty());
}

TEST_CASE("Several objectives: fronts by hand") {
  // (1, 4), (2, 2) and (4, 1) beat all others; (3, 3) and (2, 5) beat (5, 5).
  const std::vector<TrialOutcome> outcomes = {good({3, 3}),      good({1, 4}), good({5, 5}),
                                              good({2, 2}),      good({4, 1}), good({2, 5}),
                                              broken(1, {0, 0}), failed};
  CHECK(front_numbers(outcomes) == std::vector<int>{1, 0, 2, 0, 0, 1, 3, 4});
  CHECK(dominates(outcomes[3], outcomes[0]));
  CHECK_FALSE(dominates(outcomes[3], outcomes[3]));
  CHECK_FALSE(dominates(outcomes[1], outcomes[3]));
  CHECK(dominates(outcomes[2], outcomes[6]));
  CHECK(dominates(outcomes[6], outcomes[7]));
}

TEST_CASE("Crowding distances by hand, also of values whose difference is no double") {
  const std::vector<TrialOutcome> outcomes = {good({0, 10}), good({4, 0}), good({1, 8}),
                                              good({3, 2})};
  const auto distances = crowding_distances(outcomes, {0, 1, 2, 3});
  CHECK(std::isinf(distances[0]));
  CHECK(std::isinf(distances[1]));
  CHECK(distances[2] == Approx(3.0 / 4 + 8.0 / 10));
  CHECK(distances[3] == Approx(3.0 / 4 + 8.0 / 10));
  const std::vector<TrialOutcome> huge = {good({-1.5e308, 1}), good({0, 0.5}), good({1.5e308, 0})};
  CHECK(crowding_distances(huge, {0, 1, 2})[1] == Approx(2));
  CHECK(crowding_distances({broken(1, {1, 1})}, {0}) == std::vector<double>{0});
}

TEST_CASE("Within a front the lonely come first") {
  const Ranking ranking =
      rank({good({0, 10}), good({5, 5}), good({5.1, 4.9}), good({10, 0}), good({2, 8})});
  CHECK(ranking.order[0] == 0);
  CHECK(ranking.order[1] == 3);
  CHECK(ranking.places[0] == ranking.places[1]);
  CHECK(ranking.order[2] == 2);  // 8/10 + 8/10 − …: its neighbours are (5, 5) and (10, 0)
}

TEST_CASE("Outcomes are read as what is to be minimised, with the violations in all") {
  Problem problem = test::problem_of(test::finite_space());
  problem.objectives = {{.metric = "loss"}, {.metric = "speed", .goal = Goal::maximize}};
  problem.constraints = {{.metric = "memory", .max = 2}, {.metric = "speed", .min = 1}};
  ViewBuilder builder(problem);
  for (int i = 0; i < 6; ++i) builder.add({.configuration = Configuration{{"layers", i}}});
  builder.end(0, TrialState::completed).metrics = {{"loss", 1}, {"speed", 3}, {"memory", 2}};
  builder.end(1, TrialState::completed).metrics = {{"loss", 1}, {"speed", 0.5}, {"memory", 4}};
  builder.end(2, TrialState::completed).metrics = {{"loss", 1}, {"speed", 3}};
  builder.end(3, TrialState::failed);
  builder.end(4, TrialState::lost);
  const StudyView view = builder.view();
  const auto outcome = [&](TrialId id) { return outcome_of(view, view.trial(id)); };
  REQUIRE(outcome(0));
  CHECK(outcome(0)->objectives == std::vector<double>{1, -3});
  CHECK(outcome(0)->violation == 0);
  CHECK(outcome(1)->violation == Approx(2.5));
  CHECK(std::isinf(outcome(2)->violation));
  CHECK(outcome(3)->failed);
  CHECK_FALSE(outcome(4));
  CHECK_FALSE(outcome(5));
}
