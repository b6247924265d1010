#include "cli/plan.hpp"

#include "support/catch.hpp"

namespace tunesmith::cli {
namespace {

Job job_of(Budget budget, Goal goal = Goal::minimize) {
  Job job;
  job.name = "plan";
  job.problem.space.add_int("n", {.min = 0, .max = 3});
  job.problem.objectives = {{.metric = "loss", .goal = goal}};
  job.budget = budget;
  return job;
}

/// n = 0 … 3: losses n + 4, n + 3, n + 2, n + 1 at levels 1 to 4, a minute each.
RecordedCurves four_trials(const Job& job) {
  std::vector<RecordedTrial> trials;
  for (std::int64_t n = 0; n < 4; ++n) {
    RecordedTrial trial{.configuration = {{"n", n}}};
    for (int level = 1; level <= 4; ++level) {
      trial.curve.reports.push_back(
          {.resource = static_cast<double>(level),
           .elapsed = Seconds(60 * level),
           .metrics = {{"loss", static_cast<double>(n + 5 - level)}, {"size", 1.0}}});
    }
    trials.push_back(std::move(trial));
  }
  return RecordedCurves(job.problem.space, std::move(trials));
}

const Plan grid = {.strategy = {.name = "grid"}, .workers = 1, .budget = {.max_trials = 4}};

}  // namespace

TEST_CASE("a simulated plan: the best at shares of the time, levels, time and trials") {
  const Job job = job_of({});
  const PlanRun run = simulate(job, grid, four_trials(job), 0);
  CHECK(run.time == Seconds(16 * 60));
  CHECK(run.levels == 16);
  CHECK(run.trials == 4);
  CHECK(run.stopped == 0);
  CHECK(run.failed == 0);
  CHECK(run.best[0] == 1);  // trial 0 has ended
  CHECK(run.best[2] == 1);

  const Job rising = job_of({}, Goal::maximize);
  const PlanRun most = simulate(rising, grid, four_trials(rising), 0);
  CHECK(most.best[0] == 1);  // the last level counts: 1, 2, 3 and 4 at the ends
  CHECK(most.best[1] == 2);
  CHECK(most.best[2] == 4);
}

TEST_CASE("a time budget is what the shares are of, and running trials count as they are") {
  const Job job = job_of({});
  Plan plan = grid;
  plan.budget = {.max_time = Seconds(240)};
  const PlanRun run = simulate(job, plan, four_trials(job), 0);
  CHECK(run.best[0] == 4);
  CHECK(run.best[1] == 3);
  CHECK(run.best[2] == 1);
}

TEST_CASE("more workers take less time; the job's stopping rules stop, its constraints bind") {
  Job job = job_of({});
  Plan plan = grid;
  plan.workers = 4;
  CHECK(simulate(job, plan, four_trials(job), 0).time < Seconds(16 * 60));

  job.stopping_rules = {{.name = "threshold", .options = R"({"upper": 4.5})"}};
  const PlanRun run = simulate(job, grid, four_trials(job), 0);
  CHECK(run.stopped == 3);
  CHECK(run.levels == 4 + 3);

  job.stopping_rules = {};
  job.problem.constraints = {{.metric = "size", .max = 0.5}};
  CHECK_FALSE(simulate(job, grid, four_trials(job), 0).best[2]);
}

TEST_CASE("plans are summed up by median and mean, in a table and as JSON") {
  PlanSummary summary{.plan = {.strategy = {.name = "sobol"},
                               .workers = 8,
                               .budget = {.max_trials = 20, .max_time = Seconds(7200)}}};
  for (const double best : {0.5, 0.25, 4.0}) {
    summary.runs.push_back({.best = {std::nullopt, best, best},
                            .levels = 10 * best,
                            .time = Seconds(3600),
                            .trials = 20,
                            .stopped = 3});
  }
  CHECK_FALSE(summary.best(0));
  CHECK(summary.best(1) == 0.5);
  summary.runs.pop_back();
  CHECK(summary.best(1) == 0.375);
  CHECK(budget_text(summary.plan.budget).find("20 trials, 2") == 0);

  const std::string table = plans_table({summary});
  CHECK(table.find("best at 25 %") != std::string::npos);
  CHECK(table.find("sobol") != std::string::npos);
  CHECK(table.find("0.375") != std::string::npos);
  const std::string json = plans_json(job_of({}), {summary});
  CHECK(json.find("\"strategy\": \"sobol\"") != std::string::npos);
  CHECK(json.find("\"max_time\": 7200") != std::string::npos);
  CHECK(json.find("\"seconds\": 3600") != std::string::npos);
}

}  // namespace tunesmith::cli
