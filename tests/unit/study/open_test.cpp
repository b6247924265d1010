// Making, reopening and reading studies, and what is refused at their door.

#include <cmath>

#include "study_fixture.hpp"
#include "support/catch.hpp"
#include "tunesmith/instruction_set.hpp"

using namespace tunesmith;

TEST_CASE("reopening goes on where the log ends") {
  const StudyOptions opts = options();
  TrialRun open;
  {
    Study study(opts);
    study.tell(*study.ask(), 0.5);
    open = *study.ask();
    study.report(open, 1, {{"loss", 0.25}});
    study.enqueue({{"x", 33.0}});
    study.set_budget({.max_trials = 9});
  }
  Study study(opts);
  REQUIRE(study.open_runs().size() == 1);
  CHECK(study.open_runs()[0].trial == open.trial);
  CHECK(study.view().budget().max_trials == 9);
  CHECK(study.view().queued() == 1);
  CHECK(study.tell(open, {}) == Told::accepted);
  CHECK(study.view().best() == 1);
  CHECK(read_study(*opts.store, "study").size() == 2);
}

TEST_CASE(
    "a study that goes on with another strategy says so; every trial knows who suggested it") {
  StudyOptions opts = options();
  {
    Study study(opts);
    REQUIRE(study.ask());
    study.enqueue({{"x", 33.0}});
    REQUIRE(study.ask());
  }
  const StudyView view = read_study(*opts.store, "study");
  CHECK(view.trial(0).strategy == "fake");
  CHECK(view.trial(0).instruction_set == instruction_set());
  CHECK(view.trial(1).strategy.empty());
  CHECK(view.trial(1).instruction_set.empty());

  std::vector<std::string> warnings;
  opts.log = [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::warning) warnings.emplace_back(text);
  };
  { Study same(opts); }
  CHECK(warnings.empty());
  opts.search = random_search();
  { Study other(opts); }
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Catch::Contains("\"random\"") && Catch::Contains("\"fake\""));
}

TEST_CASE("another problem under the same name is refused, path by path") {
  StudyOptions opts = options();
  opts.problem.space.add_categorical("optimizer", {"sgd", "adam"});
  opts.problem.baseline = Configuration{{"x", 1.0}, {"optimizer", "sgd"}};
  { Study made(opts); }

  SECTION("a value, a missing field and a new one") {
    StudyOptions other = options();
    other.problem = Problem();
    other.problem.space.add_float("x", {.min = 0, .max = 65});
    other.problem.space.add_categorical("optimizer", {"sgd", "adam"});
    other.problem.objectives = {{.metric = "loss", .goal = Goal::maximize}};
    other.problem.resource_regex = "epoch ([0-9]+)";
    other.store = opts.store;
    const Error error = error_of([&] { Study study(other); });
    CHECK(error.code() == ErrorCode::study_mismatch);
    std::vector<std::string> paths;
    for (const Mistake& mistake : error.mistakes()) paths.push_back(mistake.path);
    CHECK(paths == std::vector<std::string>{"/parameters/x/max", "/objectives/0/goal", "/baseline",
                                            "/resource_regex"});
    REQUIRE_FALSE(error.mistakes().empty());
    CHECK(error.mistakes()[0].what == "is 65.0, but the study was made with 64.0");
    CHECK(error.mistakes()[0].allowed == "64.0; or use another study name or store");
  }
  SECTION("scales are compared as they were settled") {
    StudyOptions other = opts;
    other.problem.space = Space();
    other.problem.space.add_float("x", {.min = 0, .max = 64, .scale = Scale::linear});
    other.problem.space.add_categorical("optimizer", {"sgd", "adam"});
    CHECK(Study(other).problem().space.find("x")->scale == Scale::linear);
  }
  SECTION("the order of parameters counts") {
    StudyOptions other = opts;
    other.problem.space = Space();
    other.problem.space.add_categorical("optimizer", {"sgd", "adam"});
    other.problem.space.add_float("x", {.min = 0, .max = 64});
    const Error error = error_of([&] { Study study(other); });
    REQUIRE(error.code() == ErrorCode::study_mismatch);
    CHECK(error.mistakes()[0].path == "/parameters");
  }
}

TEST_CASE("mistakes of the caller are told at once and with paths") {
  StudyOptions opts = options();
  opts.problem.space = Space();
  opts.problem.space.add_float("x", {.min = 2, .max = 1});
  CHECK(error_of([&] { Study study(opts); }).code() == ErrorCode::invalid_space);
  opts.problem.objectives.clear();
  const Error both = error_of([&] { Study study(opts); });
  CHECK(both.code() == ErrorCode::invalid_problem);
  CHECK(both.mistakes().size() == 2);

  opts = options();
  opts.name = "";
  CHECK(error_of([&] { Study study(opts); }).code() == ErrorCode::invalid_argument);

  Study study(options());
  const Error outside = error_of([&] { study.enqueue({{"x", 99.0}}); });
  CHECK(outside.code() == ErrorCode::invalid_space);
  REQUIRE(outside.mistakes().size() == 1);
  CHECK(outside.mistakes()[0].path == "/x");
  CHECK(error_of([&] { study.replicate(0); }).code() == ErrorCode::invalid_argument);
  CHECK(error_of([&] { study.set_budget({.max_trials = 0, .target = NAN}); }).mistakes().size() ==
        2);

  StudyOptions several = options();
  several.problem.objectives.push_back({.metric = "size"});
  Study front(several);
  const Asked run = front.ask();
  CHECK(error_of([&] { front.tell(*run, 1.0); }).code() == ErrorCode::invalid_argument);
  CHECK(front.tell(*run, {{"loss", 1}, {"size", 2}}) == Told::accepted);
}

TEST_CASE("a study that nobody made cannot be read") {
  const auto store = open_store("memory:");
  CHECK(error_of([&] { read_study(*store, "none"); }).code() == ErrorCode::invalid_argument);
  CHECK(store->list().empty());
}
