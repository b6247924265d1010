#include "surrogate/gaussian_process.hpp"

#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("the posterior goes through the data and falls back to the mean far away") {
  TrainingData data = test::random_data(20, 2, 21);
  Hyperparameters h = test::some_hyperparameters(2);
  h.log_noise = std::log(1e-8);
  const GaussianProcess process(data, h);
  const Prediction at_data = process.predict(data.x);
  CHECK((at_data.mean.col(0) - data.z).cwiseAbs().maxCoeff() < 1e-4);
  CHECK(at_data.deviation.maxCoeff() < 1e-3);
  CHECK((at_data.mean.col(0) - process.fitted_means().col(0)).cwiseAbs().maxCoeff() < 1e-6);

  const Prediction far = process.predict(Matrix::Constant(1, 2, 1e4));
  CHECK(far.mean(0, 0) == Approx(process.constant_mean()));
  CHECK(far.deviation[0] == Approx(std::exp(0.15)));
}

TEST_CASE("mean and deviation are the textbook ones") {
  const TrainingData data = test::random_data(5, 1, 22);
  const Hyperparameters h = test::some_hyperparameters(1);
  const GaussianProcess process(data, h);
  const auto kernel = [&](double a, double b) {
    const double t = std::sqrt(5 * std::exp(h.log_weights[0])) * std::abs(a - b);
    return std::exp(h.log_signal) * (1 + t + t * t / 3) * std::exp(-t);
  };
  Matrix c(5, 5);
  for (Eigen::Index i = 0; i < 5; ++i)
    for (Eigen::Index j = 0; j < 5; ++j)
      c(i, j) = kernel(data.x(i, 0), data.x(j, 0)) + (i == j ? std::exp(h.log_noise) : 0.0);
  const double x = 0.37;
  Vector k(5);
  for (Eigen::Index i = 0; i < 5; ++i) k[i] = kernel(data.x(i, 0), x);
  const Vector centred = data.z.array() - process.constant_mean();
  const Prediction got = process.predict(Matrix::Constant(1, 1, x));
  CHECK(got.mean(0, 0) ==
        Approx(process.constant_mean() + k.dot(c.llt().solve(centred))).epsilon(1e-9));
  CHECK(got.deviation[0] ==
        Approx(std::sqrt(kernel(x, x) - k.dot(c.llt().solve(k)))).epsilon(1e-9));
}

TEST_CASE("gradients agree with central differences, pending rows included") {
  const TrainingData data = test::random_data(25, 3, 23);
  const Matrix pending = test::random_points(4, 3, 24);
  Matrix normals = test::random_points(4, 6, 25);
  normals.array() -= 0.5;
  const GaussianProcess process(data, test::some_hyperparameters(3), pending, normals);
  const Matrix points = test::random_points(7, 3, 26);
  const Matrix by_mean = test::random_points(7, 6, 27);
  const Vector by_deviation = test::random_points(7, 1, 28).col(0);
  const Matrix gradient = process.pull_back(process.predict(points), by_mean, by_deviation);

  const auto value = [&](const Matrix& at, Eigen::Index row) {
    const Prediction p = process.predict(at);
    return by_mean.row(row).dot(p.mean.row(row)) + by_deviation[row] * p.deviation[row];
  };
  const double step = 1e-5;
  for (Eigen::Index i = 0; i < 7; ++i)
    for (Eigen::Index k = 0; k < 3; ++k) {
      Matrix above = points;
      Matrix below = points;
      above(i, k) += step;
      below(i, k) -= step;
      CHECK(gradient(i, k) ==
            Approx((value(above, i) - value(below, i)) / (2 * step)).epsilon(1e-5).margin(1e-6));
    }
}

TEST_CASE("fantasies have the posterior's distribution and leave the data's mean alone") {
  const TrainingData data = test::random_data(12, 2, 31);
  const Hyperparameters h = test::some_hyperparameters(2);
  const GaussianProcess alone(data, h);
  const Matrix pending = Matrix::Constant(1, 2, 0.5);
  const Prediction before = alone.predict(pending);
  Matrix normals(1, 3);
  normals << -1, 0, 1;
  const GaussianProcess process(data, h, pending, normals);
  CHECK(process.constant_mean() == Approx(alone.constant_mean()).epsilon(1e-12));

  // A draw of the noisy output at ±1 moves the latent mean by s²/√(s² + σ²).
  const double s2 = before.deviation[0] * before.deviation[0];
  const double move = s2 / std::sqrt(s2 + process.noise());
  const Prediction after = process.predict(pending);
  for (Eigen::Index j = 0; j < 3; ++j)
    CHECK(after.mean(0, j) ==
          Approx(before.mean(0, 0) + move * normals(0, j)).epsilon(1e-9).margin(1e-9));
  CHECK(after.deviation[0] < before.deviation[0]);
  CHECK(process.fitted_means()(12, 2) == Approx(after.mean(0, 2)).epsilon(1e-9));
}

TEST_CASE("rows at one point tell what their mean with its smaller variance tells") {
  const TrainingData once = test::random_data(10, 2, 33);
  const Hyperparameters h = test::some_hyperparameters(2);
  const double noise = std::exp(h.log_noise);
  RandomStream random(33, 0, "repetitions");
  // Row i stands i % 4 + 1 times, with the error of an evaluation known on top of the noise.
  const auto times = [](Eigen::Index i) { return i % 4 + 1; };
  constexpr double known = 0.3;
  TrainingData rows{once.shape, Matrix(23, 2), Vector(23), Vector::Constant(23, known)};
  TrainingData means{once.shape, once.x, Vector::Zero(10), Vector(10)};
  Eigen::Index row = 0;
  for (Eigen::Index i = 0; i < 10; ++i) {
    const auto m = static_cast<double>(times(i));
    means.extra_noise[i] = (noise + known) / m - noise;
    for (Eigen::Index j = 0; j < times(i); ++j, ++row) {
      rows.x.row(row) = once.x.row(i);
      rows.z[row] = once.z[i] + random.normal();
      means.z[i] += rows.z[row] / m;
    }
  }
  REQUIRE(row == 23);
  const Matrix points = test::random_points(12, 2, 34);
  const Matrix pending = test::random_points(2, 2, 35);
  const Matrix normals = Matrix::Constant(2, 3, 0.7);
  const Prediction a = GaussianProcess(rows, h, pending, normals).predict(points);
  const Prediction b = GaussianProcess(means, h, pending, normals).predict(points);
  CHECK((a.mean - b.mean).cwiseAbs().maxCoeff() < 1e-10);
  CHECK((a.deviation - b.deviation).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE("a value of which a large error is known is distrusted") {
  TrainingData data = test::random_data(20, 2, 36);
  const Hyperparameters h = test::some_hyperparameters(2);
  const GaussianProcess right(data, h);
  data.z[7] += 3;
  const GaussianProcess trusted(data, h);
  data.extra_noise = Vector::Zero(20);
  data.extra_noise[7] = 9;
  const GaussianProcess distrusted(data, h);
  const auto mean_there = [](const GaussianProcess& p) { return p.fitted_means()(7, 0); };
  CHECK(std::abs(mean_there(trusted) - mean_there(right)) > 1);
  CHECK(std::abs(mean_there(distrusted) - mean_there(right)) < 0.5);
  CHECK(distrusted.predict(data.x).deviation[7] > trusted.predict(data.x).deviation[7]);
  // With an error beyond all measure, as without the row.
  data.extra_noise[7] = 1e6;
  TrainingData without = data;
  without.x.row(7) = without.x.row(19);
  without.z[7] = without.z[19];
  without.extra_noise[7] = 1e6;
  CHECK((GaussianProcess(data, h).predict(data.x).mean -
         GaussianProcess(without, h).predict(data.x).mean)
            .cwiseAbs()
            .maxCoeff() < 1e-4);
}

TEST_CASE("the same data give the same bits") {
  const TrainingData data = test::random_data(70, 5, 41);
  const Matrix points = test::random_points(33, 5, 42);
  const GaussianProcess a(data, test::some_hyperparameters(5));
  const GaussianProcess b(data, test::some_hyperparameters(5));
  CHECK(a.predict(points).mean == b.predict(points).mean);
  CHECK(a.predict(points).deviation == b.predict(points).deviation);
}

TEST_CASE("one observation, doubled points and constant columns are taken") {
  Hyperparameters h = test::some_hyperparameters(2);
  h.log_noise = std::log(1e-6);
  TrainingData one{KernelShape::independent(2), Matrix::Constant(1, 2, 0.5), Vector::Zero(1), {}};
  CHECK(GaussianProcess(one, h).predict(Matrix::Zero(2, 2)).mean.allFinite());

  TrainingData doubled = one;
  doubled.x = Matrix::Constant(50, 2, 0.5);
  doubled.z = Vector::LinSpaced(50, -1, 1);
  const Prediction p = GaussianProcess(doubled, h).predict(Matrix::Constant(1, 2, 0.5));
  CHECK(std::abs(p.mean(0, 0)) < 1e-2);
  CHECK(std::isfinite(p.deviation[0]));
}
