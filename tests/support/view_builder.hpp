#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trial/view_data.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// Pictures of a study for tests of strategies, without a store: takes suggestions in as trials and
/// ends them as told.
class ViewBuilder {
 public:
  explicit ViewBuilder(Problem problem)
      : problem_(std::make_shared<const Problem>(std::move(problem))) {}

  void add_parent(ParentStudy parent) {
    parents_.push_back(std::make_shared<const ParentStudy>(std::move(parent)));
  }

  TrialId add(const Suggestion& suggestion, Origin origin = Origin::strategy) {
    Trial trial;
    trial.id = static_cast<TrialId>(trials_.size());
    trial.configuration = suggestion.configuration;
    trial.origin = origin;
    trial.until = suggestion.until;
    trial.replicate_of = suggestion.replicate_of;
    trial.note = suggestion.note;
    trial.strategy_state = suggestion.state;
    trial.outlook = suggestion.outlook;
    trial.started = static_cast<Timestamp>(++time_);
    trials_.push_back(trial);
    return trial.id;
  }

  void complete(TrialId id, double value) {
    Trial& trial = end(id, TrialState::completed);
    trial.metrics = {{problem_->objectives.front().metric, value}};
  }

  void fail(TrialId id, Metrics metrics = {}) {
    end(id, TrialState::failed).metrics = std::move(metrics);
  }

  Trial& end(TrialId id, TrialState state) {
    Trial& trial = trials_[static_cast<std::size_t>(id)];
    trial.state = state;
    trial.ended = static_cast<Timestamp>(++time_);
    return trial;
  }

  const std::vector<Trial>& trials() const { return trials_; }

  StudyView view() const {
    auto data = std::make_shared<StudyView::Data>();
    data->problem = problem_;
    data->parents = parents_;
    data->prefix = time_;
    for (const Trial& trial : trials_) {
      data->trials.push_back(std::make_shared<const Trial>(trial));
      ++data->counts[static_cast<std::size_t>(trial.state)];
      if (!is_feasible(*problem_, trial)) continue;
      const auto value = *objective_of(*problem_, trial, 0);
      if (!data->best ||
          is_better(
              problem_->objectives.front(), value,
              *objective_of(*problem_, *data->trials[static_cast<std::size_t>(*data->best)], 0))) {
        data->best = trial.id;
      }
    }
    return StudyView(data);
  }

 private:
  std::shared_ptr<const Problem> problem_;
  std::vector<std::shared_ptr<const ParentStudy>> parents_;
  std::vector<Trial> trials_;
  std::int64_t time_ = 0;
};

}  // namespace tunesmith
