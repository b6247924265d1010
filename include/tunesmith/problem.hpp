#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/error.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/metrics.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// JSON words: "minimize", "maximize".
enum class Goal { minimize, maximize };
TUNESMITH_API const char* to_string(Goal goal) noexcept;

/// A metric to be made as small or as large as possible.
struct Objective {
  std::string metric = {};
  Goal goal = Goal::minimize;
  /// The metric that holds the standard error of a trial's value, where trials measure it: of
  /// cross-validation folds or seeds, their deviation divided by the root of their number. Models
  /// then trust a value by its error, on top of the noise they learn themselves. A trial without a
  /// finite, positive one has the learnt noise alone. Empty: no trial measures it.
  std::string standard_error = {};
  bool operator==(const Objective&) const = default;
};

/// A trial counts as feasible only while `min <= metric <= max`; a missing bound does not bind.
struct OutcomeConstraint {
  std::string metric = {};
  std::optional<double> min = {};
  std::optional<double> max = {};
  bool operator==(const OutcomeConstraint&) const = default;
};

/// What a trial costs, where trials differ in it: searches that can then prefer cheap ones, and
/// Budget::max_cost counts it.
struct Cost {
  /// The metric that says it, in any unit (euros, kilowatt hours), above 0. Of a metric that is
  /// reported again and again, as it grows, the largest value counts, whatever the final rule.
  /// Empty: the seconds that the trial took, attempts that were cut short apart.
  std::string metric = {};
  bool operator==(const Cost&) const = default;
};

/// What is tuned and towards what. Fixed for the life of a study; the budget is not part of it.
struct Problem {
  Space space = {};
  /// At least one. With several, "best" is the front of trials that no other one beats in all
  /// objectives.
  std::vector<Objective> objectives = {};
  std::vector<OutcomeConstraint> constraints = {};
  /// How metrics are read from a trial's output. Only executors that read logs need them; a host
  /// that reports numbers itself leaves them empty.
  std::vector<MetricDefinition> metrics = {};
  /// Capture group 1 is the resource level (epoch) of the values on its line and after. Empty:
  /// values are counted, the n-th value of a metric is level n.
  std::string resource_regex = {};
  /// Which level of a trial's reports its final metrics come from, judged by the first objective.
  FinalRule final_rule = {};
  /// The user's present setting; becomes trial 0, and the gain of the best is measured against it.
  std::optional<Configuration> baseline = {};
  /// None: all trials cost the same.
  std::optional<Cost> cost = {};
  /// Everything random follows from it. 0 is as reproducible as any other; see random_seed().
  std::uint64_t seed = 0;
};

/// Every mistake of the problem with its path in the JSON form ("/objectives/0/metric",
/// "/parameters/lr/max"). Empty: usable.
TUNESMITH_API std::vector<Mistake> validate(const Problem& problem);

/// The JSON form: the space's "parameters" and "constraints" at the top level, beside "objectives",
/// "outcome_constraints", "metrics", "resource_regex", "final", "baseline", "cost", "seed". Exact:
/// from_json(to_json(p)) equals p.
TUNESMITH_API std::string to_json(const Problem& problem);
/// Throws Error{invalid_problem} with every mistake.
TUNESMITH_API Problem problem_from_json(std::string_view json);

/// A seed from the system's entropy, for those who want variety; it is recorded with the study.
TUNESMITH_API std::uint64_t random_seed();

}  // namespace tunesmith
