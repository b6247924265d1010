#include "space/membership.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/json.hpp"
#include "core/numbers.hpp"
#include "space/activity.hpp"
#include "space/space_impl.hpp"
#include "space/validate.hpp"
#include "space/value.hpp"

namespace tunesmith {
namespace {

/// The step nearest to x, if x misses it by no more than rounding and sloppy decimals do.
std::optional<double> nearest_step(const Parameter& parameter, double x) {
  const auto count = parameter.cardinality();
  const double place = std::nearbyint((x / 2 - parameter.min / 2) / (parameter.step / 2));
  if (!count || !(place >= 0) || place > static_cast<double>(*count)) return std::nullopt;
  const auto index = std::min(static_cast<std::uint64_t>(place), *count - 1);
  const double step = std::get<double>(parameter.value_at(index));
  const double slack =
      std::max(1e-9 * parameter.step, 4 * std::numeric_limits<double>::epsilon() * std::fabs(x));
  if (std::fabs(step - x) > slack) return std::nullopt;
  return step;
}

std::vector<const Value*> values_of(const Space& space, const Configuration& configuration) {
  std::vector<const Value*> values;
  values.reserve(space.parameters().size());
  for (const Parameter& parameter : space.parameters())
    values.push_back(configuration.find(parameter.name));
  return values;
}

}  // namespace

bool belongs(const Parameter& parameter, const Value& value) {
  if (parameter.type == ParameterType::floating && !(parameter.step > 0)) {
    const auto* real = std::get_if<double>(&value);
    return real != nullptr && *real >= parameter.min && *real <= parameter.max;
  }
  return parameter.index_of(value).has_value();
}

Value fitted(const Parameter& parameter, const Value& value) {
  switch (parameter.type) {
    case ParameterType::floating: {
      double real = 0;
      if (const auto* held = std::get_if<double>(&value)) {
        real = *held;
      } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        real = static_cast<double>(*whole);
      } else {
        return value;
      }
      return parameter.step > 0 ? nearest_step(parameter, real).value_or(real) : real;
    }
    case ParameterType::integer: {
      const auto* real = std::get_if<double>(&value);
      if (real == nullptr || *real != std::floor(*real) || std::fabs(*real) >= 0x1p63) return value;
      return static_cast<std::int64_t>(*real);
    }
    default: {
      const auto at = std::find_if(parameter.choices.begin(), parameter.choices.end(),
                                   [&](const Value& choice) { return same_value(choice, value); });
      return at == parameter.choices.end() ? value : *at;
    }
  }
}

std::string describe_values(const Parameter& parameter) {
  std::string words;
  switch (parameter.type) {
    case ParameterType::floating:
      words = "a float from " + number_text(parameter.min) + " to " + number_text(parameter.max);
      return parameter.step > 0 ? words + " in steps of " + number_text(parameter.step) : words;
    case ParameterType::integer:
      words = "an int from " + std::to_string(parameter.int_min) + " to " +
              std::to_string(parameter.int_max);
      return parameter.int_step > 1 ? words + " in steps of " + std::to_string(parameter.int_step)
                                    : words;
    case ParameterType::fixed:
      return parameter.choices.empty() ? "" : to_json(parameter.choices.front());
    default: {
      constexpr std::size_t shown = 20;
      for (std::size_t i = 0; i < parameter.choices.size() && i < shown; ++i) {
        words += (i == 0 ? "one of " : ", ") + to_json(parameter.choices[i]);
      }
      return parameter.choices.size() > shown ? words + ", …" : words;
    }
  }
}

std::vector<Mistake> Space::check(const Configuration& configuration) const {
  const std::vector<Parameter>& all = parameters();
  const std::vector<const Value*> given = values_of(*this, configuration);
  std::vector<Mistake> mistakes;
  // A wrong value of a parent says nothing about its children: they are judged as if it were
  // unknown.
  std::vector<const Value*> right = given;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (given[i] == nullptr || belongs(all[i], *given[i])) continue;
    right[i] = nullptr;
  }
  Activity activity(*this, right);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string path = pointer_step(all[i].name);
    const Active active = activity.of(all[i]);
    if (given[i] == nullptr) {
      if (active == Active::yes) mistakes.push_back({path, "is missing", describe_values(all[i])});
    } else if (active == Active::no) {
      mistakes.push_back({path, "is given, but inactive here", "nothing"});
    } else if (right[i] == nullptr) {
      mistakes.push_back({path, "is " + tunesmith::to_json(*given[i]), describe_values(all[i])});
    }
  }
  for (const auto& entry : configuration.values()) {
    if (find(entry.first) != nullptr) continue;
    const std::string guess = suggest_name(entry.first, all);
    mistakes.push_back({pointer_step(entry.first),
                        "is not a parameter of the space" + (guess.empty() ? "" : "; " + guess),
                        ""});
  }
  if (!mistakes.empty()) return mistakes;

  const Parameter* previous = nullptr;
  for (const auto& entry : configuration.values()) {
    const Parameter* parameter = find(entry.first);
    if (previous != nullptr && parameter < previous) {
      mistakes.push_back({"", "has '" + parameter->name + "' after '" + previous->name + "'",
                          "the order of the space"});
      break;
    }
    previous = parameter;
  }
  for (std::size_t i = 0; i < impl_->expressions.size(); ++i) {
    if (!impl_->expressions[i]->holds(configuration)) {
      mistakes.push_back({"", "breaks the constraint \"" + impl_->constraints[i] + "\"", ""});
    }
  }
  return mistakes;
}

Configuration Space::conform(const Configuration& configuration) const {
  const std::vector<Parameter>& all = parameters();
  const std::vector<const Value*> given = values_of(*this, configuration);
  std::vector<Value> values(all.size());
  std::vector<const Value*> known(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (given[i] != nullptr) {
      values[i] = fitted(all[i], *given[i]);
    } else if (all[i].type == ParameterType::fixed) {
      values[i] = all[i].choices.front();
    } else {
      continue;
    }
    known[i] = &values[i];
  }
  Activity activity(*this, known);
  Configuration result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool filled_in = given[i] == nullptr && known[i] != nullptr;
    if (given[i] != nullptr || (filled_in && activity.of(all[i]) == Active::yes))
      result.set(all[i].name, values[i]);
  }
  for (const auto& [name, value] : configuration.values()) {
    if (find(name) == nullptr) result.set(name, value);
  }
  return result;
}

}  // namespace tunesmith
