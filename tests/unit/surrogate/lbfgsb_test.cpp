#include "surrogate/lbfgsb.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

using Function = std::function<double(const Vector&, Vector&)>;

BoundedLbfgs minimise(const Function& f, const Vector& start, double lower, double upper,
                      const LbfgsOptions& options) {
  const Eigen::Index n = start.size();
  BoundedLbfgs search(start, Vector::Constant(n, lower), Vector::Constant(n, upper), options);
  Vector gradient(n);
  while (!search.finished()) {
    const Vector x = search.point();
    CHECK(x.minCoeff() >= lower);
    CHECK(x.maxCoeff() <= upper);
    const double value = f(x, gradient);
    search.tell(value, gradient);
  }
  return search;
}

double rosenbrock(const Vector& x, Vector& gradient) {
  gradient.setZero();
  double sum = 0;
  for (Eigen::Index i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i];
    const double b = 1 - x[i];
    sum += 100 * a * a + b * b;
    gradient[i] += -400 * a * x[i] - 2 * b;
    gradient[i + 1] += 200 * a;
  }
  return sum;
}

const LbfgsOptions tight{
    .max_evaluations = 500, .gradient_tolerance = 1e-8, .value_tolerance = 0, .first_step = 0.1};

}  // namespace

TEST_CASE("the minimum of Rosenbrock's function is found inside the box") {
  const BoundedLbfgs search = minimise(rosenbrock, Vector::Constant(6, -1.2), -5, 5, tight);
  CHECK(search.best_value() < 1e-12);
  CHECK((search.best_point() - Vector::Ones(6)).norm() < 1e-5);
  CHECK(search.evaluations() < 250);
}

TEST_CASE("a minimum outside the box is met at its border") {
  const BoundedLbfgs search = minimise(rosenbrock, Vector::Constant(2, -0.5), -1, 0.5, tight);
  // With x0 ≤ ½ the best is x0 = ½, x1 = ¼.
  CHECK(search.best_point()[0] == Approx(0.5));
  CHECK(search.best_point()[1] == Approx(0.25).epsilon(1e-5));
}

TEST_CASE("a start outside the box is moved into it") {
  const Function parabola = [](const Vector& x, Vector& gradient) {
    gradient = 2 * x;
    return x.squaredNorm();
  };
  const BoundedLbfgs search = minimise(parabola, Vector::Constant(3, 9), 1, 2, tight);
  CHECK(search.best_point() == Vector::Ones(3));
}

TEST_CASE("values that are not finite are stepped back from") {
  const Function wall = [](const Vector& x, Vector& gradient) {
    gradient = Vector::Constant(1, 1 - 1 / x[0]);
    return x[0] <= 0.5 ? std::numeric_limits<double>::quiet_NaN() : x[0] - std::log(x[0]);
  };
  const BoundedLbfgs search = minimise(wall, Vector::Constant(1, 3), 0, 10, tight);
  CHECK(search.best_point()[0] == Approx(1.0));

  const Function nowhere = [](const Vector&, Vector& gradient) {
    gradient.setZero();
    return std::numeric_limits<double>::quiet_NaN();
  };
  CHECK(minimise(nowhere, Vector::Ones(1), 0, 2, tight).evaluations() == 1);
}

TEST_CASE("the number of evaluations is kept") {
  LbfgsOptions few = tight;
  few.max_evaluations = 7;
  CHECK(minimise(rosenbrock, Vector::Constant(6, -1.2), -5, 5, few).evaluations() == 7);
}
