#include "surrogate/hypervolume_improvement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "surrogate/acquisition.hpp"

namespace tunesmith {
namespace {

// A logarithm with its derivatives by mean and deviation.
struct Term {
  double value = 0;
  double by_mean = 0;
  double by_deviation = 0;
};

Term log_improvement(double mean, double deviation, double above) {
  const LogH h = log_h((mean - above) / deviation);
  return {std::log(deviation) + h.value, h.distribution_ratio / deviation,
          h.density_ratio / deviation};
}

// Of EI(lower) − EI(upper), given both logarithms. The difference is the integral of
// Φ((m − a)/s) over a from lower to upper: where it is too small a part of EI to be had by
// subtraction, the rule of the midpoint is exact to rounding.
Term log_difference(const Term& lower, const Term& upper, double from, double to, double mean,
                    double deviation) {
  constexpr double thin = -1e-6;
  const double gap = upper.value - lower.value;
  if (gap > thin) {
    const double u = (mean - 0.5 * (from + to)) / deviation;
    const LogPhi phi = log_normal_distribution(u);
    return {std::log(to - from) + phi.value, phi.density_ratio / deviation,
            -phi.density_ratio * u / deviation};
  }
  const double rest = -std::expm1(gap);
  const double odds = std::exp(gap) / rest;
  const auto slope = [odds](double at_lower, double at_upper) {
    return odds > 0 ? at_lower + odds * (at_lower - at_upper) : at_lower;
  };
  return {lower.value + std::log(rest), slope(lower.by_mean, upper.by_mean),
          slope(lower.by_deviation, upper.by_deviation)};
}

// The terms of every objective at every level, for one point and fantasy.
using LevelTerms = std::vector<std::vector<Term>>;

void fill(LevelTerms& terms, const BoxDecomposition& boxes, const std::vector<Matrix>& means,
          const std::vector<Vector>& deviations, Eigen::Index point, Eigen::Index fantasy) {
  terms.resize(means.size());
  for (std::size_t k = 0; k < means.size(); ++k) {
    terms[k].clear();
    // The last level is infinite: nothing improves on it.
    for (const double above : boxes.levels[k].head(boxes.levels[k].size() - 1))
      terms[k].push_back(log_improvement(means[k](point, fantasy), deviations[k][point], above));
  }
}

}  // namespace

HypervolumeImprovement log_expected_hypervolume_improvement(
    const std::vector<Matrix>& means, const std::vector<Vector>& deviations,
    const std::vector<BoxDecomposition>& boxes) {
  const std::size_t objectives = means.size();
  const Eigen::Index points = means.front().rows();
  const auto fantasies = static_cast<Eigen::Index>(boxes.size());
  HypervolumeImprovement out{Vector(points),
                             {objectives, Matrix::Zero(points, fantasies)},
                             {objectives, Vector::Zero(points)}};
  struct Box {
    double value = 0;
    Eigen::Index fantasy = 0;
    std::array<Term, most_boxed_objectives> terms = {};
  };
  std::vector<Box> all;
  LevelTerms levels;
  for (Eigen::Index i = 0; i < points; ++i) {
    all.clear();
    double largest = -std::numeric_limits<double>::infinity();
    for (Eigen::Index j = 0; j < fantasies; ++j) {
      const BoxDecomposition& region = boxes[static_cast<std::size_t>(j)];
      fill(levels, region, means, deviations, i, j);
      for (Eigen::Index b = 0; b < region.lower.rows(); ++b) {
        Box box{.fantasy = j};
        for (std::size_t k = 0; k < objectives; ++k) {
          const auto column = static_cast<Eigen::Index>(k);
          const auto from = static_cast<std::size_t>(region.lower(b, column));
          const auto to = static_cast<std::size_t>(region.upper(b, column));
          const Vector& at = region.levels[k];
          box.terms[k] = to == levels[k].size()
                             ? levels[k][from]
                             : log_difference(levels[k][from], levels[k][to],
                                              at[static_cast<Eigen::Index>(from)],
                                              at[static_cast<Eigen::Index>(to)], means[k](i, j),
                                              deviations[k][i]);
          box.value += box.terms[k].value;
        }
        largest = std::max(largest, box.value);
        all.push_back(box);
      }
    }
    double sum = 0;
    for (const Box& box : all) {
      const double share = std::exp(box.value - largest);
      sum += share;
      for (std::size_t k = 0; k < objectives; ++k) {
        out.by_mean[k](i, box.fantasy) += share * box.terms[k].by_mean;
        out.by_deviation[k][i] += share * box.terms[k].by_deviation;
      }
    }
    out.value[i] = largest + std::log(sum / static_cast<double>(fantasies));
    for (std::size_t k = 0; k < objectives; ++k) {
      out.by_mean[k].row(i) /= sum;
      out.by_deviation[k][i] /= sum;
    }
  }
  return out;
}

}  // namespace tunesmith
