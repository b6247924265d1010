#include "surrogate/input_warp.hpp"

#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/input_warp_choice.hpp"
#include "surrogate/surrogate_model.hpp"

using namespace tunesmith;

namespace {

/// Wavelengths shrink towards the upper end of the first column; the second has no say.
TrainingData chirp(Eigen::Index rows, std::uint64_t seed) {
  const Matrix x = test::random_points(rows, 2, seed);
  const Vector z = (12 * x.col(0).array().pow(4)).sin();
  return {KernelShape::independent(2), x, z, {}};
}

}  // namespace

TEST_CASE("a warp keeps ends and order, and straight columns as they are") {
  const InputWarp warp({{2, -1}, {0, 0}});
  Matrix points(4, 2);
  points << 0, 0.1, 0.3, 0.2, 0.7, 0.3, 1, 0.4;
  const Matrix bent = warp(points);
  CHECK(bent(0, 0) == 0);
  CHECK(bent(3, 0) == 1);
  CHECK(bent(1, 0) < bent(2, 0));
  CHECK(bent(1, 0) != points(1, 0));
  CHECK(bent.col(1) == points.col(1));
  const double a = std::pow(1.6, 2);
  const double b = std::pow(1.6, -1);
  CHECK(bent(1, 0) == Approx(1 - std::pow(1 - std::pow(0.3, a), b)));
  CHECK(InputWarp({{0, 0}, {0, 0}}).bends().empty());
}

TEST_CASE("a warp's slopes are its derivatives") {
  const InputWarp warp({{2, -1}, {-3, 3}, {0, 0}});
  const Matrix points = test::random_points(20, 3, 91);
  const double h = 1e-7;
  const Matrix differences =
      (warp((points.array() + h).matrix()) - warp((points.array() - h).matrix())) / (2 * h);
  const Matrix slopes = warp.slopes(points);
  for (Eigen::Index i = 0; i < points.size(); ++i)
    CHECK(slopes(i) == Approx(differences(i)).epsilon(1e-5).margin(1e-8));
}

TEST_CASE("a bent process has the posterior of bent data, and its gradient by what is not bent") {
  TrainingData data = test::random_data(25, 3, 92);
  const Hyperparameters h = test::some_hyperparameters(3);
  TrainingData bent = data;
  data.shape.warp = InputWarp({{2, 0}, {0, -2}, {1, 1}});
  bent.x = data.shape.warp(data.x);
  const GaussianProcess process(data, h);
  const Matrix points = test::random_points(6, 3, 93);
  const Prediction prediction = process.predict(points);
  const Prediction same = GaussianProcess(bent, h).predict(data.shape.warp(points));
  CHECK(prediction.mean == same.mean);
  CHECK(prediction.deviation == same.deviation);

  const Matrix by_mean = test::random_points(6, 1, 94);
  const Vector by_deviation = test::random_points(6, 1, 95).col(0);
  const Matrix gradient = process.pull_back(prediction, by_mean, by_deviation);
  const double step = 1e-6;
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    for (Eigen::Index c = 0; c < points.cols(); ++c) {
      Matrix up = points;
      Matrix down = points;
      up(i, c) += step;
      down(i, c) -= step;
      const Prediction above = process.predict(up);
      const Prediction below = process.predict(down);
      const double difference = (by_mean(i, 0) * (above.mean(i, 0) - below.mean(i, 0)) +
                                 by_deviation[i] * (above.deviation[i] - below.deviation[i])) /
                                (2 * step);
      CHECK(gradient(i, c) == Approx(difference).epsilon(1e-4).margin(1e-7));
    }
}

TEST_CASE(
    "what varies faster at one end is bent there; what is as fast everywhere stays straight") {
  const HyperparameterPrior prior = HyperparameterPrior::standard(2);
  const TrainingData fast_above = chirp(60, 96);
  const Hyperparameters fitted =
      fit_hyperparameters(fast_above, prior, {prior.mode(2)}, {80}).hyperparameters;
  const InputWarp warp = choose_input_warp(fast_above, prior, fitted);
  REQUIRE(warp.bends().size() == 2);
  CHECK(warp.bends()[1] == InputWarp::Bend{});
  Matrix ends(2, 2);
  ends << 0.1, 0.5, 0.9, 0.5;
  const Matrix slopes = warp.slopes(ends);
  CHECK(slopes(1, 0) > 2 * slopes(0, 0));

  TrainingData even = fast_above;
  even.z = (6 * even.x.col(0).array()).sin();
  const Hyperparameters straight =
      fit_hyperparameters(even, prior, {prior.mode(2)}, {80}).hyperparameters;
  CHECK(choose_input_warp(even, prior, straight).bends().empty());
}

TEST_CASE("a bent model predicts better, and its state keeps the bends") {
  const TrainingData data = chirp(30, 97);
  const TrainingData unseen = chirp(200, 98);
  const SurrogateOptions options{.warp_outputs = false, .parameters = 2};
  const SurrogateModel model = fit_surrogate_model(data.shape, data.x, data.z, {}, options);
  REQUIRE_FALSE(model.state.input_warp.bends().empty());
  const auto error = [&](const TrainingData& known, const Hyperparameters& h) {
    return (GaussianProcess(known, h).predict(unseen.x).mean.col(0) - unseen.z).norm();
  };
  const HyperparameterPrior prior = HyperparameterPrior::standard(2);
  const Hyperparameters straight =
      fit_hyperparameters(data, prior, {prior.mode(2)}, {80}).hyperparameters;
  CHECK(error(model.data, model.state.hyperparameters) < 0.7 * error(data, straight));

  const std::optional<FittedState> back = FittedState::from_text(model.state.to_text(), 2);
  REQUIRE(back);
  CHECK(back->input_warp.bends() == model.state.input_warp.bends());
}
