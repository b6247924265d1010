#include "surrogate/surrogate_model.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "surrogate/input_warp_choice.hpp"

namespace tunesmith {
namespace {

constexpr int few_rows = 30;
// Fewer hardly tell a bend from a lengthscale.
constexpr int fewest_rows_to_bend = 20;
constexpr int refit_always_below = 100;
constexpr Eigen::Index fit_rows = 300;
constexpr Eigen::Index start_rows = 100;
constexpr int cold_evaluations = 80;
constexpr int warm_evaluations = 30;

bool is_due(int rows, const std::optional<FittedState>& warm, bool refit_same_rows) {
  if (!warm) return true;
  if (rows == warm->rows && !refit_same_rows) return false;
  if (rows < refit_always_below) return true;
  return static_cast<double>(rows) >= 1.05 * warm->rows;
}

std::vector<Hyperparameters> fresh_starts(const HyperparameterPrior& prior, int groups) {
  Hyperparameters rough = prior.mode(groups);
  rough.log_weights.setConstant(-2 * std::log(0.2));
  Hyperparameters noisy = prior.mode(groups);
  noisy.log_noise = std::log(0.1);
  return {prior.mode(groups), rough, noisy};
}

constexpr std::string_view state_mark = "gp2";

void append_hex(std::string& text, double value) {
  std::array<char, 40> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::hex);
  text += ' ';
  text.append(buffer.data(), end.ptr);
}

std::optional<double> take_hex(std::string_view& text) {
  if (text.empty() || text.front() != ' ') return std::nullopt;
  text.remove_prefix(1);
  double value = 0;
  const auto end =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::hex);
  if (end.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
  return value;
}

// Outputs warped, with the variances that their errors become.
void warp(TrainingData& data, const Vector& y, const ErrorBars& errors, double lambda,
          const SurrogateOptions& options) {
  data.z = options.warp_outputs ? yeo_johnson(y, lambda) : y;
  data.extra_noise = (options.warp_outputs ? yeo_johnson(y, errors, lambda) : errors).variances();
}

}  // namespace

std::string FittedState::to_text() const {
  std::string text(state_mark);
  append_hex(text, static_cast<double>(rows));
  append_hex(text, lambda);
  const Vector theta = hyperparameters.to_vector();
  for (Eigen::Index i = 0; i < theta.size(); ++i) append_hex(text, theta[i]);
  for (const InputWarp::Bend& bend : input_warp.bends()) {
    append_hex(text, bend.first);
    append_hex(text, bend.second);
  }
  return text;
}

std::optional<FittedState> FittedState::from_text(std::string_view text, int groups) {
  if (text.substr(0, state_mark.size()) != state_mark) return std::nullopt;
  text.remove_prefix(state_mark.size());
  const std::optional<double> rows = take_hex(text);
  const std::optional<double> lambda = take_hex(text);
  if (!rows || !lambda) return std::nullopt;
  Vector theta(groups + 2);
  for (Eigen::Index i = 0; i < theta.size(); ++i) {
    const std::optional<double> value = take_hex(text);
    if (!value) return std::nullopt;
    theta[i] = *value;
  }
  std::vector<InputWarp::Bend> bends;
  while (!text.empty()) {
    const std::optional<double> first = take_hex(text);
    const std::optional<double> second = take_hex(text);
    if (!first || !second) return std::nullopt;
    bends.push_back({static_cast<int>(*first), static_cast<int>(*second)});
  }
  return FittedState{Hyperparameters::from_vector(theta), *lambda, static_cast<int>(*rows),
                     InputWarp(std::move(bends))};
}

SurrogateModel fit_surrogate_model(const KernelShape& shape, const Matrix& x, const Vector& y,
                                   const std::optional<FittedState>& warm,
                                   const SurrogateOptions& options) {
  const HyperparameterPrior prior = HyperparameterPrior::standard(options.parameters);
  const int rows = static_cast<int>(y.size());
  SurrogateModel model{{shape, x, y, Vector::Zero(options.errors.below.size())},
                       warm.value_or(FittedState{prior.mode(shape.groups), 1, rows})};
  const bool flat = y.cwiseAbs().sum() == 0;
  if (rows == 0 || flat) return model;
  const bool started = !warm && options.start_on_few_rows && rows > start_rows;
  if (started) {
    const std::vector<Eigen::Index> some = representative_rows(y, start_rows);
    SurrogateOptions of_some = options;
    of_some.errors = options.errors.at(some);
    model.state =
        fit_surrogate_model(shape, x(some, Eigen::all), y(some), std::nullopt, of_some).state;
  }
  model.data.shape.warp = model.state.input_warp;
  if (is_due(rows, warm, options.refit_same_rows)) {
    const std::vector<Eigen::Index> chosen = representative_rows(y, fit_rows);
    const Vector raw = y(chosen);
    const ErrorBars errors = options.errors.at(chosen);
    TrainingData data{model.data.shape, x(chosen, Eigen::all), raw, {}};
    const auto fit = [&](const std::vector<Hyperparameters>& starts, int evaluations) {
      if (options.warp_outputs) {
        warp(data, raw, errors, model.state.lambda, options);
        data.z = raw;
        model.state.lambda = choose_lambda(data, model.state.hyperparameters);
      }
      warp(data, raw, errors, model.state.lambda, options);
      model.state.hyperparameters =
          fit_hyperparameters(data, prior, starts, {evaluations}).hyperparameters;
    };
    const bool fresh = !started && (!warm || rows <= few_rows || rows % 10 == 0);
    std::vector<Hyperparameters> starts;
    if (fresh) starts = fresh_starts(prior, shape.groups);
    if (warm || started) starts.insert(starts.begin(), model.state.hyperparameters);
    fit(starts, fresh ? cold_evaluations : warm_evaluations);
    // Without a warm start the first exponent was chosen at the prior's mode: once more with what
    // was learnt.
    if (!warm && !started) fit({model.state.hyperparameters}, warm_evaluations);
    if (fresh && rows >= fewest_rows_to_bend) {
      InputWarp chosen_warp = choose_input_warp(data, prior, model.state.hyperparameters);
      if (chosen_warp.bends() != data.shape.warp.bends()) {
        model.state.input_warp = data.shape.warp = model.data.shape.warp = std::move(chosen_warp);
        fit({model.state.hyperparameters}, warm_evaluations);
      }
    }
    model.state.rows = rows;
  }
  warp(model.data, y, options.errors, model.state.lambda, options);
  return model;
}

std::vector<Eigen::Index> representative_rows(const Vector& y, Eigen::Index limit) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(y.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  if (y.size() <= limit) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return y[a] > y[b]; });
  const auto top = static_cast<std::ptrdiff_t>(limit / 4);
  std::vector<Eigen::Index> chosen(order.begin(), order.begin() + top);
  std::vector<Eigen::Index> rest(order.begin() + top, order.end());
  std::sort(rest.begin(), rest.end());
  const auto wanted = static_cast<std::size_t>(limit - top);
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(rest[i * rest.size() / wanted]);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace tunesmith
