#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/space.hpp"
#include "tunesmith/trial.hpp"

/// Tuning on a clock that does not wait: what hours of training would have given, in milliseconds.
///
///     const auto clock = std::make_shared<tunesmith::VirtualClock>();
///     tunesmith::Study study({.problem = problem, .search = search, .clock = clock});
///     tunesmith::Tuner tuner(study, tunesmith::simulated_executor(curve_of, clock, {.workers =
///     4}),
///                            {.budget = {.max_time = tunesmith::Seconds(8 * 3600)}});
///
/// Deterministic: the same problem, seed, curves and workers give the same log, to the bit.
namespace tunesmith {

/// Time that only its owner moves; begins at 0. Thread-safe.
class TUNESMITH_API VirtualClock final : public Clock {
 public:
  VirtualClock();
  ~VirtualClock() override;
  Seconds monotonic() const override;
  /// As if it had begun a day after 1970-01-01.
  Timestamp wall() const override;
  /// No effect where `moment` lies behind.
  void advance_to(Seconds moment);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a simulated trial tells at one resource level.
struct SimulatedReport {
  double resource = 0;
  /// Since the trial began, pauses apart.
  Seconds elapsed = Seconds(0);
  Metrics metrics = {};
  bool operator==(const SimulatedReport&) const = default;
};

/// The whole course of a trial that nobody stops.
struct SimulatedCurve {
  /// By rising level, `elapsed` not falling.
  std::vector<SimulatedReport> reports = {};
  /// How long the trial takes in all; counts where it is longer than the last report's `elapsed`.
  Seconds duration = Seconds(0);
  /// How it ends after the last report: e.g. a crash, {.outcome = Outcome::failed, .reason = "out
  /// of memory"}.
  TrialResult result = {};
};

/// What a configuration's trial would do. Must answer the same for the same configuration; an
/// exception becomes a failed trial with its words.
using SimulatedObjective = std::function<SimulatedCurve(const Configuration&)>;

struct SimulatedOptions {
  /// Attempts at once; ≥ 1.
  int workers = 1;
};

/// Runs trials on `clock`, which it moves from report to report in order of time (of equal times
/// the attempt that began first); deciding costs no time. Without threads: everything happens in
/// the calls of the tuner, the objective's too.
///
/// A report that is answered with `stop` or `pause` is the attempt's last one; so is the one that
/// reaches the run's `until`. request_stop ends an attempt at once, request_pause at its next
/// report, at once where none is to come. A resumed attempt goes on after the level that was
/// reached, at no cost. An executor serves one study, and throws Error{invalid_argument} for no
/// objective, no clock, or no worker. O(log workers) per report.
TUNESMITH_API std::unique_ptr<TrialExecutor> simulated_executor(SimulatedObjective objective,
                                                                std::shared_ptr<VirtualClock> clock,
                                                                SimulatedOptions options = {});

/// A trial as it was measured.
struct RecordedTrial {
  Configuration configuration = {};
  SimulatedCurve curve = {};
};

/// Recorded trials that stand in for all others: a configuration is answered by its nearest
/// neighbour. Immutable; copies are cheap; any thread may read.
class TUNESMITH_API RecordedCurves {
 public:
  /// Throws Error{invalid_argument} for no trials, and for trials that are none of the space's or
  /// whose levels do not rise, with a path such as "/3/lr".
  RecordedCurves(Space space, std::vector<RecordedTrial> trials);
  /// From JSON lines, a line per trial and level (docs/curves.md):
  ///
  ///     {"parameters": {"lr": 0.1}, "level": 1, "seconds": 12.5, "metrics": {"loss": 0.43}}
  ///
  /// Throws Error{invalid_argument} with every mistake, paths begin with "/<line>", from 1.
  static RecordedCurves from_json_lines(Space space, std::string_view text);

  const std::vector<RecordedTrial>& trials() const noexcept;
  /// The nearest trial in the scaled unit cube: squared differences of numbers and ordered choices,
  /// 1 for another choice and for a parameter that only one of the two has. Of equals the first.
  /// O(trials · parameters).
  const RecordedTrial& nearest(const Configuration& configuration) const;
  /// For simulated_executor; holds a copy.
  SimulatedObjective objective() const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace tunesmith
