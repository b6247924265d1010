#include <exception>

#include "tuner/result.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith {

TuningResult tune(const std::function<double(const Configuration&)>& objective, const Space& space,
                  std::int64_t max_trials, Goal goal, std::uint64_t seed) {
  Problem problem;
  problem.space = space;
  problem.objectives = {{.metric = "objective", .goal = goal}};
  problem.seed = seed;
  Study study({.name = "tune", .problem = std::move(problem)});
  study.set_budget({.max_trials = max_trials});
  Asked asked = study.ask();
  for (; asked; asked = study.ask()) {
    try {
      study.tell(*asked, objective(asked->configuration));
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      study.fail(*asked, error.what());
    }
  }
  const bool exhausted = asked.reason() == NothingNow::exhausted;
  return {.reason = exhausted ? EndReason::exhausted : EndReason::trials_spent,
          .explanation = exhausted ? "every configuration has been evaluated" : study.why_spent(),
          .view = study.view()};
}

}  // namespace tunesmith
