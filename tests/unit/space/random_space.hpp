#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith::testing {

/// Valid spaces of all kinds of parameters with nested conditions, for property tests. `finite`:
/// few values each, no float without step.
class RandomSpace {
 public:
  RandomSpace(std::uint64_t seed, bool finite)
      : random_(seed, 0, "random space"), finite_(finite) {}

  Space make() {
    Space space;
    const auto size = 1 + random_.below(finite_ ? 6 : 12);
    for (std::uint64_t i = 0; i < size; ++i) add(space, "p" + std::to_string(i));
    return space;
  }

  /// A point of the unit cube, at times on its border.
  std::vector<double> point(const Space& space) {
    std::vector<double> unit(space.dimension());
    for (double& u : unit) {
      const auto kind = random_.below(10);
      u = kind == 0 ? 0.0 : kind == 1 ? 1.0 : random_.uniform();
    }
    return unit;
  }

 private:
  bool coin() { return random_.below(2) == 0; }
  double size(double lowest, double highest) {
    return std::pow(10, lowest + (highest - lowest) * random_.uniform());
  }

  std::vector<Condition> conditions(const Space& space) {
    std::vector<Condition> when;
    while (!space.parameters().empty() && when.size() < 2 && coin()) {
      const Parameter& parent = space.parameters()[random_.below(space.parameters().size())];
      const bool used = std::any_of(when.begin(), when.end(),
                                    [&](const Condition& c) { return c.parent == parent.name; });
      const auto count = parent.cardinality();
      if (used || !count) break;
      std::vector<Value> values;
      for (std::uint64_t i = 0; i < std::min<std::uint64_t>(*count, 8); ++i) {
        if (coin() || i == 0) values.push_back(parent.value_at(i));
      }
      when.push_back({parent.name, values});
    }
    return when;
  }

  std::vector<Value> choices() {
    const std::vector<Value> pool{
        "a", "b/c", "d~", "", "ü", true, false, std::int64_t{1}, std::int64_t{-7}, 0.1, 1e300};
    std::vector<Value> result;
    for (const Value& value : pool) {
      if (random_.below(3) == 0) result.push_back(value);
    }
    if (result.empty()) result.emplace_back("only");
    return result;
  }

  void add(Space& space, std::string name) {
    const auto when = conditions(space);
    switch (random_.below(7)) {
      case 0:
        if (!finite_) {
          const double min = (coin() ? 1 : -1) * size(-5, 5);
          space.add_float(
              std::move(name),
              {.min = min, .max = min + size(-5, 5), .scale = Scale::linear, .when = when});
          return;
        }
        [[fallthrough]];
      case 1:
        if (!finite_) {
          const double min = size(-12, 3);
          space.add_float(
              std::move(name),
              {.min = min, .max = min * size(0, 12), .scale = Scale::log, .when = when});
          return;
        }
        [[fallthrough]];
      case 2: {
        const double min = std::round(size(0, 2) * 10) / 10;
        const double step = 0.1 * static_cast<double>(1 + random_.below(9));
        const double max = min + step * (1 + static_cast<double>(random_.below(finite_ ? 3 : 900)));
        space.add_float(std::move(name), {.min = min,
                                          .max = max,
                                          .scale = coin() ? Scale::log : Scale::linear,
                                          .step = step,
                                          .when = when});
        return;
      }
      case 3: {
        const auto min = static_cast<std::int64_t>(random_.below(1000)) - 500;
        space.add_int(std::move(name),
                      {.min = min,
                       .max = min + static_cast<std::int64_t>(random_.below(finite_ ? 4 : 100000)),
                       .when = when});
        return;
      }
      case 4: {
        const auto min = 1 + static_cast<std::int64_t>(random_.below(100));
        const auto step = 1 + static_cast<std::int64_t>(random_.below(5));
        space.add_int(
            std::move(name),
            {.min = min,
             .max =
                 min + step * (1 + static_cast<std::int64_t>(random_.below(finite_ ? 3 : 10000))),
             .scale = Scale::log,
             .step = step,
             .when = when});
        return;
      }
      case 5:
        if (coin()) {
          space.add_categorical(std::move(name), choices(), {.when = when});
        } else {
          space.add_ordinal(std::move(name), choices(), {.when = when});
        }
        return;
      default:
        space.add_fixed(std::move(name), choices().front(), {.when = when});
    }
  }

  RandomStream random_;
  bool finite_;
};

}  // namespace tunesmith::testing
