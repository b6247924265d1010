#include "surrogate/output_transform.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("conditioned outputs are standardised and keep their order") {
  const std::vector<double> values{3, 1, 2, -1e9, 5, -40};
  const ConditionedOutputs out = condition_outputs(values);
  CHECK(out.informative);
  CHECK(out.z.mean() == Approx(0).margin(1e-12));
  CHECK(out.z.squaredNorm() / 6 == Approx(1));
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < values.size(); ++j)
      if (values[i] < values[j])
        CHECK(out.z[static_cast<Eigen::Index>(i)] < out.z[static_cast<Eigen::Index>(j)]);
  // The wild value no longer hides the differences between the others.
  CHECK(out.z[4] - out.z[1] > 0.1);
}

TEST_CASE("positive affine maps of the values change nothing") {
  const std::vector<double> values{0.3, -2, 0.9, 4, -7, 0.1};
  std::vector<double> mapped;
  for (double v : values) mapped.push_back(3e5 * v + 17);
  const Vector a = condition_outputs(values).z;
  const Vector b = condition_outputs(mapped).z;
  CHECK((a - b).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("failures stand below the worst value") {
  const std::vector<double> values{1, missing, 3, -infinity, 2, infinity};
  const ConditionedOutputs out = condition_outputs(values);
  REQUIRE(out.z.allFinite());
  CHECK(out.z[1] < out.z[0]);
  CHECK(out.z[1] == out.z[3]);
  CHECK(out.z[1] == out.z[5]);
}

TEST_CASE("no data whatever gives NaN") {
  const std::vector<std::vector<double>> table{{},
                                               {1},
                                               {missing},
                                               {missing, missing},
                                               {5, 5, 5},
                                               {5, 5, missing},
                                               {1e300, -1e300, 1e300},
                                               {1e308, -1e308},
                                               {1e-320, 0, 2e-320},
                                               {0, 0, 0},
                                               {1e6, 1e6 + 1e-10},
                                               {infinity, 1, 2}};
  for (const std::vector<double>& values : table) {
    const ConditionedOutputs out = condition_outputs(values);
    CHECK(out.z.size() == static_cast<Eigen::Index>(values.size()));
    CHECK(out.z.allFinite());
    for (const double lambda : {-3.0, 0.0, 1.0, 2.0, 5.0})
      CHECK(yeo_johnson(out.z, lambda).allFinite());
  }
  CHECK_FALSE(condition_outputs(table[4]).informative);
  CHECK(condition_outputs(table[4]).z == Vector::Zero(3));
  CHECK(condition_outputs(table[6]).informative);
}

TEST_CASE("Yeo-Johnson: identity at 1, logarithm at 0, inverse everywhere") {
  for (const double y : {-4.0, -0.5, 0.0, 0.5, 4.0}) {
    CHECK(yeo_johnson(y, 1.0) == Approx(y).margin(1e-15));
    for (const double lambda : {-3.0, -0.5, 0.0, 1e-13, 0.5, 1.0, 2.0, 2.5, 5.0})
      CHECK(yeo_johnson_inverse(yeo_johnson(y, lambda), lambda) == Approx(y).margin(1e-9));
  }
  CHECK(yeo_johnson(3.0, 0.0) == Approx(std::log(4.0)));
  CHECK(yeo_johnson(-3.0, 2.0) == Approx(-std::log(4.0)));
}

TEST_CASE("the exponent that made smooth data skewed is found again") {
  const Matrix x = test::random_points(80, 2, 61);
  Vector smooth(80);
  for (Eigen::Index i = 0; i < 80; ++i) smooth[i] = std::sin(3 * x(i, 0)) + std::cos(4 * x(i, 1));
  smooth = standardised(smooth);
  Hyperparameters h = HyperparameterPrior::standard(2).mode(2);
  TrainingData data{KernelShape::independent(2), x, smooth, {}};
  CHECK(choose_lambda(data, h) == Approx(1).margin(0.4));

  Vector skewed(80);
  for (Eigen::Index i = 0; i < 80; ++i) skewed[i] = -std::exp(-2 * smooth[i]);
  data.z = standardised(skewed);
  CHECK(choose_lambda(data, h) > 2);
}

TEST_CASE("small errors grow by the slope of the transform") {
  RandomStream random(67, 0, "values");
  std::vector<double> values;
  std::vector<double> errors;
  for (int i = 0; i < 20; ++i) {
    values.push_back(100 + 30 * random.normal());
    errors.push_back(1e-4 * (1 + random.uniform()));
  }
  values[3] = -4000;  // in the tail that is compressed
  const ConditionedOutputs out = condition_outputs(values, errors);
  CHECK(out.z == condition_outputs(values).z);
  const double linear = (out.z[1] - out.z[0]) / (values[1] - values[0]);
  const double lambda = GENERATE(-1.0, 0.0, 1.0, 2.5);
  const Vector variances = yeo_johnson(out.z, out.errors, lambda).variances();

  const Vector t = out.z.unaryExpr([&](double y) { return yeo_johnson(y, lambda); });
  const double deviation = std::sqrt((t.array() - t.mean()).square().mean());
  for (Eigen::Index i = 0; i < 20; ++i) {
    const double y = out.z[i];
    const double slope = std::pow(1 + std::abs(y), y < 0 ? 1 - lambda : lambda - 1) / deviation;
    const double expected = slope * linear * errors[static_cast<std::size_t>(i)];
    if (i == 3) {
      CHECK(std::sqrt(variances[i]) < 0.2 * expected);
    } else {
      CHECK(std::sqrt(variances[i]) == Approx(expected).epsilon(1e-5));
    }
  }
}

TEST_CASE("errors that are no errors are not known, and huge ones are finite variances") {
  const std::vector<double> values = {1, 2, 3, 4, missing, 5};
  CHECK(condition_outputs(values, std::vector<double>{0, -1, missing, infinity, 1, -infinity})
            .errors.variances()
            .isZero(0));
  CHECK(condition_outputs(values, std::vector<double>{0, -1, missing, infinity, missing, 0})
            .errors.empty());
  CHECK(condition_outputs(std::vector<double>{2, 2}, std::vector<double>{1, 1}).errors.empty());

  const ConditionedOutputs out =
      condition_outputs(values, std::vector<double>{0, 1e308, 1e-320, 1, 1, 1e3});
  for (const double lambda : {-3.0, 0.0, 1.0, 2.0, 5.0}) {
    const Vector v = yeo_johnson(out.z, out.errors, lambda).variances();
    CHECK(v.allFinite());
    CHECK(v[0] == 0);
    CHECK(v[4] == 0);
    CHECK(v.maxCoeff() <= 1e6);
    CHECK(v[1] > v[3]);
  }
  const ConditionedOutputs tiny =
      condition_outputs(std::vector<double>{1e-310, 2e-310}, std::vector<double>{1e300, 1e-311});
  CHECK(tiny.errors.variances().allFinite());
}

TEST_CASE("a bad value with a large error reaches back to the others") {
  const std::vector<double> values = {0.1, 0.2, 0.3, 0.25, -1000};
  const ConditionedOutputs out = condition_outputs(values, std::vector<double>{0, 0, 0, 0, 1000});
  // Half the way: the slope of the compressed tail alone would say next to nothing.
  CHECK(std::sqrt(out.errors.variances()[4]) > 0.4 * (out.z[0] - out.z[4]));
}
