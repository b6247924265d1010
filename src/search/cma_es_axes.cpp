#include "search/cma_es_axes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "space/codec.hpp"

namespace tunesmith {
namespace {

/// Cells narrower than 1/2^40 of a range make no difference.
constexpr std::uint64_t most_cells = std::uint64_t{1} << 40;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Folds the line into [0, 1] like a strip of paper.
double reflected(double x) {
  const double t = std::fmod(std::fabs(x), 2.0);
  return t > 1 ? 2 - t : t;
}

bool is_even(const Parameter& parameter) { return effective_scale(parameter) == Scale::linear; }

/// The smallest coordinate (up to rounding) between `from` and `to` whose value lies behind value
/// number `index`.
double upper_limit(const Parameter& parameter, std::uint64_t index, double from, double to) {
  while (to - from > 1e-15) {
    const double middle = (from + to) / 2;
    const auto there = parameter.index_of(decode_value(parameter, middle));
    (there.value_or(0) <= index ? from : to) = middle;
  }
  return to;
}

std::size_t share_at(double unit, std::size_t count) {
  const double share = std::floor(unit * static_cast<double>(count));
  return std::min(count - 1, static_cast<std::size_t>(std::max(share, 0.0)));
}

}  // namespace

CmaEsAxes::CmaEsAxes(const Space& space) : dimension_(space.dimension()) {
  std::size_t coordinate = 0;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    const std::size_t here = coordinate++;
    const std::uint64_t values = parameter.cardinality().value_or(0);
    if (values == 1) continue;
    if (parameter.type == ParameterType::categorical) {
      choices_.push_back({.coordinate = here, .count = static_cast<std::size_t>(values)});
    } else {
      numbers_.push_back({.parameter = &parameter,
                          .coordinate = here,
                          .values = values > most_cells ? 0 : values});
    }
  }
}

CmaEsAxes::Cell CmaEsAxes::cell_of(const Number& number, double x) {
  const double unit = std::clamp(x, 0.0, 1.0);
  const Parameter& parameter = *number.parameter;
  const double count = static_cast<double>(number.values);
  if (is_even(parameter)) {
    const double index = std::min(std::floor(unit * count), count - 1);
    return {.low = index == 0 ? -infinity : index / count,
            .high = index == count - 1 ? infinity : (index + 1) / count};
  }
  const Value value = decode_value(parameter, unit);
  const std::uint64_t index = parameter.index_of(value).value_or(0);
  const double here = encode_value(parameter, value);
  Cell cell{.low = -infinity, .high = infinity};
  if (index > 0) {
    const double below = encode_value(parameter, parameter.value_at(index - 1));
    cell.low = upper_limit(parameter, index - 1, below, here);
  }
  if (index + 1 < number.values) {
    const double above = encode_value(parameter, parameter.value_at(index + 1));
    cell.high = upper_limit(parameter, index, here, above);
  }
  return cell;
}

std::vector<double> CmaEsAxes::point(const Vector& x, std::span<const std::size_t> choices) const {
  std::vector<double> unit(dimension_, 0.5);
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const double at = x(static_cast<Eigen::Index>(i));
    unit[numbers_[i].coordinate] =
        numbers_[i].values == 0 ? reflected(at) : std::clamp(at, 0.0, 1.0);
  }
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    unit[choices_[i].coordinate] =
        (static_cast<double>(choices[i]) + 0.5) / static_cast<double>(choices_[i].count);
  }
  return unit;
}

Vector CmaEsAxes::numbers_at(const std::vector<double>& point) const {
  Vector x(static_cast<Eigen::Index>(numbers_.size()));
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    x(static_cast<Eigen::Index>(i)) = point[numbers_[i].coordinate];
  }
  return x;
}

std::vector<std::size_t> CmaEsAxes::choices_at(const std::vector<double>& point) const {
  std::vector<std::size_t> choices;
  choices.reserve(choices_.size());
  for (const Choice& choice : choices_) {
    choices.push_back(share_at(point[choice.coordinate], choice.count));
  }
  return choices;
}

}  // namespace tunesmith
