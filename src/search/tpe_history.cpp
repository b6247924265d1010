#include "search/tpe_history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "search/seen_set.hpp"
#include "search/trial_history.hpp"

namespace tunesmith {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<double> excess_of(const Problem& problem, const Metrics& metrics) {
  std::vector<double> excess = slacks_of(problem, metrics);
  for (double& bound : excess) bound = std::isnan(bound) ? infinite : std::max(-bound, 0.0);
  return excess;
}

TpeOutcome outcome_of(const StudyView& view, const Trial& trial) {
  const Problem& problem = view.problem();
  TpeOutcome outcome;
  if (trial.state == TrialState::lost) return outcome;
  outcome.ended = is_final(trial.state);
  outcome.rank = TpeRank::above;
  if (trial.state != TrialState::completed && trial.state != TrialState::stopped) return outcome;
  for (std::size_t k = 0; k < problem.objectives.size(); ++k) {
    const std::optional<double> value = view.objective(trial, k);
    if (!value) {
      // Stopped before it gave a value: nothing to learn. Completed without one: failed.
      if (trial.state == TrialState::stopped) outcome.rank = TpeRank::ignored;
      return outcome;
    }
    outcome.values.push_back(problem.objectives[k].goal == Goal::minimize ? -*value : *value);
  }
  outcome.excess = excess_of(problem, trial.metrics);
  const bool keeps = std::all_of(outcome.excess.begin(), outcome.excess.end(),
                                 [](double over) { return over == 0; });
  if (!keeps) {
    outcome.rank = TpeRank::violating;
  } else if (trial.state == TrialState::completed) {
    outcome.rank = TpeRank::completed;
  } else {
    outcome.rank = TpeRank::stopped;
    outcome.level = trial.reports.empty() ? 0 : trial.reports.back().resource;
  }
  return outcome;
}

}  // namespace

void TpeHistory::follow(const StudyView& view) {
  if (!continues(view)) {
    *this = TpeHistory();
    space_.emplace(view.problem().space);
    columns_ = ParzenColumns(*space_);
  }
  // The view of last time keeps its trials alive until the end of this, so that equal addresses
  // mean the same trials.
  const std::optional<StudyView> before = std::exchange(view_, view);
  const std::size_t known = trials_.size();
  proposals_.clear();
  resize(known);
  trials_.resize(view.size());
  resize(view.size());
  for (std::size_t row = 0; row < view.size(); ++row) {
    const Trial* trial = &view.trial(static_cast<TrialId>(row));
    if (trial == trials_[row]) continue;
    trials_[row] = trial;
    if (row >= known) read_places(row, trial->configuration);
    outcomes_[row] = valid_[row] != 0 ? outcome_of(view, *trial) : TpeOutcome{};
  }
  columns_.settle();
}

bool TpeHistory::continues(const StudyView& view) const {
  // A view keeps its problem alive, so that equal addresses mean the same problem.
  if (!view_ || &view_->problem() != &view.problem() || trials_.size() > view.size()) return false;
  for (std::size_t row = 0; row < trials_.size(); ++row) {
    const Trial& trial = view.trial(static_cast<TrialId>(row));
    if (&trial != trials_[row] && !(trial.configuration == trials_[row]->configuration))
      return false;
  }
  return true;
}

void TpeHistory::add(Configuration proposal) {
  const std::size_t row = outcomes_.size();
  resize(row + 1);
  read_places(row, proposal);
  columns_.settle();
  outcomes_[row] = {.rank = TpeRank::above};
  proposals_.push_back(std::move(proposal));
}

void TpeHistory::resize(std::size_t rows) {
  hashes_.resize(rows);
  outcomes_.resize(rows);
  valid_.resize(rows);
  columns_.resize(rows);
}

void TpeHistory::read_places(std::size_t row, const Configuration& configuration) {
  hashes_[row] = hash_configuration(configuration);
  const auto places = space_->places_of(configuration);
  valid_[row] = places ? 1 : 0;
  if (places) columns_.set(row, *places);
}

bool TpeHistory::contains(const Configuration& configuration) const {
  const std::uint64_t hash = hash_configuration(configuration);
  for (auto at = hashes_.begin();;) {
    at = std::find(at, hashes_.end(), hash);
    if (at == hashes_.end()) return false;
    const auto row = static_cast<std::size_t>(at - hashes_.begin());
    const Configuration& known =
        row < trials_.size() ? trials_[row]->configuration : proposals_[row - trials_.size()];
    if (known == configuration) return true;
    ++at;
  }
}

}  // namespace tunesmith
