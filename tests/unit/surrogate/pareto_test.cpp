#include "surrogate/pareto.hpp"

#include <algorithm>

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;
using Rows = std::vector<Eigen::Index>;

namespace {

bool dominates(const Matrix& points, Eigen::Index a, Eigen::Index b) {
  return (points.row(a) - points.row(b)).minCoeff() >= 0 && points.row(a) != points.row(b);
}

// Coordinates on a coarse grid: many ties and equal points.
Matrix tied_points(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  return (test::random_points(rows, columns, seed) * 5).array().floor();
}

}  // namespace

TEST_CASE("layers of a set sorted by hand") {
  Matrix points(6, 2);
  points << 3, 1, 2, 2, 2, 2, 1, 1, 1, 3, 2, 1;
  CHECK(non_dominated_layers(points) == std::vector<int>{0, 0, 0, 2, 0, 1});
  CHECK(non_dominated_rows(points) == Rows{0, 1, 4});
  CHECK(non_dominated_layers(Matrix(0, 2)).empty());
}

TEST_CASE("a layer is the front of what earlier layers leave, ties or not") {
  for (const Eigen::Index objectives : {1, 2, 3, 4})
    for (const bool tied : {false, true}) {
      const Matrix points =
          tied ? tied_points(120, objectives, 7) : test::random_points(120, objectives, 8);
      const std::vector<int> layers = non_dominated_layers(points);
      for (Eigen::Index i = 0; i < points.rows(); ++i) {
        int expected = 0;
        for (Eigen::Index j = 0; j < points.rows(); ++j)
          if (dominates(points, j, i))
            expected = std::max(expected, layers[static_cast<std::size_t>(j)] + 1);
        CHECK(layers[static_cast<std::size_t>(i)] == expected);
      }
      for (const Eigen::Index row : non_dominated_rows(points))
        CHECK(layers[static_cast<std::size_t>(row)] == 0);
    }
}

TEST_CASE("rows that cover a set begin with each objective's best and leave no large gap") {
  Matrix points(5, 2);
  points << 0, 100, 0.1, 98, 0.5, 50, 0.6, 45, 1, 0;
  CHECK(covering_rows(points, 3) == Rows{4, 0, 2});
  CHECK(covering_rows(points, 9).size() == 5);
  CHECK(covering_rows(points, 1) == Rows{4});
  // One point is the best of both objectives.
  Matrix peak(3, 2);
  peak << 1, 1, 0, 0, 0.5, 0.5;
  CHECK(covering_rows(peak, 2) == Rows{0, 1});
}

TEST_CASE("the inferred reference lies a tenth of the range below the worst") {
  Matrix front(2, 2);
  front << 1, 5, 3, 4;
  Matrix all(3, 2);
  all << 1, 5, 3, 4, -7, -16;
  CHECK(inferred_reference(front, all).isApprox(Vector{{0.8, 3.79}}));
  CHECK(inferred_reference(all, all).isApprox(Vector{{-8.0, -18.1}}));
  CHECK(inferred_reference(front.topRows(1), all).isApprox(Vector{{0.9, 4.79}}));
  CHECK(inferred_reference(front.topRows(1), front.topRows(1)).isApprox(Vector{{0.99, 4.99}}));
}
