#pragma once

#include <string>
#include <vector>

#include "surrogate/kernel.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

class RandomStream;

/// A point of a space's unit cube in its canonical form: coordinates with finitely many values
/// stand in the middle of their cell, inactive ones are `inactive_coordinate`. Equal configurations
/// have equal points.
using Point = Vector;
inline constexpr double inactive_coordinate = -1;

/// How the surrogate sees a space: numbers as one column, a categorical as a one-hot block with one
/// weight (one column where there are two choices), a 0/1 column for each set of conditions that a
/// block does not show already, nothing for parameters with one value. Rounding happens here,
/// inside the kernel (Garrido-Merchán & Hernández-Lobato, "Dealing with categorical and
/// integer-valued variables in Bayesian optimization with Gaussian processes", Neurocomputing 380,
/// 2020).
class FeatureEncoding {
 public:
  enum class Kind {
    constant,
    /// Every double: moved by gradients.
    real,
    /// Many values with an order: moved by gradients, then rounded, then by steps.
    rounded,
    /// Few values with an order.
    stepped,
    choice,
  };

  struct Coordinate {
    const Parameter* parameter = nullptr;
    Kind kind = Kind::constant;
    /// Canonical coordinates of the values; empty for `real` and `rounded`.
    std::vector<double> levels = {};
    /// First column and how many; the columns of a block share a group.
    Eigen::Index column = 0;
    Eigen::Index columns = 0;
    int group = -1;
  };

  /// `space` must outlive the encoding. Precondition: it is valid.
  explicit FeatureEncoding(const Space& space);

  const Space& space() const { return space_; }
  const std::vector<Coordinate>& coordinates() const { return coordinates_; }
  const KernelShape& shape() const { return shape_; }
  /// Parameters with more than one value.
  int parameters() const { return parameters_; }
  /// Whether some coordinate takes every double.
  bool has_reals() const { return has_reals_; }
  bool is_conditional() const { return conditional_; }

  Point canonical(Point point) const;
  /// Precondition: the configuration belongs to the space, constraints apart.
  Point point_of(const Configuration& configuration) const;
  Configuration configuration_at(const Point& point) const;
  /// Whether the constraints hold there.
  bool admits(const Point& point) const;

  /// One row per point. Coordinates between the middles of cells are taken as they are, so that
  /// gradients may move them.
  Matrix features(const std::vector<Point>& points) const;

  /// Per coordinate, from the logarithms of a kernel's weights per group; 1 for constants.
  Vector lengthscales(const Vector& log_weights) const;

  /// Σ (Δu/ℓ)² over the coordinates, 1/ℓ² for two different choices: distance as the surrogate sees
  /// it. `lengthscales`: per coordinate.
  double squared_distance(const Point& a, const Point& b, const Vector& lengthscales) const;

  /// Whether their distance is below `distance`.
  bool are_near(const Point& a, const Point& b, const Vector& lengthscales, double distance) const;

  /// Other values worth trying for a coordinate that has a value in `point`: all of them for
  /// choices and few values; for many, steps of 1, 2 and 4 to both sides and some at random.
  std::vector<double> neighbours(const Point& point, std::size_t coordinate,
                                 RandomStream& random) const;

 private:
  double snapped(const Coordinate& coordinate, double unit) const;
  double squared_apart(const Point& a, const Point& b, const Vector& lengthscales,
                       Eigen::Index coordinate) const;

  const Space& space_;
  std::vector<Coordinate> coordinates_;
  /// Columns that tell whether a coordinate is active.
  struct Activity {
    std::size_t coordinate;
    Eigen::Index column;
  };
  std::vector<Activity> activities_;
  KernelShape shape_;
  int parameters_ = 0;
  bool has_reals_ = false;
  bool conditional_ = false;
};

}  // namespace tunesmith
