#pragma once

#include <cstddef>
#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

class RandomStream;

/// A categorical distribution per choice, moved along the natural gradient with a step length that
/// adapts to how consistent the gradients are (Akimoto et al., "Adaptive stochastic natural
/// gradient method for one-shot neural architecture search", ICML 2019), no probability below a
/// margin (Hamano et al., "CatCMA: stochastic optimization for mixed-category problems", GECCO
/// 2024). Without choices it is empty.
class CmaEsChoices {
 public:
  /// Uniform over the counts, which are at least 2.
  explicit CmaEsChoices(const std::vector<std::size_t>& counts);

  const std::vector<Vector>& probabilities() const { return probabilities_; }
  /// As often as in `members`, with one more of uniform draws, no probability below the margin.
  void learn(const std::vector<std::vector<std::size_t>>& members);

  std::vector<std::size_t> sample(RandomStream& stream) const;
  /// One generation: the members' choices, and their weights, which come to 1.
  void update(const std::vector<std::vector<std::size_t>>& members, const Vector& weights);

 private:
  void keep_margin();

  std::vector<Vector> probabilities_;
  /// Sum of the counts less one each.
  Eigen::Index freedom_ = 0;
  Vector path_;
  double path_weight_ = 0;
  double trust_ = 1;
};

}  // namespace tunesmith
