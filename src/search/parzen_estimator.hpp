#pragma once

#include <vector>

#include "search/parzen_columns.hpp"

namespace tunesmith {

/// A configuration drawn: places for densities, and the point of the unit cube it stands for.
struct ParzenPoint {
  std::vector<float> at = {};
  std::vector<double> unit = {};
};

/// A density over a space: a mixture of one product kernel per trial and a uniform one, all of a
/// trial's coordinates in one component, so that what goes together stays together (Bergstra et
/// al., "Algorithms for hyper-parameter optimization", NeurIPS 2011; Falkner et al., "BOHB", ICML
/// 2018). On a line a kernel is a normal truncated to [0, 1] as wide as the larger distance to the
/// neighbours; on few ordered values, its masses on their cells; on choices, the trial's own with
/// the weight 1 + a, every other with a = 1/kernels (Watanabe, "Tree-structured Parzen estimator",
/// arXiv 2304.11127). Where a trial's coordinate is inactive its kernel is uniform; a point's
/// density is that of its active coordinates.
class ParzenEstimator {
 public:
  /// Of the trials numbered `rows`, ascending; `fade`: those before the latest 25 count the less
  /// the older they are. O(rows of the columns · coordinates).
  ParzenEstimator(const ParzenSpace& space, const ParzenColumns& columns,
                  const std::vector<int>& rows, bool fade);

  /// Places of all coordinates, none inactive; the caller says which are.
  ParzenPoint draw(RandomStream& random) const;

  /// Natural logarithms of the densities at the points, to about 1e-5. O(points · kernels ·
  /// coordinates).
  std::vector<double> log_densities(const std::vector<ParzenPoint>& points) const;

  /// Line and table: each kernel's width in units of the interval, in the order of `rows`; 0 where
  /// inactive.
  const std::vector<float>& bandwidths(std::size_t coordinate) const {
    return axes_[coordinate].bandwidth;
  }

 private:
  struct Axis {
    /// Line: the kernels' middles and 1/(bandwidth·√2), 0 where inactive. Choice: the choices.
    std::vector<float> middle = {};
    std::vector<float> scale = {};
    std::vector<float> bandwidth = {};
    /// Line and choice: what the logarithm holds wherever the point is, per kernel.
    std::vector<float> constant = {};
    /// Table: row v holds the log masses of value v under kernels at each value, then that of the
    /// uniform kernel.
    std::vector<float> log_mass = {};
    std::vector<int> cell = {};
    /// Choice: what an equal choice adds.
    float bonus = 0;
    /// Choice: probability that a draw takes the kernel's own choice unseen.
    double keep = 0;
  };

  void set_weights(bool fade);
  void set_line(Axis& axis, const std::vector<float>& at, const std::vector<float>& width,
                const std::vector<int>& sorted);
  void set_table(Axis& axis, const std::vector<float>& at, const std::vector<double>& borders);
  void set_choice(Axis& axis, const std::vector<float>& at, int choices);
  double draw_place(const Axis& axis, std::size_t kernel, const ParzenSpace::Coordinate& coordinate,
                    RandomStream& random) const;

  const ParzenSpace& space_;
  std::size_t trials_;
  /// Kernels, the uniform one last, then padding of no weight.
  std::size_t padded_;
  std::vector<double> cumulative_;
  /// Log weights plus the constants of the coordinates that are always active.
  std::vector<float> base_;
  std::vector<Axis> axes_;
};

/// Bandwidths of kernels at `sorted` (in [0, 1], ascending): the larger of the distances to the
/// neighbours, the outermost kernels' to their one neighbour, a single one's to the farther end;
/// within [1/min(100, n + 2), 1].
std::vector<float> neighbour_bandwidths(const std::vector<float>& sorted);

}  // namespace tunesmith
