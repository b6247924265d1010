#pragma once

#include <cstddef>
#include <vector>

#include "tunesmith/space.hpp"

namespace tunesmith {

/// Conditions may hang on conditions this deep; a bound for recursion.
inline constexpr int max_condition_depth = 64;

/// Whether the condition admits the parent's value.
bool admits(const Condition& condition, const Value& value);

/// `unknown`: it depends on a value that is not known.
enum class Active : char { no, unknown, yes };

/// Which parameters of a space are active, given values: follows conditions up to the unconditional
/// parameters, each parameter once. Parameters whose conditions form a cycle are inactive.
class Activity {
 public:
  /// `values[i]` belongs to the parameter at position i; null: unknown. Both must outlive this
  /// object.
  Activity(const Space& space, const std::vector<const Value*>& values);

  /// Precondition: `parameter` is an element of space.parameters(), or a copy.
  Active of(const Parameter& parameter) { return follow(parameter, 0); }

 private:
  enum class State : char { fresh, open, done };

  Active follow(const Parameter& parameter, int depth);
  Active test(const Condition& condition, int depth);

  const Space& space_;
  const std::vector<const Value*>& values_;
  std::vector<State> states_;
  std::vector<Active> answers_;
};

}  // namespace tunesmith
