#include <cmath>
#include <map>
#include <set>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "trial/event_json.hpp"
#include "trial/fold.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

TEST_CASE("Independent draws are uniform on the scaled ranges") {
  Space space;
  space.add_float("lr", {.min = 1e-4, .max = 1.0, .scale = Scale::log})
      .add_categorical("c", {"a", "b", "c", "d"});
  const StudyView view = ViewBuilder(test::problem_of(space)).view();
  const auto suggestions = random_search()->suggest(view, 4000);
  REQUIRE(suggestions.size() == 4000);
  std::map<int, int> decades;
  std::map<std::string, int> choices;
  for (const Suggestion& suggestion : suggestions) {
    ++decades[static_cast<int>(std::floor(std::log10(suggestion.configuration.number("lr"))))];
    ++choices[suggestion.configuration.text("c")];
  }
  // Each quarter expects 1000, standard deviation 27.
  CHECK(decades.size() == 4);
  for (const auto& [decade, count] : decades) CHECK(std::abs(count - 1000) < 140);
  CHECK(choices.size() == 4);
  for (const auto& [choice, count] : choices) CHECK(std::abs(count - 1000) < 140);
}

TEST_CASE("A suggestion depends on its number, not on how many are asked at once") {
  const Problem problem = test::problem_of(test::mixed_space());
  for (const auto& strategy : {random_search(), sobol_search(), latin_hypercube_search()}) {
    const auto together = strategy->suggest(ViewBuilder(problem).view(), 8);
    ViewBuilder builder(problem);
    for (const Suggestion& expected : together) {
      const auto one = strategy->suggest(builder.view(), 1);
      REQUIRE(one.size() == 1);
      CHECK(one[0].configuration == expected.configuration);
      builder.add(one[0]);
    }
  }
}

TEST_CASE("Seeds give different sequences") {
  for (const auto& strategy : {random_search(), sobol_search(), latin_hypercube_search()}) {
    std::set<std::string> first;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto view = ViewBuilder(test::problem_of(test::mixed_space(), seed)).view();
      first.insert(strategy->suggest(view, 1).at(0).configuration.to_json());
    }
    CHECK(first.size() == 20);
  }
}

TEST_CASE("Sobol trials fill every slice of a coordinate, also over enqueued trials in between") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1}).add_float("y", {.min = 0, .max = 1});
  const auto strategy = sobol_search();
  ViewBuilder builder(test::problem_of(space));
  std::set<int> slices;
  for (int i = 0; i < 32; ++i) {
    const auto suggestions = strategy->suggest(builder.view(), 1);
    REQUIRE(suggestions.size() == 1);
    builder.add(suggestions[0]);
    slices.insert(static_cast<int>(suggestions[0].configuration.number("x") * 32));
    builder.add({.configuration = Configuration{{"x", i / 100.0}, {"y", 0.5}}}, Origin::enqueued);
  }
  CHECK(slices.size() == 32);
}

TEST_CASE("Sobol points that break a constraint are passed over once") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1})
      .add_float("y", {.min = 0, .max = 1})
      .add_constraint("x <= 0.5");
  const auto strategy = sobol_search();
  ViewBuilder builder(test::problem_of(space));
  for (int i = 0; i < 64; ++i) builder.add(strategy->suggest(builder.view(), 1).at(0));
  // Half of the points keep the constraint: the 64th that does is point number 128, give or take
  // one.
  const int used = std::stoi(builder.trials().back().strategy_state);
  CHECK(used >= 127);
  CHECK(used <= 128);
}

TEST_CASE("Latin hypercube trials fill every slice of every coordinate, set after set") {
  Space space;
  space.add_float("x", {.min = 0, .max = 1}).add_float("y", {.min = 0, .max = 1});
  const auto strategy = latin_hypercube_search({.points = 16});
  ViewBuilder builder(test::problem_of(space));
  std::set<std::string> all;
  for (int set = 0; set < 2; ++set) {
    std::map<std::string, std::set<int>> slices;
    for (int i = 0; i < 16; ++i) {
      const Suggestion suggestion = strategy->suggest(builder.view(), 1).at(0);
      builder.add(suggestion);
      all.insert(suggestion.configuration.to_json());
      for (const char* name : {"x", "y"}) {
        slices[name].insert(static_cast<int>(suggestion.configuration.number(name) * 16));
      }
    }
    CHECK(slices["x"].size() == 16);
    CHECK(slices["y"].size() == 16);
  }
  CHECK(all.size() == 32);
}

TEST_CASE("A search shared by studies answers each like one of its own") {
  const auto name = GENERATE(as<std::string>(), "random", "sobol", "latin_hypercube");
  INFO(name);
  StudyFold logs[] = {StudyFold(test::problem_of(test::finite_space())),
                      StudyFold(test::problem_of(test::mixed_space(), 8))};
  const auto shared = make_search(name);
  for (int step = 0; step < 60; ++step) {
    // Now one study after the other, now several steps of one.
    StudyFold& log = logs[(step / 10) % 2 == 0 ? step % 2 : step % 5 / 4];
    const StudyView view = log.snapshot();
    const std::vector<Suggestion> ours = shared->suggest(view, 2);
    const std::vector<Suggestion> own = make_search(name)->suggest(view, 2);
    REQUIRE(ours.size() == own.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      REQUIRE(ours[i].configuration == own[i].configuration);
      REQUIRE(ours[i].state == own[i].state);
    }
    if (ours.empty()) continue;
    const auto trial = static_cast<TrialId>(log.size());
    const SuggestionRecord record{.configuration = ours[0].configuration,
                                  .origin = Origin::strategy,
                                  .state = ours[0].state,
                                  .prefix = log.prefix()};
    log.apply({log.prefix() + 1,
               {.kind = EventKind::suggested,
                .trial = trial,
                .attempt = 1,
                .payload = suggestion_payload(record)}});
    if (step % 3 == 0) continue;
    log.apply({log.prefix() + 1,
               {.kind = EventKind::finished,
                .trial = trial,
                .attempt = 1,
                .value = static_cast<double>(Outcome::failed)}});
  }
  CHECK(logs[0].size() > 20);
  CHECK(logs[1].size() > 20);
}
