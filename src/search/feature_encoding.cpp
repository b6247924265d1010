#include "search/feature_encoding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/random.hpp"
#include "space/codec.hpp"

namespace tunesmith {
namespace {

constexpr std::uint64_t few_values = 16;
constexpr double root_half = 0.70710678118654752440;

FeatureEncoding::Kind kind_of(const Parameter& parameter) {
  const auto count = parameter.cardinality();
  if (count == 1) return FeatureEncoding::Kind::constant;
  if (parameter.type == ParameterType::categorical) return FeatureEncoding::Kind::choice;
  if (count && *count <= few_values) return FeatureEncoding::Kind::stepped;
  const bool every_double = parameter.type == ParameterType::floating && !(parameter.step > 0);
  return every_double ? FeatureEncoding::Kind::real : FeatureEncoding::Kind::rounded;
}

// A block of two choices that is always active tells by itself whether its child is active.
bool shown_by_parent(const Space& space, const std::vector<Condition>& when) {
  if (when.size() != 1) return false;
  const Parameter* parent = space.find(when.front().parent);
  return parent != nullptr && parent->when.empty() && parent->cardinality() == 2;
}

}  // namespace

FeatureEncoding::FeatureEncoding(const Space& space) : space_(space) {
  const auto add_column = [&](int group) {
    shape_.group_of_column.push_back(group);
    return static_cast<Eigen::Index>(shape_.group_of_column.size()) - 1;
  };
  std::vector<const std::vector<Condition>*> conditions;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    Coordinate c;
    c.parameter = &parameter;
    c.kind = kind_of(parameter);
    const std::uint64_t count = parameter.cardinality().value_or(0);
    const bool conditional = !parameter.when.empty();
    conditional_ = conditional_ || conditional;
    if (c.kind == Kind::choice || c.kind == Kind::stepped || c.kind == Kind::constant) {
      for (std::uint64_t i = 0; i < count; ++i)
        c.levels.push_back(encode_value(parameter, parameter.value_at(i)));
    }
    if (c.kind == Kind::choice) {
      // Inactive is one choice more.
      const auto choices = static_cast<Eigen::Index>(count) + (conditional ? 1 : 0);
      c.columns = choices == 2 ? 1 : choices;
    } else if (c.kind != Kind::constant) {
      c.columns = 1;
    }
    if (c.columns > 0) {
      c.group = shape_.groups++;
      c.column = shape_.columns();
      for (Eigen::Index k = 0; k < c.columns; ++k) add_column(c.group);
      ++parameters_;
    }
    has_reals_ = has_reals_ || c.kind == Kind::real;
    const bool known = std::any_of(conditions.begin(), conditions.end(),
                                   [&](const auto* when) { return *when == parameter.when; });
    if (conditional && !known && !shown_by_parent(space, parameter.when)) {
      conditions.push_back(&parameter.when);
      activities_.push_back({coordinates_.size(), add_column(shape_.groups++)});
    }
    coordinates_.push_back(std::move(c));
  }
}

double FeatureEncoding::snapped(const Coordinate& c, double unit) const {
  const double u = std::clamp(unit, 0.0, 1.0);
  if (c.kind == Kind::real) return u;
  return encode_value(*c.parameter, decode_value(*c.parameter, u));
}

Point FeatureEncoding::canonical(Point point) const {
  std::vector<bool> active(coordinates_.size(), true);
  if (conditional_) {
    for (Eigen::Index i = 0; i < point.size(); ++i)
      if (point[i] < 0) point[i] = 0.5;
    const Configuration configuration = configuration_at(point);
    for (std::size_t i = 0; i < coordinates_.size(); ++i)
      active[i] = configuration.contains(coordinates_[i].parameter->name);
  }
  for (std::size_t i = 0; i < coordinates_.size(); ++i) {
    double& u = point[static_cast<Eigen::Index>(i)];
    u = active[i] ? snapped(coordinates_[i], u) : inactive_coordinate;
  }
  return point;
}

Point FeatureEncoding::point_of(const Configuration& configuration) const {
  Point point(static_cast<Eigen::Index>(coordinates_.size()));
  for (std::size_t i = 0; i < coordinates_.size(); ++i) {
    const Value* value = configuration.find(coordinates_[i].parameter->name);
    point[static_cast<Eigen::Index>(i)] =
        value == nullptr ? inactive_coordinate : encode_value(*coordinates_[i].parameter, *value);
  }
  return point;
}

Configuration FeatureEncoding::configuration_at(const Point& point) const {
  return space_.decode({point.data(), static_cast<std::size_t>(point.size())});
}

bool FeatureEncoding::admits(const Point& point) const {
  return space_.constraints().empty() || space_.satisfies(configuration_at(point));
}

Matrix FeatureEncoding::features(const std::vector<Point>& points) const {
  Matrix x = Matrix::Zero(static_cast<Eigen::Index>(points.size()), shape_.columns());
  for (Eigen::Index row = 0; row < x.rows(); ++row) {
    const Point& point = points[static_cast<std::size_t>(row)];
    for (std::size_t i = 0; i < coordinates_.size(); ++i) {
      const Coordinate& c = coordinates_[i];
      if (c.columns == 0) continue;
      const double u = point[static_cast<Eigen::Index>(i)];
      if (c.kind != Kind::choice) {
        x(row, c.column) = u < 0 ? 0.5 : u;
        continue;
      }
      const auto count = static_cast<Eigen::Index>(c.levels.size());
      const Eigen::Index chosen =
          u < 0 ? count
                : std::min(static_cast<Eigen::Index>(u * static_cast<double>(count)), count - 1);
      if (c.columns > 1)
        x(row, c.column + chosen) = root_half;
      else
        x(row, c.column) = chosen == 0 ? 0.0 : 1.0;
    }
    for (const Activity& activity : activities_)
      x(row, activity.column) =
          point[static_cast<Eigen::Index>(activity.coordinate)] < 0 ? 0.0 : 1.0;
  }
  return x;
}

Vector FeatureEncoding::lengthscales(const Vector& log_weights) const {
  Vector scales = Vector::Ones(static_cast<Eigen::Index>(coordinates_.size()));
  for (std::size_t i = 0; i < coordinates_.size(); ++i)
    if (coordinates_[i].group >= 0)
      scales[static_cast<Eigen::Index>(i)] = std::exp(-0.5 * log_weights[coordinates_[i].group]);
  return scales;
}

double FeatureEncoding::squared_distance(const Point& a, const Point& b,
                                         const Vector& lengthscales) const {
  double sum = 0;
  for (Eigen::Index i = 0; i < a.size(); ++i) sum += squared_apart(a, b, lengthscales, i);
  return sum;
}

bool FeatureEncoding::are_near(const Point& a, const Point& b, const Vector& lengthscales,
                               double distance) const {
  const double limit = distance * distance;
  double sum = 0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    sum += squared_apart(a, b, lengthscales, i);
    if (sum >= limit) return false;
  }
  return sum < limit;
}

double FeatureEncoding::squared_apart(const Point& a, const Point& b, const Vector& lengthscales,
                                      Eigen::Index i) const {
  const bool choice = coordinates_[static_cast<std::size_t>(i)].kind == Kind::choice;
  const double apart = choice ? (a[i] == b[i] ? 0.0 : 1.0) : a[i] - b[i];
  return apart * apart / (lengthscales[i] * lengthscales[i]);
}

std::vector<double> FeatureEncoding::neighbours(const Point& point, std::size_t coordinate,
                                                RandomStream& random) const {
  const Coordinate& c = coordinates_[coordinate];
  const double here = point[static_cast<Eigen::Index>(coordinate)];
  std::vector<double> others;
  const auto add = [&](double u) {
    if (u != here && std::find(others.begin(), others.end(), u) == others.end())
      others.push_back(u);
  };
  if (here < 0) return others;
  if (c.kind == Kind::choice || c.kind == Kind::stepped) {
    for (double u : c.levels) add(u);
  } else if (c.kind == Kind::rounded) {
    const Parameter& p = *c.parameter;
    const std::uint64_t last = p.cardinality().value_or(0) - 1;
    const std::uint64_t index = p.index_of(decode_value(p, here)).value_or(0);
    const auto at = [&](std::uint64_t i) { return encode_value(p, p.value_at(i)); };
    for (const std::uint64_t stride : {1U, 2U, 4U}) {
      if (index >= stride) add(at(index - stride));
      if (last - index >= stride) add(at(index + stride));
    }
    for (int k = 0; k < 4; ++k) add(snapped(c, random.uniform()));
  }
  return others;
}

}  // namespace tunesmith
