#include "surrogate/acquisition.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"
#include "support/catch.hpp"
#include "surrogate/gaussian_process.hpp"

using namespace tunesmith;

namespace {

struct Reference {
  double u;
  double log_h;
  double log_phi;
};

// 60 digits and more, with mpmath.
constexpr Reference references[] = {
    {40, 3.6888794541139363029, 0},
    {8, 2.0794415416798359377, -6.2209605742717860585e-16},
    {3, 1.0987396653277077727, -0.0013508099647481937988},
    {0, -0.91893853320467274178, -0.69314718055994530942},
    {-0.99, -2.4661143916690493822, -1.825810317842812371},
    {-1, -2.4851210257126413368, -1.8410216450092635058},
    {-1.01, -2.5041998574802567792, -1.8563130623431784288},
    {-5, -16.744301162660990143, -15.064998393988725736},
    {-19.9, -204.91288769492169302, -201.91716770733262593},
    {-20.1, -208.93274041662459151, -205.92711840194821713},
    {-50, -1258.7441828684608531, -1254.8313611394199013},
    {-1e4, -50000019.339619307157, -50000010.129278915181},
    {-1e7, -50000000000033.15513, -50000000000017.037034},
};

}  // namespace

TEST_CASE("ln h and ln Φ are exact in every branch") {
  for (const Reference& r : references) {
    CAPTURE(r.u);
    CHECK(std::abs(log_h(r.u).value - r.log_h) <= 1e-9 + 1e-15 * std::abs(r.log_h));
    CHECK(std::abs(log_normal_distribution(r.u).value - r.log_phi) <=
          1e-10 * std::min(1.0, std::abs(r.log_phi)) + 1e-15 * std::abs(r.log_phi) + 1e-300);
  }
}

TEST_CASE("the ratios are the derivatives of the logarithms") {
  for (const double u : {4.0, 0.3, -0.5, -2.0, -10.0, -30.0, -200.0}) {
    CAPTURE(u);
    const double step = 1e-5 * std::max(1.0, std::abs(u));
    // d ln h/du = Φ/h and d ln Φ/du = φ/Φ.
    CHECK(log_h(u).distribution_ratio ==
          Approx((log_h(u + step).value - log_h(u - step).value) / (2 * step)).epsilon(1e-5));
    CHECK(
        log_normal_distribution(u).density_ratio ==
        Approx((log_normal_distribution(u + step).value - log_normal_distribution(u - step).value) /
               (2 * step))
            .epsilon(1e-5));
    // h = φ + uΦ.
    CHECK(log_h(u).density_ratio + u * log_h(u).distribution_ratio ==
          Approx(1.0).epsilon(1e-13 * u * u * u * u + 1e-12));
  }
}

TEST_CASE("no argument gives NaN") {
  for (const double u : {1e300, 1e8, -1e8, -1e200, -1e308}) {
    CAPTURE(u);
    CHECK_FALSE(std::isnan(log_h(u).value));
    CHECK(std::isfinite(log_h(u).distribution_ratio));
    CHECK_FALSE(std::isnan(log_normal_distribution(u).value));
    CHECK(std::isfinite(log_normal_distribution(u).density_ratio));
  }
}

TEST_CASE("the expected improvement over fantasies is the mean of the improvements") {
  Matrix mean(1, 2);
  mean << 0.4, -0.3;
  Vector incumbents(2);
  incumbents << 0.5, 0.1;
  const double s = 0.7;
  double sum = 0;
  for (Eigen::Index j = 0; j < 2; ++j) {
    const double u = (mean(0, j) - incumbents[j]) / s;
    const double density = std::exp(-0.5 * u * u) / std::sqrt(2 * std::acos(-1.0));
    sum += s * (density + u * 0.5 * std::erfc(-u / std::sqrt(2.0)));
  }
  CHECK(log_expected_improvement(mean, Vector::Constant(1, s), incumbents).value[0] ==
        Approx(std::log(sum / 2)).epsilon(1e-12));
}

TEST_CASE("gradients of the acquisitions agree with central differences through the model") {
  const TrainingData data = test::random_data(30, 3, 51);
  const Matrix normals = test::random_points(2, 5, 52).array() * 4 - 2;
  const GaussianProcess process(data, test::some_hyperparameters(3), test::random_points(2, 3, 53),
                                normals);
  const Vector incumbents = process.fitted_means().colwise().maxCoeff().transpose();
  const Matrix points = test::random_points(6, 3, 54);

  const auto improvement = [&](const Prediction& p) {
    return log_expected_improvement(p.mean, p.deviation, incumbents);
  };
  const auto probability = [&](const Prediction& p) {
    return log_probability_above(p.mean, p.deviation, 0.8);
  };
  const auto check = [&](const auto& acquisition) {
    const Prediction p = process.predict(points);
    const AcquisitionValues a = acquisition(p);
    const Matrix gradient = process.pull_back(p, a.by_mean, a.by_deviation);
    const double step = 1e-6;
    for (Eigen::Index i = 0; i < points.rows(); ++i)
      for (Eigen::Index k = 0; k < points.cols(); ++k) {
        Matrix above = points;
        Matrix below = points;
        above(i, k) += step;
        below(i, k) -= step;
        const double difference = (acquisition(process.predict(above)).value[i] -
                                   acquisition(process.predict(below)).value[i]) /
                                  (2 * step);
        CHECK(gradient(i, k) == Approx(difference).epsilon(1e-4).margin(1e-4));
      }
  };
  check(improvement);
  check(probability);
}
