// The shortest way: a function, a space, a number of trials.
#include <iostream>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

int main() {
  ts::Space space;
  space.add_float("x", {.min = -5, .max = 5}).add_float("y", {.min = -5, .max = 5});

  const auto objective = [](const ts::Configuration& c) {
    const double x = c.number("x") - 1;
    const double y = c.number("y") + 2;
    return x * x + y * y;
  };
  const ts::TuningResult result = ts::tune(objective, space, 40);

  const ts::Trial& best = result.view.trial(*result.view.best());
  std::cout << "40 trials, within 0.1 of the minimum at (1, -2): " << std::boolalpha
            << (*result.view.objective(best) < 0.01) << "\n";
}
