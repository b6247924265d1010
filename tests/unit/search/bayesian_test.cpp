#include <cmath>
#include <cstdint>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Space square() {
  Space space;
  space.add_float("x", {.min = -5, .max = 10, .scale = Scale::linear})
      .add_float("y", {.min = 0, .max = 15, .scale = Scale::linear});
  return space;
}

/// Branin's function; its minimum is 0.397887.
double branin(const Configuration& c) {
  const double pi = std::acos(-1.0);
  const double x = c.number("x");
  const double y = c.number("y");
  const double bend = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
  return bend * bend + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

Suggestion ask(const ViewBuilder& study) {
  const std::vector<Suggestion> suggestions = bayesian_search()->suggest(study.view(), 1);
  REQUIRE(suggestions.size() == 1);
  return suggestions.front();
}

double distance(const Space& space, const Configuration& a, const Configuration& b) {
  const std::vector<double> u = space.encode(a);
  const std::vector<double> v = space.encode(b);
  double largest = 0;
  for (std::size_t i = 0; i < u.size(); ++i) largest = std::max(largest, std::abs(u[i] - v[i]));
  return largest;
}

}  // namespace

TEST_CASE("Branin's minimum is found within 30 trials") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    ViewBuilder study(test::problem_of(square(), seed));
    double best = 1e9;
    for (int i = 0; i < 30; ++i) {
      const TrialId id = study.add(ask(study));
      const double value = branin(study.trials().back().configuration);
      best = std::min(best, value);
      study.complete(id, value);
    }
    CHECK(best < 0.45);
  }
}

TEST_CASE("the first trial is the centre, and existing trials count as the start") {
  const Space space = square();
  ViewBuilder fresh(test::problem_of(space));
  CHECK(ask(fresh).configuration == space.decode(std::vector<double>{0.5, 0.5}));
  CHECK(ask(fresh).state.empty());

  ViewBuilder study(test::problem_of(space));
  for (const double u : {0.1, 0.3, 0.6, 0.8}) {
    const Configuration own = space.decode(std::vector<double>{u, 1 - u * u});
    study.complete(study.add({.configuration = own}, Origin::enqueued), branin(own));
  }
  CHECK_FALSE(ask(study).state.empty());
}

TEST_CASE("eight asks in a row without a tell are distinct and spread") {
  const Space space = square();
  ViewBuilder study(test::problem_of(space));
  for (int i = 0; i < 12; ++i) {
    const TrialId id = study.add(ask(study));
    study.complete(id, branin(study.trials().back().configuration));
  }
  const std::size_t before = study.trials().size();
  for (int i = 0; i < 8; ++i) study.add(ask(study));
  for (std::size_t a = before; a < study.trials().size(); ++a)
    for (std::size_t b = a + 1; b < study.trials().size(); ++b)
      CHECK(distance(space, study.trials()[a].configuration, study.trials()[b].configuration) >
            0.01);
}

TEST_CASE("a region that always fails is left alone once it is known") {
  const Space space = square();
  ViewBuilder study(test::problem_of(space));
  int failures = 0;
  for (int i = 0; i < 35; ++i) {
    const TrialId id = study.add(ask(study));
    const Configuration& c = study.trials().back().configuration;
    if (c.number("x") < 0) {
      if (i >= 20) ++failures;
      study.fail(id);
    } else {
      study.complete(id, branin(c));
    }
  }
  CHECK(failures <= 4);
  CHECK(*study.view().objective(study.view().trial(*study.view().best())) < 0.6);
}

TEST_CASE("outcome constraints are kept by what is found best") {
  Problem problem = test::problem_of(square());
  problem.constraints = {{.metric = "size", .max = 10.0}};
  ViewBuilder study(problem);
  for (int i = 0; i < 30; ++i) {
    const TrialId id = study.add(ask(study));
    const Configuration c = study.trials().back().configuration;
    study.complete(id, branin(c));
    // Only the minimum at (π, 2.275) keeps x + y ≤ 10 and x ≥ 0 here.
    study.end(id, TrialState::completed).metrics["size"] =
        c.number("x") < 0 ? 11.0 : c.number("x") + c.number("y");
  }
  REQUIRE(study.view().best());
  CHECK(*study.view().objective(study.view().trial(*study.view().best())) < 0.5);
}

TEST_CASE("two objectives give a front with both ends and a middle") {
  Problem problem = test::problem_of(square());
  problem.objectives = {{.metric = "left"}, {.metric = "right"}};
  ViewBuilder study(problem);
  for (int i = 0; i < 40; ++i) {
    const TrialId id = study.add(ask(study));
    const Configuration c = study.trials().back().configuration;
    const double away = std::pow(c.number("y") / 15 - 0.3, 2);
    const double x = (c.number("x") + 5) / 15;
    study.end(id, TrialState::completed).metrics = {{"left", x * x + away},
                                                    {"right", (1 - x) * (1 - x) + away}};
  }
  double low = 1;
  double high = 0;
  int middle = 0;
  const StudyView view = study.view();
  for (const TrialId id : view.front()) {
    const double left = *view.objective(view.trial(id));
    low = std::min(low, left);
    high = std::max(high, left);
    if (left > 0.1 && left < 0.5) ++middle;
  }
  CHECK(low < 0.05);
  CHECK(high > 0.7);
  CHECK(middle >= 2);
}

TEST_CASE(
    "a later suggestion is the same whether the earlier ones were watched or read from the log") {
  const auto watched = bayesian_search();
  ViewBuilder study(test::problem_of(test::mixed_space()));
  for (int i = 0; i < 18; ++i) {
    const std::vector<Suggestion> mine = watched->suggest(study.view(), 1);
    const std::vector<Suggestion> other = bayesian_search()->suggest(study.view(), 1);
    REQUIRE(mine.size() == 1);
    REQUIRE(other.size() == 1);
    CHECK(mine[0].configuration == other[0].configuration);
    CHECK(mine[0].state == other[0].state);
    const TrialId id = study.add(mine[0]);
    study.complete(id, test::toy_loss(test::mixed_space(), mine[0].configuration));
  }
}

TEST_CASE("values that never differ end in exploration, not in a standstill") {
  ViewBuilder study(test::problem_of(square()));
  for (int i = 0; i < 15; ++i) study.complete(study.add(ask(study)), 3.0);
  double covered = 0;
  for (std::size_t a = 0; a < study.trials().size(); ++a)
    for (std::size_t b = a + 1; b < study.trials().size(); ++b)
      covered = std::max(covered, distance(square(), study.trials()[a].configuration,
                                           study.trials()[b].configuration));
  CHECK(covered > 0.7);
}

TEST_CASE("suggestions beside many pending trials differ and are those of a fresh process") {
  ViewBuilder study(test::problem_of(test::mixed_space(), 7));
  const auto finish = [&](const Suggestion& suggestion) {
    const TrialId id = study.add(suggestion);
    study.complete(id, test::toy_loss(test::mixed_space(), suggestion.configuration));
  };
  for (int i = 0; i < 20; ++i) finish(ask(study));
  const StudyView before = study.view();
  constexpr int wanted = 40;
  const auto kept = bayesian_search();
  const std::vector<Suggestion> at_once = kept->suggest(before, wanted);
  REQUIRE(at_once.size() == wanted);
  std::vector<Suggestion> one_by_one;
  for (int i = 0; i < wanted; ++i) {
    one_by_one.push_back(kept->suggest(study.view(), 1).front());
    // Those of a process that knows nothing yet.
    if (i % 5 == 4)
      CHECK(ask(study).configuration.to_json() == one_by_one.back().configuration.to_json());
    study.add(one_by_one.back());
  }
  for (const std::vector<Suggestion>& all : {at_once, one_by_one})
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(all[i].configuration == all[j].configuration);

  // Another study in between, and results that come in, leave no trace.
  ViewBuilder other(test::problem_of(test::mixed_space(), 8));
  for (int i = 0; i < 30; ++i) other.add(kept->suggest(other.view(), 1).front());
  for (const TrialId id : {TrialId{25}, TrialId{21}, TrialId{47}})
    study.complete(id, static_cast<double>(id));
  study.fail(TrialId{30});
  CHECK(kept->suggest(study.view(), 1).front().configuration == ask(study).configuration);
}

TEST_CASE(
    "after twenty trials of next to no gain every third suggestion keeps away from all trials") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1}).add_float("y", {.min = 0, .max = 1});
  ViewBuilder builder(test::problem_of(space.settled()));
  const auto strategy = bayesian_search();
  const auto run = [&](int trials) {
    std::vector<std::string> notes;
    for (int i = 0; i < trials; ++i) {
      const Suggestion next = strategy->suggest(builder.view(), 1).front();
      notes.push_back(next.note);
      const auto at = [&](const char* name) {
        return std::get<double>(*next.configuration.find(name));
      };
      Trial& trial = builder.end(builder.add(next), TrialState::completed);
      // Ripples that a lengthscale fitted to the whole takes for noise or for a slope.
      const double x = at("x");
      const double y = at("y");
      trial.metrics[builder.view().problem().objectives[0].metric] =
          std::sin(40 * x) + std::cos(37 * y) + 3 * std::abs(x - 0.4) + std::abs(y - 0.6);
    }
    return notes;
  };
  const std::vector<std::string> notes = run(80);
  int ventures = 0;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (notes[i].find("away from all trials") == std::string::npos) continue;
    CHECK(i % 3 == 1);
    CHECK(i > 20);
    ++ventures;
  }
  CHECK(ventures > 0);
}
