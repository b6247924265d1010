#pragma once

#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

struct LbfgsOptions {
  int memory = 8;
  int max_evaluations = 80;
  /// Stop when no component of the projected gradient exceeds this.
  double gradient_tolerance = 1e-2;
  /// Stop when a step gains less than this, relative to max(1, |value|).
  double value_tolerance = 1e-9;
  /// Length of the first step, before any curvature is known.
  double first_step = 1.0;
};

/// Minimises a smooth function over a box by limited-memory BFGS on the free variables with a
/// projected, backtracking line search (Bertsekas, "Projected Newton methods", SIAM J. Control
/// 1982; two-loop recursion of Nocedal, Math. Comp. 1980). It asks for one evaluation at a time, so
/// that many runs can share one batched evaluation. Deterministic; a value that is not finite
/// counts as too large.
class BoundedLbfgs {
 public:
  /// `start` is moved into the box.
  BoundedLbfgs(const Vector& start, Vector lower, Vector upper, const LbfgsOptions& options);

  bool finished() const { return finished_; }
  /// Where the function is to be evaluated next. Precondition: not finished.
  const Vector& point() const { return trial_; }
  void tell(double value, const Vector& gradient);

  const Vector& best_point() const { return x_; }
  double best_value() const { return value_; }
  int evaluations() const { return evaluations_; }

 private:
  void accept(double value, const Vector& gradient);
  void choose_direction();
  void propose();
  bool is_free(Eigen::Index i, const Vector& gradient) const;

  Vector lower_;
  Vector upper_;
  LbfgsOptions options_;
  Vector x_;
  Vector gradient_;
  Vector direction_;
  Vector trial_;
  double value_ = 0;
  double step_ = 1;
  int backtracks_ = 0;
  int evaluations_ = 0;
  bool started_ = false;
  bool finished_ = false;
  std::vector<Vector> steps_;
  std::vector<Vector> changes_;
};

}  // namespace tunesmith
