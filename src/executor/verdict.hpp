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
  OutputReader(const Problem& problem, TrialReporter reporter);

  /// `stop` once the tuner has answered a report with it.
  Decision feed(std::string_view bytes);
  void finish();

  /// Of the metrics that have had a value, finite or not.
  const std::set<std::string>& seen() const { return seen_; }
  std::string diagnosis() const { return extractor_.diagnosis(); }
  /// The last line that is not blank, readable; empty where there is none.
  std::string last_line() const;

 private:
  void report(const MetricReport& report);

  MetricExtractor extractor_;
  TrialReporter reporter_;
  std::set<std::string> seen_;
  /// The end of the output.
  std::string tail_;
  Decision decision_ = Decision::keep_going;
};

/// What an attempt's end means. `program` is for messages.
TrialResult verdict(const AttemptStatus& status, const OutputReader& output,
                    const SubprocessOptions& options, const Problem& problem,
                    const TrialFolder& folder);

}  // namespace tunesmith
