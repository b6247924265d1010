#pragma once

#include <string>
#include <vector>

#include "tunesmith/problem.hpp"

namespace tunesmith::test {

/// `finite_size` configurations: conditions, a constraint, steps and a fixed value.
inline Space finite_space() {
  Space space;
  space.add_int("layers", {.min = 1, .max = 3})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("momentum",
                 {.min = 0.0, .max = 0.9, .step = 0.3, .when = {{"optimizer", {"sgd"}}}})
      .add_ordinal("width", {std::int64_t{16}, std::int64_t{32}})
      .add_fixed("epochs", std::int64_t{5})
      .add_constraint("layers * width <= 64");
  return space.settled();
}
/// 5 of the 6 pairs of layers and width keep the constraint, and there are 4 momenta of sgd beside
/// adam.
inline constexpr int finite_size = 5 * (4 + 1);

/// Floats on all scales, ints, choices, nested conditions and a constraint.
inline Space mixed_space() {
  Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1e-1, .scale = Scale::log})
      .add_float("momentum", {.min = 0.5, .max = 0.999, .scale = Scale::reverse_log})
      .add_float("dropout", {.min = 0.0, .max = 0.5})
      .add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam", "rms"})
      .add_categorical("schedule", {"constant", "cosine"},
                       {.when = {{"optimizer", {"sgd", "adam"}}}})
      .add_int("warmup",
               {.min = 1, .max = 1000, .scale = Scale::log, .when = {{"schedule", {"cosine"}}}})
      .add_constraint("layers * dropout <= 2.5");
  return space.settled();
}

inline Problem problem_of(Space space, std::uint64_t seed = 7) {
  Problem problem;
  problem.space = std::move(space);
  problem.objectives = {{.metric = "loss"}};
  problem.seed = seed;
  return problem;
}

/// A smooth objective of any configuration: the squared distance to a point of the unit cube.
inline double toy_loss(const Space& space, const Configuration& configuration) {
  double sum = 0;
  for (const double x : space.encode(configuration)) sum += (x - 0.4) * (x - 0.4);
  return sum;
}

}  // namespace tunesmith::test
