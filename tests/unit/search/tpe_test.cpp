#include <algorithm>
#include <cmath>
#include <limits>

#include "search/tpe_history.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

using Rows = std::vector<int>;

TpeOutcome completed(std::vector<double> values) {
  return {.rank = TpeRank::completed, .values = std::move(values), .ended = true};
}

TpeOutcome stopped(double level, double value) {
  return {.rank = TpeRank::stopped, .values = {value}, .level = level, .ended = true};
}

TpeOutcome violating(std::vector<double> excess) {
  return {.rank = TpeRank::violating, .values = {9}, .excess = std::move(excess), .ended = true};
}

Suggestion ask(const ViewBuilder& study, TpeSearchOptions options = {}) {
  const auto suggestions = tpe_search(options)->suggest(study.view(), 1);
  REQUIRE(suggestions.size() == 1);
  return suggestions.front();
}

Space square() {
  Space space;
  space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear})
      .add_float("y", {.min = 0, .max = 1, .scale = Scale::linear});
  return space;
}

}  // namespace

TEST_CASE("A tenth of the measured trials is good, at most 25, the best and the earliest first") {
  std::vector<TpeOutcome> outcomes;
  for (int i = 0; i < 11; ++i)
    outcomes.push_back(completed({i == 4 || i == 7 || i == 9 ? 1.0 : 0}));
  TpeSplit split = split_trials(outcomes);
  CHECK(split.below == Rows{4, 7});
  CHECK(split.above == Rows{0, 1, 2, 3, 5, 6, 8, 9, 10});
  for (int i = 0; i < 600; ++i) outcomes.push_back(completed({-1.0}));
  CHECK(split_trials(outcomes).below.size() == 25);
}

TEST_CASE("Completed trials come before stopped ones, those before ones that break a constraint") {
  std::vector<TpeOutcome> outcomes = {violating({5, 0}),    stopped(3, 1),   stopped(9, -1),
                                      violating({0, 2000}), completed({-5}), stopped(9, 0)};
  const auto good = [&](std::size_t count) {
    std::vector<TpeOutcome> padded = outcomes;
    while (padded.size() < 10 * count) padded.push_back(violating({1e9, 1e9}));
    return split_trials(padded).below;
  };
  CHECK(good(1) == Rows{4});
  CHECK(good(2) == Rows{4, 5});
  CHECK(good(3) == Rows{2, 4, 5});
  CHECK(good(4) == Rows{1, 2, 4, 5});
  // In units of the largest violation of the bound, 5 parts in 1e9 are less than 2000.
  CHECK(good(5) == Rows{0, 1, 2, 4, 5});
  CHECK(good(6) == Rows{0, 1, 2, 3, 4, 5});
}

TEST_CASE("Running and failed trials are never good, and do not make more trials good") {
  std::vector<TpeOutcome> outcomes = {completed({1}), completed({2})};
  for (int i = 0; i < 30; ++i) outcomes.push_back({.rank = TpeRank::above});
  outcomes.push_back({.rank = TpeRank::ignored});
  const TpeSplit split = split_trials(outcomes);
  CHECK(split.below == Rows{1});
  CHECK(split.above.size() == 31);
}

TEST_CASE("With several objectives whole fronts are good, the last one evenly covered") {
  std::vector<TpeOutcome> outcomes;
  for (int i = 0; i <= 20; ++i)  // one front
    outcomes.push_back(completed({i / 20.0, 1 - i / 20.0}));
  for (int i = 0; i < 9; ++i) outcomes.push_back(completed({-1.0, -1.0}));
  CHECK(split_trials(outcomes).below == Rows{0, 10, 20});
  outcomes.push_back(completed({5, 5}));
  const Rows below = split_trials(outcomes).below;
  REQUIRE(below.size() == 4);
  CHECK(below.back() == 30);
  CHECK(below[0] == 0);
  CHECK(below[2] == 20);
  // Equal trials fill the places, too; huge values do no harm.
  std::vector<TpeOutcome> equal(40, completed({1e300, -1e300}));
  CHECK(split_trials(equal).below.size() == 4);
}

TEST_CASE("What is known of a study follows the view, whichever view came before") {
  Problem problem = test::problem_of(test::mixed_space());
  problem.constraints = {{.metric = "size", .min = 1.0, .max = 10.0}};
  ViewBuilder study(problem);
  for (int i = 0; i < 6; ++i) study.add(ask(study));
  study.complete(0, 0.5);
  study.end(1, TrialState::completed).metrics = {{"loss", 2.0}, {"size", 12.0}};
  study.end(2, TrialState::completed).metrics = {{"loss", 2.0}, {"size", 3.0}};
  study.fail(3);
  study.end(4, TrialState::lost);
  const StudyView full = study.view();
  TpeHistory history;
  history.follow(full);
  const auto check = [&] {
    const std::vector<TpeOutcome>& outcomes = history.outcomes();
    REQUIRE(outcomes.size() == 6);
    CHECK(outcomes[0].rank == TpeRank::violating);
    CHECK(std::isinf(outcomes[0].excess[0]));
    CHECK(outcomes[1].rank == TpeRank::violating);
    CHECK(outcomes[1].excess == std::vector<double>{0, 2});
    CHECK(outcomes[2].rank == TpeRank::completed);
    CHECK(outcomes[2].values == std::vector<double>{-2});
    CHECK(outcomes[3].rank == TpeRank::above);
    CHECK(outcomes[4].rank == TpeRank::ignored);
    CHECK(outcomes[5].rank == TpeRank::above);
    CHECK_FALSE(outcomes[5].ended);
    for (const Trial& trial : study.trials()) CHECK(history.contains(trial.configuration));
  };
  check();
  const Configuration own = ask(study).configuration;
  CHECK_FALSE(history.contains(own));
  history.add(own);
  CHECK(history.contains(own));
  CHECK(history.outcomes().back().rank == TpeRank::above);
  ViewBuilder other(test::problem_of(test::finite_space()));
  other.add(ask(other));
  history.follow(other.view());
  CHECK(history.outcomes().size() == 1);
  CHECK_FALSE(history.contains(own));
  history.follow(full);
  check();
}

TEST_CASE("A smooth minimum is closed in on") {
  int near = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    ViewBuilder study(test::problem_of(square(), seed));
    for (int i = 0; i < 60; ++i) {
      const TrialId id = study.add(ask(study));
      const Configuration& c = study.trials().back().configuration;
      const double away = std::hypot(c.number("x") - 0.7, c.number("y") - 0.2);
      if (i >= 40 && away < 0.2) ++near;
      study.complete(id, away);
    }
  }
  // A draw at random is as near in one of eight cases.
  CHECK(near >= 30);
}

TEST_CASE("Parameters of a branch are learnt where the branch is taken") {
  Space space;
  space.add_categorical("model", {"tree", "net"})
      .add_float("depth",
                 {.min = 0, .max = 1, .scale = Scale::linear, .when = {{"model", {"tree"}}}})
      .add_float("rate",
                 {.min = 0, .max = 1, .scale = Scale::linear, .when = {{"model", {"net"}}}});
  ViewBuilder study(test::problem_of(space));
  int good = 0;
  for (int i = 0; i < 60; ++i) {
    const TrialId id = study.add(ask(study));
    const Configuration& c = study.trials().back().configuration;
    const bool net = c.text("model") == "net";
    CHECK(c.contains("rate") == net);
    CHECK(c.contains("depth") != net);
    const double loss = net ? std::abs(c.number("rate") - 0.8) : 0.5 + c.number("depth");
    if (i >= 40 && loss < 0.2) ++good;
    study.complete(id, loss);
  }
  CHECK(good >= 10);
}

TEST_CASE("A region that fails is left alone") {
  ViewBuilder study(test::problem_of(square()));
  int failures = 0;
  for (int i = 0; i < 60; ++i) {
    const TrialId id = study.add(ask(study));
    const Configuration& c = study.trials().back().configuration;
    if (c.number("x") > 0.5) {
      if (i >= 30) ++failures;
      study.fail(id);
    } else {
      study.complete(id, c.number("y"));
    }
  }
  // Of 30, half of them by chance.
  CHECK(failures <= 9);
}

TEST_CASE("Suggestions of one call, and asks without tells, differ and spread") {
  ViewBuilder study(test::problem_of(square()));
  for (int i = 0; i < 20; ++i) {
    const TrialId id = study.add(ask(study));
    study.complete(id, std::hypot(study.trials().back().configuration.number("x") - 0.5, 0.0));
  }
  const auto at_once = tpe_search()->suggest(study.view(), 8);
  REQUIRE(at_once.size() == 8);
  // The same as with the earlier ones running.
  for (const Suggestion& suggestion : at_once) {
    CHECK(ask(study).configuration == suggestion.configuration);
    study.add(suggestion);
  }
}

TEST_CASE("The start can be longer, and candidates make the choice greedier") {
  ViewBuilder study(test::problem_of(square()));
  for (int i = 0; i < 15; ++i) study.complete(study.add(ask(study)), i);
  CHECK(ask(study).note != ask(study, {.initial_trials = 16}).note);
  CHECK(ask(study).configuration != ask(study, {.candidates = 1}).configuration);
  CHECK_THROWS_AS(make_search("tpe", R"({"candidates": 0})"), Error);
}
