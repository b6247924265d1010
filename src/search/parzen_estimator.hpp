#pragma once

#include <vector>

#include "search/parzen_columns.hpp"

namespace tunesmith {

/// A configuration drawn: places for densities, and the point of the unit cube it stands for.
struct ParzenPoint {
  std::vector<float> at = {};
  std::vector<double> unit = {};
};

/// A density over a space: a mixture of one product kernel per trial and a broad one, all of a
/// trial's coordinates in one component, so that what goes together stays together (Bergstra et
/// al., "Algorithms for hyper-parameter optimization", NeurIPS 2011; Falkner et al., "BOHB", ICML
/// 2018). On a line a kernel is a normal truncated to [0, 1] as wide as the larger distance to the
/// neighbours; on few ordered values, its masses on their cells; on choices, the trial's own with
/// the weight 1 + a, every other with a = 1/kernels (Watanabe, "Tree-structured Parzen estimator",
/// arXiv 2304.11127). Where a trial's coordinate is inactive its kernel is uniform; a point's
/// density is that of its active coordinates. The broad kernel is as wide as the interval on a line
/// and uniform elsewhere.
class ParzenEstimator {
 public:
  /// Of the trials numbered `rows`, ascending; `fade`: those before the latest 25 count the less
  /// the older they are. O(rows of the columns · coordinates).
  ParzenEstimator(const ParzenSpace& space, const ParzenColumns& columns,
                  const std::vector<int>& rows, bool fade);

  /// Places of all coordinates, none inactive; the caller says which are.
  void draw(RandomStream& random, ParzenPoint& point) const;

  /// Natural logarithms of the densities at the points, to about 1e-5. O(points · kernels ·
  /// coordinates).
  std::vector<double> log_densities(const std::vector<ParzenPoint>& points) const;

  /// Line and table: a kernel's width in units of the interval, kernels in the order of `rows`; 0
  /// where it is inactive.
  float bandwidth(std::size_t coordinate, std::size_t kernel) const {
    return floats_[axes_[coordinate].bandwidth + kernel];
  }

 private:
  /// Where a coordinate's arrays begin, each with a number for every kernel.
  struct Axis {
    /// Line: the kernels' middles and 1/(bandwidth·√2), 0 where inactive. Table: middles of their
    /// cells. Choice: the choices.
    std::size_t middle = 0;
    std::size_t bandwidth = 0;
    std::size_t scale = 0;
    /// Line and choice: what the logarithm holds wherever the point is. That of coordinates that
    /// are always active is in the kernels' base.
    std::size_t constant = 0;
    /// Table: the cells, in cells_; behind the last one for uniform kernels.
    std::size_t cell = 0;
    /// Table: row v holds the log masses of value v under kernels at each value, then that of a
    /// uniform kernel.
    std::vector<float> log_mass = {};
    /// Choice: what an equal choice adds, and the probability that a draw takes the kernel's own
    /// choice unseen.
    float bonus = 0;
    double keep = 0;
  };

  /// The kernels active in a line coordinate, by place; room that all coordinates share.
  struct Sorted {
    std::vector<int> kernels = {};
    std::vector<float> places = {};
    std::vector<float> bandwidths = {};
  };

  void lay_out();
  void set_weights(bool fade);
  void set_line(const Axis& axis, const ParzenSpace::Coordinate& coordinate, Sorted& sorted,
                const std::vector<float>& width, const std::vector<int>& rows);
  void set_table(Axis& axis, const ParzenSpace::Coordinate& coordinate);
  void set_choice(Axis& axis, int choices);
  double draw_place(std::size_t coordinate, std::size_t kernel, RandomStream& random) const;

  const ParzenSpace& space_;
  std::size_t trials_;
  /// Kernels, the broad one last, then padding of no weight.
  std::size_t padded_;
  /// Running sums of the weights.
  std::vector<double> cumulative_;
  /// First the base: log weights plus the constants of coordinates that are always active.
  std::vector<float> floats_;
  std::vector<int> cells_;
  std::vector<Axis> axes_;
};

/// Makes `bandwidths` those of kernels at `sorted` (in [0, 1], ascending): the larger of the
/// distances to the neighbours, the outermost kernels' to their one neighbour, a single one's to
/// the farther end; within [1/min(100, n + 2), 1].
void neighbour_bandwidths(const std::vector<float>& sorted, std::vector<float>& bandwidths);

}  // namespace tunesmith
