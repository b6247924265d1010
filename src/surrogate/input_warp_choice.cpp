#include "surrogate/input_warp_choice.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

namespace tunesmith {
namespace {

constexpr double least_gain = 1;
constexpr double prior_deviation = 0.75;
constexpr int sweeps = 2;

double log_prior(const std::vector<InputWarp::Bend>& bends) {
  const double unit = std::log(InputWarp::step) / prior_deviation;
  double sum = 0;
  for (const InputWarp::Bend& bend : bends)
    sum -= 0.5 * unit * unit * (bend.first * bend.first + bend.second * bend.second);
  return sum;
}

}  // namespace

InputWarp choose_input_warp(TrainingData data, const HyperparameterPrior& prior,
                            const Hyperparameters& hyperparameters) {
  const auto columns = static_cast<std::size_t>(data.shape.columns());
  std::vector<int> columns_of(static_cast<std::size_t>(data.shape.groups));
  for (const int group : data.shape.group_of_column) ++columns_of[static_cast<std::size_t>(group)];
  const Vector theta = hyperparameters.to_vector();
  Vector gradient;
  const auto worth = [&](const std::vector<InputWarp::Bend>& bends) {
    data.shape.warp = InputWarp(bends);
    return LogPosterior(data, prior)(theta, gradient) + log_prior(bends);
  };

  std::vector<InputWarp::Bend> best = data.shape.warp.bends();
  best.resize(columns);
  double most = worth(best);
  // Steps of one exponent while they gain; true where any did.
  const auto climb = [&](int InputWarp::Bend::*exponent, std::size_t column, int direction) {
    bool gained = false;
    while (std::abs(best[column].*exponent + direction) <= InputWarp::most) {
      std::vector<InputWarp::Bend> next = best;
      next[column].*exponent += direction;
      const double value = worth(next);
      if (value <= most + least_gain) break;
      most = value;
      best = next;
      gained = true;
    }
    return gained;
  };
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    bool gained = false;
    for (std::size_t c = 0; c < columns; ++c) {
      if (columns_of[static_cast<std::size_t>(data.shape.group_of_column[c])] > 1) continue;
      for (const auto exponent : {&InputWarp::Bend::first, &InputWarp::Bend::second})
        for (const int direction : {1, -1}) gained = climb(exponent, c, direction) || gained;
    }
    if (!gained) break;
  }
  return InputWarp(best);
}

}  // namespace tunesmith
