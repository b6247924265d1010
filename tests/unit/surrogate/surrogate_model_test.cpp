#include "surrogate/surrogate_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "support.hpp"
#include "support/catch.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/output_transform.hpp"

using namespace tunesmith;

namespace {

SurrogateModel fit(const Matrix& x, const std::vector<double>& values,
                   const std::optional<FittedState>& warm = {}) {
  const auto columns = static_cast<int>(x.cols());
  return fit_surrogate_model(KernelShape::independent(columns), x, condition_outputs(values).z,
                             warm, {.parameters = static_cast<double>(columns)});
}

std::vector<double> smooth_values(const Matrix& x, double scale = 1, double shift = 0) {
  std::vector<double> values;
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    values.push_back(shift - scale * (std::pow(x(i, 0) - 0.3, 2) + 2 * std::pow(x(i, 1) - 0.6, 2)));
  return values;
}

}  // namespace

TEST_CASE("the model of a bowl has its maximum in the bowl") {
  const Matrix x = test::random_points(25, 2, 71);
  const SurrogateModel model = fit(x, smooth_values(x));
  const GaussianProcess process(model.data, model.state.hyperparameters);
  Matrix points(3, 2);
  points << 0.3, 0.6, 0.5, 0.6, 0.3, 0.2;
  const Prediction p = process.predict(points);
  CHECK(p.mean(0, 0) > p.mean(1, 0));
  CHECK(p.mean(0, 0) > p.mean(2, 0));
}

TEST_CASE("affine maps of the outputs leave the model as it is") {
  const Matrix x = test::random_points(25, 2, 72);
  const SurrogateModel a = fit(x, smooth_values(x));
  const SurrogateModel b = fit(x, smooth_values(x, 1e6, -3));
  CHECK((a.data.z - b.data.z).cwiseAbs().maxCoeff() < 1e-4);
  CHECK((a.state.hyperparameters.to_vector() - b.state.hyperparameters.to_vector())
            .cwiseAbs()
            .maxCoeff() < 1e-2);
}

TEST_CASE("a state survives its text bit for bit, and other texts are refused") {
  const Matrix x = test::random_points(15, 2, 73);
  const FittedState state = fit(x, smooth_values(x)).state;
  const std::string text = state.to_text();
  const std::optional<FittedState> back = FittedState::from_text(text, 2);
  REQUIRE(back);
  CHECK(back->hyperparameters.to_vector() == state.hyperparameters.to_vector());
  CHECK(back->lambda == state.lambda);
  CHECK(back->rows == 15);
  CHECK_FALSE(FittedState::from_text(text, 3));
  CHECK_FALSE(FittedState::from_text(text, 1));
  CHECK_FALSE(FittedState::from_text("", 2));
  CHECK_FALSE(FittedState::from_text("gp1 1p+3 nan 0 0 0 0", 2));
}

TEST_CASE("degenerate data give finite models") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Matrix x = test::random_points(6, 2, 74);
  x.col(1).setConstant(0.5);
  x.row(3) = x.row(2);
  const std::vector<std::vector<double>> table{
      {1, 1, 1, 1, 1, 1},         {nan, nan, nan, nan, nan, nan},
      {nan, 1, nan, nan, 2, nan}, {1e300, -1e300, 0, 1, 5, 1e299},
      {0, 0, 1, -1, 0, 0},        {1e-310, 0, 0, 2e-310, 0, 0}};
  for (const std::vector<double>& values : table) {
    const SurrogateModel model = fit(x, values);
    CHECK(model.data.z.allFinite());
    CHECK(model.state.hyperparameters.to_vector().allFinite());
    const Prediction p =
        GaussianProcess(model.data, model.state.hyperparameters).predict(Matrix::Zero(1, 2));
    CHECK(std::isfinite(p.mean(0, 0)));
    CHECK(p.deviation[0] > 0);
  }
  CHECK(fit(Matrix(0, 2), {}).data.z.size() == 0);
  CHECK(fit(x.topRows(1), {3}).data.z == Vector::Zero(1));
}

TEST_CASE("between refits the hyperparameters stay") {
  const Matrix x = test::random_points(121, 2, 75);
  const std::vector<double> values = smooth_values(x);
  const auto first = [&](Eigen::Index n, const std::optional<FittedState>& warm) {
    return fit(x.topRows(n), {values.begin(), values.begin() + n}, warm).state;
  };
  const FittedState at_110 = first(110, {});
  CHECK(at_110.rows == 110);
  const FittedState at_114 = first(114, at_110);
  CHECK(at_114.rows == 110);
  CHECK(at_114.hyperparameters.to_vector() == at_110.hyperparameters.to_vector());
  CHECK(first(116, at_110).rows == 116);
}

TEST_CASE("a first fit that starts on few rows comes to much the same") {
  const int rows = 150;
  Matrix x(rows, 2);
  std::vector<double> values;
  for (int i = 0; i < rows; ++i) {
    x(i, 0) = std::fmod(0.618034 * i, 1);
    x(i, 1) = std::fmod(0.754878 * i, 1);
    values.push_back(std::sin(6 * x(i, 0)) + x(i, 1));
  }
  const Vector y = condition_outputs(values).z;
  const auto fit = [&](bool few) {
    return fit_surrogate_model(KernelShape::independent(2), x, y, std::nullopt,
                               {.parameters = 2, .start_on_few_rows = few});
  };
  const SurrogateModel on_few = fit(true);
  const SurrogateModel on_all = fit(false);
  CHECK(on_few.state.rows == rows);
  CHECK(on_few.data.z.size() == rows);
  const Vector apart =
      on_few.state.hyperparameters.log_weights - on_all.state.hyperparameters.log_weights;
  CHECK(apart.cwiseAbs().maxCoeff() < 1);
}

TEST_CASE("the rows that stand for all contain the best ones") {
  const Vector y = Vector::LinSpaced(1000, 5, -5);
  const std::vector<Eigen::Index> rows = representative_rows(y, 100);
  REQUIRE(rows.size() == 100);
  CHECK(std::is_sorted(rows.begin(), rows.end()));
  CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
  for (std::size_t i = 0; i < 25; ++i) CHECK(rows[i] == static_cast<Eigen::Index>(i));
  CHECK(rows.back() > 950);
  CHECK(representative_rows(y, 2000).size() == 1000);
}
