#include "search/asha_stopping.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/numbers.hpp"

namespace tunesmith {

AshaStopping::AshaStopping(std::string name, const RungLadder& ladder, HalvingSearcher searcher)
    : name_(std::move(name)),
      ladder_(ladder),
      searcher_(std::move(searcher)),
      brackets_(ladder.brackets()) {}

std::vector<Suggestion> AshaStopping::suggest(const StudyView& view, int count) {
  const std::lock_guard lock(mutex_);
  auto all = searcher_.suggest(view, count);
  for (Suggestion& fresh : all) fresh.until = ladder_.end();
  return all;
}

std::vector<Action> AshaStopping::on_events(const StudyView& view,
                                            std::span<const StoredEvent> news) {
  std::vector<Action> actions;
  const Problem& problem = view.problem();
  const std::string& metric = problem.objectives.front().metric;
  for (const auto& [sequence, event] : news) {
    if (sequence == 1) {  // another study
      brackets_.assign(ladder_.brackets(), {});
      courses_.clear();
    }
    if (event.trial < 0) continue;
    const auto place = static_cast<std::size_t>(event.trial);
    if (courses_.size() <= place) courses_.resize(place + 1);
    Course& course = courses_[place];
    if (event.kind == EventKind::finished) {
      const auto outcome = static_cast<Outcome>(event.value);
      if (outcome == Outcome::failed || outcome == Outcome::infeasible)
        rank_worst(event.trial, course);
    }
    if (event.kind != EventKind::reported || event.metric != metric) continue;
    if (!course.lowest) {
      course.lowest = ladder_.lowest_rung(problem.seed, event.trial);
      course.next = ladder_.level(*course.lowest);
    }
    if (event.resource < course.next) continue;
    auto reason = enter(event, halving_rank(problem, event.value), course);
    // What all others are measured by runs to its end.
    if (!reason || view.trial(event.trial).origin == Origin::baseline) continue;
    actions.push_back({.kind = Action::Kind::stop_trial,
                       .trial = event.trial,
                       .reason = metric + " " + number_text(event.value) + " at " +
                                 number_text(event.resource) + *reason});
  }
  return actions;
}

std::optional<std::string> AshaStopping::enter(const Event& report, double rank, Course& course) {
  std::optional<std::string> reason;
  std::vector<RungRecord>& rungs = brackets_[*course.lowest];
  for (std::size_t rung = *course.lowest + course.ranks.size();
       rung < ladder_.rungs() && report.resource >= ladder_.level(rung); ++rung) {
    while (rungs.size() <= rung) rungs.emplace_back(ladder_.eta(), RungRecord::Rounding::up);
    RungRecord& record = rungs[rung];
    record.insert({rank, report.trial});
    course.ranks.push_back(rank);
    course.next = rung + 1 < ladder_.rungs() ? ladder_.level(rung + 1)
                                             : std::numeric_limits<double>::infinity();
    const bool judged = record.size() >= static_cast<std::size_t>(ladder_.eta());
    if (judged && rank > record.bar())
      reason = " is not among the best of each " + std::to_string(ladder_.eta()) + " of " +
               std::to_string(record.size()) + " trials";
  }
  return reason;
}

void AshaStopping::rank_worst(TrialId id, Course& course) {
  constexpr double worst = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < course.ranks.size(); ++i) {
    RungRecord& record = brackets_[*course.lowest][*course.lowest + i];
    record.erase({course.ranks[i], id});
    record.insert({worst, id});
    course.ranks[i] = worst;
  }
}

}  // namespace tunesmith
