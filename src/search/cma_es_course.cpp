#include "search/cma_es_course.hpp"

#include <algorithm>
#include <utility>

#include "core/random.hpp"
#include "search/cma_es_draw.hpp"
#include "search/outcome_ranking.hpp"

namespace tunesmith {
namespace {

/// Broken a-priori constraints aside: a baseline may break one and still be worth learning from.
bool fits(const Space& space, const Configuration& configuration) {
  const std::vector<Mistake> mistakes = space.check(configuration);
  return std::all_of(mistakes.begin(), mistakes.end(),
                     [](const Mistake& mistake) { return mistake.path.empty(); });
}

}  // namespace

void CmaEsCourse::follow(const StudyView& view) {
  if (!follower_.follow(view)) forget(view);
  for (; next_ < static_cast<TrialId>(view.size()); ++next_) take_in(view, next_);
  settle(view);
  prepare(view);
}

void CmaEsCourse::forget(const StudyView& view) {
  origin_ = view;
  axes_ = std::make_unique<CmaEsAxes>(view.problem().space);
  next_ = 0;
  state_.reset();
  coming_.reset();
  others_.clear();
  waiting_.clear();
  ended_.clear();
}

void CmaEsCourse::take_in(const StudyView& view, TrialId id) {
  const Trial& trial = view.trial(id);
  const auto record = cma_es_record_from(trial.strategy_state, id);
  if (record && (!record->made_from || open(view, *record)) && state_ &&
      record->generation == state_->generation()) {
    Drawn drawn{.id = id, .generation = record->generation, .elsewhere = record->attempt < 0};
    if (drawn.elsewhere) {
      drawn.member = member_at(*axes_, view.problem().space, trial.configuration);
    } else {
      drawn.member = drawn_member(*state_, view.problem().seed, *record);
    }
    waiting_.push_back(std::move(drawn));
  } else if (!state_) {
    others_.push_back(id);
  }
}

bool CmaEsCourse::open(const StudyView& view, const CmaEsRecord& record) {
  const std::vector<TrialId>& trials = *record.made_from;
  if (record.generation != (state_ ? state_->generation() + 1 : 0)) return false;
  if (state_) {
    settle(view);
    std::vector<TrialId> known;
    for (const Drawn& drawn : ended_) known.push_back(drawn.id);
    if (trials.empty() || !std::includes(known.begin(), known.end(), trials.begin(), trials.end()))
      return false;
  } else if (!std::includes(others_.begin(), others_.end(), trials.begin(), trials.end())) {
    return false;
  }
  if (!coming_ || coming_->made_from != trials) {
    coming_ =
        Coming{.made_from = trials, .state = state_ ? moved(view, trials) : begun(view, trials)};
  }
  state_ = std::move(coming_->state);
  coming_.reset();
  std::erase_if(ended_, [&](const Drawn& drawn) {
    return std::binary_search(trials.begin(), trials.end(), drawn.id);
  });
  return true;
}

void CmaEsCourse::settle(const StudyView& view) {
  const std::size_t before = ended_.size();
  std::erase_if(waiting_, [&](Drawn& drawn) {
    const Trial& trial = view.trial(drawn.id);
    if (!is_final(trial.state)) return false;
    if (outcome_of(view, trial)) ended_.push_back(std::move(drawn));
    return true;
  });
  if (ended_.size() == before) return;
  std::sort(ended_.begin(), ended_.end(),
            [](const Drawn& a, const Drawn& b) { return a.id < b.id; });
}

void CmaEsCourse::prepare(const StudyView& view) {
  std::vector<TrialId> trials;
  if (!state_) {
    for (const TrialId id : others_) {
      if (is_final(view.trial(id).state)) trials.push_back(id);
    }
  } else {
    if (static_cast<int>(ended_.size()) < state_->population()) {
      coming_.reset();
      return;
    }
    for (const Drawn& drawn : ended_) trials.push_back(drawn.id);
  }
  if (coming_ && coming_->made_from == trials) return;
  CmaEsState state = state_ ? moved(view, trials) : begun(view, trials);
  coming_ = Coming{.made_from = std::move(trials), .state = std::move(state)};
}

std::optional<std::vector<TrialId>> CmaEsCourse::made_from() const {
  if (!coming_) return {};
  return coming_->made_from;
}

CmaEsState CmaEsCourse::begun(const StudyView& view, const std::vector<TrialId>& others) const {
  const Problem& problem = view.problem();
  std::vector<TrialOutcome> outcomes;
  std::vector<CmaEsState::Member> members;
  for (const TrialId id : others) {
    const Trial& trial = view.trial(id);
    std::optional<TrialOutcome> outcome = outcome_of(view, trial);
    if (!outcome || outcome->failed || !fits(problem.space, trial.configuration)) continue;
    outcomes.push_back(std::move(*outcome));
    members.push_back(member_at(*axes_, problem.space, trial.configuration));
  }
  std::vector<CmaEsState::Member> ranked;
  for (const std::size_t i : rank(outcomes).order) ranked.push_back(std::move(members[i]));
  return {*axes_, problem.seed, population_, ranked};
}

CmaEsState CmaEsCourse::moved(const StudyView& view, const std::vector<TrialId>& trials) const {
  std::vector<const Drawn*> drawn;
  std::vector<TrialOutcome> outcomes;
  for (const Drawn& one : ended_) {
    if (!std::binary_search(trials.begin(), trials.end(), one.id)) continue;
    drawn.push_back(&one);
    outcomes.push_back(*outcome_of(view, view.trial(one.id)));
  }
  Ranking ranking = rank(outcomes);
  CmaEsState::Generation results{.places = std::move(ranking.places)};
  for (const std::size_t i : ranking.order) {
    results.members.push_back(drawn[i]->member);
    results.members.back().numbers.foreign =
        drawn[i]->elsewhere || drawn[i]->generation != state_->generation();
    results.elsewhere += drawn[i]->elsewhere ? 1 : 0;
  }
  const auto value = [&](std::size_t place) -> std::optional<double> {
    const TrialOutcome& outcome = outcomes[ranking.order[place]];
    if (outcome.failed || outcome.violation > 0 || outcome.objectives.size() > 1) return {};
    return outcome.objectives[0];
  };
  results.best = value(0);
  results.middle = value(ranking.order.size() / 2);
  CmaEsState state = *state_;
  state.update(results);
  return state;
}

}  // namespace tunesmith
