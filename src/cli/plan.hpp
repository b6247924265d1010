#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tunesmith/job.hpp"
#include "tunesmith/simulated_executor.hpp"

namespace tunesmith::cli {

/// One way to run a job.
struct Plan {
  PluginChoice strategy = {};
  int workers = 1;
  Budget budget = {};
};

/// When the best so far is looked at, as shares of the time.
inline constexpr std::array<double, 3> looks = {0.25, 0.5, 1};

/// What one simulated run came to.
struct PlanRun {
  /// At each of `looks`: the best value of the objective by the problem's final rule, running
  /// trials taken as they are; none: nothing was measured.
  std::array<std::optional<double>, looks.size()> best = {};
  /// Sum of the highest levels that the trials reached.
  double levels = 0;
  /// On the virtual clock; `looks` are shares of Budget::max_time where there is one, else of this.
  Seconds time = Seconds(0);
  std::int64_t trials = 0;
  std::int64_t stopped = 0;
  std::int64_t failed = 0;
};

/// A plan's runs with different seeds: of `best` the median, of everything else the mean.
struct PlanSummary {
  Plan plan = {};
  std::vector<PlanRun> runs = {};

  std::optional<double> best(std::size_t look) const;
  double mean(double (*of)(const PlanRun&)) const;
};

/// Runs the job's problem and stopping rules in simulation, from its seed plus `seed`. Earlier
/// studies that the job names are left out.
PlanRun simulate(const Job& job, const Plan& plan, const RecordedCurves& curves,
                 std::uint64_t seed);

/// "200 trials, 8 h".
std::string budget_text(const Budget& budget);

/// For people: a line per plan.
std::string plans_table(const std::vector<PlanSummary>& plans);
/// The same with every run.
std::string plans_json(const Job& job, const std::vector<PlanSummary>& plans);

}  // namespace tunesmith::cli
