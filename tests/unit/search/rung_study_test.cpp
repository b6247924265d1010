#include "search/rung_study.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

/// 30 trials that reported 1; every third also 3.
ViewBuilder study() {
  ViewBuilder builder(test::problem_of(test::mixed_space()));
  const std::string metric = builder.view().problem().objectives.front().metric;
  for (int i = 0; i < 30; ++i) {
    const auto next = random_search()->suggest(builder.view(), 1);
    Trial& trial = builder.end(builder.add(next.at(0)), TrialState::stopped);
    trial.reports.push_back({.resource = 1, .metrics = {{metric, i + 100.0}}});
    if (i % 3 == 0) trial.reports.push_back({.resource = 3, .metrics = {{metric, i + 0.5}}});
    trial.metrics = trial.reports.back().metrics;
  }
  return builder;
}

}  // namespace

TEST_CASE("A study by rungs has all trials at the highest level, those below as expected there") {
  const RungStudy rungs(RungLadder(1, 27, 3));
  const ViewBuilder builder = study();
  const StudyView shown = rungs.at_top_level(builder.view());
  REQUIRE(shown.size() == 30);
  const std::string& error = shown.problem().objectives.front().standard_error;
  for (TrialId id = 0; id < 30; ++id) {
    INFO(id);
    const auto value = shown.objective(shown.trial(id));
    REQUIRE(value.has_value());
    const double of_error = shown.trial(id).metrics.at(error);
    CHECK(shown.trial(id).resumable == (id % 3 != 0));
    if (id % 3 == 0) {
      CHECK(*value == static_cast<double>(id) + 0.5);
      CHECK(of_error == 0);
    } else {
      // Those that came further lost 99.5 on the way.
      CHECK(*value == Approx(static_cast<double>(id) + 0.5).margin(1));
      CHECK(of_error > 0);
    }
    CHECK(shown.trial(id).configuration ==
          builder.trials()[static_cast<std::size_t>(id)].configuration);
  }
  CHECK(shown.count(TrialState::completed) == 30);
  CHECK(shown.count(TrialState::stopped) == 0);
  CHECK(shown.best() == std::optional<TrialId>(0));
}

TEST_CASE("A study by rungs goes by the final rule, and knows trials that tell nothing") {
  Problem problem = test::problem_of(test::mixed_space());
  problem.final_rule = {.value = FinalValue::best};
  const std::string metric = problem.objectives.front().metric;
  ViewBuilder builder(std::move(problem));
  const auto add = [&](TrialState state, std::vector<double> values) {
    Trial& trial =
        builder.end(builder.add(random_search()->suggest(builder.view(), 1).at(0)), state);
    for (const double value : values)
      trial.reports.push_back({.resource = static_cast<double>(trial.reports.size() + 1),
                               .metrics = {{metric, value}}});
  };
  for (int i = 0; i < 3; ++i) add(TrialState::stopped, {5.0 + i, 2.0 + i, 9});
  add(TrialState::stopped, {});
  add(TrialState::failed, {1, 1, 1});
  const StudyView shown = RungStudy(RungLadder(1, 27, 3)).at_top_level(builder.view());
  for (TrialId id = 0; id < 3; ++id)
    CHECK(shown.objective(shown.trial(id)) == std::optional(2.0 + static_cast<double>(id)));
  CHECK(shown.trial(3).state == TrialState::lost);
  CHECK(shown.trial(4).state == TrialState::failed);
}

TEST_CASE("Every third configuration of a multi-fidelity search is drawn at random") {
  const ViewBuilder builder = study();
  const auto found = multi_fidelity_search({.max_resource = 27})->suggest(builder.view(), 6);
  REQUIRE(found.size() == 6);
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO(i);
    CHECK((found[i].note.find("improvement") == std::string::npos) == (i % 3 == 2));
    for (std::size_t j = 0; j < i; ++j)
      CHECK_FALSE(found[i].configuration == found[j].configuration);
  }
}

TEST_CASE("Model-based halving begins trials that differ, and equal views give equal answers") {
  const ViewBuilder builder = study();
  for (const char* name : {"multi_fidelity", "asha"}) {
    const std::string options = R"({"max_resource": 27, "searcher": "tpe"})";
    const auto first = make_search(name, options)->suggest(builder.view(), 2);
    const auto again = make_search(name, options)->suggest(builder.view(), 2);
    REQUIRE(first.size() == 2);
    CHECK_FALSE(first[0].configuration == first[1].configuration);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(first[i].until == (std::string(name) == "asha" ? 27 : 1));
      CHECK(first[i].configuration == again.at(i).configuration);
    }
  }
  const auto modelled = multi_fidelity_search({.max_resource = 27})->suggest(builder.view(), 1);
  REQUIRE(modelled.size() == 1);
  CHECK(modelled[0].note.find("expected improvement") != std::string::npos);
}
