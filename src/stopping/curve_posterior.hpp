#pragma once

#include <array>

namespace tunesmith {

/// What is believed of a learning curve's value at its end, after some of its points. The curve is
/// a + b x(t) with normal noise, where x is (t/t₁)^−c or e^−cu (t₁: the first level, u: the share
/// of the way from there to the end), each for a grid of c. Given x, the model is linear with
/// conjugate normal-inverse-gamma priors, so that evidence and prediction (Student's t) are known
/// in closed form (e.g. Murphy, Machine Learning, 2012, 7.6.3); the shapes are weighed by their
/// evidence.
class CurvePosterior {
 public:
  /// `first` and `second`: the two lowest levels. Precondition: first < second ≤ end.
  CurvePosterior(double first, double second, double end);

  /// Levels in any order, each once. O(1).
  void add(double level, double value);
  int points() const { return points_; }
  /// The probability that the observation at the end will be below `bar`; NaN where the values are
  /// too large to reckon with. Precondition: points() > 0. O(1).
  double probability_below(double bar) const;

 private:
  static constexpr std::size_t shapes_per_family = 9;
  static constexpr std::size_t shapes = 2 * shapes_per_family;
  struct Sums {
    double x = 0;
    double xx = 0;
    double xy = 0;
  };
  struct Fit {
    double log_evidence = 0;
    double probability = 0;
  };

  std::array<double, shapes> basis(double level) const;
  /// `scale`: the range of the values; `bar` and the prediction are in units of it.
  Fit fit(const Sums& sums, double x_at_end, double scale, double bar) const;

  double first_;
  double unit_;
  double end_;
  std::array<double, shapes> at_end_;
  std::array<Sums, shapes> sums_ = {};
  /// Values are taken less the first one that was added.
  double origin_ = 0;
  double lowest_ = 0;
  double highest_ = 0;
  double y_ = 0;
  double yy_ = 0;
  int points_ = 0;
};

}  // namespace tunesmith
