#include "surrogate/hypervolume_improvement.hpp"

#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"
#include "surrogate/acquisition.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/hypervolume.hpp"

using namespace tunesmith;

namespace {

Matrix sphere_front(Eigen::Index points, Eigen::Index objectives, std::uint64_t seed) {
  Matrix front = test::random_points(points, objectives, seed);
  for (Eigen::Index i = 0; i < points; ++i) front.row(i).normalize();
  return front;
}

HypervolumeImprovement at(const Vector& mean, const Vector& deviation,
                          const std::vector<BoxDecomposition>& boxes) {
  std::vector<Matrix> means;
  std::vector<Vector> deviations;
  for (Eigen::Index k = 0; k < mean.size(); ++k) {
    means.push_back(Matrix::Constant(1, static_cast<Eigen::Index>(boxes.size()), mean[k]));
    deviations.push_back(Vector::Constant(1, deviation[k]));
  }
  return log_expected_hypervolume_improvement(means, deviations, boxes);
}

}  // namespace

TEST_CASE("one objective is plain expected improvement") {
  const BoxDecomposition boxes =
      non_dominated_boxes(Matrix::Constant(1, 1, 0.4), Vector::Constant(1, -10.0));
  for (const double mean : {-30.0, -1.0, 0.4, 3.0})
    CHECK(at(Vector::Constant(1, mean), Vector::Constant(1, 0.5), {boxes}).value[0] ==
          Approx(log_expected_improvement(Matrix::Constant(1, 1, mean), Vector::Constant(1, 0.5),
                                          Vector::Constant(1, 0.4))
                     .value[0]));
}

TEST_CASE("with a vanishing deviation the expected gain is the gain") {
  for (const Eigen::Index objectives : {2, 3, 4}) {
    const Matrix front = sphere_front(20, objectives, 21);
    const Vector reference = Vector::Constant(objectives, 0.05);
    Matrix more(front.rows() + 1, objectives);
    more << front, Matrix::Constant(1, objectives, 0.8);
    const double gain = hypervolume(more, reference) - hypervolume(front, reference);
    CHECK(at(Vector::Constant(objectives, 0.8), Vector::Constant(objectives, 1e-9),
             {non_dominated_boxes(front, reference)})
              .value[0] == Approx(std::log(gain)).epsilon(1e-6));
  }
}

TEST_CASE("the value agrees with Monte Carlo") {
  for (const Eigen::Index objectives : {2, 3, 4}) {
    const Matrix front = sphere_front(8, objectives, 22);
    const Vector reference = Vector::Zero(objectives);
    const Vector mean = Vector::LinSpaced(objectives, 0.3, 0.8);
    const Vector deviation = Vector::LinSpaced(objectives, 0.4, 0.1);
    Matrix more(front.rows() + 1, objectives);
    more.topRows(front.rows()) = front;
    RandomStream random(23, 0, "normals");
    const int draws = 20000;
    double sum = 0;
    double squares = 0;
    for (int d = 0; d < draws; ++d) {
      for (Eigen::Index k = 0; k < objectives; ++k)
        more(front.rows(), k) = mean[k] + deviation[k] * random.normal();
      const double gain = hypervolume(more, reference) - hypervolume(front, reference);
      sum += gain;
      squares += gain * gain;
    }
    const double average = sum / draws;
    const double error = std::sqrt((squares / draws - average * average) / draws);
    const double value =
        std::exp(at(mean, deviation, {non_dominated_boxes(front, reference)}).value[0]);
    CAPTURE(objectives, average, error);
    CHECK(std::abs(value - average) < 4 * error);
    CHECK(error < 0.04 * average);
  }
}

TEST_CASE("fantasies are averaged") {
  const Vector reference = Vector::Zero(2);
  const auto few = non_dominated_boxes(sphere_front(3, 2, 24), reference);
  const auto many = non_dominated_boxes(sphere_front(12, 2, 25), reference);
  const Vector mean{{0.5, 0.7}};
  const Vector deviation{{0.2, 0.3}};
  const double separate = 0.5 * (std::exp(at(mean, deviation, {few}).value[0]) +
                                 std::exp(at(mean, deviation, {many}).value[0]));
  CHECK(at(mean, deviation, {few, many}).value[0] == Approx(std::log(separate)));
}

TEST_CASE("derivatives agree with central differences, near the front and far from it") {
  for (const Eigen::Index objectives : {2, 3, 4}) {
    const std::vector<BoxDecomposition> boxes = {
        non_dominated_boxes(sphere_front(10, objectives, 26), Vector::Zero(objectives))};
    for (const double level : {-20.0, -1.0, 0.5, 0.9, 4.0}) {
      const Vector mean = Vector::LinSpaced(objectives, level, level + 0.2);
      const Vector deviation = Vector::LinSpaced(objectives, 0.3, 0.6);
      const HypervolumeImprovement exact = at(mean, deviation, boxes);
      for (Eigen::Index k = 0; k < objectives; ++k) {
        CAPTURE(objectives, level, k);
        const double step = 1e-6;
        const Vector change = step * Vector::Unit(objectives, k);
        const auto slope = [&](const Vector& by_mean, const Vector& by_deviation) {
          return (at(mean + by_mean, deviation + by_deviation, boxes).value[0] -
                  at(mean - by_mean, deviation - by_deviation, boxes).value[0]) /
                 (2 * step);
        };
        const Vector none = Vector::Zero(objectives);
        CHECK(exact.by_mean[static_cast<std::size_t>(k)](0, 0) ==
              Approx(slope(change, none)).epsilon(1e-5).margin(1e-6));
        CHECK(exact.by_deviation[static_cast<std::size_t>(k)][0] ==
              Approx(slope(none, change)).epsilon(1e-5).margin(1e-6));
      }
    }
  }
}

TEST_CASE("boxes too thin for a difference of logarithms count by their width") {
  Matrix front(2, 2);
  front << 0.5, 0.5 + 1e-13, 0.5 + 1e-13, 0.5;
  const Vector reference = Vector::Zero(2);
  for (const double level : {-3.0, 0.5, 40.0}) {
    const Vector mean = Vector::Constant(2, level);
    const Vector deviation = Vector::Constant(2, 0.2);
    const double thin = at(mean, deviation, {non_dominated_boxes(front, reference)}).value[0];
    const double plain =
        at(mean, deviation, {non_dominated_boxes(front.topRows(1), reference)}).value[0];
    CHECK(thin == Approx(plain).epsilon(1e-9));
  }
}

TEST_CASE("values and derivatives are finite in far tails") {
  const std::vector<BoxDecomposition> boxes = {
      non_dominated_boxes(sphere_front(10, 3, 27), Vector::Zero(3))};
  for (const double mean : {-1e9, -1e4, -100.0, 100.0, 1e6})
    for (const double deviation : {1e-6, 1.0, 1e3}) {
      CAPTURE(mean, deviation);
      const HypervolumeImprovement values =
          at(Vector::Constant(3, mean), Vector::Constant(3, deviation), boxes);
      CHECK(std::isfinite(values.value[0]));
      for (std::size_t k = 0; k < 3; ++k) {
        CHECK(std::isfinite(values.by_mean[k](0, 0)));
        CHECK(std::isfinite(values.by_deviation[k][0]));
      }
    }
}
