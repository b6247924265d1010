#include "cli/app.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/text.hpp"
#include "tunesmith/version.hpp"

namespace tunesmith::cli {
namespace {

constexpr const char* footer =
    "Exit codes: 0 done; 1 no usable result, or something broke; 2 invalid job or usage; 3 "
    "another\n"
    "tuner holds the study; 4 the stored study was made by a different job; 130 interrupted.";

void add_target(CLI::App& command, TargetOptions& options) {
  command.add_option("job", options.job, "The job file");
  command.add_option("--store", options.store, "Store of the study, e.g. sqlite:study.db");
  command.add_option("--study", options.study, "Name of the study in the store");
}

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_job:
    case ErrorCode::invalid_space:
    case ErrorCode::invalid_problem:
    case ErrorCode::invalid_argument:
      return exit_invalid;
    case ErrorCode::store_busy:
      return exit_busy;
    case ErrorCode::study_mismatch:
      return exit_mismatch;
    default:
      return exit_failed;
  }
}

}  // namespace

int explain(const Error& error) {
  if (error.mistakes().empty()) std::cerr << "tunesmith: " << printable(error.what()) << "\n";
  for (const Mistake& mistake : error.mistakes()) {
    std::cerr << printable(to_string(mistake)) << "\n";
  }
  return exit_code_of(error.code());
}

int run_app(int argc, char** argv) {
  CLI::App app("Tunes the hyperparameters of training scripts.", "tunesmith");
  app.set_version_flag("--version", std::string(version()));
  app.footer(footer);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  std::function<int()> action;

  RunOptions run;
  CLI::App* run_job = app.add_subcommand("run", "Run a tuning job, or go on with it");
  run_job->add_option("job", run.job, "The job file")->required();
  run_job->add_option("--store", run.store,
                      "Where the study is kept (default: sqlite:<name>.tunesmith/study.db beside "
                      "the job file)");
  run_job->add_option("--command", run.command, "Program of a trial, e.g. \"python3 train.py\"");
  run_job->add_option("--channel", run.channels, "Data of a channel, as name=path; repeatable")
      ->allow_extra_args(false);
  run_job->add_option("--max-parallel", run.max_parallel, "Trials at once")
      ->check(CLI::Range(1, 1000000));
  run_job->add_option("--max-trials", run.max_trials, "Trials in all")->check(CLI::PositiveNumber);
  run_job->add_flag("--dry-run", run.dry_run, "Show command and environment of the first trial");
  run_job->callback([&] { action = [&] { return run_command(run); }; });

  std::string job;
  bool strict_amt = false;
  CLI::App* validate = app.add_subcommand("validate", "List every mistake of a job file");
  validate->add_option("job", job, "The job file")->required();
  validate->add_flag("--strict-amt", strict_amt, "Also apply SageMaker's own size limits");
  validate->callback([&] { action = [&] { return validate_command(job, strict_amt); }; });

  TargetOptions target;
  const auto reader = [&](const char* name, const char* text,
                          int (*function)(const TargetOptions&)) {
    CLI::App* command = app.add_subcommand(name, text);
    add_target(*command, target);
    command->callback([&target, &action, function] {
      action = [&target, function] { return function(target); };
    });
  };
  reader("show", "Show the leaderboard of a study", show_command);
  reader("best", "Show the best configuration", best_command);
  reader("stop", "Ask the tuner of a study to stop", stop_command);

  std::string format = "table";
  CLI::App* trials = app.add_subcommand("trials", "List all trials");
  add_target(*trials, target);
  trials->add_option("--format", format, "table, csv, json, or curves (for plan)")
      ->check(CLI::IsMember({"table", "csv", "json", "curves"}))
      ->capture_default_str();
  trials->callback([&] { action = [&] { return trials_command(target, format); }; });

  PlanOptions plan;
  CLI::App* planner = app.add_subcommand(
      "plan", "Compare strategies, workers and budgets on recorded learning curves");
  planner->add_option("job", plan.job, "The job file")->required();
  planner->add_option("--curves", plan.curves, "Recorded trials, as JSON lines")->required();
  planner->add_option("--strategies", plan.strategies, "Names, e.g. random,asha")->delimiter(',');
  planner->add_option("--workers", plan.workers, "Trials at once, e.g. 1,4,8")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000000));
  planner->add_option("--max-trials", plan.max_trials, "Budgets in trials, e.g. 50,200")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  planner->add_option("--max-time", plan.max_time, "Budgets in seconds, e.g. 3600,28800")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  planner->add_option("--seeds", plan.seeds, "Runs of each")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  planner->add_flag("--json", plan.json, "For machines, with every run");
  planner->callback([&] { action = [&] { return plan_command(plan); }; });

  MetricsTestOptions metrics;
  CLI::App* metrics_app = app.add_subcommand("metrics", "Work on metric definitions");
  metrics_app->require_subcommand(1);
  CLI::App* test = metrics_app->add_subcommand("test", "Show what a pattern takes from a log");
  test->add_option("--regex", metrics.regex, "The pattern; group 1 is the number")->required();
  test->add_option("--resource-regex", metrics.resource_regex, "Pattern of the resource level");
  test->add_option("file", metrics.file, "The log; - is standard input")->required();
  test->callback([&] { action = [&] { return metrics_test_command(metrics); }; });

  CLI::App* schema = app.add_subcommand("schema", "Print the JSON Schema of job files");
  schema->callback([&] { action = [] { return schema_command(); }; });

  try {
    app.parse(argc, argv);
    return action();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_invalid;
  } catch (const Error& error) {
    return explain(error);
  } catch (const std::exception& error) {
    std::cerr << "tunesmith: " << printable(error.what()) << "\n";
    return exit_failed;
  }
}

}  // namespace tunesmith::cli
