#pragma once

#include <set>
#include <string>
#include <string_view>

#include "executor/attempt_status.hpp"
#include "executor/trial_folder.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/metrics.hpp"
#include "tunesmith/subprocess_executor.hpp"

namespace tunesmith {

/// Reads one attempt's output: metrics for the reporter, the last lines for a person.
class OutputReader {
 public:
  /// Where values are counted, the first is one level above `counted_before`.
  OutputReader(const Problem& problem, TrialReporter reporter, double counted_before = 0);

  /// The strongest answer that the tuner has given to a report: `stop` before `pause`.
  Decision feed(std::string_view bytes);
  void finish();

  /// Of the metrics that have had a value, finite or not.
  const std::set<std::string>& seen() const { return seen_; }
  /// The highest level with a value, and how many levels had one; none: nothing was reported.
  std::optional<double> highest() const { return highest_; }
  int levels() const { return levels_; }
  std::string diagnosis() const { return extractor_.diagnosis(); }
  /// The last line that is not blank, readable; empty where there is none.
  std::string last_line() const;

 private:
  void report(const MetricReport& report);

  MetricExtractor extractor_;
  TrialReporter reporter_;
  double counted_before_;
  std::optional<double> highest_;
  int levels_ = 0;
  std::set<std::string> seen_;
  /// The end of the output.
  std::string tail_;
  Decision decision_ = Decision::keep_going;
};

/// What an attempt's end means. `goes_on`: earlier attempts of the trial have reported.
TrialResult verdict(const AttemptStatus& status, const OutputReader& output,
                    const SubprocessOptions& options, const Problem& problem,
                    const TrialFolder& folder, bool goes_on);

}  // namespace tunesmith
