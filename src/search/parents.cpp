#include "search/parents.hpp"

#include <algorithm>
#include <utility>

#include "search/survivors.hpp"

namespace tunesmith {
namespace {

/// The first generation of a study with a long past is chosen among the latest so many populations:
/// comparing all with all takes O(n²).
constexpr std::size_t most_populations = 20;

/// Trials of the view's space with what they came to, by number.
struct Judged {
  std::vector<TrialId> ids = {};
  std::vector<TrialOutcome> outcomes = {};

  bool add(const StudyView& view, TrialId id) {
    const Trial& trial = view.trial(id);
    std::optional<TrialOutcome> outcome = outcome_of(view, trial);
    if (!outcome) return false;
    if (trial.origin != Origin::strategy) {
      // A baseline may break a constraint, but must be of the space to have children.
      for (const Mistake& mistake : view.problem().space.check(trial.configuration)) {
        if (!mistake.path.empty()) return false;
      }
    }
    ids.push_back(id);
    outcomes.push_back(std::move(*outcome));
    return true;
  }
};

Parents parents_of(const Judged& judged) {
  Ranking ranking = rank(judged.outcomes);
  Parents parents{.places = std::move(ranking.places)};
  for (const std::size_t i : ranking.order) parents.ids.push_back(judged.ids[i]);
  return parents;
}

struct Recorded {
  EvolutionRecord record = {};
  TrialId at = 0;
};

std::optional<Recorded> latest_record(const StudyView& view) {
  for (auto id = static_cast<TrialId>(view.size()); id-- > 0;) {
    auto record = evolution_record_from(view.trial(id).strategy_state, id);
    if (record) return Recorded{.record = std::move(*record), .at = id};
  }
  return {};
}

/// Trials that ended since the record was made, by number; all where there is none.
std::vector<TrialId> newcomers(const StudyView& view, const std::optional<Recorded>& latest,
                               std::size_t most) {
  std::vector<TrialId> ids;
  const TrialId first = latest ? latest->at : 0;
  for (auto id = static_cast<TrialId>(view.size()); id-- > first && ids.size() < most;) {
    if (is_final(view.trial(id).state)) ids.push_back(id);
  }
  if (latest) {
    for (const TrialId id : latest->record.pending) {
      if (is_final(view.trial(id).state)) ids.push_back(id);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Judged judged(const StudyView& view, const std::vector<TrialId>& ids) {
  Judged result;
  for (const TrialId id : ids) result.add(view, id);
  return result;
}

}  // namespace

TrialId Parents::tournament(std::size_t sample, RandomStream& random) const {
  std::size_t best = random.below(ids.size());
  for (std::size_t i = 1; i < sample; ++i) {
    const std::size_t other = random.below(ids.size());
    if (places[other] < places[best]) best = other;
  }
  return ids[best];
}

std::optional<Parents> latest_parents(const StudyView& view, std::size_t population) {
  Judged latest;
  for (auto id = static_cast<TrialId>(view.size()); id-- > 0 && latest.ids.size() < population;) {
    latest.add(view, id);
  }
  if (latest.ids.size() < population) return {};
  return parents_of(latest);
}

std::optional<Parents> surviving_parents(const StudyView& view, std::size_t population) {
  const std::optional<Recorded> latest = latest_record(view);
  std::vector<TrialId> fresh = newcomers(view, latest, most_populations * population);
  if (judged(view, fresh).ids.size() < population) {
    if (!latest) return {};
    return parents_of(judged(view, latest->record.parents));
  }
  if (latest) {
    fresh.insert(fresh.end(), latest->record.parents.begin(), latest->record.parents.end());
    std::sort(fresh.begin(), fresh.end());
  }
  const Judged all = judged(view, fresh);
  Judged kept;
  EvolutionRecord record;
  for (const std::size_t i : survivors(all.outcomes, population)) {
    kept.ids.push_back(all.ids[i]);
    kept.outcomes.push_back(all.outcomes[i]);
  }
  record.parents = kept.ids;
  const TrialId first = latest ? latest->at : 0;
  if (latest) record.pending = latest->record.pending;
  for (TrialId id = first; id < static_cast<TrialId>(view.size()); ++id)
    record.pending.push_back(id);
  std::erase_if(record.pending, [&](TrialId id) { return is_final(view.trial(id).state); });
  Parents parents = parents_of(kept);
  parents.record = std::move(record);
  return parents;
}

}  // namespace tunesmith
