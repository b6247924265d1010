#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trial/shared_list.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

inline constexpr std::size_t trial_states = 8;

/// What a StudyView shows. Made by StudyFold alone, and left alone while a view
/// is held.
struct StudyView::Data {
  std::shared_ptr<const Problem> problem = {};
  Budget budget = {};
  std::vector<std::shared_ptr<const ParentStudy>> parents = {};
  Sequence prefix = 0;
  SharedList<std::shared_ptr<const Trial>> trials = {};
  std::array<std::int64_t, trial_states> counts = {};
  std::size_t queued = 0;
  int failures_in_a_row = 0;
  Seconds active_time = Seconds(0);
  double total_cost = 0;
  std::optional<std::string> stop = {};
  bool stopped_by_rule = false;
  /// By trial, as far as any was asked to stop; the reason, null where it was not.
  SharedList<std::shared_ptr<const std::string>> stopping = {};
  /// Trials whose open attempt was asked to pause, with the reason.
  std::map<TrialId, std::string> pausing = {};
  /// Never null; replaced by a longer one, not changed.
  std::shared_ptr<const std::vector<Notice>> notices =
      std::make_shared<const std::vector<Notice>>();
  std::optional<TrialId> baseline = {};
  /// Repeated trials, each with its repetitions of any order, by id; and for each of those the
  /// trial that was repeated first.
  std::map<TrialId, std::vector<TrialId>> repetitions = {};
  std::map<TrialId, TrialId> originals = {};
  /// Kept up to date for one objective only; with several the front is computed when asked for.
  std::optional<TrialId> best = {};

  /// Null where the trial was not asked to stop.
  const std::string* why_stopping(TrialId id) const noexcept {
    const auto index = static_cast<std::size_t>(id);
    return id >= 0 && index < stopping.size() ? stopping[index].get() : nullptr;
  }
};

/// StudyView::objective and StudyView::feasible, for a problem and a trial that are in no view yet.
std::optional<double> objective_of(const Problem& problem, const Trial& trial, std::size_t index);
bool is_feasible(const Problem& problem, const Trial& trial);
std::optional<double> cost_of(const Problem& problem, const Trial& trial);
/// As cost_of, for a trial that may be paused.
std::optional<double> cost_so_far(const Problem& problem, const Trial& trial);
/// StudyView::repetitions and StudyView::mean_objective, for a study that no view shows yet.
std::vector<TrialId> repetitions_of(const StudyView::Data& data, TrialId id);
std::optional<double> mean_objective_of(const StudyView::Data& data, TrialId id, std::size_t index);
/// The first feasible one of the trial's repetitions.
std::optional<TrialId> earliest_feasible(const StudyView::Data& data, TrialId id);
/// Whether `a` is a better value of the objective than `b`.
inline bool is_better(const Objective& objective, double a, double b) {
  return objective.goal == Goal::minimize ? a < b : a > b;
}

}  // namespace tunesmith
