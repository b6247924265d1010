#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/plan.hpp"
#include "cli/text.hpp"
#include "core/json.hpp"
#include "job/max_resource.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith::cli {
namespace {

Error refused(std::string where, std::string what, std::string allowed) {
  return Error(ErrorCode::invalid_job, {{std::move(where), std::move(what), std::move(allowed)}});
}

/// The file as recorded trials of the job's space; mistakes name file and line.
RecordedCurves read_curves(const std::string& file, const Space& space) {
  const std::string text = read_text(file);
  try {
    return RecordedCurves::from_json_lines(space, text);
  } catch (const Error& error) {
    std::vector<Mistake> mistakes = error.mistakes();
    if (mistakes.empty()) throw refused(file, error.what(), "a line per trial and level");
    for (Mistake& mistake : mistakes) mistake.path = file + mistake.path;
    throw Error(ErrorCode::invalid_job, std::move(mistakes));
  }
}

/// What cannot be simulated is said before the first run.
void check(const Job& job, const RecordedCurves& curves, const std::string& file,
           const std::vector<Budget>& budgets) {
  if (job.problem.objectives.size() != 1)
    throw refused("/objectives", "there are several", "one, to be compared by");
  const std::string& metric = job.problem.objectives.front().metric;
  std::set<std::string> metrics;
  Seconds longest{0};
  for (const RecordedTrial& trial : curves.trials()) {
    for (const SimulatedReport& report : trial.curve.reports) {
      for (const auto& [name, value] : report.metrics) metrics.insert(name);
      longest = std::max(longest, report.elapsed);
    }
  }
  if (!metrics.contains(metric)) {
    std::string known;
    for (const std::string& name : metrics) known += (known.empty() ? "" : ", ") + name;
    throw refused(file, "no line tells the objective \"" + metric + "\"",
                  known.empty() ? "metrics in the lines" : "they tell " + known);
  }
  for (const Budget& budget : budgets) {
    if (budget.max_trials) continue;
    if (!budget.max_time)
      throw refused("--max-trials", "nothing would end a run",
                    "--max-trials, --max-time, or one of them in the job's budget");
    if (longest <= Seconds(0))
      throw refused(file, "the trials take no time, so that a time budget never ends",
                    "\"seconds\" above 0, or --max-trials");
  }
}

std::vector<PluginChoice> strategies_of(const Job& job, const std::vector<std::string>& names) {
  if (names.empty()) {
    std::vector<PluginChoice> choices = {job.strategy};
    if (job.strategy.name != "random") choices.push_back({.name = "random"});
    return choices;
  }
  std::vector<PluginChoice> choices;
  std::vector<Mistake> mistakes;
  for (const std::string& name : names) {
    choices.push_back(name == job.strategy.name
                          ? job.strategy
                          : PluginChoice{.name = name,
                                         .options = json_text(with_max_resource(
                                             name, Json::object(), job.problem.space))});
    try {
      make_search(name, choices.back().options);
    } catch (const Error& error) {
      for (Mistake mistake : error.mistakes()) {
        mistake.path = "--strategies" + mistake.path;
        mistakes.push_back(std::move(mistake));
      }
    }
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_job, std::move(mistakes));
  return choices;
}

/// Each limit is a budget of its own; the job's where none is given.
std::vector<Budget> budgets_of(const Job& job, const PlanOptions& options) {
  std::vector<Budget> budgets;
  for (const std::int64_t trials : options.max_trials) {
    budgets.push_back({.max_trials = trials});
  }
  for (const double seconds : options.max_time) {
    budgets.push_back({.max_time = Seconds(seconds)});
  }
  if (budgets.empty()) budgets.push_back(job.budget);
  return budgets;
}

/// One line on a terminal that says how far it is; nothing elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t all) : all_(all), terminal_(isatty(STDERR_FILENO) == 1) {}
  ~ProgressLine() {
    if (terminal_) std::cerr << "\r\x1b[K" << std::flush;
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void begin(const Plan& plan) {
    ++done_;
    if (!terminal_) return;
    std::cerr << "\r\x1b[K" << done_ << " of " << all_ << ": " << printable(plan.strategy.name)
              << ", workers: " << plan.workers << ", " << budget_text(plan.budget) << std::flush;
  }

 private:
  std::size_t all_;
  bool terminal_;
  std::size_t done_ = 0;
};

}  // namespace

int plan_command(const PlanOptions& options) {
  const Job job = load_job(read_text(options.job), {.base_folder = folder_of(options.job)});
  const RecordedCurves curves = read_curves(options.curves, job.problem.space);
  const std::vector<PluginChoice> strategies = strategies_of(job, options.strategies);
  const std::vector<Budget> budgets = budgets_of(job, options);
  check(job, curves, options.curves, budgets);
  const std::vector<int> workers =
      options.workers.empty() ? std::vector<int>{job.max_parallel} : options.workers;

  std::vector<PlanSummary> plans;
  for (const Budget& budget : budgets) {
    for (const int count : workers) {
      for (const PluginChoice& strategy : strategies)
        plans.push_back({.plan = {.strategy = strategy, .workers = count, .budget = budget}});
    }
  }
  {
    ProgressLine progress(plans.size() * static_cast<std::size_t>(options.seeds));
    for (PlanSummary& summary : plans) {
      for (int seed = 0; seed < options.seeds; ++seed) {
        progress.begin(summary.plan);
        summary.runs.push_back(
            simulate(job, summary.plan, curves, static_cast<std::uint64_t>(seed)));
      }
    }
  }
  if (options.json) {
    std::cout << plans_json(job, plans);
    return exit_ok;
  }
  std::cout << plans_table(plans) << "\n"
            << printable(job.problem.objectives.front().metric) << ", to "
            << to_string(job.problem.objectives.front().goal) << ": median of " << options.seeds
            << (options.seeds == 1 ? " seed" : " seeds") << ", all else the mean; "
            << curves.trials().size() << " recorded trials.\n";
  return exit_ok;
}

}  // namespace tunesmith::cli
