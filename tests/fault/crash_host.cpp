// A small tuning job that can be told to die at a named point; the fault tests run it. Running it
// again continues it.
//
//   crash_host --store <file> --folder <folder> [--strategy random|grid|bayesian|halving]
//              [--executor thread_pool|subprocess] [--trials N] [--parallel N] [--pace
//              <milliseconds>]
//              [--launcher <program> --script <program> --log-bytes N] [--crash-at <point>]
//              [--occurrence N]
//   crash_host --list      the points, one per line; with --promotions those of trials that are
//                          resumed
//   crash_host --print     with --store: the study as JSON
//
// Exit codes: 0 the job is done, 2 a mistake in the command line, 3 a tunesmith::Error (its words
// on standard error).
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "fault/crash_points.hpp"
#include "support/halving_search.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/subprocess_executor.hpp"
#include "tunesmith/tuner.hpp"

namespace {

using namespace tunesmith;
using Options = std::map<std::string, std::string>;

constexpr const char* study_name = "crash";

Problem make_problem(const std::string& strategy) {
  Problem problem;
  FloatOptions x{.min = 0, .max = 1};
  if (strategy == "grid") x.step = 0.0625;
  problem.space.add_float("x", x).add_int("n", {.min = 1, .max = 8});
  problem.objectives = {{.metric = "loss"}};
  problem.metrics = {{.name = "loss", .regex = "loss: ([0-9.e+-]+)"}};
  if (strategy == "halving") problem.resource_regex = "epoch ([0-9]+)";
  problem.seed = 3;
  return problem;
}

/// Three reports, then final metrics; where the trial has a level to run up to, what is left up to
/// there.
TrialResult evaluate(const TrialRun& run, const TrialReporter& reporter,
                     std::chrono::milliseconds pace) {
  const double x = run.configuration.number("x");
  const double loss =
      (x - 0.3) * (x - 0.3) + static_cast<double>(run.configuration.integer("n")) / 10;
  const bool piece = std::isfinite(run.until);
  const double last = piece ? run.until : 3;
  for (double epoch = piece ? run.reached.value_or(0) + 1 : 1; epoch <= last; ++epoch) {
    std::this_thread::sleep_for(pace);
    reporter.report(epoch, {{"loss", loss + 1.0 / epoch}});
  }
  if (piece) return {};
  return {.metrics = {{"loss", loss}}};
}

std::unique_ptr<TrialExecutor> make_executor(const Options& options) {
  const int parallel = std::stoi(options.at("parallel"));
  const std::chrono::milliseconds pace(std::stoi(options.at("pace")));
  if (options.at("executor") == "thread_pool")
    return thread_pool_executor(
        [pace](const TrialRun& run, const TrialReporter& reporter) {
          return evaluate(run, reporter, pace);
        },
        {.max_parallel = parallel});
  return subprocess_executor({.command = {options.at("script")},
                              .folder = options.at("folder"),
                              .max_parallel = parallel,
                              .static_parameters = {{"pace", options.at("pace")}},
                              .grace = Seconds(1),
                              .max_log_bytes = std::stoul(options.at("log-bytes")),
                              .launcher = options.at("launcher"),
                              .log = [](LogLevel, std::string_view words) {
                                std::fprintf(stderr, "log: %s\n", std::string(words).c_str());
                              }});
}

int run(const Options& options) {
  const std::string& strategy = options.at("strategy");
  fault::CrashPoints points(options.at("crash-at"), std::stoi(options.at("occurrence")));
  const auto store = std::make_shared<fault::CrashingStore>(
      open_store("sqlite:" + options.at("store")), points, options.at("acknowledged"));
  Study study({.name = study_name,
               .problem = make_problem(strategy),
               .search = strategy == "halving"
                             ? std::make_shared<HalvingSearch>(std::vector<double>{1, 3, 9}, true)
                             : make_search(strategy),
               .store = store});
  Tuner tuner(study, std::make_unique<fault::CrashingExecutor>(make_executor(options), points),
              {.budget = {.max_trials = std::stoi(options.at("trials"))}});
  const TuningResult result = tuner.run();
  std::printf("%s: %s\n", to_string(result.reason), result.explanation.c_str());
  return result.reason == EndReason::trials_spent ? 0 : 4;
}

/// The trials, and how often each attempt was opened and ended by the log itself.
int print(const Options& options) {
  const auto store = open_store("sqlite:" + options.at("store"));
  const StudyView view = read_study(*store, study_name);
  std::map<std::pair<TrialId, int>, int> opened;
  std::map<std::pair<TrialId, int>, int> ended;
  const StudyKey key = store->open_study(study_name, "").key;
  for (const auto& [sequence, event] : store->events_since(key, 0, 1000000)) {
    if (opens_attempt(event.kind)) ++opened[{event.trial, event.attempt}];
    if (event.kind == EventKind::finished) ++ended[{event.trial, event.attempt}];
  }
  std::printf("[");
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    int most = 0;
    for (const auto* counts : {&opened, &ended}) {
      for (const auto& [attempt, count] : *counts) {
        if (attempt.first == id) most = std::max(most, count);
      }
    }
    const auto value = view.objective(trial);
    std::printf(
        "%s\n{\"trial\":%d,\"state\":\"%s\",\"attempt\":%d,\"most_events\":%d,"
        "\"reports\":%d,\"until\":%s,\"value\":%s,\"reason\":%s,\"configuration\":%s}",
        id == 0 ? "" : ",", static_cast<int>(id), to_string(trial.state), trial.attempt, most,
        static_cast<int>(trial.reports.size()),
        std::isfinite(trial.until) ? to_json(Value(trial.until)).c_str() : "null",
        value ? to_json(Value(*value)).c_str() : "null", to_json(Value(trial.reason)).c_str(),
        trial.configuration.to_json().c_str());
  }
  std::printf("]\n");
  return 0;
}

int list_points(bool promotions) {
  for (const char* name : fault::point_names) std::printf("before:%s\nafter:%s\n", name, name);
  if (!promotions) return 0;
  for (const char* name : fault::promotion_point_names)
    std::printf("before:%s\nafter:%s\n", name, name);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options = {{"store", ""},          {"folder", ""},
                     {"strategy", "random"}, {"trials", "8"},
                     {"pace", "0"},          {"executor", "thread_pool"},
                     {"parallel", "1"},      {"script", ""},
                     {"launcher", ""},       {"acknowledged", "/dev/null"},
                     {"crash-at", ""},       {"log-bytes", "1000000000"},
                     {"occurrence", "1"}};
  std::set<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string name = std::string(argv[i]).substr(2);
    if (name == "list" || name == "print" || name == "promotions") {
      words.insert(name);
    } else if (options.contains(name) && i + 1 < argc) {
      options[name] = argv[++i];
    } else {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      return 2;
    }
  }
  try {
    if (words.contains("list")) return list_points(words.contains("promotions"));
    return words.contains("print") ? print(options) : run(options);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s: %s\n", to_string(error.code()), error.what());
    return 3;
  }
}
