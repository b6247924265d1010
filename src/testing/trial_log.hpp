#pragma once

#include <utility>
#include <vector>

#include "trial/fold.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith::testing {

/// A study's log as it is written, without a store and without a Study, which would refuse what a
/// kit is there to see.
class TrialLog {
 public:
  explicit TrialLog(Problem problem, const std::vector<ParentStudy>& parents = {});

  TrialId add(const Suggestion& suggestion, Origin origin = Origin::strategy);
  void report(TrialId trial, double level, const Metrics& metrics);
  void end(TrialId trial, Outcome outcome, const Metrics& metrics = {});
  void restart(TrialId trial);
  void start(TrialId trial);
  /// −1: the whole study.
  void request_stop(TrialId trial);
  void begin_session();
  void set_budget(const Budget& budget);

  bool is_open(TrialId trial) const { return fold_.trial(trial).state == TrialState::running; }
  std::size_t size() const { return fold_.size(); }
  StudyView view() { return fold_.snapshot(); }
  const std::vector<StoredEvent>& events() const { return events_; }

 private:
  void write(Event event);

  StudyFold fold_;
  std::vector<StoredEvent> events_;
};

}  // namespace tunesmith::testing
