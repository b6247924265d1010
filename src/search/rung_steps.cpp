#include "search/rung_steps.hpp"

#include <algorithm>
#include <cmath>

namespace tunesmith {
namespace {

/// Pairs that are made up: with fewer real ones than this they say more.
constexpr double made_up = 3;
/// Their deviation from the line, in deviations of the values at the rung.
constexpr double made_up_deviation = 0.5;
/// Values further from the middle than this many middle deviations are taken to be as far: one that
/// diverged would bend every line.
constexpr double far = 5;

double middle(std::vector<double> values) {
  const auto at = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// The median and the mean distance that half of the values keep from it, as a deviation.
std::pair<double, double> robust_spread(const std::vector<double>& values) {
  const double centre = middle(values);
  std::vector<double> distances;
  for (const double value : values) distances.push_back(std::abs(value - centre));
  // The median distance of a normal's values is 0.6745 deviations.
  return {centre, middle(std::move(distances)) / 0.6745};
}

}  // namespace

RungSteps::RungSteps(const std::vector<std::vector<double>>& values) {
  std::vector<std::vector<double>> by_rung;
  for (const std::vector<double>& trial : values) {
    if (by_rung.size() < trial.size()) by_rung.resize(trial.size());
    for (std::size_t rung = 0; rung < trial.size(); ++rung) by_rung[rung].push_back(trial[rung]);
  }
  for (const std::vector<double>& at_rung : by_rung) counts_.push_back(at_rung.size());
  for (std::size_t rung = 0; rung + 1 < by_rung.size(); ++rung) {
    const auto [centre, spread] = robust_spread(by_rung[rung]);
    const auto [centre_after, spread_after] = robust_spread(by_rung[rung + 1]);
    const auto near = [](double value, double to, double by) {
      return by > 0 ? std::clamp(value, to - far * by, to + far * by) : value;
    };
    std::vector<std::pair<double, double>> pairs;
    Step step;
    for (const std::vector<double>& trial : values) {
      if (trial.size() < rung + 2) continue;
      pairs.emplace_back(near(trial[rung], centre, spread),
                         near(trial[rung + 1], centre_after, std::max(spread_after, spread)));
      step.centre += pairs.back().first;
      step.centre_after += pairs.back().second;
    }
    const auto count = static_cast<double>(pairs.size());
    step.centre /= count;
    step.centre_after /= count;
    const double of_made_up = made_up * spread * spread;
    double squares = of_made_up;
    double products = of_made_up;
    for (const auto& [a, b] : pairs) {
      squares += (a - step.centre) * (a - step.centre);
      products += (a - step.centre) * (b - step.centre_after);
    }
    step.slope = squares > 0 ? std::max(products / squares, 0.0) : 1;
    double errors = made_up * made_up_deviation * made_up_deviation * spread * spread;
    for (const auto& [a, b] : pairs) {
      const double error = b - step.centre_after - step.slope * (a - step.centre);
      errors += error * error;
    }
    step.deviation = std::sqrt(errors / (made_up + count));
    steps_.push_back(step);
  }
}

RungSteps::Expected RungSteps::at(std::size_t from, double value, std::size_t to) const {
  double variance = 0;
  for (std::size_t rung = from; rung < to; ++rung) {
    const Step& step = steps_[rung];
    value = step.centre_after + step.slope * (value - step.centre);
    variance = step.slope * step.slope * variance + step.deviation * step.deviation;
  }
  return {value, std::sqrt(variance)};
}

}  // namespace tunesmith
