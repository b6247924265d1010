#include "search/bracket_search.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "core/numbers.hpp"

namespace tunesmith {
namespace {

constexpr double worst = std::numeric_limits<double>::infinity();

struct Member {
  double rank = worst;
  TrialId id = 0;
  bool operator<(const Member& other) const {
    return rank != other.rank ? rank < other.rank : id < other.id;
  }
};

/// Whether the trial has come as far as it will or to the level.
bool has_arrived(const Problem& problem, const Trial& trial, double level) {
  if (is_final(trial.state)) return true;
  if (trial.state == TrialState::paused && trial.until >= level) return true;
  return rank_at(problem, trial, level).has_value();
}

double rank_of(const StudyView& view, const Trial& trial, double level) {
  if (const auto rank = rank_at(view.problem(), trial, level)) return *rank;
  if (trial.state != TrialState::completed) return worst;
  const auto value = view.objective(trial);
  return value ? halving_rank(view.problem(), *value) : worst;
}

}  // namespace

BracketSearch::BracketSearch(std::string name, std::vector<Bracket> brackets, std::int64_t eta,
                             HalvingSearcher searcher)
    : name_(std::move(name)),
      brackets_(std::move(brackets)),
      eta_(eta),
      searcher_(std::move(searcher)) {}

std::size_t BracketSearch::number_to_stay(std::size_t members, const Rung& from,
                                          const Rung& to) const {
  if (members >= static_cast<std::size_t>(from.trials)) return static_cast<std::size_t>(to.trials);
  // A bracket that was not filled.
  return std::max<std::size_t>(members / static_cast<std::size_t>(eta_), 1);
}

BracketSearch::Place BracketSearch::place(std::size_t turn) const {
  TrialId round = 0;
  for (const Bracket& bracket : brackets_) round += bracket.front().trials;
  Place found;
  found.first = round * static_cast<TrialId>(turn / brackets_.size());
  for (std::size_t i = 0; i < turn % brackets_.size(); ++i)
    found.first += brackets_[i].front().trials;
  found.bracket = &brackets_[turn % brackets_.size()];
  found.end = found.first + found.bracket->front().trials;
  return found;
}

bool BracketSearch::add_turn(const StudyView& view, const Place& at,
                             std::vector<Suggestion>& retired,
                             std::vector<Suggestion>& resumed) const {
  std::vector<Member> members;
  const auto known = std::min(at.end, static_cast<TrialId>(view.size()));
  bool over = known == at.end;
  for (TrialId id = at.first; id < known; ++id) {
    members.push_back({.id = id});
    over = over && is_final(view.trial(id).state);
  }
  if (over || known < at.end) return !over;
  for (std::size_t rung = 0; rung + 1 < at.bracket->size(); ++rung) {
    const auto level = static_cast<double>((*at.bracket)[rung].level);
    const auto next = static_cast<double>((*at.bracket)[rung + 1].level);
    for (Member& member : members) {
      const Trial& trial = view.trial(member.id);
      if (!has_arrived(view.problem(), trial, level)) return true;
      member.rank = rank_of(view, trial, level);
    }
    std::sort(members.begin(), members.end());
    const std::size_t stay =
        std::min(members.size(),
                 number_to_stay(members.size(), (*at.bracket)[rung], (*at.bracket)[rung + 1]));
    const std::string of = std::to_string(stay) + " of " + std::to_string(members.size()) + " at " +
                           number_text(level);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const Trial& trial = view.trial(members[i].id);
      if (trial.state != TrialState::paused) continue;
      if (i >= stay) {
        retired.push_back({.note = "not among the best " + of, .retire = trial.id});
      } else if (trial.until < next) {
        resumed.push_back({.until = next,
                           .note = "among the best " + of,
                           .resumable = rung + 2 < at.bracket->size(),
                           .resume = trial.id});
      }
    }
    members.resize(stay);
  }
  return true;
}

void BracketSearch::add_steps(const StudyView& view, TrialId limit,
                              std::vector<Suggestion>& retired, std::vector<Suggestion>& resumed) {
  const auto size = static_cast<TrialId>(view.size());
  for (std::size_t turn = first_turn_; place(turn).first < size; ++turn) {
    Place at = place(turn);
    at.end = std::max(std::min(at.end, limit), at.first + 1);
    const bool open = add_turn(view, at, retired, resumed);
    if (!open && turn == first_turn_ && at.end == place(turn).end) ++first_turn_;
  }
}

std::vector<Suggestion> BracketSearch::suggest(const StudyView& view, int count) {
  // Studies that share the strategy share what it keeps.
  const std::lock_guard lock(mutex_);
  if (!follower_.follow(view)) first_turn_ = 0;
  const auto size = static_cast<TrialId>(view.size());
  const TrialId limit = view.budget().max_trials.value_or(std::numeric_limits<TrialId>::max());
  std::vector<Suggestion> all;
  std::vector<Suggestion> resumed;
  add_steps(view, std::max(limit, size), all, resumed);
  if (resumed.size() > static_cast<std::size_t>(count))
    resumed.resize(static_cast<std::size_t>(count));
  const int left = count - static_cast<int>(resumed.size());
  std::vector<Suggestion> begun = searcher_.suggest(view, left);
  // No configuration is left to fill the bracket with.
  if (begun.empty() && resumed.empty()) {
    all.clear();
    add_steps(view, size, all, resumed);
    if (resumed.size() > static_cast<std::size_t>(count))
      resumed.resize(static_cast<std::size_t>(count));
  }
  std::move(resumed.begin(), resumed.end(), std::back_inserter(all));
  TrialId id = size;
  std::size_t turn = first_turn_;
  for (Suggestion& fresh : begun) {
    while (place(turn).end <= id) ++turn;
    const Bracket& bracket = *place(turn).bracket;
    fresh.until = static_cast<double>(bracket.front().level);
    fresh.resumable = bracket.size() > 1;
    all.push_back(std::move(fresh));
    ++id;
  }
  return all;
}

std::shared_ptr<SearchStrategy> bracket_search(const std::string& name,
                                               const HalvingSearchOptions& options,
                                               bool first_bracket_alone) {
  auto brackets = hyperband_brackets({.min_resource = options.min_resource,
                                      .max_resource = options.max_resource,
                                      .eta = options.eta});
  if (first_bracket_alone) brackets.resize(1);
  const RungLadder ladder(options.min_resource, options.max_resource, options.eta);
  return std::make_shared<BracketSearch>(name, std::move(brackets), options.eta,
                                         HalvingSearcher(options.searcher, &random_search, ladder));
}

HalvingSearchOptions read_halving_options(ObjectReader& options) {
  HalvingSearchOptions read;
  if (const auto min = read_level(options, "min_resource", 1)) read.min_resource = *min;
  if (const auto max = read_level(options, "max_resource", 1)) read.max_resource = *max;
  if (const auto eta = options.integer("eta", 2)) read.eta = *eta;
  read.searcher = read_searcher(options);
  return read;
}

std::vector<OptionInfo> halving_options() {
  return {min_resource_option(),
          {.name = "max_resource",
           .type = "int",
           .fallback = "81",
           .text = "Level at which a trial has run to its end; min_resource or more."},
          eta_option(),
          searcher_option("random")};
}

}  // namespace tunesmith
