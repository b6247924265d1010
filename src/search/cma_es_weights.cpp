#include "search/cma_es_weights.hpp"

#include <algorithm>
#include <cmath>

namespace tunesmith {

CmaEsWeights::CmaEsWeights(int members, Eigen::Index dimension)
    : recombination(members), covariance(members) {
  const auto n = static_cast<double>(dimension);
  double positive = 0;
  double positive_squares = 0;
  double negative = 0;
  double negative_squares = 0;
  for (int i = 0; i < members; ++i) {
    const double weight = std::log((members + 1) / 2.0) - std::log(i + 1.0);
    covariance(i) = weight;
    (weight > 0 ? positive : negative) += std::fabs(weight);
    (weight > 0 ? positive_squares : negative_squares) += weight * weight;
  }
  mu_eff = positive * positive / positive_squares;
  const double mu_eff_minus = negative_squares > 0 ? negative * negative / negative_squares : 0;
  c_sigma = (mu_eff + 2) / (n + mu_eff + 5);
  d_sigma = 1 + 2 * std::max(0.0, std::sqrt((mu_eff - 1) / (n + 1)) - 1) + c_sigma;
  c_c = (4 + mu_eff / n) / (n + 4 + 2 * mu_eff / n);
  c_1 = 2 / ((n + 1.3) * (n + 1.3) + mu_eff);
  c_mu = std::min(1 - c_1 - 1e-8, 2 * (mu_eff - 2 + 1 / mu_eff) / ((n + 2) * (n + 2) + mu_eff));
  c_mu = std::max(c_mu, 0.0);
  // How much the negative weights may come to in all (equations 50 to 52).
  double most = 1 + 2 * mu_eff_minus / (mu_eff + 2);
  if (c_mu > 0) most = std::min({most, 1 + c_1 / c_mu, (1 - c_1 - c_mu) / (n * c_mu)});
  for (int i = 0; i < members; ++i) {
    double& weight = covariance(i);
    recombination(i) = std::max(weight, 0.0) / positive;
    weight = weight > 0 ? weight / positive : (negative > 0 ? weight * most / negative : 0);
  }
}

void CmaEsWeights::share(const std::vector<int>& places) {
  for (std::size_t first = 0; first < places.size();) {
    std::size_t end = first + 1;
    while (end < places.size() && places[end] == places[first]) ++end;
    const auto from = static_cast<Eigen::Index>(first);
    const auto count = static_cast<Eigen::Index>(end - first);
    if (count > 1) {
      recombination.segment(from, count).setConstant(recombination.segment(from, count).mean());
      covariance.segment(from, count).setConstant(covariance.segment(from, count).mean());
    }
    first = end;
  }
}

double expected_norm(Eigen::Index dimension) {
  const auto n = static_cast<double>(dimension);
  return std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

}  // namespace tunesmith
