#include "search/cma_es_state.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace tunesmith {
namespace {

/// Standard deviation to begin with, in widths of a range: three of them to both sides. Twice as
/// much cost half a decade of the objective after 100 trials on spheres, valleys and rugged
/// functions.
constexpr double first_deviation = 1.0 / 6;
/// Warm start: share of the earlier points that is learnt from, and the deviation each stands for
/// (Nomura et al., section 5).
constexpr double good_share = 0.1;
constexpr double point_deviation = 0.1;
/// Past the first restarts more doublings only make generations that never end.
constexpr int most_doublings = 10;

int default_population(std::size_t dimension) {
  return 4 +
         static_cast<int>(3 * std::log(static_cast<double>(std::max<std::size_t>(dimension, 1))));
}

std::vector<std::size_t> counts_of(const CmaEsAxes& axes) {
  std::vector<std::size_t> counts;
  for (const CmaEsAxes::Choice& choice : axes.choices()) counts.push_back(choice.count);
  return counts;
}

CmaEsGaussian gaussian_at(const CmaEsAxes& axes, const Vector& mean) {
  const Eigen::Index n = mean.size();
  return {axes, mean, Matrix::Identity(n, n) * first_deviation * first_deviation};
}

CmaEsGaussian first_gaussian(const CmaEsAxes& axes, const std::vector<CmaEsState::Member>& earlier,
                             std::size_t good) {
  const auto n = static_cast<Eigen::Index>(axes.numbers().size());
  if (earlier.empty()) return gaussian_at(axes, Vector::Constant(n, 0.5));
  if (good == 0) return gaussian_at(axes, earlier[0].numbers.x);
  Vector mean = Vector::Zero(n);
  for (std::size_t i = 0; i < good; ++i) mean += earlier[i].numbers.x;
  mean /= static_cast<double>(good);
  Matrix covariance = Matrix::Identity(n, n) * point_deviation * point_deviation;
  for (std::size_t i = 0; i < good; ++i) {
    const Vector from_mean = earlier[i].numbers.x - mean;
    covariance += from_mean * from_mean.transpose() / static_cast<double>(good);
  }
  return {axes, mean, covariance};
}

double median(std::vector<double>::const_iterator from, std::vector<double>::const_iterator to) {
  std::vector<double> values(from, to);
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

CmaEsState::CmaEsState(const CmaEsAxes& axes, std::uint64_t seed, int population,
                       const std::vector<Member>& earlier)
    : axes_(&axes),
      seed_(seed),
      population_(population > 0 ? population : default_population(axes.size())),
      gaussian_(gaussian_at(axes, Vector::Zero(static_cast<Eigen::Index>(axes.numbers().size())))),
      choices_(counts_of(axes)) {
  // A share of fewer points says more about luck than about the objective.
  const bool enough = earlier.size() >= 2 * static_cast<std::size_t>(population_);
  const auto share = static_cast<std::size_t>(good_share * static_cast<double>(earlier.size()));
  const std::size_t good = enough ? std::max<std::size_t>(share, 1) : 0;
  gaussian_ = first_gaussian(axes, earlier, good);
  std::vector<std::vector<std::size_t>> chosen;
  for (std::size_t i = 0; i < good; ++i) chosen.push_back(earlier[i].choices);
  if (!chosen.empty()) choices_.learn(chosen);
}

CmaEsState::Member CmaEsState::sample(RandomStream& stream) const {
  Member member;
  member.numbers.x = gaussian_.sample(stream);
  member.choices = choices_.sample(stream);
  return member;
}

void CmaEsState::update(const Generation& results) {
  ++generation_;
  const auto members = static_cast<int>(results.members.size());
  CmaEsWeights weights(members, std::max<Eigen::Index>(gaussian_.mean().size(), 1));
  weights.share(results.places);
  std::vector<CmaEsGaussian::Member> numbers;
  std::vector<std::vector<std::size_t>> choices;
  for (const Member& member : results.members) {
    numbers.push_back(member.numbers);
    choices.push_back(member.choices);
  }
  gaussian_.update(numbers, weights);
  gaussian_.keep_margin(1 /
                        static_cast<double>(axes_->size() * static_cast<std::size_t>(population_)));
  choices_.update(choices, weights.recombination);
  if (results.best && results.middle) {
    best_.push_back(*results.best);
    middle_.push_back(*results.middle);
  }
  if (is_stuck(results)) restart();
}

bool CmaEsState::is_stuck(const Generation& results) const {
  return gaussian_.is_exhausted() || has_flattened() ||
         2 * results.elsewhere > static_cast<int>(results.members.size());
}

std::size_t CmaEsState::history_length() const {
  return static_cast<std::size_t>(
      std::ceil(30.0 * static_cast<double>(axes_->size()) / population_));
}

/// The criteria "TolHistFun" and "Stagnation" of Hansen (arXiv:1604.00772, appendix B.3), relative
/// to the values.
bool CmaEsState::has_flattened() const {
  const std::size_t recent = 10 + history_length();
  if (best_.size() >= recent) {
    const auto from = best_.end() - static_cast<std::ptrdiff_t>(recent);
    const auto [low, high] = std::minmax_element(from, best_.end());
    if (*high / 2 - *low / 2 <= 1e-12 * std::fabs(*low)) return true;
  }
  const std::size_t window = std::max(120 + history_length(), best_.size() / 5);
  if (best_.size() < window) return false;
  const auto part = static_cast<std::ptrdiff_t>(3 * window / 10);
  const auto improves = [&](const std::vector<double>& values) {
    const auto first = values.end() - static_cast<std::ptrdiff_t>(window);
    return median(values.end() - part, values.end()) < median(first, first + part);
  };
  return !improves(best_) && !improves(middle_);
}

void CmaEsState::restart() {
  ++restarts_;
  if (restarts_ <= most_doublings) population_ *= 2;
  RandomStream stream(seed_, static_cast<std::uint64_t>(restarts_), "cma_es restart");
  Vector mean(gaussian_.mean().size());
  for (double& x : mean) x = stream.uniform();
  gaussian_ = gaussian_at(*axes_, mean);
  choices_ = CmaEsChoices(counts_of(*axes_));
  best_.clear();
  middle_.clear();
}

}  // namespace tunesmith
