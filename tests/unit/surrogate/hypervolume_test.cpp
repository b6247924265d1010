#include "surrogate/hypervolume.hpp"

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

// By inclusion and exclusion over all subsets: another way, exact, for few points.
double by_inclusion(const Matrix& points, const Vector& reference) {
  double volume = 0;
  for (unsigned subset = 1; subset < (1U << points.rows()); ++subset) {
    Vector corner = Vector::Constant(points.cols(), 1e9);
    int size = 0;
    for (Eigen::Index i = 0; i < points.rows(); ++i)
      if ((subset >> i & 1U) != 0) {
        corner = corner.cwiseMin(points.row(i).transpose());
        ++size;
      }
    const double shared = (corner - reference).cwiseMax(0.0).prod();
    volume += size % 2 == 1 ? shared : -shared;
  }
  return volume;
}

}  // namespace

TEST_CASE("hypervolumes computed by hand") {
  Matrix two(3, 2);
  two << 1, 3, 2, 2, 3, 1;
  CHECK(hypervolume(two, Vector::Zero(2)) == Approx(6));
  CHECK(hypervolume(two, Vector::Constant(2, 1.0)) == Approx(1));
  CHECK(hypervolume(two, Vector::Constant(2, 3.0)) == 0);
  CHECK(hypervolume(Matrix(0, 2), Vector::Zero(2)) == 0);
  Matrix three(2, 3);
  three << 1, 1, 2, 2, 2, 1;
  CHECK(hypervolume(three, Vector::Zero(3)) == Approx(5));
  Matrix one(2, 1);
  one << 4, 2;
  CHECK(hypervolume(one, Vector::Constant(1, 1.5)) == Approx(2.5));
}

TEST_CASE("hypervolumes agree with inclusion and exclusion, ties and dominated points included") {
  for (const Eigen::Index objectives : {2, 3, 4, 5})
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
      CAPTURE(objectives, seed);
      Matrix points = test::random_points(10, objectives, seed);
      if (seed % 2 == 0) points = (points * 4).array().round() / 4;
      const Vector reference = Vector::Constant(objectives, 0.1);
      CHECK(hypervolume(points, reference) ==
            Approx(by_inclusion(points, reference)).epsilon(1e-12));
    }
}
