#include "surrogate/linear_algebra.hpp"

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("the inverse of a factor is the inverse, at sizes around the block size") {
  for (const Eigen::Index n : {1, 7, 24, 25, 49, 100, 131}) {
    const Matrix a = test::random_points(n, n, 3);
    Matrix factor = a * a.transpose() + Matrix::Identity(n, n);
    REQUIRE(cholesky_in_place(factor));
    const Matrix clean = factor.triangularView<Eigen::Lower>();
    invert_triangle(factor);
    const Matrix inverse = factor.triangularView<Eigen::Lower>();
    CHECK((inverse * clean - Matrix::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("jitter is added only where it is needed") {
  Matrix good = Matrix::Identity(3, 3);
  CHECK(cholesky_with_jitter(good, 1) == 0);
  Matrix bad = Matrix::Ones(40, 40);
  bad(1, 1) -= 1e-9;
  const double jitter = cholesky_with_jitter(bad, 1);
  CHECK(jitter > 0);
  CHECK(jitter <= 1e-4);
  CHECK(bad.allFinite());
}
