#include "search/space_prior.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random.hpp"
#include "search/trial_history.hpp"
#include "space/codec.hpp"

namespace tunesmith {
namespace {

constexpr double doubt = 0.1;
constexpr std::size_t judging_trials = 100;
constexpr double root_two_pi = 2.50662827463100050242;

double normal_below(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

Value nearest_value(const Parameter& parameter, double near) {
  if (const auto count = parameter.cardinality()) {
    const double steps = std::max((near / 2 - parameter.min / 2) / (parameter.step / 2), 0.0);
    const std::uint64_t last = *count - 1;
    return parameter.value_at(
        steps < static_cast<double>(last) ? static_cast<std::uint64_t>(std::round(steps)) : last);
  }
  if (parameter.type == ParameterType::floating) return near;
  // Every 64-bit integer.
  return near < 0x1p63 ? static_cast<std::int64_t>(near) : INT64_MAX;
}

}  // namespace

ParameterPrior::ParameterPrior(const Parameter& parameter) {
  const Prior& prior = *parameter.prior;
  if (!prior.near) {
    // Scaled first: weights may be of any size.
    const double largest = *std::max_element(prior.weights.begin(), prior.weights.end());
    for (const double weight : prior.weights) weights_.push_back(weight / largest);
    const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    for (double& weight : weights_) weight *= static_cast<double>(weights_.size()) / sum;
    return;
  }
  middle_ = encode_value(parameter, nearest_value(parameter, *prior.near));
  spread_ = prior.spread;
  below_ = normal_below(-middle_ / spread_);
  inside_ = normal_below((1 - middle_) / spread_) - below_;
}

double ParameterPrior::log_density(double unit) const {
  double density = 0;
  if (weights_.empty()) {
    const double z = (unit - middle_) / spread_;
    density = std::exp(-0.5 * z * z) / (root_two_pi * spread_ * inside_);
  } else {
    const auto count = static_cast<double>(weights_.size());
    density = weights_[static_cast<std::size_t>(std::clamp(unit * count, 0.0, count - 1))];
  }
  return std::log(doubt + (1 - doubt) * density);
}

double ParameterPrior::slope(double unit) const {
  if (!weights_.empty()) return 0;
  const double z = (unit - middle_) / spread_;
  const double density = (1 - doubt) * std::exp(-0.5 * z * z) / (root_two_pi * spread_ * inside_);
  return -z / spread_ * density / (doubt + density);
}

double ParameterPrior::mode() const {
  if (weights_.empty()) return middle_;
  const auto best = std::max_element(weights_.begin(), weights_.end()) - weights_.begin();
  return (static_cast<double>(best) + 0.5) / static_cast<double>(weights_.size());
}

double ParameterPrior::quantile(double p) const {
  if (weights_.empty()) {
    const double u = middle_ + spread_ * normal_quantile(below_ + p * inside_);
    return std::clamp(u, 0.0, 1.0);
  }
  const auto count = static_cast<double>(weights_.size());
  double left = p * count;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i] <= 0) continue;
    chosen = i;
    if (left < weights_[i]) break;
    left -= weights_[i];
  }
  return (static_cast<double>(chosen) + 0.5) / count;
}

SpacePrior::SpacePrior(const Space& space) : dimension_(space.dimension()) {
  std::size_t coordinate = 0;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    if (parameter.prior && parameter.cardinality() != 1)
      opinions_.push_back({parameter.name, coordinate, ParameterPrior(parameter)});
    ++coordinate;
  }
}

std::vector<double> SpacePrior::mode() const {
  std::vector<double> unit(dimension_, 0.5);
  for (const Opinion& opinion : opinions_) unit[opinion.coordinate] = opinion.prior.mode();
  return unit;
}

void SpacePrior::shape(std::vector<double>& unit) const {
  for (const Opinion& opinion : opinions_) {
    double& u = unit[opinion.coordinate];
    u = opinion.prior.quantile(u);
  }
}

double prior_weight(const Budget& budget, std::size_t trials) {
  const double beta = budget.max_trials ? static_cast<double>(*budget.max_trials) / 10 : 10;
  return beta / static_cast<double>(std::max<std::size_t>(trials, 1));
}

double prior_agreement(const SpacePrior& prior, const StudyView& view) {
  const Problem& problem = view.problem();
  struct Judged {
    double log_prior = 0;
    std::vector<double> objectives = {};
  };
  std::vector<Judged> judged;
  for (std::size_t id = 0; id < view.size() && judged.size() < judging_trials; ++id) {
    const Trial& trial = view.trial(static_cast<TrialId>(id));
    if (!view.objective(trial) || !fits(problem.space, trial.configuration)) continue;
    Judged one;
    for (const SpacePrior::Opinion& opinion : prior.opinions()) {
      const Value* value = trial.configuration.find(opinion.name);
      if (value != nullptr)
        one.log_prior +=
            opinion.prior.log_density(encode_value(*problem.space.find(opinion.name), *value));
    }
    for (std::size_t k = 0; k < problem.objectives.size(); ++k) {
      const double value = view.objective(trial, k).value_or(NAN);
      one.objectives.push_back(problem.objectives[k].goal == Goal::minimize ? -value : value);
    }
    judged.push_back(std::move(one));
  }
  double concordant = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < judged.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      for (std::size_t k = 0; k < problem.objectives.size(); ++k) {
        const double a = judged[i].objectives[k];
        const double b = judged[j].objectives[k];
        if (!(a < b || a > b) || judged[i].log_prior == judged[j].log_prior) continue;
        ++pairs;
        concordant += (a > b) == (judged[i].log_prior > judged[j].log_prior);
      }
  return pairs > 0 ? std::clamp(4 * concordant / pairs - 1, 0.0, 1.0) : 1;
}

}  // namespace tunesmith
