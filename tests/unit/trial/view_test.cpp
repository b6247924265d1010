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
  std::optional<TrialId> replicate_of = {};
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
         .payload =
             suggestion_payload({.configuration = {{"x", static_cast<double>(id)}},
                                 .replicate_of = trials[static_cast<std::size_t>(id)].replicate_of,
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

TEST_CASE("what a trial cost counts whatever its outcome, where it is known and above 0") {
  Problem problem = minimise;
  const std::vector<Ended> trials = {{Outcome::completed, {{"loss", 1}, {"euros", 0.5}}},
                                     {Outcome::failed, {{"euros", 2}}},
                                     loss(1),
                                     {Outcome::completed, {{"loss", 1}, {"euros", 0}}},
                                     {Outcome::completed, {{"loss", 1}, {"euros", NAN}}},
                                     {Outcome::stopped, {{"loss", 1}, {"euros", INFINITY}}}};
  const StudyView without = view_of(problem, trials);
  CHECK_FALSE(without.cost(without.trial(0)));
  CHECK(without.total_cost() == 0);
  problem.cost = Cost{.metric = "euros"};
  const StudyView view = view_of(problem, trials, GENERATE(false, true));
  CHECK(view.cost(view.trial(0)) == 0.5);
  CHECK(view.cost(view.trial(1)) == 2.0);
  for (const TrialId id : {2, 3, 4, 5}) CHECK_FALSE(view.cost(view.trial(id)));
  CHECK(view.total_cost() == 2.5);
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

TEST_CASE("a repetition makes a value surer, not luckier") {
  const auto again = [](double value, TrialId of) {
    return Ended{Outcome::completed, {{"loss", value}}, of};
  };
  const StudyView view = view_of(minimise, {loss(1), loss(3), again(9, 0), again(2, 2), loss(4)});
  CHECK(view.repetitions(0) == std::vector<TrialId>{0, 2, 3});
  CHECK(view.repetitions(3) == view.repetitions(0));
  CHECK(view.repetitions(1) == std::vector<TrialId>{1});
  CHECK(*view.mean_objective(2) == Approx(4));
  CHECK(view.mean_objective(1) == 3);
  CHECK(view.best() == 1);
  CHECK(view.front() == std::vector<TrialId>{1});
  CHECK(*view.gain() == Approx(1));
  CHECK(view.objective(view.trial(3)) == 2);

  SECTION("what failed or broke a constraint is no part of the mean") {
    Problem bounded = minimise;
    bounded.constraints = {{.metric = "size", .max = 1}};
    const auto sized = [](double value, double size, std::optional<TrialId> of = {}) {
      return Ended{Outcome::completed, {{"loss", value}, {"size", size}}, of};
    };
    const StudyView mixed =
        view_of(bounded, {sized(1, 2), sized(5, 1, 0), again(7, 0), sized(6, 1), sized(4, 2)});
    CHECK(mixed.mean_objective(0) == 5);
    CHECK(mixed.best() == 1);
    CHECK_FALSE(mixed.mean_objective(4));
  }
  SECTION("the mean of huge values is finite") {
    CHECK(*view_of(minimise, {loss(1.5e308), again(1.7e308, 0)}).mean_objective(0) ==
          Approx(1.6e308));
    CHECK(std::isfinite(*view_of(minimise, {loss(-1.7e308), again(1.7e308, 0)}).mean_objective(0)));
  }
}

TEST_CASE("best among repeated trials is as the definition says, in whatever order they end") {
  RandomStream random(9, 0, "repeated");
  for (int round = 0; round < 50; ++round) {
    const Problem& problem = round % 2 == 0 ? minimise : maximise;
    std::vector<Ended> trials;
    std::vector<std::size_t> originals;
    for (std::size_t i = 0; i < 30; ++i) {
      trials.push_back(loss(static_cast<double>(random.below(8)),
                            random.below(5) == 0 ? Outcome::failed : Outcome::completed));
      originals.push_back(i);
      if (i == 0 || random.below(2) == 0) continue;
      const std::size_t of = random.below(i);
      trials.back().replicate_of = static_cast<TrialId>(of);
      originals.back() = originals[of];
    }
    std::optional<TrialId> best;
    double best_mean = 0;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      double sum = 0;
      double count = 0;
      bool earliest = trials[i].outcome == Outcome::completed;
      for (std::size_t j = 0; j < trials.size(); ++j) {
        if (originals[j] != originals[i] || trials[j].outcome != Outcome::completed) continue;
        earliest = earliest && j >= i;
        sum += trials[j].metrics.at("loss");
        ++count;
      }
      if (!earliest) continue;
      const double mean = sum / count * (round % 2 == 0 ? 1 : -1);
      if (best && mean >= best_mean - 1e-12) continue;
      best = static_cast<TrialId>(i);
      best_mean = mean;
    }
    for (const bool backwards : {false, true})
      CHECK(view_of(problem, trials, backwards).best() == best);
  }
}
