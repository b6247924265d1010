#include "search/cma_es_choices.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace tunesmith {
namespace {

/// How long the path of gradients may be against that of random ones before steps get shorter
/// (Akimoto et al., section 4).
constexpr double path_target = 1.5;
/// The chance that all choices are drawn as their margins have it, where each is decided: 0.73
/// (Hamano et al., section 4.3).
constexpr double chance_of_decided = 0.73;

}  // namespace

CmaEsChoices::CmaEsChoices(const std::vector<std::size_t>& counts) {
  for (const std::size_t count : counts) {
    const auto size = static_cast<Eigen::Index>(count);
    probabilities_.push_back(Vector::Constant(size, 1.0 / static_cast<double>(count)));
    freedom_ += size - 1;
  }
  path_ = Vector::Zero(freedom_);
}

void CmaEsChoices::learn(const std::vector<std::vector<std::size_t>>& members) {
  for (std::size_t i = 0; i < probabilities_.size(); ++i) {
    Vector& p = probabilities_[i];
    for (const auto& member : members) p(static_cast<Eigen::Index>(member[i])) += 1;
    p /= p.sum();
  }
  keep_margin();
}

std::vector<std::size_t> CmaEsChoices::sample(RandomStream& stream) const {
  std::vector<std::size_t> drawn;
  drawn.reserve(probabilities_.size());
  for (const Vector& p : probabilities_) {
    double left = stream.uniform();
    Eigen::Index choice = 0;
    while (choice + 1 < p.size() && left >= p(choice)) left -= p(choice++);
    drawn.push_back(static_cast<std::size_t>(choice));
  }
  return drawn;
}

void CmaEsChoices::update(const std::vector<std::vector<std::size_t>>& members,
                          const Vector& weights) {
  if (probabilities_.empty()) return;
  std::vector<Vector> gradients;
  // The gradient times the root of the Fisher matrix, coordinates without each last probability
  // (Akimoto et al., appendix B).
  Vector scaled(freedom_);
  Eigen::Index at = 0;
  for (std::size_t i = 0; i < probabilities_.size(); ++i) {
    const Vector& p = probabilities_[i];
    Vector gradient = -weights.sum() * p;
    for (std::size_t m = 0; m < members.size(); ++m) {
      gradient(static_cast<Eigen::Index>(members[m][i])) += weights(static_cast<Eigen::Index>(m));
    }
    const Eigen::Index free = p.size() - 1;
    const double last = p(free);
    const double total = gradient.head(free).sum() / (last + std::sqrt(last));
    for (Eigen::Index k = 0; k < free; ++k) {
      scaled(at++) = gradient(k) / std::sqrt(p(k)) + std::sqrt(p(k)) * total;
    }
    gradients.push_back(std::move(gradient));
  }
  const double norm = scaled.norm();
  if (!(norm > 1e-30)) return;
  const double step = 1 / trust_;
  for (std::size_t i = 0; i < probabilities_.size(); ++i) {
    probabilities_[i] += step / norm * gradients[i];
  }
  const double rate = step / std::sqrt(static_cast<double>(freedom_));
  path_ = (1 - rate) * path_ + std::sqrt(rate * (2 - rate)) / norm * scaled;
  path_weight_ = (1 - rate) * (1 - rate) * path_weight_ + rate * (2 - rate);
  // No step is longer than the first.
  trust_ *= std::exp(rate * (path_weight_ - path_.squaredNorm() / path_target));
  trust_ = std::max(trust_, 1.0);
  keep_margin();
}

void CmaEsChoices::keep_margin() {
  const double decided =
      std::pow(chance_of_decided, 1 / static_cast<double>(probabilities_.size()));
  for (Vector& p : probabilities_) {
    const auto count = static_cast<double>(p.size());
    const double margin = (1 - decided) / (count - 1);
    p = p.cwiseMax(margin);
    const double spare = p.sum() - count * margin;
    p -= ((p.sum() - 1) / spare * (p.array() - margin)).matrix();
  }
}

}  // namespace tunesmith
