#include "search/promotions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tunesmith {

Promotions::Promotions(const RungLadder& ladder) : ladder_(ladder), brackets_(ladder.brackets()) {}

void Promotions::clear() {
  brackets_.assign(ladder_.brackets(), {});
  standings_.clear();
}

Promotions::Rung& Promotions::rung_at(std::size_t bracket, std::size_t rung) {
  std::vector<Rung>& rungs = brackets_[bracket];
  while (rungs.size() <= rung)
    rungs.push_back({RungRecord(ladder_.eta(), RungRecord::Rounding::down)});
  return rungs[rung];
}

void Promotions::withdraw(TrialId id, const Standing& standing) {
  for (std::size_t i = 0; i < standing.ranks.size(); ++i) {
    Rung& rung = rung_at(standing.lowest, standing.lowest + i);
    rung.record.erase({standing.ranks[i], id});
    rung.waiting.erase({standing.ranks[i], id});
  }
}

void Promotions::update(const Problem& problem, const Trial& trial) {
  const auto place = static_cast<std::size_t>(trial.id);
  if (standings_.size() <= place) standings_.resize(place + 1);
  Standing now;
  now.lowest = ladder_.lowest_rung(problem.seed, trial.id);
  for (std::size_t rung = now.lowest; rung < ladder_.rungs(); ++rung) {
    auto rank = rank_at(problem, trial, ladder_.level(rung));
    // It was told to run so far; where the metric is missing it is no better for that.
    const bool was_to_come =
        trial.state == TrialState::paused && trial.until >= ladder_.level(rung);
    if (!rank && was_to_come) rank = std::numeric_limits<double>::infinity();
    if (!rank) break;
    now.ranks.push_back(*rank);
  }
  if (trial.state == TrialState::paused && !now.ranks.empty())
    now.waits = now.lowest + now.ranks.size() - 1;
  Standing& before = standings_[place];
  if (before.ranks == now.ranks && before.waits == now.waits && before.lowest == now.lowest) return;
  withdraw(trial.id, before);
  for (std::size_t i = 0; i < now.ranks.size(); ++i)
    rung_at(now.lowest, now.lowest + i).record.insert({now.ranks[i], trial.id});
  if (now.waits) rung_at(now.lowest, *now.waits).waiting.insert({now.ranks.back(), trial.id});
  before = std::move(now);
}

std::vector<Promotions::Promotion> Promotions::best(std::size_t count, std::size_t highest) const {
  std::vector<Promotion> found;
  std::size_t rungs = 0;
  for (const auto& bracket : brackets_) rungs = std::max(rungs, bracket.size());
  for (std::size_t rung = std::min(rungs, highest); rung-- > 0;) {
    for (const auto& bracket : brackets_) {
      if (bracket.size() <= rung) continue;
      const RungRecord& record = bracket[rung].record;
      for (const RungRecord::Entry& entry : bracket[rung].waiting) {
        if (found.size() == count) return found;
        if (!std::isfinite(entry.first) || !record.is_among_best(entry)) break;
        found.push_back({.trial = entry.second, .rung = rung, .among = record.size()});
      }
    }
  }
  return found;
}

std::vector<Promotions::Pair> Promotions::pairs(std::size_t rung) const {
  std::vector<Pair> found;
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    const Standing& one = standings_[i];
    if (one.lowest != 0 || one.ranks.size() < rung + 2) continue;
    found.push_back(
        {.trial = static_cast<TrialId>(i), .below = one.ranks[rung], .above = one.ranks[rung + 1]});
  }
  return found;
}

}  // namespace tunesmith
