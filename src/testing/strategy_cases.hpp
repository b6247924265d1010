#pragma once

#include <optional>
#include <string>
#include <vector>

#include "testing/checks.hpp"
#include "testing/trial_log.hpp"
#include "tunesmith/testing/conformance.hpp"

namespace tunesmith::testing {

/// How the trials of a study end.
enum class Ending {
  good,      ///< completed, with a smooth objective
  all_fail,  ///< failed, with NaN
  mixed,     ///< in every way there is, with odd values in between
  constant,  ///< completed, all with the same value
  huge,      ///< completed, with values up to ±1e300
};

struct StrategyCase {
  /// In words, e.g. "one-value parameters".
  std::string name = {};
  Problem problem = {};
  Ending ending = Ending::good;
  /// At most this share of the kit's trials; for cases that cost much.
  double share = 1;
  /// Number of configurations, where the space is finite.
  std::optional<std::size_t> configurations = {};
  /// Earlier studies on record.
  std::vector<ParentStudy> parents = {};
};

/// What a strategy was asked, and what it answered.
struct Question {
  StudyView view;
  int count = 1;
  std::vector<Suggestion> answer = {};
};

/// A study from its first question to its last.
struct Transcript {
  StrategyCase of = {};
  std::vector<Question> questions = {};
  /// It said that no configuration is left.
  bool exhausted = false;
  /// It takes finite spaces alone, and this is none.
  bool refused = false;
};

std::vector<StrategyCase> strategy_cases();
/// One of them, with an earlier study that helps and one that misleads.
StrategyCase case_with_parents();
/// The cases whose spaces are finite, to be worked through to their end.
std::vector<StrategyCase> finite_cases();

/// Tunes with one instance: questions of 1 to 4, and trials that end in any order. Throws what the
/// strategy throws.
void tune(SearchStrategy& strategy, int trials, Transcript& transcript);

/// A valid configuration, drawn at random.
Configuration random_configuration(const Space& space, std::uint64_t number);
/// A smooth objective of any configuration: the squared distance to a point of the unit cube.
double smooth_loss(const Space& space, const Configuration& configuration);
/// The metrics of a problem for a loss: each objective, constrained metric and cost has a value.
Metrics metrics_of(const Problem& problem, double loss);

/// The part of check_strategy that runs studies on a store.
void check_in_studies(Checks& checks, const StrategyKit& kit);
/// The part of check_strategy that runs trials level by level, and pauses them where they are to.
void check_in_pieces(Checks& checks, const StrategyKit& kit);
bool equal(const Suggestion& a, const Suggestion& b);

}  // namespace tunesmith::testing
