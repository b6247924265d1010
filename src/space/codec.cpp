#include "space/codec.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "space/activity.hpp"
#include "space/space_impl.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

/// The way between a stretch [low, high] of values and [0, 1].
class Axis {
 public:
  Axis(Scale scale, double low, double high)
      : scale_(scale), unit_(unit(scale, low, high)), from_(stretch(low)), to_(stretch(high)) {}

  double to_unit(double x) const {
    return std::clamp((stretch(x) - from_) / (to_ - from_), 0.0, 1.0);
  }

  double from_unit(double u) const {
    const double t = from_ + u * (to_ - from_);
    switch (scale_) {
      case Scale::log:
        return unit_ * std::exp(t);
      case Scale::reverse_log:
        return -std::expm1(-t);
      default:
        return unit_ * t;
    }
  }

 private:
  /// What values are measured in. Log: `low`, because the logarithms of 1e300 and 1e301 themselves
  /// have few digits to tell what lies between; 1 where the ratio of the ends would overflow.
  /// Linear: 1; 2 where their difference would.
  static double unit(Scale scale, double low, double high) {
    if (scale == Scale::log) return high / low < 1e300 ? low : 1;
    return scale == Scale::linear && !std::isfinite(high - low) ? 2 : 1;
  }

  double stretch(double x) const {
    switch (scale_) {
      case Scale::log:
        return std::log(x / unit_);
      case Scale::reverse_log:
        return -std::log1p(-x);
      default:
        return x / unit_;
    }
  }

  Scale scale_;
  double unit_;
  double from_;
  double to_;
};

/// A float without step.
class Reals {
 public:
  explicit Reals(const Parameter& p)
      : axis_(effective_scale(p), p.min, p.max), min_(p.min), max_(p.max) {}

  double decode(double u) const {
    if (u <= 0) return min_;
    if (u >= 1) return max_;
    return std::clamp(axis_.from_unit(u), min_, max_);
  }

  /// The coordinate whose value is nearest to x. Rounding makes the formula's answer miss by a few
  /// ulp, so the doubles around it are searched, in order of their bits (which is the order of
  /// doubles that are not negative).
  double encode(double x) const {
    if (min_ == max_) return 0.5;
    if (x <= min_) return 0;
    if (x >= max_) return 1;
    const double guess = axis_.to_unit(x);
    if (decode(guess) == x) return guess;
    std::int64_t below = bits(guess);  // to become: decode(below) < x <= decode(above)
    std::int64_t above = below;
    if (decode(guess) < x) {
      for (std::int64_t stride = 1; decode(real(above)) < x; stride *= 2) {
        below = above;
        above = std::min(above + stride, bits(1.0));
      }
    } else {
      for (std::int64_t stride = 1; decode(real(below)) >= x; stride *= 2) {
        above = below;
        below = std::max<std::int64_t>(below - stride, 0);
      }
    }
    while (above - below > 1) {
      const std::int64_t middle = below + (above - below) / 2;
      (decode(real(middle)) < x ? below : above) = middle;
    }
    return x - decode(real(below)) < decode(real(above)) - x ? real(below) : real(above);
  }

 private:
  static std::int64_t bits(double u) { return std::bit_cast<std::int64_t>(u); }
  static double real(std::int64_t u) { return std::bit_cast<double>(u); }

  Axis axis_;
  double min_;
  double max_;
};

/// Numbers at even distances on a bent scale. The cell of each reaches half a step to both sides
/// before scaling, and not further than half the way to where the scale ends (0 for log, 1 for
/// reverse_log), so that a log scale may start at 1.
class Cells {
 public:
  Cells(Scale scale, double first, double step, std::uint64_t last)
      : first_(first),
        step_(step),
        last_(last),
        low_(scale == Scale::log ? std::max(lower(0), first / 2) : lower(0)),
        high_(scale == Scale::reverse_log ? std::min(upper(last), 1 - (1 - center(last)) / 2)
                                          : upper(last)),
        axis_(scale, low_, high_) {}

  double encode(std::uint64_t index) const {
    const double left = index == 0 ? low_ : lower(index);
    const double right = index == last_ ? high_ : upper(index);
    return (axis_.to_unit(left) + axis_.to_unit(right)) / 2;
  }

  std::uint64_t decode(double u) const {
    const double cell = std::floor((axis_.from_unit(u) - first_) / step_ + 0.5);
    if (!(cell > 0)) return 0;
    return cell >= static_cast<double>(last_) ? last_ : static_cast<std::uint64_t>(cell);
  }

 private:
  double center(std::uint64_t index) const { return first_ + static_cast<double>(index) * step_; }
  double lower(std::uint64_t index) const { return center(index) - step_ / 2; }
  double upper(std::uint64_t index) const { return center(index) + step_ / 2; }

  double first_;
  double step_;
  std::uint64_t last_;
  double low_;
  double high_;
  Axis axis_;
};

/// Equal shares of [0, 1]. Exact for up to 2^51 values: (k + ½)/n · n errs by less than k · 2^-52 <
/// ½.
double share_middle(std::uint64_t index, std::uint64_t last) {
  return std::min((static_cast<double>(index) + 0.5) / (static_cast<double>(last) + 1), 1.0);
}

std::uint64_t share_at(double u, std::uint64_t last) {
  const double share = std::floor(u * (static_cast<double>(last) + 1));
  return share >= static_cast<double>(last) ? last : static_cast<std::uint64_t>(share);
}

bool is_real(const Parameter& parameter) {
  return parameter.type == ParameterType::floating && !(parameter.step > 0);
}

/// Position of the last value. All 2^64 ints have one, but no cardinality.
std::uint64_t last_index(const Parameter& parameter) {
  const auto count = parameter.cardinality();
  return count ? *count - 1 : UINT64_MAX;
}

Cells cells(const Parameter& p, Scale scale, std::uint64_t last) {
  const bool whole = p.type == ParameterType::integer;
  return Cells(scale, whole ? static_cast<double>(p.int_min) : p.min,
               whole ? static_cast<double>(p.int_step) : p.step, last);
}

}  // namespace

Scale effective_scale(const Parameter& p) {
  if (p.type != ParameterType::floating && p.type != ParameterType::integer) return Scale::linear;
  if (p.scale != Scale::automatic) return p.scale;
  constexpr double wide = 50;
  if (p.min > 0 && p.max / wide >= p.min) return Scale::log;
  if (p.type == ParameterType::floating && p.min >= 0 && p.max < 1 &&
      1 - p.min >= wide * (1 - p.max)) {
    return Scale::reverse_log;
  }
  return Scale::linear;
}

double encode_value(const Parameter& parameter, const Value& value) {
  if (is_real(parameter)) return Reals(parameter).encode(std::get<double>(value));
  const std::uint64_t index = parameter.index_of(value).value_or(0);
  const std::uint64_t last = last_index(parameter);
  const Scale scale = effective_scale(parameter);
  if (scale == Scale::linear || last == 0) return share_middle(index, last);
  return cells(parameter, scale, last).encode(index);
}

Value decode_value(const Parameter& parameter, double unit) {
  const double u = std::clamp(unit, 0.0, 1.0);
  if (is_real(parameter)) return Reals(parameter).decode(u);
  const std::uint64_t last = last_index(parameter);
  const Scale scale = effective_scale(parameter);
  if (scale == Scale::linear || last == 0) return parameter.value_at(share_at(u, last));
  return parameter.value_at(cells(parameter, scale, last).decode(u));
}

Configuration Space::decode(std::span<const double> unit) const {
  if (unit.size() != dimension()) {
    throw Error(ErrorCode::invalid_argument, "decode: got " + std::to_string(unit.size()) +
                                                 " coordinates for a space of " +
                                                 std::to_string(dimension()));
  }
  const std::vector<Parameter>& all = parameters();
  std::size_t coordinate = 0;
  const auto value_of = [&](const Parameter& parameter) -> Value {
    if (parameter.type == ParameterType::fixed) return parameter.choices.front();
    const double u = unit[coordinate++];
    if (std::isnan(u))
      throw Error(ErrorCode::invalid_argument,
                  "decode: the coordinate of '" + parameter.name + "' is NaN");
    return decode_value(parameter, u);
  };
  Configuration configuration;
  if (!impl_->conditional) {
    for (const Parameter& parameter : all) configuration.set(parameter.name, value_of(parameter));
    return configuration;
  }
  std::vector<Value> values;
  values.reserve(all.size());
  for (const Parameter& parameter : all) values.push_back(value_of(parameter));
  std::vector<const Value*> known;
  known.reserve(values.size());
  for (const Value& value : values) known.push_back(&value);
  Activity activity(*this, known);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (activity.of(all[i]) == Active::yes) configuration.set(all[i].name, values[i]);
  }
  return configuration;
}

std::vector<double> Space::encode(const Configuration& configuration) const {
  std::vector<double> unit;
  unit.reserve(dimension());
  for (const Parameter& parameter : parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    const Value* value = configuration.find(parameter.name);
    unit.push_back(value == nullptr ? 0.5 : encode_value(parameter, *value));
  }
  return unit;
}

}  // namespace tunesmith
