#pragma once

#include "tunesmith/study.hpp"

namespace tunesmith::test {

/// A study in memory whose trials are what a test enqueues.
inline Study study_of(int parameters, const std::string& prefix, Budget budget = {}) {
  Problem problem;
  for (int i = 0; i < parameters; ++i) {
    problem.space.add_float(prefix + std::to_string(i), {.min = 0, .max = 1});
  }
  problem.space.add_fixed("epochs", std::int64_t{5});
  problem.objectives = {{.metric = "loss"}};
  Study study({.name = "views", .problem = problem, .search = random_search()});
  study.set_budget(budget);
  return study;
}

}  // namespace tunesmith::test
