#include <algorithm>
#include <cmath>
#include <limits>

#include "study/parent_import.hpp"
#include "support/catch.hpp"
#include "unit/study/study_fixture.hpp"

using namespace tunesmith;

namespace {

/// A study of the space with these configurations and values.
StudyView study_of(const Problem& problem,
                   const std::vector<std::pair<Configuration, double>>& evaluations) {
  Study study({.problem = problem, .search = counting_search()});
  for (const auto& [configuration, value] : evaluations) {
    study.enqueue(configuration);
    study.tell(*study.ask(), value);
  }
  return study.view();
}

StudyView line(int trials) {
  std::vector<std::pair<Configuration, double>> evaluations;
  for (int i = 0; i < trials; ++i) {
    const double x = 64.0 * i / trials;
    evaluations.push_back({{{"x", x}}, std::abs(x - 20)});
  }
  return study_of(one_objective(), evaluations);
}

bool same(const ParentStudy& a, const ParentStudy& b) {
  return std::equal(a.evaluations.begin(), a.evaluations.end(), b.evaluations.begin(),
                    b.evaluations.end(),
                    [](const ParentEvaluation& one, const ParentEvaluation& other) {
                      return one.configuration == other.configuration && one.values == other.values;
                    });
}

}  // namespace

TEST_CASE("what parents found is in the log, exactly, and stays without them") {
  StudyOptions first = options();
  const auto store = first.store;
  first.parents = {line(7), study_of(one_objective(), {{{{"x", 0.1 + 0.2}}, 1.0 / 3}})};
  {
    Study study(first);
    REQUIRE(study.view().parents().size() == 2);
    REQUIRE(study.ask());
  }
  const StudyView whole = read_study(*store, "study");
  REQUIRE(whole.parents().size() == 2);
  CHECK(whole.parents()[0]->evaluations.size() == 7);
  const ParentEvaluation& one = whole.parents()[1]->evaluations.at(0);
  CHECK(one.configuration == Configuration{{"x", 0.1 + 0.2}});
  CHECK(one.values == std::vector{1.0 / 3});

  // The picture that the first suggestion was made from shows them too.
  const StudyView before = read_study(*store, "study", whole.trial(0).prefix);
  REQUIRE(before.parents().size() == 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(same(*before.parents()[i], *whole.parents()[i]));

  StudyOptions again = options();
  again.store = store;
  CHECK(Study(again).view().parents().size() == 2);
  // A study that has begun keeps what it has.
  again.parents = {line(3)};
  Study later(again);
  REQUIRE(later.view().parents().size() == 2);
  CHECK(same(*later.view().parents()[0], *whole.parents()[0]));
}

TEST_CASE("all pictures of a study share its parents") {
  StudyOptions of = options();
  of.parents = {line(3)};
  Study study(of);
  const StudyView before = study.view();
  study.tell(*study.ask(), 1.0);
  CHECK(before.parents()[0] == study.view().parents()[0]);
}

TEST_CASE("a study without parents has none") { CHECK(Study(options()).view().parents().empty()); }

TEST_CASE("parents of another space are put in this one's terms") {
  Problem old;
  old.space.add_float("lr", {.min = 1e-6, .max = 10, .scale = Scale::log})
      .add_int("layers", {.min = 1, .max = 40})
      .add_categorical("kind", {"sgd", "adam", "lion"})
      .add_float("gone", {.min = 0, .max = 1});
  old.objectives = {{.metric = "accuracy", .goal = Goal::maximize}};
  const auto old_configuration = [](double lr, std::int64_t layers, const std::string& kind) {
    return Configuration{{"lr", lr}, {"layers", layers}, {"kind", kind}, {"gone", 0.5}};
  };
  Problem problem;
  problem.space.add_int("layers", {.min = 2, .max = 20, .step = 3})
      .add_float("lr", {.min = 1e-4, .max = 1, .scale = Scale::log})
      .add_categorical("kind", {"adam", "sgd"})
      .add_float("momentum",
                 {.min = 0, .max = 0.5, .scale = Scale::linear, .when = {{"kind", {"sgd"}}}})
      .add_float("decay", {.min = 1e-6, .max = 1e-2, .scale = Scale::log})
      .add_int("width", {.min = 10, .max = 20, .scale = Scale::linear})
      .add_fixed("epochs", std::int64_t{9});
  problem.objectives = {{.metric = "error", .goal = Goal::minimize}};
  const StudyView parent = study_of(old, {{old_configuration(1e-6, 1, "adam"), 0.5},
                                          {old_configuration(0.01, 40, "sgd"), 0.75},
                                          {old_configuration(0.5, 9, "lion"), 0.9}});

  const std::vector<ParentStudy> imported = import_parents({parent}, problem);
  REQUIRE(imported.size() == 1);
  const auto& evaluations = imported[0].evaluations;
  REQUIRE(evaluations.size() == 2);  // "lion" is unknown here
  for (const ParentEvaluation& one : evaluations)
    CHECK(problem.space.check(one.configuration).empty());
  CHECK(evaluations[0].values == std::vector{-0.5});
  CHECK(evaluations[1].values == std::vector{-0.75});
  const Configuration& a = evaluations[0].configuration;
  CHECK(a.integer("layers") == 2);
  CHECK(a.number("lr") == 1e-4);
  CHECK(a.text("kind") == "adam");
  CHECK_FALSE(a.contains("momentum"));
  CHECK(a.number("decay") == Approx(1e-4));
  CHECK(a.integer("width") == 15);
  CHECK(a.integer("epochs") == 9);
  const Configuration& b = evaluations[1].configuration;
  CHECK(b.integer("layers") == 20);
  CHECK(b.number("lr") == 0.01);
  CHECK(b.number("momentum") == Approx(0.25));
  CHECK_FALSE(b.contains("gone"));

  // What the parent does not know is as in the baseline.
  problem.baseline =
      Configuration{{"layers", std::int64_t{2}}, {"lr", 0.1},     {"kind", "sgd"},
                    {"momentum", 0.125},         {"decay", 1e-3}, {"width", std::int64_t{11}},
                    {"epochs", std::int64_t{9}}};
  const ParentStudy like_now = import_parents({parent}, problem)[0];
  CHECK(like_now.evaluations[1].configuration.number("momentum") == 0.125);
  CHECK(like_now.evaluations[0].configuration.integer("width") == 11);
}

TEST_CASE("failed trials and broken constraints are not handed down") {
  Problem old = one_objective();
  old.constraints = {{.metric = "size", .max = 1}};
  Study study({.problem = old, .search = counting_search()});
  study.tell(*study.ask(), Metrics{{"loss", 1}, {"size", 2}});
  study.fail(*study.ask(), "out of memory");
  study.tell(*study.ask(), Metrics{{"loss", 3}, {"size", 1}});
  REQUIRE(study.ask());
  const auto imported = import_parents({study.view()}, one_objective());
  REQUIRE(imported[0].evaluations.size() == 1);
  CHECK(imported[0].evaluations[0].values == std::vector{3.0});
}

TEST_CASE("of many evaluations the best quarter and an even spread are kept") {
  const StudyView many = line(4000);
  const StudyView few = line(100);
  const auto imported = import_parents({many, few}, one_objective());
  REQUIRE(imported[1].evaluations.size() == 100);
  const auto& kept = imported[0].evaluations;
  REQUIRE(kept.size() == 2900);
  // The 725 best of 4000 are all there.
  std::vector<double> values;
  for (const ParentEvaluation& one : kept) values.push_back(one.values.front());
  std::sort(values.begin(), values.end());
  std::vector<double> all;
  for (std::size_t i = 0; i < many.size(); ++i)
    all.push_back(*many.objective(many.trial(static_cast<TrialId>(i))));
  std::sort(all.begin(), all.end());
  CHECK(std::equal(all.begin(), all.begin() + 725, values.begin()));
  CHECK(values.back() > all[3990]);
  const double gap = values[2000] - values[1999];
  CHECK(gap < 0.05);
}

TEST_CASE("parents that cannot be used are refused") {
  StudyOptions of = options();
  of.parents.assign(6, line(1));
  CHECK(error_of([&] { Study study(of); }).code() == ErrorCode::invalid_argument);
  Problem two = one_objective();
  two.objectives.push_back({.metric = "size"});
  // An only objective is any other only one; of several it must be one by name.
  of.parents = {Study({.problem = two}).view()};
  CHECK(Study(of).view().parents().size() == 1);
  of.store = nullptr;
  of.problem.objectives[0].metric = "regret";
  CHECK(error_of([&] { Study study(of); }).code() == ErrorCode::invalid_argument);
  of.problem = two;
  of.parents = {line(3)};
  const Error refused = error_of([&] { Study study(of); });
  CHECK(refused.code() == ErrorCode::invalid_argument);
  CHECK_THAT(refused.what(), Catch::Contains("no objective \"size\""));
}

TEST_CASE("several objectives are matched by metric, in whatever order and sense") {
  Problem old = one_objective();
  old.objectives = {{.metric = "speed", .goal = Goal::maximize},
                    {.metric = "loss"},
                    {.metric = "size", .goal = Goal::maximize}};
  Study study({.problem = old, .search = counting_search()});
  study.tell(*study.ask(), Metrics{{"speed", 1}, {"loss", 2}, {"size", 3}});
  Problem problem = one_objective();
  problem.objectives = {{.metric = "size"}, {.metric = "speed", .goal = Goal::maximize}};
  const auto imported = import_parents({study.view()}, problem);
  REQUIRE(imported[0].evaluations.size() == 1);
  CHECK(imported[0].evaluations[0].values == std::vector{-3.0, 1.0});
}

TEST_CASE("of many evaluations with several objectives the front is kept") {
  Problem two = one_objective();
  two.objectives = {{.metric = "loss"}, {.metric = "gain", .goal = Goal::maximize}};
  Study study({.problem = two, .search = counting_search()});
  for (int i = 0; i < 3200; ++i) {
    study.enqueue({{"x", 64.0 * i / 3200}});
    // Every eighth stands on the front.
    const double gain = i % 8 == 5 ? i : i - 4000;
    study.tell(*study.ask(), Metrics{{"loss", i}, {"gain", gain}});
  }
  const auto kept = import_parents({study.view()}, two)[0].evaluations;
  REQUIRE(kept.size() == 3000);
  CHECK(std::count_if(kept.begin(), kept.end(), [](const ParentEvaluation& one) {
          return one.values[0] == one.values[1];
        }) == 400);
}
