#include "search/acquisition_optimizer.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

/// A bowl over the features with its top at `top`.
AcquisitionTask bowl(const FeatureEncoding& encoding, const Vector& top) {
  AcquisitionTask task;
  task.acquisition = [top](const Matrix& features, Matrix* gradient) -> Vector {
    const Matrix off = features.rowwise() - top.transpose();
    if (gradient != nullptr) *gradient = -2 * off;
    return -off.rowwise().squaredNorm();
  };
  task.lengthscales = Vector::Ones(static_cast<Eigen::Index>(encoding.coordinates().size()));
  task.is_taken = [](const Point&) { return false; };
  return task;
}

}  // namespace

TEST_CASE("the top of a smooth function is found to high precision") {
  Space space;
  for (const char* name : {"a", "b", "c", "d", "e"})
    space.add_float(name, {.min = 0, .max = 1, .scale = Scale::linear});
  const FeatureEncoding encoding(space);
  Vector top(5);
  top << 0.2, 0.9, 0.5, 1.3, -0.2;
  const std::vector<Point> best = maximise_acquisition(encoding, bowl(encoding, top));
  REQUIRE_FALSE(best.empty());
  // Tops outside the cube are met at its border.
  CHECK((best.front() - top.cwiseMax(0.0).cwiseMin(1.0)).cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE("choices, integers and numbers are settled together") {
  Space space;
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    space.add_categorical(name, {"0", "1", "2", "3", "4", "5"});
  space.add_int("n", {.min = 1, .max = 100, .scale = Scale::linear})
      .add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  const FeatureEncoding encoding(space);
  Vector top = Vector::Zero(encoding.shape().columns());
  for (Eigen::Index block = 0; block < 6; ++block) top[6 * block + (5 - block)] = 1;
  top[36] = 0.365;
  top[37] = 0.123;
  const std::vector<Point> best = maximise_acquisition(encoding, bowl(encoding, top));
  REQUIRE_FALSE(best.empty());
  const Configuration configuration = encoding.configuration_at(best.front());
  int choice = 5;
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    CHECK(configuration.text(name) == std::to_string(choice--));
  CHECK(configuration.integer("n") == 37);
  CHECK(configuration.number("x") == Approx(0.123).margin(1e-3));
}

TEST_CASE("constraints are kept and taken points passed over") {
  Space space;
  space.add_float("a", {.min = 0, .max = 1, .scale = Scale::linear})
      .add_float("b", {.min = 0, .max = 1, .scale = Scale::linear})
      .add_constraint("a + b <= 1");
  const FeatureEncoding encoding(space);
  const std::vector<Point> best =
      maximise_acquisition(encoding, bowl(encoding, Eigen::Vector2d(0.8, 0.8)));
  REQUIRE_FALSE(best.empty());
  for (const Point& point : best) CHECK(encoding.admits(point));
  CHECK((best.front() - Eigen::Vector2d(0.5, 0.5)).norm() < 0.1);

  const Space finite = test::finite_space();
  const FeatureEncoding small(finite);
  AcquisitionTask task = bowl(small, Vector::Zero(small.shape().columns()));
  const std::vector<Point> all = maximise_acquisition(small, task);
  REQUIRE(all.size() == static_cast<std::size_t>(test::finite_size));
  const Point first = all.front();
  task.is_taken = [&](const Point& point) { return point == first; };
  const std::vector<Point> rest = maximise_acquisition(small, task);
  REQUIRE(rest.size() == all.size() - 1);
  CHECK(rest.front() == all[1]);
  task.is_taken = [](const Point&) { return true; };
  CHECK(maximise_acquisition(small, task).empty());
}
