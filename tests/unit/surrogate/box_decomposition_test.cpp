#include "surrogate/box_decomposition.hpp"

#include "support.hpp"
#include "support/catch.hpp"
#include "surrogate/hypervolume.hpp"
#include "surrogate/pareto.hpp"

using namespace tunesmith;

namespace {

double level(const BoxDecomposition& boxes, const Eigen::MatrixXi& bounds, Eigen::Index box,
             Eigen::Index objective) {
  return boxes.levels[static_cast<std::size_t>(objective)][bounds(box, objective)];
}

int boxes_with(const BoxDecomposition& boxes, const Vector& point) {
  int count = 0;
  for (Eigen::Index b = 0; b < boxes.lower.rows(); ++b) {
    bool inside = true;
    for (Eigen::Index k = 0; k < point.size(); ++k)
      inside = inside && level(boxes, boxes.lower, b, k) <= point[k] &&
               point[k] < level(boxes, boxes.upper, b, k);
    count += inside ? 1 : 0;
  }
  return count;
}

double volume_within(const BoxDecomposition& boxes, double ceiling) {
  double volume = 0;
  for (Eigen::Index b = 0; b < boxes.lower.rows(); ++b) {
    double box = 1;
    for (Eigen::Index k = 0; k < boxes.lower.cols(); ++k)
      box *= std::max(0.0, std::min(ceiling, level(boxes, boxes.upper, b, k)) -
                               level(boxes, boxes.lower, b, k));
    volume += box;
  }
  return volume;
}

}  // namespace

TEST_CASE("two objectives give the steps of a staircase") {
  Matrix front(2, 2);
  front << 1, 3, 2, 1;
  const BoxDecomposition boxes = non_dominated_boxes(front, Vector::Zero(2));
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(boxes.levels[0] == Vector{{0, 1, 2, inf}});
  CHECK(boxes.levels[1] == Vector{{0, 1, 3, inf}});
  REQUIRE(boxes.lower.rows() == 3);
  CHECK(volume_within(boxes, 4) == Approx(16 - 4));
  for (const Vector& inside : {Vector{{2.5, 0.5}}, Vector{{1.5, 1.5}}, Vector{{0.5, 3.5}}})
    CHECK(boxes_with(boxes, inside) == 1);
  CHECK(boxes_with(boxes, Vector{{0.5, 2.5}}) == 0);
  CHECK(boxes_with(boxes, Vector{{-0.5, 3.5}}) == 0);
}

TEST_CASE("without a front there is one box, all above the reference") {
  for (const Eigen::Index objectives : {1, 2, 3, 4}) {
    const BoxDecomposition boxes =
        non_dominated_boxes(Matrix(0, objectives), Vector::Zero(objectives));
    REQUIRE(boxes.lower.rows() == 1);
    CHECK(boxes_with(boxes, Vector::Constant(objectives, 1e9)) == 1);
    CHECK(boxes_with(boxes, Vector::Constant(objectives, -1)) == 0);
  }
}

TEST_CASE("every point that is not dominated lies in one box, every other in none") {
  for (const Eigen::Index objectives : {1, 2, 3, 4})
    for (const bool tied : {false, true}) {
      CAPTURE(objectives, tied);
      Matrix front = test::random_points(25, objectives, 11);
      if (tied) front = (front * 4).array().round() / 4;
      const Vector reference = Vector::Constant(objectives, 0.2);
      const BoxDecomposition boxes = non_dominated_boxes(front, reference);
      const Matrix probes = test::random_points(2000, objectives, 12) * 1.2;
      int wrong = 0;
      for (Eigen::Index i = 0; i < probes.rows(); ++i) {
        bool counts = (probes.row(i).transpose() - reference).minCoeff() >= 0;
        for (Eigen::Index j = 0; j < front.rows(); ++j)
          counts = counts && (front.row(j) - probes.row(i)).minCoeff() < 0;
        if (boxes_with(boxes, probes.row(i).transpose()) != (counts ? 1 : 0)) ++wrong;
      }
      CHECK(wrong == 0);
      CHECK(volume_within(boxes, 2) ==
            Approx(std::pow(1.8, objectives) - hypervolume(front, reference)).epsilon(1e-12));
    }
}

TEST_CASE("boxes stay few where all points are on the front") {
  const auto count = [](Eigen::Index points, Eigen::Index objectives) {
    Matrix front = test::random_points(points, objectives, 13);
    for (Eigen::Index i = 0; i < points; ++i) front.row(i).normalize();
    return non_dominated_boxes(front, Vector::Zero(objectives)).lower.rows();
  };
  CHECK(count(100, 2) == 101);
  CHECK(count(100, 3) <= 4 * 100);
  CHECK(count(50, 4) <= 50 * 50);
}
