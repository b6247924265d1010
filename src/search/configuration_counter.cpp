#include "search/configuration_counter.hpp"

#include <algorithm>
#include <functional>

namespace tunesmith {
namespace {

std::vector<const Parameter*> parents_first(const Space& space) {
  std::vector<const Parameter*> order;
  const std::function<void(const Parameter&)> visit = [&](const Parameter& parameter) {
    if (std::find(order.begin(), order.end(), &parameter) != order.end()) return;
    for (const Condition& condition : parameter.when) visit(*space.find(condition.parent));
    order.push_back(&parameter);
  };
  for (const Parameter& parameter : space.parameters()) visit(parameter);
  return order;
}

}  // namespace

ConfigurationCounter::ConfigurationCounter(const Space& space) : space_(space) {
  for (const Parameter* parameter : parents_first(space)) {
    wheels_.push_back({parameter, parameter->cardinality().value_or(1)});
  }
  digits_.resize(wheels_.size());
  active_.resize(wheels_.size());
  beginnings_.resize(wheels_.size() + 1);
}

void ConfigurationCounter::restart() {
  std::fill(digits_.begin(), digits_.end(), 0);
  position_ = 0;
  standing_ = false;
  finished_ = false;
}

bool ConfigurationCounter::place() {
  const Parameter& parameter = *wheels_[position_].parameter;
  Configuration& longer = beginnings_[position_ + 1];
  longer = beginnings_[position_];
  active_[position_] = space_.is_active(parameter, longer);
  if (!active_[position_]) return true;
  longer.set(parameter.name, parameter.value_at(digits_[position_]));
  // A constraint that names a missing parameter holds, so one that fails now fails for every
  // continuation.
  return space_.satisfies(longer);
}

bool ConfigurationCounter::turn(std::size_t last) {
  for (std::size_t i = last + 1; i-- > 0;) {
    if (active_[i] && digits_[i] + 1 < wheels_[i].values) {
      ++digits_[i];
      std::fill(digits_.begin() + static_cast<std::ptrdiff_t>(i) + 1, digits_.end(), 0);
      position_ = i;
      return true;
    }
  }
  return false;
}

bool ConfigurationCounter::next(std::uint64_t* steps) {
  if (finished_) return false;
  if (standing_) {
    standing_ = false;
    finished_ = wheels_.empty() || !turn(wheels_.size() - 1);
    if (finished_) return false;
  }
  while (position_ < wheels_.size()) {
    if (steps != nullptr) {
      if (*steps == 0) return false;
      --*steps;
    }
    if (place()) {
      ++position_;
    } else if (!turn(position_)) {
      finished_ = true;
      return false;
    }
  }
  standing_ = true;
  return true;
}

Configuration ConfigurationCounter::configuration() const {
  Configuration ordered;
  for (const Parameter& parameter : space_.parameters()) {
    if (const Value* value = beginnings_.back().find(parameter.name)) {
      ordered.set(parameter.name, *value);
    }
  }
  return ordered;
}

bool ConfigurationCounter::resume_after(const std::vector<std::uint64_t>& digits) {
  restart();
  bool fits = digits.size() == wheels_.size();
  for (; fits && position_ < wheels_.size(); ++position_) {
    const std::uint64_t digit = digits[position_];
    digits_[position_] = digit;
    fits = digit < wheels_[position_].values && place() && (active_[position_] || digit == 0);
  }
  if (!fits) {
    restart();
    return false;
  }
  standing_ = true;
  return true;
}

}  // namespace tunesmith
