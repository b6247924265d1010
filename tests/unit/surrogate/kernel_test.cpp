#include "surrogate/kernel.hpp"

#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

double matern(double squared) {
  const double t = std::sqrt(5 * squared);
  return (1 + t + t * t / 3) * std::exp(-t);
}

}  // namespace

TEST_CASE("correlations are Matern-5/2 of the weighted distance") {
  const Matrix a = test::random_points(5, 3, 1);
  const Matrix b = test::random_points(4, 3, 2);
  const KernelShape shape = KernelShape::independent(3);
  const Vector log_weights = Vector::LinSpaced(3, -1, 2);
  Matrix value;
  Matrix slope;
  correlations(scale_columns(a, shape, log_weights), scale_columns(b, shape, log_weights), value,
               slope);
  for (Eigen::Index i = 0; i < 5; ++i)
    for (Eigen::Index j = 0; j < 4; ++j) {
      double squared = 0;
      for (Eigen::Index k = 0; k < 3; ++k)
        squared += std::exp(log_weights[k]) * std::pow(a(i, k) - b(j, k), 2);
      CHECK(value(i, j) == Approx(matern(squared)).epsilon(1e-12));
      const double step = 1e-6;
      CHECK(slope(i, j) ==
            Approx((matern(squared + step) - matern(squared - step)) / (2 * step)).epsilon(1e-7));
    }
}

TEST_CASE("a row's correlation with itself is exactly one") {
  const Matrix rows = 1e3 * test::random_points(30, 6, 1);
  Matrix value;
  Matrix slope;
  self_correlations(rows, 1.0, value, slope);
  CHECK(value.diagonal() == Vector::Ones(30));
  CHECK(slope.diagonal() == Vector::Constant(30, -5.0 / 6.0));
}

TEST_CASE("the kernel of a one-hot block is the kernel over equal or not") {
  const double root_half = std::sqrt(0.5);
  Matrix points = Matrix::Zero(4, 5);
  for (Eigen::Index i = 0; i < 4; ++i) {
    points(i, i % 3) = root_half;      // a block of three choices: 0 1 2 0
    points(i, 3) = i < 2 ? 0.0 : 1.0;  // two choices need one column
    points(i, 4) = 0.3 * static_cast<double>(i);
  }
  const KernelShape shape{{0, 0, 0, 1, 2}, 3};
  Vector log_weights(3);
  log_weights << 0.7, -0.4, 1.1;
  Matrix value;
  Matrix slope;
  const Matrix scaled = scale_columns(points, shape, log_weights);
  correlations(scaled, scaled, value, slope);
  for (Eigen::Index i = 0; i < 4; ++i)
    for (Eigen::Index j = 0; j < 4; ++j) {
      const double squared = std::exp(0.7) * (i % 3 != j % 3) +
                             std::exp(-0.4) * ((i < 2) != (j < 2)) +
                             std::exp(1.1) * std::pow(points(i, 4) - points(j, 4), 2);
      CHECK(value(i, j) == Approx(matern(squared)).epsilon(1e-7));
    }
}
