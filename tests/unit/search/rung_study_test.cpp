#include "search/rung_study.hpp"

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

TEST_CASE("A study by rungs shows the highest level with enough values, lower ones as earlier") {
  RungStudy rungs(RungLadder(1, 27, 3));
  const ViewBuilder builder = study();
  const StudyView shown = rungs.at_best_level(builder.view());
  REQUIRE(shown.size() == 30);
  for (TrialId id = 0; id < 30; ++id) {
    INFO(id);
    const auto value = shown.objective(shown.trial(id));
    CHECK(value.has_value() == (id % 3 == 0));
    if (value) CHECK(*value == static_cast<double>(id) + 0.5);
    CHECK(shown.trial(id).configuration ==
          builder.trials()[static_cast<std::size_t>(id)].configuration);
  }
  CHECK(shown.count(TrialState::completed) == 10);
  CHECK(shown.count(TrialState::stopped) == 0);
  REQUIRE(shown.parents().size() == 1);
  const auto& evaluations = shown.parents()[0]->evaluations;
  REQUIRE(evaluations.size() >= 20);
  CHECK(evaluations[1].values == std::vector<double>{101.0});
  // Equal earlier studies are the same object, so that their models hold.
  CHECK(rungs.at_best_level(builder.view()).parents()[0] == shown.parents()[0]);
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
      CHECK(first[i].until == 27);
      CHECK(first[i].configuration == again.at(i).configuration);
    }
  }
  const auto modelled = multi_fidelity_search({.max_resource = 27})->suggest(builder.view(), 1);
  REQUIRE(modelled.size() == 1);
  CHECK(modelled[0].note.find("expected improvement") != std::string::npos);
}
