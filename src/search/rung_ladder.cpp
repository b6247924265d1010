#include "search/rung_ladder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

constexpr std::int64_t highest_level = 1'000'000'000'000'000;
constexpr double worst = std::numeric_limits<double>::infinity();

}  // namespace

RungLadder::RungLadder(std::int64_t min, std::int64_t max, std::int64_t eta, int brackets)
    : min_(min), max_(max), eta_(eta) {
  std::vector<Mistake> mistakes;
  const auto refuse = [&](const char* path, std::int64_t value, const char* allowed) {
    mistakes.push_back({path, "is " + std::to_string(value), allowed});
  };
  if (min < 1 || min > highest_level) refuse("/min_resource", min, "from 1 to 10^15");
  if (max != 0 && (max < std::max<std::int64_t>(1, min) || max > highest_level)) {
    refuse("/max_resource", max, "0, or from min_resource to 10^15");
  }
  if (eta < 2) refuse("/eta", eta, "2 or more");
  if (brackets < 1 || brackets > 20) refuse("/brackets", brackets, "from 1 to 20");
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  const std::int64_t end = max_ == 0 ? highest_level : max_;
  std::int64_t at = min_;
  while (at < end) {
    levels_.push_back(static_cast<double>(at));
    if (at > end / eta_) break;  // the next would be beyond
    at *= eta_;
  }
  brackets_ = std::clamp<std::size_t>(static_cast<std::size_t>(brackets), 1,
                                      std::max<std::size_t>(rungs(), 1));
}

double RungLadder::end() const noexcept {
  return max_ == 0 ? run_to_end : static_cast<double>(max_);
}

std::size_t RungLadder::lowest_rung(std::uint64_t seed, TrialId id) const {
  if (brackets_ == 1) return 0;
  const double share = 1.0 / static_cast<double>(eta_);
  double total = 0;
  double weight = 1;
  for (std::size_t i = 0; i < brackets_; ++i, weight *= share) total += weight;
  double left =
      total * RandomStream(seed, static_cast<std::uint64_t>(id), "asha bracket").uniform();
  weight = 1;
  for (std::size_t i = 0; i + 1 < brackets_; ++i, weight *= share) {
    left -= weight;
    if (left < 0) return i;
  }
  return brackets_ - 1;
}

double halving_rank(const Problem& problem, double value) {
  if (!std::isfinite(value)) return worst;
  return problem.objectives.front().goal == Goal::minimize ? value : -value;
}

std::optional<double> rank_at(const Problem& problem, const Trial& trial, double level) {
  const auto from =
      std::lower_bound(trial.reports.begin(), trial.reports.end(), level,
                       [](const Report& report, double at) { return report.resource < at; });
  const std::string& metric = problem.objectives.front().metric;
  for (auto report = from; report != trial.reports.end(); ++report) {
    const auto value = report->metrics.find(metric);
    if (value == report->metrics.end()) continue;
    return counts_as_worst(trial.state) ? worst : halving_rank(problem, value->second);
  }
  return std::nullopt;
}

bool counts_as_worst(TrialState state) noexcept {
  return state == TrialState::failed || state == TrialState::infeasible;
}

}  // namespace tunesmith
