// Suggestions follow from the log: what is recorded can be computed again, and where a study was
// interrupted leaves no trace.

#include <cmath>

#include "core/random.hpp"
#include "study_fixture.hpp"
#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

Problem mixed_problem() {
  Problem problem;
  problem.space.add_float("lr", {.min = 1e-5, .max = 0.1})
      .add_float("momentum", {.min = 0.5, .max = 0.999, .scale = Scale::reverse_log})
      .add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("beta", {.min = 0, .max = 1, .when = {{"optimizer", {"adam"}}}});
  problem.objectives = {{.metric = "loss"}};
  problem.baseline = Configuration{
      {"lr", 0.001}, {"momentum", 0.9}, {"layers", std::int64_t{2}}, {"optimizer", "sgd"}};
  problem.seed = 7;
  return problem;
}

/// Every bit of what it suggests depends on everything that it sees.
std::vector<Suggestion> suggest_from_everything(const StudyView& view, int) {
  std::uint64_t hash = hash_text(std::to_string(view.prefix()));
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    std::string text =
        trial.configuration.to_json() + to_string(trial.state) + trial.strategy_state;
    for (const Report& report : trial.reports) {
      text += std::to_string(report.resource);
      for (const auto& [name, value] : report.metrics) text += name + std::to_string(value);
    }
    hash = hash_text(text, hash);
  }
  RandomStream random(view.problem().seed + hash, view.size(), "test");
  std::vector<double> unit(view.problem().space.dimension());
  for (double& coordinate : unit) coordinate = random.uniform();
  Suggestion suggestion;
  suggestion.configuration = view.problem().space.decode(unit);
  suggestion.state = std::to_string(hash);
  suggestion.note = "hash";
  return {suggestion};
}

std::shared_ptr<SearchStrategy> sensitive_search() {
  return std::make_shared<FakeSearch>(suggest_from_everything);
}

double objective(const Configuration& configuration) {
  return std::log(configuration.number("lr")) * configuration.number("momentum");
}

/// One step of a host with one worker.
void step(Study& study, TrialId number) {
  const Asked run = study.ask();
  REQUIRE(run);
  REQUIRE(run->trial == number);
  const double value = objective(run->configuration);
  study.started(*run, "handle");
  study.report(*run, 1, {{"loss", value + 1}});
  study.report(*run, 2, {{"loss", value}});
  const auto outcome = number % 7 == 6 ? Outcome::failed : Outcome::completed;
  CHECK(study.tell(*run, {.outcome = outcome, .reason = "r"}) == Told::accepted);
}

void check_equal(const StudyView& a, const StudyView& b) {
  REQUIRE(a.size() == b.size());
  for (TrialId id = 0; id < static_cast<TrialId>(a.size()); ++id) {
    CAPTURE(id);
    CHECK(a.trial(id).configuration == b.trial(id).configuration);
    CHECK(a.trial(id).strategy_state == b.trial(id).strategy_state);
    CHECK(a.trial(id).prefix == b.trial(id).prefix);
    CHECK(a.trial(id).state == b.trial(id).state);
    CHECK(a.trial(id).metrics == b.trial(id).metrics);
    CHECK(a.trial(id).reports == b.trial(id).reports);
  }
}

}  // namespace

TEST_CASE("study: every suggestion can be computed again from its prefix") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "a.db");
  {
    Study study(
        {.problem = mixed_problem(), .search = sensitive_search(), .store = open_store(url)});
    for (TrialId number = 0; number < 20; ++number) step(study, number);
    // Several at once, with reports between them.
    const Asked a = study.ask();
    study.report(*a, 1, {{"loss", 0.5}});
    const Asked b = study.ask();
    study.tell(*a, 0.25);
    study.enqueue(
        {{"lr", 0.01}, {"momentum", 0.8}, {"layers", std::int64_t{3}}, {"optimizer", "sgd"}});
    study.ask();
    study.ask();
    study.tell(*b, 0.125);
  }
  const auto store = open_store(url);
  const StudyView whole = read_study(*store, "study");
  REQUIRE(whole.size() == 24);
  int recomputed = 0;
  for (TrialId id = 0; id < static_cast<TrialId>(whole.size()); ++id) {
    const Trial& trial = whole.trial(id);
    if (trial.origin != Origin::strategy) continue;
    const StudyView then = read_study(*store, "study", trial.prefix);
    const Suggestion again = suggest_from_everything(then, 1).at(0);
    CAPTURE(id);
    CHECK(again.configuration == trial.configuration);
    CHECK(again.configuration.to_json() == trial.configuration.to_json());
    CHECK(again.state == trial.strategy_state);
    ++recomputed;
  }
  CHECK(recomputed == 22);
  CHECK_THROWS_AS(read_study(*store, "study", whole.prefix() + 1), Error);
  CHECK(read_study(*store, "study", whole.prefix()).prefix() == whole.prefix());
  CHECK(read_study(*store, "study", 0).size() == 0);
}

TEST_CASE("study: with one worker, reopening anywhere changes nothing") {
  const TestFolder folder;
  const auto options = [&](const char* file) {
    return StudyOptions{.problem = mixed_problem(),
                        .search = sensitive_search(),
                        .store = open_store("sqlite:" + (folder / file))};
  };
  Study uninterrupted(options("a.db"));
  for (TrialId number = 0; number < 30; ++number) step(uninterrupted, number);

  RandomStream random(1, 0, "interruptions");
  auto study = std::make_unique<Study>(options("b.db"));
  for (TrialId number = 0; number < 30; ++number) {
    if (random.below(3) == 0) {
      study.reset();
      study = std::make_unique<Study>(options("b.db"));
    }
    step(*study, number);
  }
  check_equal(uninterrupted.view(), study->view());
  check_equal(uninterrupted.view(), read_study(study->store(), "study"));
}

TEST_CASE("study: the built-in strategies are recomputed bit for bit") {
  Problem problem = mixed_problem();
  const auto store = open_store("memory:");
  const auto strategy = GENERATE(as<std::string>{}, "random", "bayesian");
  Study study({.problem = problem, .search = make_search(strategy), .store = store});
  for (TrialId number = 0; number < 12; ++number) step(study, number);
  study.ask();
  study.ask();
  const StudyView whole = study.view();
  for (TrialId id = 1; id < static_cast<TrialId>(whole.size()); ++id) {
    const StudyView then = read_study(*store, "study", whole.trial(id).prefix);
    const auto again = make_search(strategy)->suggest(then, 1);
    REQUIRE_FALSE(again.empty());
    CAPTURE(id);
    CHECK(again[0].configuration.to_json() == whole.trial(id).configuration.to_json());
    CHECK(again[0].state == whole.trial(id).strategy_state);
  }
}
