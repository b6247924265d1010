#include "search/parzen_estimator.hpp"

#include <algorithm>
#include <cmath>

#include "search/parzen_kernels.hpp"

namespace tunesmith {
namespace {

using Kind = ParzenSpace::Kind;

/// The latest trials, which count in full.
constexpr std::size_t full_weights = 25;
/// Stands for the logarithm of nothing.
constexpr float nothing = -1e30F;

float narrowest(std::size_t active) { return 1 / std::min(100.0F, static_cast<float>(active) + 2); }

/// From a normal truncated to [0, 1], by rejection: of normal draws where it is narrow, of uniform
/// ones where it is wide. At least two in five are taken, nearly all of the widest.
double truncated_normal(double middle, double bandwidth, RandomStream& random) {
  constexpr double wide = 0.4;
  for (;;) {
    if (bandwidth < wide) {
      const double at = middle + bandwidth * random.normal();
      if (at >= 0 && at <= 1) return at;
    } else {
      const double at = random.uniform();
      const double z = (at - middle) / bandwidth;
      if (random.uniform() < std::exp(-0.5 * z * z)) return at;
    }
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

/// Makes `sorted` the kernels active in a line coordinate, by place, of equals the earlier first.
void sort_kernels(const ParzenColumns& columns, std::size_t coordinate,
                  const std::vector<int>& rows, const std::vector<int>& kernel_of_row,
                  std::vector<int>& sorted) {
  std::size_t count = 0;
  if (!kernel_of_row.empty()) {
    // Which rows have kernels cannot be foreseen: written without a branch.
    sorted.resize(columns.order(coordinate).size());
    for (const int row : columns.order(coordinate)) {
      const int kernel = kernel_of_row[static_cast<std::size_t>(row)];
      sorted[count] = kernel;
      count += kernel >= 0 ? 1U : 0U;
    }
    sorted.resize(count);
    return;
  }
  const float* column = columns.at(coordinate).data();
  const auto at = [&](int kernel) { return column[rows[static_cast<std::size_t>(kernel)]]; };
  sorted.clear();
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (at(static_cast<int>(k)) >= 0) sorted.push_back(static_cast<int>(k));
  std::sort(sorted.begin(), sorted.end(),
            [&](int a, int b) { return at(a) != at(b) ? at(a) < at(b) : a < b; });
}

}  // namespace

void neighbour_bandwidths(const std::vector<float>& sorted, std::vector<float>& bandwidths) {
  const std::size_t n = sorted.size();
  bandwidths.assign(n, 1.0F);
  const float least = narrowest(n);
  const auto within = [least](float b) { return std::min(std::max(b, least), 1.0F); };
  if (n == 1) bandwidths[0] = within(std::max(sorted[0], 1 - sorted[0]));
  if (n < 2) return;
  bandwidths[0] = within(sorted[1] - sorted[0]);
  for (std::size_t i = 1; i + 1 < n; ++i)
    bandwidths[i] = within(std::max(sorted[i] - sorted[i - 1], sorted[i + 1] - sorted[i]));
  bandwidths[n - 1] = within(sorted[n - 1] - sorted[n - 2]);
}

ParzenEstimator::ParzenEstimator(const ParzenSpace& space, const ParzenColumns& columns,
                                 const std::vector<int>& rows, bool fade)
    : space_(space), trials_(rows.size()) {
  padded_ = (trials_ + 1 + parzen_lanes - 1) / parzen_lanes * parzen_lanes;
  lay_out();
  set_weights(fade);
  const std::vector<int> kernel_of_row = kernels_of_rows(columns, rows);
  Sorted sorted;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const ParzenSpace::Coordinate& coordinate = space_.coordinates()[i];
    Axis& axis = axes_[i];
    float* middle = &floats_[axis.middle];
    const std::vector<float>& at = columns.at(i);
    for (std::size_t k = 0; k < trials_; ++k) middle[k] = at[static_cast<std::size_t>(rows[k])];
    std::fill(middle + trials_, middle + padded_, ParzenSpace::inactive);
    if (coordinate.kind == Kind::line) {
      sort_kernels(columns, i, rows, kernel_of_row, sorted.kernels);
      set_line(axis, coordinate, sorted, columns.width(i), rows);
    } else if (coordinate.kind == Kind::table) {
      set_table(axis, coordinate);
    } else {
      set_choice(axis, coordinate.values);
    }
  }
}

void ParzenEstimator::lay_out() {
  std::size_t floats = padded_;
  std::size_t cells = 0;
  axes_.reserve(space_.coordinates().size());
  const auto take = [&](std::size_t& array) {
    array = floats;
    floats += padded_;
  };
  for (const ParzenSpace::Coordinate& coordinate : space_.coordinates()) {
    Axis& axis = axes_.emplace_back();
    take(axis.middle);
    if (coordinate.kind != Kind::choice) take(axis.bandwidth);
    if (coordinate.kind == Kind::line) take(axis.scale);
    if (coordinate.kind == Kind::table) {
      axis.cell = cells;
      cells += padded_;
    } else if (coordinate.conditional) {
      take(axis.constant);
    }
  }
  floats_.resize(floats);
  cells_.resize(cells);
}

void ParzenEstimator::set_weights(bool fade) {
  std::fill_n(floats_.begin(), trials_ + 1, 1.0F);
  if (fade && trials_ > full_weights) {
    const std::size_t older = trials_ - full_weights;
    const float first = 1 / static_cast<float>(trials_);
    const float rise = older > 1 ? (1 - first) / static_cast<float>(older - 1) : 0;
    for (std::size_t k = 0; k < older; ++k) floats_[k] = first + rise * static_cast<float>(k);
  }
  cumulative_.resize(trials_ + 1);
  double sum = 0;
  for (std::size_t k = 0; k <= trials_; ++k) {
    sum += static_cast<double>(floats_[k]);
    cumulative_[k] = sum;
  }
  for (std::size_t k = trials_ + 1; k < padded_; ++k) floats_[k] = 1;
  parzen_kernels().logarithms(floats_.data(), padded_);
  const auto all = static_cast<float>(std::log(sum));
  for (std::size_t k = 0; k <= trials_; ++k) floats_[k] -= all;
  std::fill(floats_.begin() + static_cast<std::ptrdiff_t>(trials_) + 1,
            floats_.begin() + static_cast<std::ptrdiff_t>(padded_), nothing);
}

void ParzenEstimator::set_line(const Axis& axis, const ParzenSpace::Coordinate& coordinate,
                               Sorted& sorted, const std::vector<float>& width,
                               const std::vector<int>& rows) {
  float* middle = &floats_[axis.middle];
  float* bandwidth = &floats_[axis.bandwidth];
  const std::size_t active = sorted.kernels.size();
  sorted.places.resize(active);
  for (std::size_t i = 0; i < active; ++i)
    sorted.places[i] = middle[static_cast<std::size_t>(sorted.kernels[i])];
  neighbour_bandwidths(sorted.places, sorted.bandwidths);
  for (std::size_t i = 0; i < active; ++i)
    bandwidth[static_cast<std::size_t>(sorted.kernels[i])] = sorted.bandwidths[i];
  // A kernel much narrower than its cell stands for the whole cell: the variance added gives its
  // middle about the density of a uniform one.
  for (std::size_t k = 0; coordinate.snaps && k < trials_; ++k) {
    const float cell = width[static_cast<std::size_t>(rows[k])];
    if (bandwidth[k] > 0)
      bandwidth[k] = std::min(std::sqrt(bandwidth[k] * bandwidth[k] + cell * cell / 6), 1.0F);
  }
  middle[trials_] = 0.5F;
  bandwidth[trials_] = 1;
  parzen_kernels().line_constants(middle, bandwidth, padded_, &floats_[axis.scale],
                                  &floats_[axis.constant]);
}

void ParzenEstimator::set_table(Axis& axis, const ParzenSpace::Coordinate& coordinate) {
  const std::vector<double>& borders = coordinate.borders;
  const std::size_t values = borders.size() - 1;
  int* cell = &cells_[axis.cell];
  float* middle = &floats_[axis.middle];
  float* bandwidth = &floats_[axis.bandwidth];
  std::vector<char> met(values, 0);
  std::size_t active = 0;
  for (std::size_t k = 0; k < padded_; ++k) {
    cell[k] = static_cast<int>(values);
    if (!(middle[k] >= 0)) continue;
    ++active;
    const auto value = static_cast<std::size_t>(middle[k]);
    met[value] = 1;
    cell[k] = static_cast<int>(value);
    middle[k] = static_cast<float>(coordinate.middle_of(value));
  }
  // Trials share their places, so that distances to neighbours say little: all are equally wide.
  const float width = narrowest(active);
  for (std::size_t k = 0; k < trials_; ++k) bandwidth[k] = middle[k] >= 0 ? width : 0.0F;
  const std::size_t row = values + 1;
  axis.log_mass.assign(values * row, 0.0F);
  std::vector<double> below(row);
  for (std::size_t from = 0; from < values; ++from) {
    if (met[from] == 0) continue;
    const double centre = coordinate.middle_of(from);
    for (std::size_t i = 0; i < row; ++i)
      below[i] = static_cast<double>(
          parzen_kernels().normal_cdf(static_cast<float>(borders[i] - centre) / width));
    const double all = below[values] - below[0];
    // What is far away keeps a little mass, so that there is a logarithm.
    for (std::size_t to = 0; to < values; ++to)
      axis.log_mass[to * row + from] =
          static_cast<float>(std::log(std::max((below[to + 1] - below[to]) / all, 1e-7)));
  }
  for (std::size_t to = 0; to < values; ++to)
    axis.log_mass[to * row + values] = static_cast<float>(std::log(borders[to + 1] - borders[to]));
}

void ParzenEstimator::set_choice(Axis& axis, int choices) {
  const float* middle = &floats_[axis.middle];
  const auto active = static_cast<std::size_t>(
      std::count_if(middle, middle + trials_, [](float place) { return place >= 0; }));
  const double a = 1.0 / static_cast<double>(active + 1);
  const double all = 1 + a * choices;
  axis.keep = 1 / all;
  axis.bonus = static_cast<float>(std::log((1 + a) / a));
  const auto other = static_cast<float>(std::log(a / all));
  const auto uniform = static_cast<float>(-std::log(choices));
  float* constant = &floats_[axis.constant];
  for (std::size_t k = 0; k < padded_; ++k) constant[k] += middle[k] >= 0 ? other : uniform;
}

void ParzenEstimator::draw(RandomStream& random, ParzenPoint& point) const {
  const double pick = random.uniform() * cumulative_.back();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), pick);
  const std::size_t kernel =
      std::min(static_cast<std::size_t>(found - cumulative_.begin()), trials_);
  const std::vector<ParzenSpace::Coordinate>& coordinates = space_.coordinates();
  point.at.resize(coordinates.size());
  point.unit.assign(space_.space().dimension(), 0.5);
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const ParzenSpace::Coordinate& c = coordinates[i];
    double place = draw_place(i, kernel, random);
    if (c.kind == Kind::line) {
      if (c.snaps) place = c.snapped(place);
      point.unit[c.unit] = place;
    } else if (c.kind == Kind::table) {
      point.unit[c.unit] = c.middle_of(static_cast<std::size_t>(place));
    } else {
      point.unit[c.unit] = (place + 0.5) / c.values;
    }
    point.at[i] = static_cast<float>(place);
  }
}

double ParzenEstimator::draw_place(std::size_t i, std::size_t kernel, RandomStream& random) const {
  const ParzenSpace::Coordinate& coordinate = space_.coordinates()[i];
  const auto middle = static_cast<double>(floats_[axes_[i].middle + kernel]);
  if (coordinate.kind == Kind::choice) {
    if (middle >= 0 && random.uniform() < axes_[i].keep) return middle;
    return static_cast<double>(random.below(static_cast<std::uint64_t>(coordinate.values)));
  }
  const auto width = static_cast<double>(bandwidth(i, kernel));
  const double at = width > 0 ? truncated_normal(middle, width, random) : random.uniform();
  if (coordinate.kind == Kind::line) return at;
  return static_cast<double>(coordinate.cell_at(at));
}

std::vector<double> ParzenEstimator::log_densities(const std::vector<ParzenPoint>& points) const {
  const std::vector<ParzenSpace::Coordinate>& coordinates = space_.coordinates();
  std::vector<ParzenTerm> terms(coordinates.size());
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const Axis& axis = axes_[i];
    if (axis.constant > 0) terms[i].constant = &floats_[axis.constant];
    if (coordinates[i].kind == Kind::table) {
      terms[i].cell = &cells_[axis.cell];
      terms[i].log_mass = axis.log_mass.data();
      terms[i].row = coordinates[i].borders.size();
    } else {
      terms[i].middle = &floats_[axis.middle];
      terms[i].bonus = axis.bonus;
      if (coordinates[i].kind == Kind::line) terms[i].scale = &floats_[axis.scale];
    }
  }
  std::vector<float> places(points.size() * terms.size());
  for (std::size_t p = 0; p < points.size(); ++p)
    std::copy_n(points[p].at.begin(), terms.size(),
                places.begin() + static_cast<std::ptrdiff_t>(p * terms.size()));
  std::vector<ParzenSum> sums(points.size());
  parzen_kernels().sums(floats_.data(), padded_, terms.data(), terms.size(), places.data(),
                        points.size(), sums.data());
  std::vector<double> logs(points.size());
  std::transform(sums.begin(), sums.end(), logs.begin(), [](const ParzenSum& sum) {
    return static_cast<double>(sum.top) + std::log(static_cast<double>(sum.sum));
  });
  return logs;
}

}  // namespace tunesmith
