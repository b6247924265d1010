#include <algorithm>
#include <array>
#include <cmath>

#include "space/value.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {
namespace {

/// min + k × step of a stepped float, for k = 0 … last.
///
/// Where min and step are decimals of up to 15 places, the values are exact quotients (min·10^d +
/// k·step·10^d) / 10^d, rounded once by the division: both operands are integers below 2^53, and
/// 10^15 is a double.
class Steps {
 public:
  explicit Steps(const Parameter& parameter)
      : min_(parameter.min), max_(parameter.max), step_(parameter.step) {
    // The tolerances forgive the rounding of the quotient: 1/0.1 must be 10 steps.
    const double quotient = (max_ / 2 - min_ / 2) / (step_ / 2);
    last_ = std::floor(quotient * (1 + 0x1p-51) + 1e-9);
    constexpr std::array<double, 16> powers{1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    for (const double power : powers) {
      if (!decimal(min_, power) || !decimal(step_, power)) continue;
      const double first = std::nearbyint(min_ * power);
      const double stride = std::nearbyint(step_ * power);
      if (std::fabs(first + last_ * stride) > 0x1p53) break;
      power_ = power;
      first_ = first;
      stride_ = stride;
      break;
    }
  }

  std::uint64_t last() const { return static_cast<std::uint64_t>(last_); }

  double value(std::uint64_t index) const {
    const auto k = static_cast<double>(index);
    if (power_ > 0) return std::min((first_ + k * stride_) / power_, max_);
    const double value = min_ + k * step_;
    // A last step that misses max by rounding alone is max.
    if (value > max_ || (k == last_ && max_ - value <= 1e-9 * step_)) return max_;
    return value;
  }

 private:
  static bool decimal(double x, double power) {
    const double scaled = std::nearbyint(x * power);
    return std::fabs(scaled) <= 0x1p53 && scaled / power == x;
  }

  double min_;
  double max_;
  double step_;
  double last_ = 0;
  double power_ = 0;  // 0: not decimal
  double first_ = 0;
  double stride_ = 0;
};

/// Position of the last int, min being 0. At most 2^64 − 1.
std::uint64_t last_int(const Parameter& parameter) {
  return (static_cast<std::uint64_t>(parameter.int_max) -
          static_cast<std::uint64_t>(parameter.int_min)) /
         static_cast<std::uint64_t>(parameter.int_step);
}

}  // namespace

const char* to_string(Scale scale) noexcept {
  switch (scale) {
    case Scale::automatic:
      return "auto";
    case Scale::linear:
      return "linear";
    case Scale::log:
      return "log";
    case Scale::reverse_log:
      return "reverse_log";
  }
  return "unknown";
}

const char* to_string(ParameterType type) noexcept {
  switch (type) {
    case ParameterType::floating:
      return "float";
    case ParameterType::integer:
      return "int";
    case ParameterType::categorical:
      return "categorical";
    case ParameterType::ordinal:
      return "ordinal";
    case ParameterType::fixed:
      return "fixed";
  }
  return "unknown";
}

std::optional<std::uint64_t> Parameter::cardinality() const {
  switch (type) {
    case ParameterType::floating:
      if (step > 0) return Steps(*this).last() + 1;
      if (min == max) return 1;
      return std::nullopt;
    case ParameterType::integer: {
      const std::uint64_t last = last_int(*this);
      if (last == UINT64_MAX) return std::nullopt;
      return last + 1;
    }
    default:
      return choices.size();
  }
}

Value Parameter::value_at(std::uint64_t index) const {
  switch (type) {
    case ParameterType::floating:
      return step > 0 ? Steps(*this).value(index) : min;
    case ParameterType::integer:  // unsigned, because the distance between two ints may not fit an
                                  // int
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(int_min) +
                                       index * static_cast<std::uint64_t>(int_step));
    default:
      return choices[static_cast<std::size_t>(index)];
  }
}

std::optional<std::uint64_t> Parameter::index_of(const Value& value) const {
  switch (type) {
    case ParameterType::floating: {
      const auto* real = std::get_if<double>(&value);
      if (real == nullptr || !(*real >= min && *real <= max)) return std::nullopt;
      if (step > 0) {
        const Steps steps(*this);
        const double guess = std::nearbyint((*real / 2 - min / 2) / (step / 2));
        const std::uint64_t index = std::min(static_cast<std::uint64_t>(guess), steps.last());
        if (steps.value(index) == *real) return index;
      } else if (min == max) {
        return 0;
      }
      return std::nullopt;
    }
    case ParameterType::integer: {
      const auto* whole = std::get_if<std::int64_t>(&value);
      if (whole == nullptr || *whole < int_min || *whole > int_max) return std::nullopt;
      const std::uint64_t distance =
          static_cast<std::uint64_t>(*whole) - static_cast<std::uint64_t>(int_min);
      const auto stride = static_cast<std::uint64_t>(int_step);
      if (distance % stride != 0) return std::nullopt;
      return distance / stride;
    }
    default: {
      const auto at = std::find(choices.begin(), choices.end(), value);
      if (at == choices.end()) return std::nullopt;
      return static_cast<std::uint64_t>(at - choices.begin());
    }
  }
}

}  // namespace tunesmith
