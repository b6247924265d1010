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
  const KernelShape shape = KernelShape::independent(2);
  CHECK(choose_lambda(shape, x, smooth, h) == Approx(1).margin(0.4));

  Vector skewed(80);
  for (Eigen::Index i = 0; i < 80; ++i) skewed[i] = -std::exp(-2 * smooth[i]);
  const double lambda = choose_lambda(shape, x, standardised(skewed), h);
  CHECK(lambda > 2);
}
