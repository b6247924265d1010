#include "search/parzen_estimator.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "search/parzen_kernels.hpp"
#include "space/codec.hpp"

namespace tunesmith {
namespace {

using Kind = ParzenSpace::Kind;

/// The latest trials, which count in full.
constexpr std::size_t full_weights = 25;
/// Stands for the logarithm of nothing.
constexpr float nothing = -1e30F;

float narrowest(std::size_t active) { return 1 / std::min(100.0F, static_cast<float>(active) + 2); }

/// From a normal truncated to [0, 1]. At least a third of the draws fall inside where the width is
/// at most 1.
double truncated_normal(double middle, double bandwidth, RandomStream& random) {
  for (;;) {
    const double at = middle + bandwidth * random.normal();
    if (at >= 0 && at <= 1) return at;
  }
}

/// Kernels of the rows, for picking theirs from an order of all rows; −1 elsewhere. Empty where
/// they are so few that sorting them is less work.
std::vector<int> kernels_of_rows(const ParzenColumns& columns, const std::vector<int>& rows) {
  if (rows.size() * 8 < columns.rows()) return {};
  std::vector<int> kernels(columns.rows(), -1);
  for (std::size_t k = 0; k < rows.size(); ++k)
    kernels[static_cast<std::size_t>(rows[k])] = static_cast<int>(k);
  return kernels;
}

/// The kernels active in a line coordinate, by place, of equals the earlier first.
std::vector<int> sorted_kernels(const ParzenColumns& columns, std::size_t coordinate,
                                const std::vector<int>& rows,
                                const std::vector<int>& kernel_of_row) {
  std::vector<int> sorted;
  sorted.reserve(rows.size());
  if (!kernel_of_row.empty()) {
    for (const int row : columns.order(coordinate)) {
      const int kernel = kernel_of_row[static_cast<std::size_t>(row)];
      if (kernel >= 0) sorted.push_back(kernel);
    }
    return sorted;
  }
  const auto at = [&](int kernel) {
    return columns.at(coordinate)[static_cast<std::size_t>(rows[static_cast<std::size_t>(kernel)])];
  };
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (at(static_cast<int>(k)) >= 0) sorted.push_back(static_cast<int>(k));
  std::stable_sort(sorted.begin(), sorted.end(), [&](int a, int b) { return at(a) < at(b); });
  return sorted;
}

}  // namespace

std::vector<float> neighbour_bandwidths(const std::vector<float>& sorted) {
  const std::size_t n = sorted.size();
  std::vector<float> bandwidths(n);
  const float least = narrowest(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float left = i > 0 ? sorted[i] - sorted[i - 1] : 0;
    const float right = i + 1 < n ? sorted[i + 1] - sorted[i] : 0;
    bandwidths[i] = std::clamp(std::max(left, right), least, 1.0F);
  }
  if (n == 1) bandwidths[0] = std::max({sorted[0], 1 - sorted[0], least});
  return bandwidths;
}

ParzenEstimator::ParzenEstimator(const ParzenSpace& space, const ParzenColumns& columns,
                                 const std::vector<int>& rows, bool fade)
    : space_(space), trials_(rows.size()) {
  padded_ = (trials_ + 1 + parzen_lanes - 1) / parzen_lanes * parzen_lanes;
  set_weights(fade);
  const std::size_t coordinates = space_.coordinates().size();
  axes_.resize(coordinates);
  std::vector<float> at(padded_);
  std::vector<float> width(padded_);
  const std::vector<int> kernel_of_row = kernels_of_rows(columns, rows);
  for (std::size_t i = 0; i < coordinates; ++i) {
    const ParzenSpace::Coordinate& coordinate = space_.coordinates()[i];
    std::fill(at.begin(), at.end(), ParzenSpace::inactive);
    std::fill(width.begin(), width.end(), 0.0F);
    for (std::size_t k = 0; k < trials_; ++k) {
      at[k] = columns.at(i)[static_cast<std::size_t>(rows[k])];
      if (coordinate.snaps) width[k] = columns.width(i)[static_cast<std::size_t>(rows[k])];
    }
    Axis& axis = axes_[i];
    if (coordinate.kind == Kind::line) {
      set_line(axis, at, width, sorted_kernels(columns, i, rows, kernel_of_row));
    } else if (coordinate.kind == Kind::table) {
      set_table(axis, at, coordinate.borders);
    } else {
      set_choice(axis, at, coordinate.values);
    }
    if (coordinate.conditional || axis.constant.empty()) continue;
    for (std::size_t k = 0; k < padded_; ++k) base_[k] += axis.constant[k];
    axis.constant.clear();
  }
}

void ParzenEstimator::set_weights(bool fade) {
  std::vector<double> weights(trials_ + 1, 1.0);
  if (fade && trials_ > full_weights) {
    const std::size_t older = trials_ - full_weights;
    const double first = 1.0 / static_cast<double>(trials_);
    for (std::size_t k = 0; k < older; ++k) {
      const double share = older > 1 ? static_cast<double>(k) / static_cast<double>(older - 1) : 0;
      weights[k] = first + (1 - first) * share;
    }
  }
  cumulative_.resize(trials_ + 1);
  std::partial_sum(weights.begin(), weights.end(), cumulative_.begin());
  base_.assign(padded_, nothing);
  for (std::size_t k = 0; k <= trials_; ++k)
    base_[k] = static_cast<float>(std::log(weights[k] / cumulative_.back()));
}

void ParzenEstimator::set_line(Axis& axis, const std::vector<float>& at,
                               const std::vector<float>& width, const std::vector<int>& sorted) {
  std::vector<float> places(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    places[i] = at[static_cast<std::size_t>(sorted[i])];
  const std::vector<float> bandwidths = neighbour_bandwidths(places);
  axis.middle = at;
  axis.bandwidth.assign(padded_, 0.0F);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto k = static_cast<std::size_t>(sorted[i]);
    // A kernel much narrower than its cell stands for the whole cell: the variance added gives its
    // middle about the density of a uniform one.
    const float variance = bandwidths[i] * bandwidths[i] + width[k] * width[k] / 6;
    axis.bandwidth[k] = width[k] > 0 ? std::min(std::sqrt(variance), 1.0F) : bandwidths[i];
  }
  axis.scale.resize(padded_);
  axis.constant.resize(padded_);
  parzen_kernels().line_constants(axis.middle.data(), axis.bandwidth.data(), padded_,
                                  axis.scale.data(), axis.constant.data());
}

void ParzenEstimator::set_table(Axis& axis, const std::vector<float>& at,
                                const std::vector<double>& borders) {
  const auto values = static_cast<int>(borders.size()) - 1;
  axis.cell.assign(padded_, values);
  axis.middle.assign(padded_, ParzenSpace::inactive);
  axis.bandwidth.assign(padded_, 0.0F);
  std::vector<char> met(static_cast<std::size_t>(values), 0);
  std::size_t active = 0;
  for (std::size_t k = 0; k < trials_; ++k) {
    if (!(at[k] >= 0)) continue;
    ++active;
    const auto cell = static_cast<std::size_t>(at[k]);
    met[cell] = 1;
    axis.cell[k] = static_cast<int>(cell);
    axis.middle[k] = static_cast<float>(0.5 * (borders[cell] + borders[cell + 1]));
  }
  // Trials share their places, so that distances to neighbours say little: all are equally wide.
  const float bandwidth = narrowest(active);
  for (std::size_t k = 0; k < trials_; ++k)
    if (at[k] >= 0) axis.bandwidth[k] = bandwidth;
  const auto row = static_cast<std::size_t>(values) + 1;
  axis.log_mass.assign(static_cast<std::size_t>(values) * row, 0.0F);
  for (std::size_t from = 0; from < met.size(); ++from) {
    if (met[from] == 0) continue;
    const double middle = 0.5 * (borders[from] + borders[from + 1]);
    const auto below = [&](std::size_t border) {
      return static_cast<double>(
          parzen_kernels().normal_cdf(static_cast<float>((borders[border] - middle) / bandwidth)));
    };
    const double all = below(row - 1) - below(0);
    // What is far away keeps a little mass, so that there is a logarithm.
    for (std::size_t to = 0; to < met.size(); ++to) {
      const double mass = (below(to + 1) - below(to)) / all;
      const double uniform = borders[to + 1] - borders[to];
      axis.log_mass[to * row + from] =
          static_cast<float>(std::log(std::max(mass, 0.0) + 1e-6 * uniform));
    }
  }
  for (std::size_t to = 0; to < met.size(); ++to)
    axis.log_mass[to * row + row - 1] = static_cast<float>(std::log(borders[to + 1] - borders[to]));
}

void ParzenEstimator::set_choice(Axis& axis, const std::vector<float>& at, int choices) {
  const auto active = static_cast<std::size_t>(
      std::count_if(at.begin(), at.end(), [](float place) { return place >= 0; }));
  const double a = 1.0 / static_cast<double>(active + 1);
  const double all = 1 + a * choices;
  axis.middle = at;
  axis.keep = 1 / all;
  axis.bonus = static_cast<float>(std::log((1 + a) / a));
  axis.constant.assign(padded_, static_cast<float>(-std::log(choices)));
  for (std::size_t k = 0; k < trials_; ++k)
    if (at[k] >= 0) axis.constant[k] = static_cast<float>(std::log(a / all));
}

ParzenPoint ParzenEstimator::draw(RandomStream& random) const {
  const double pick = random.uniform() * cumulative_.back();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), pick);
  const std::size_t kernel =
      std::min(static_cast<std::size_t>(found - cumulative_.begin()), trials_);
  const std::vector<ParzenSpace::Coordinate>& coordinates = space_.coordinates();
  ParzenPoint point{.at = std::vector<float>(coordinates.size()),
                    .unit = std::vector<double>(space_.space().dimension(), 0.5)};
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const double place = draw_place(axes_[i], kernel, coordinates[i], random);
    const ParzenSpace::Coordinate& c = coordinates[i];
    if (c.kind == Kind::line) {
      const double unit =
          c.snaps ? encode_value(*c.parameter, decode_value(*c.parameter, place)) : place;
      point.at[i] = static_cast<float>(unit);
      point.unit[c.unit] = unit;
    } else {
      point.at[i] = static_cast<float>(place);
      const auto value = static_cast<std::size_t>(place);
      point.unit[c.unit] = c.kind == Kind::table ? 0.5 * (c.borders[value] + c.borders[value + 1])
                                                 : (place + 0.5) / c.values;
    }
  }
  return point;
}

double ParzenEstimator::draw_place(const Axis& axis, std::size_t kernel,
                                   const ParzenSpace::Coordinate& coordinate,
                                   RandomStream& random) const {
  const float middle = axis.middle[kernel];
  if (coordinate.kind == Kind::choice) {
    if (middle >= 0 && random.uniform() < axis.keep) return static_cast<double>(middle);
    return static_cast<double>(random.below(static_cast<std::uint64_t>(coordinate.values)));
  }
  const float bandwidth = axis.bandwidth[kernel];
  const double at = bandwidth > 0 ? truncated_normal(static_cast<double>(middle),
                                                     static_cast<double>(bandwidth), random)
                                  : random.uniform();
  if (coordinate.kind == Kind::line) return at;
  const auto above =
      std::upper_bound(coordinate.borders.begin() + 1, coordinate.borders.end() - 1, at);
  return static_cast<double>(above - coordinate.borders.begin() - 1);
}

std::vector<double> ParzenEstimator::log_densities(const std::vector<ParzenPoint>& points) const {
  const std::vector<ParzenSpace::Coordinate>& coordinates = space_.coordinates();
  std::vector<ParzenTerm> terms(points.size() * coordinates.size());
  auto term = terms.begin();
  for (const ParzenPoint& point : points) {
    for (std::size_t i = 0; i < coordinates.size(); ++i, ++term) {
      if (point.at[i] < 0) continue;
      const Axis& axis = axes_[i];
      term->place = point.at[i];
      if (!axis.constant.empty()) term->constant = axis.constant.data();
      if (coordinates[i].kind == Kind::table) {
        const auto row = static_cast<std::size_t>(point.at[i]) * coordinates[i].borders.size();
        term->cell = axis.cell.data();
        term->log_mass = axis.log_mass.data() + row;
      } else {
        term->middle = axis.middle.data();
        term->bonus = axis.bonus;
        if (coordinates[i].kind == Kind::line) term->scale = axis.scale.data();
      }
    }
  }
  std::vector<ParzenSum> sums(points.size());
  parzen_kernels().sums(base_.data(), padded_, terms.data(), coordinates.size(), points.size(),
                        sums.data());
  std::vector<double> logs(points.size());
  std::transform(sums.begin(), sums.end(), logs.begin(), [](const ParzenSum& sum) {
    return static_cast<double>(sum.top) + std::log(static_cast<double>(sum.sum));
  });
  return logs;
}

}  // namespace tunesmith
