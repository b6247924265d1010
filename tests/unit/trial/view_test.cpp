#include <cmath>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "trial/fold.hpp"

using namespace tunesmith;

namespace {

/// A view in which trial i ended with outcomes[i] and metrics[i]; ended in the given order.
struct Ended {
  Outcome outcome = Outcome::completed;
  Metrics metrics = {};
};

StudyView view_of(const Problem& problem, const std::vector<Ended>& trials,
                  bool backwards = false) {
  StudyFold fold(problem);
  const auto add = [&](Event event) { fold.apply({fold.prefix() + 1, std::move(event)}); };
  const auto count = static_cast<TrialId>(trials.size());
  for (TrialId id = 0; id < count; ++id) {
    add({.kind = EventKind::suggested,
         .trial = id,
         .attempt = 1,
         .payload = suggestion_payload({.configuration = {{"x", static_cast<double>(id)}},
                                        .origin = id == 0 ? Origin::baseline : Origin::strategy})});
  }
  for (TrialId i = 0; i < count; ++i) {
    const TrialId id = backwards ? count - 1 - i : i;
    const Ended& ended = trials[static_cast<std::size_t>(id)];
    for (const auto& [metric, value] : ended.metrics) {
      add({.kind = EventKind::measured,
           .trial = id,
           .attempt = 1,
           .value = value,
           .metric = metric});
    }
    add({.kind = EventKind::finished,
         .trial = id,
         .attempt = 1,
         .value = static_cast<double>(ended.outcome)});
  }
  return fold.snapshot();
}

Problem problem_with(std::vector<Objective> objectives) {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1000});
  problem.objectives = std::move(objectives);
  return problem;
}

const Problem minimise = problem_with({{.metric = "loss"}});
const Problem maximise = problem_with({{.metric = "loss", .goal = Goal::maximize}});

Ended loss(double value, Outcome outcome = Outcome::completed) {
  return {outcome, {{"loss", value}}};
}

}  // namespace

TEST_CASE("best is the best feasible trial, of equals the earliest, in whatever order they end") {
  const bool backwards = GENERATE(false, true);
  const std::vector<Ended> trials = {loss(3), loss(1), loss(2), loss(1), loss(3)};
  CHECK(view_of(minimise, trials, backwards).best() == 1);
  CHECK(view_of(maximise, trials, backwards).best() == 0);
  CHECK_FALSE(view_of(minimise, {}).best());
}

TEST_CASE("only completed and stopped trials with finite objectives count") {
  const double infinity = INFINITY;
  const StudyView view = view_of(minimise, {loss(1, Outcome::failed),
                                            loss(1, Outcome::infeasible),
                                            loss(1, Outcome::lost),
                                            loss(NAN, Outcome::stopped),
                                            loss(-infinity),
                                            {Outcome::stopped, {{"other", 1}}},
                                            {Outcome::stopped, {}},
                                            loss(5, Outcome::stopped)});
  CHECK(view.best() == 7);
  for (TrialId id = 0; id < 7; ++id) {
    CAPTURE(id);
    CHECK_FALSE(view.objective(view.trial(id)));
    CHECK_FALSE(view.feasible(view.trial(id)));
  }
  CHECK(view.objective(view.trial(7)) == 5);
  CHECK(view.trial(0).metrics == Metrics{{"loss", 1}});  // shown, but no observation
}

TEST_CASE("outcome constraints bind where the metric is missing or NaN, too") {
  Problem problem = minimise;
  problem.constraints = {{.metric = "size", .min = 1, .max = 2}, {.metric = "time", .max = 9}};
  const auto trial = [](double size, double time) {
    return Ended{Outcome::completed, {{"loss", 1}, {"size", size}, {"time", time}}};
  };
  const StudyView view =
      view_of(problem, {trial(0.5, 1), trial(2.5, 1), trial(NAN, 1), trial(1, 10), trial(1, NAN),
                        loss(1), trial(1, 9), trial(2, -INFINITY)});
  std::vector<TrialId> feasible;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    if (view.feasible(view.trial(id))) feasible.push_back(id);
  }
  CHECK(feasible == std::vector<TrialId>{6, 7});
  CHECK(view.best() == 6);
}

TEST_CASE("the gain is against the baseline and positive where better") {
  CHECK(view_of(minimise, {loss(3), loss(1)}).gain() == 2);
  CHECK(view_of(maximise, {loss(3), loss(1)}).gain() == 0);
  CHECK(view_of(maximise, {loss(1), loss(3)}).gain() == 2);
  CHECK_FALSE(view_of(minimise, {loss(1, Outcome::failed), loss(3)}).gain());
  CHECK_FALSE(view_of(minimise, {}).gain());
  const Problem two = problem_with({{.metric = "loss"}, {.metric = "size"}});
  CHECK_FALSE(view_of(two, {{Outcome::completed, {{"loss", 1}, {"size", 1}}}}).gain());
}

TEST_CASE("the front is what nothing beats, as the definition says, pair by pair") {
  const Problem problem =
      problem_with({{.metric = "a"}, {.metric = "b", .goal = Goal::maximize}, {.metric = "c"}});
  RandomStream random(9, 0, "front");
  for (int round = 0; round < 20; ++round) {
    std::vector<Ended> trials;
    for (int i = 0; i < 40; ++i) {
      // Few values, so that equals come up.
      const auto value = [&] { return static_cast<double>(random.below(5)); };
      trials.push_back({random.below(10) == 0 ? Outcome::failed : Outcome::completed,
                        {{"a", value()}, {"b", value()}, {"c", value()}}});
    }
    const StudyView view = view_of(problem, trials);
    std::vector<TrialId> expected;
    for (TrialId i = 0; i < 40; ++i) {
      if (!view.feasible(view.trial(i))) continue;
      bool beaten = false;
      for (TrialId j = 0; j < 40 && !beaten; ++j) {
        if (!view.feasible(view.trial(j))) continue;
        const Metrics& p = view.trial(i).metrics;
        const Metrics& q = view.trial(j).metrics;
        const bool as_good =
            q.at("a") <= p.at("a") && q.at("b") >= p.at("b") && q.at("c") <= p.at("c");
        beaten = as_good && q != p;
      }
      if (!beaten) expected.push_back(i);
    }
    CHECK(view.front() == expected);
    CHECK(view.best() == expected.front());
  }
}

TEST_CASE("with one objective the front is every best trial") {
  CHECK(view_of(minimise, {loss(2), loss(1), loss(1)}).front() == std::vector<TrialId>{1, 2});
}
