#include "search/cma_es_gaussian.hpp"

#include <cmath>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

Space floats(int count) {
  Space space;
  for (int i = 0; i < count; ++i) {
    space.add_float("x" + std::to_string(i), {.min = 0, .max = 1, .scale = Scale::linear});
  }
  return space.settled();
}

Vector scalar(double x) { return Vector::Constant(1, x); }

double upper_tail(double x) { return std::erfc(x / std::sqrt(2.0)) / 2; }

}  // namespace

TEST_CASE("One update in one dimension is what the equations give by hand") {
  const Space space = floats(1);
  const CmaEsAxes axes(space);
  CmaEsGaussian gaussian(axes, scalar(0.5), Matrix::Constant(1, 1, 0.01));
  CHECK(gaussian.sigma() == Approx(0.1));
  const CmaEsWeights w(4, 1);
  const double y[] = {1.5, 0.4, -0.3, -2.0};
  std::vector<CmaEsGaussian::Member> ranked;
  for (const double step : y) ranked.push_back({.x = scalar(0.5 + 0.1 * step)});
  gaussian.update(ranked, w);

  const double step = w.recombination(0) * 1.5 + w.recombination(1) * 0.4;
  CHECK(gaussian.mean()(0) == Approx(0.5 + 0.1 * step));
  const double path = std::sqrt(w.c_sigma * (2 - w.c_sigma) * w.mu_eff) * step;
  const double usual = 1 - 1.0 / 4 + 1.0 / 21;
  CHECK(gaussian.sigma() ==
        Approx(0.1 * std::exp(w.c_sigma / w.d_sigma * (std::fabs(path) / usual - 1))));
  const bool stalled = std::fabs(path) / std::sqrt(1 - std::pow(1 - w.c_sigma, 2)) >= 2.4 * usual;
  REQUIRE_FALSE(stalled);
  const double cumulated = std::sqrt(w.c_c * (2 - w.c_c) * w.mu_eff) * step;
  double covariance = 1 - w.c_1 - w.c_mu * w.covariance.sum() + w.c_1 * cumulated * cumulated;
  // Positive weights as they are, negative ones times n / ‖C^−½ y‖².
  covariance += w.c_mu * (w.covariance(0) * 2.25 + w.covariance(1) * 0.16);
  covariance += w.c_mu * (w.covariance(2) * 0.09 / 0.09 + w.covariance(3) * 4.0 / 4.0);
  CHECK(gaussian.covariance()(0, 0) == Approx(covariance));
}

TEST_CASE("Points from elsewhere move the mean no further than their clipped distance") {
  const Space space = floats(1);
  const CmaEsAxes axes(space);
  const CmaEsWeights w(4, 1);
  CmaEsGaussian gaussian(axes, scalar(0.5), Matrix::Constant(1, 1, 1e-4));
  const CmaEsGaussian::Member far{.x = scalar(0.9), .foreign = true};
  gaussian.update({far, far, far, far}, w);
  // √n + 2n/(n + 2) = 5/3 standard deviations.
  CHECK(gaussian.mean()(0) == Approx(0.5 + 0.01 * 5 / 3));
}

TEST_CASE("Draws have the mean and the covariance of the distribution") {
  const Space space = floats(2);
  const CmaEsAxes axes(space);
  Matrix covariance(2, 2);
  covariance << 0.04, 0.018, 0.018, 0.01;
  const Vector mean = Vector::Constant(2, 0.4);
  const CmaEsGaussian gaussian(axes, mean, covariance);
  CHECK((gaussian.sigma() * gaussian.sigma() * gaussian.covariance()).isApprox(covariance));
  Vector sum = Vector::Zero(2);
  Matrix squares = Matrix::Zero(2, 2);
  const int draws = 20000;
  for (int i = 0; i < draws; ++i) {
    RandomStream stream(5, static_cast<std::uint64_t>(i), "test");
    const Vector from_mean = gaussian.sample(stream) - mean;
    sum += from_mean;
    squares += from_mean * from_mean.transpose();
  }
  CHECK((sum / draws).norm() < 0.006);
  CHECK((squares / draws).isApprox(covariance, 0.03));
}

TEST_CASE("The margin keeps both neighbours of an inner value likely") {
  Space space;
  space.add_int("n", {.min = 1, .max = 3, .scale = Scale::linear});
  const CmaEsAxes axes(space);
  CmaEsGaussian gaussian(axes, scalar(0.5), Matrix::Constant(1, 1, 1e-6));
  gaussian.keep_margin(0.1);
  CHECK(gaussian.mean()(0) == Approx(0.5));
  // Φ⁻¹(0.95) standard deviations are the half of the cell of width 1/3.
  CHECK(gaussian.deviation(0) == Approx(1.0 / 6 / 1.6448536));

  CmaEsGaussian aside(axes, scalar(0.4), Matrix::Constant(1, 1, 1e-4));
  aside.keep_margin(0.1);
  const double mean = aside.mean()(0);
  const double deviation = aside.deviation(0);
  CHECK(upper_tail((2.0 / 3 - mean) / deviation) >= 0.05 - 1e-9);
  CHECK(upper_tail((mean - 1.0 / 3) / deviation) >= 0.05 - 1e-9);

  CmaEsGaussian wide(axes, scalar(0.5), Matrix::Constant(1, 1, 0.09));
  wide.keep_margin(0.1);
  CHECK(wide.mean()(0) == 0.5);
  CHECK(wide.deviation(0) == Approx(0.3));
}

TEST_CASE("At an end of the range the mean stays within reach of the neighbour") {
  Space space;
  space.add_int("n", {.min = 1, .max = 3, .scale = Scale::linear});
  const CmaEsAxes axes(space);
  CmaEsGaussian low(axes, scalar(0.05), Matrix::Constant(1, 1, 1e-6));
  low.keep_margin(0.1);
  CHECK(low.mean()(0) == Approx(1.0 / 3 - 1.2815516 * 1e-3));
  CmaEsGaussian high(axes, scalar(1.7), Matrix::Constant(1, 1, 1e-6));
  high.keep_margin(0.1);
  CHECK(high.mean()(0) == Approx(2.0 / 3 + 1.2815516 * 1e-3));
}

TEST_CASE("Numbers without cells are exhausted when they have shrunk to nothing") {
  const Space space = floats(1);
  const CmaEsAxes axes(space);
  CHECK_FALSE(CmaEsGaussian(axes, scalar(0.5), Matrix::Constant(1, 1, 1e-20)).is_exhausted());
  CHECK(CmaEsGaussian(axes, scalar(0.5), Matrix::Constant(1, 1, 1e-26)).is_exhausted());
}
