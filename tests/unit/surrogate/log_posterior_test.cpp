#include "surrogate/log_posterior.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

void check_gradient(const TrainingData& data, const Vector& theta) {
  const HyperparameterPrior prior = HyperparameterPrior::standard(5);
  LogPosterior posterior(data, prior);
  Vector gradient;
  posterior(theta, gradient);
  Vector unused;
  for (Eigen::Index i = 0; i < theta.size(); ++i) {
    const double step = 1e-5;
    Vector above = theta;
    Vector below = theta;
    above[i] += step;
    below[i] -= step;
    const double difference = (posterior(above, unused) - posterior(below, unused)) / (2 * step);
    CHECK(gradient[i] == Approx(difference).epsilon(1e-6).margin(1e-6));
  }
}

}  // namespace

TEST_CASE("the gradient of the log posterior agrees with central differences") {
  const TrainingData data = test::random_data(40, 5, 11);
  check_gradient(data, test::some_hyperparameters(5).to_vector());
  check_gradient(data, HyperparameterPrior::standard(5).mode(5).to_vector());
}

TEST_CASE("the gradient holds with shared weights and with known noise") {
  TrainingData data = test::random_data(30, 5, 12);
  data.shape = {{0, 1, 1, 1, 2}, 3};
  data.extra_noise = 0.1 * test::random_points(30, 1, 4).col(0);
  check_gradient(data, test::some_hyperparameters(3).to_vector());
  // As where some rows have no error, a small one or one that takes all they tell.
  for (Eigen::Index i = 0; i < 30; ++i)
    data.extra_noise[i] = std::array{0.0, 1e-4, 0.5, 1e6}[i % 4];
  check_gradient(data, test::some_hyperparameters(3).to_vector());
}

TEST_CASE("the log posterior is the density of a normal vector plus the prior") {
  const Hyperparameters h = test::some_hyperparameters(2);
  const HyperparameterPrior prior = HyperparameterPrior::standard(2);
  // Around the numbers of rows that packets, groups and panels hold.
  for (const Eigen::Index n : {1, 2, 6, 7, 8, 9, 12, 13, 23, 24, 25, 33, 47, 49, 72, 97}) {
    TrainingData data = test::random_data(n, 2, 13);
    data.extra_noise = n % 2 == 0 ? Vector(data.x.col(0)) : Vector(Vector::Zero(n));
    Matrix c(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j) {
        double squared = 0;
        for (Eigen::Index k = 0; k < 2; ++k)
          squared += std::exp(h.log_weights[k]) * std::pow(data.x(i, k) - data.x(j, k), 2);
        const double t = std::sqrt(5 * squared);
        c(i, j) = std::exp(h.log_signal) * (1 + t + t * t / 3) * std::exp(-t);
        if (i == j) c(i, j) += std::exp(h.log_noise) + data.extra_noise[i];
      }
    const Matrix inverse = c.inverse();
    const Vector ones = Vector::Ones(n);
    const double mean = ones.dot(inverse * data.z) / (ones.dot(inverse * ones) + 1);
    const Vector residual = data.z - mean * ones;
    Vector unused = Vector::Zero(4);
    const double expected = -0.5 * residual.dot(inverse * residual) - 0.5 * mean * mean -
                            0.5 * c.ldlt().vectorD().array().log().sum() -
                            0.5 * static_cast<double>(n) * std::log(2 * std::acos(-1.0)) +
                            prior.log_density(h.to_vector(), unused);
    INFO(n << " rows");
    Vector gradient;
    CHECK(LogPosterior(data, prior)(h.to_vector(), gradient) == Approx(expected).epsilon(1e-9));
  }
}

TEST_CASE("where the covariance cannot be factored the log posterior is minus infinity") {
  for (const Eigen::Index bad : {0, 5, 24, 39}) {
    TrainingData data = test::random_data(40, 2, 17);
    data.extra_noise = Vector::Zero(40);
    data.extra_noise[bad] = -10;
    Vector gradient;
    const Vector theta = test::some_hyperparameters(2).to_vector();
    LogPosterior posterior(data, HyperparameterPrior::standard(2));
    CHECK(posterior(theta, gradient) == -std::numeric_limits<double>::infinity());
    CHECK(gradient == Vector::Zero(4));
    data.extra_noise[bad] = std::nan("");
    CHECK(posterior(theta, gradient) == -std::numeric_limits<double>::infinity());
  }
}

TEST_CASE("a fit improves on its starts and finds the columns that matter") {
  TrainingData data = test::random_data(60, 4, 14);
  for (Eigen::Index i = 0; i < 60; ++i) data.z[i] = std::sin(8 * data.x(i, 1));
  const HyperparameterPrior prior = HyperparameterPrior::standard(4);
  const FitResult fit = fit_hyperparameters(data, prior, {prior.mode(4)}, {});
  Vector gradient;
  LogPosterior posterior(data, prior);
  CHECK(fit.log_posterior > posterior(prior.mode(4).to_vector(), gradient) + 10);
  const Vector& weights = fit.hyperparameters.log_weights;
  for (const int other : {0, 2, 3}) CHECK(weights[1] > weights[other] + 3);
  CHECK(fit.hyperparameters.log_noise < std::log(1e-3));
}

TEST_CASE("a fit does not depend on the order of the rows") {
  const TrainingData data = test::random_data(40, 3, 15);
  TrainingData reversed = data;
  reversed.x = data.x.colwise().reverse().eval();
  reversed.z = data.z.reverse().eval();
  const HyperparameterPrior prior = HyperparameterPrior::standard(3);
  const FitResult a = fit_hyperparameters(data, prior, {prior.mode(3)}, {});
  const FitResult b = fit_hyperparameters(reversed, prior, {prior.mode(3)}, {});
  CHECK((a.hyperparameters.to_vector() - b.hyperparameters.to_vector()).cwiseAbs().maxCoeff() <
        1e-4);
}
