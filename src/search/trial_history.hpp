#pragma once

#include <optional>
#include <vector>

#include "search/feature_encoding.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Whether the configuration is one of the space's, broken a-priori constraints aside: a baseline
/// may break one and still be worth learning from.
bool fits(const Space& space, const Configuration& configuration);

/// Per bound of an outcome constraint, how far within it: negative where it is broken, NaN where
/// the metric is not known.
std::vector<double> slacks_of(const Problem& problem, const Metrics& metrics);

/// A trial that ended, as models see it. NaN: not known.
struct Observation {
  Point point = {};
  /// Per objective, larger is better.
  std::vector<double> objectives = {};
  /// Per bound of an outcome constraint, how far within it; negative where it is broken.
  std::vector<double> slacks = {};
  /// It crashed, was infeasible or gave no finite objective.
  bool failed = false;
  /// Standard errors of the objectives; finite and positive where known. Empty: none is.
  std::vector<double> errors = {};
  /// It is to run further: the values are what is expected of it.
  bool goes_on = false;

  /// Whether it may be the best: not failed, every constraint known and kept.
  bool is_feasible() const;
  /// NaN where not known.
  double error(std::size_t objective) const;
};

struct TrialHistory {
  /// In the order of the trials.
  std::vector<Observation> ended = {};
  std::vector<Point> pending = {};
};

/// Trials that do not tell anything about their configuration (lost, stopped without a value), and
/// those whose configuration is not of the encoding's space, are left out.
TrialHistory read_history(const StudyView& view, const FeatureEncoding& encoding);

/// What a final trial that was not lost tells of its point; none where it was stopped without a
/// value.
std::optional<Observation> observation_of(const StudyView& view, const Trial& trial, Point point);

}  // namespace tunesmith
