#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "search/parzen_estimator.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// How a trial is ranked, best first.
enum class TpeRank {
  completed,  ///< by value
  stopped,    ///< by the level it reached, then by value
  violating,  ///< measured, but breaks an outcome constraint: by the violation
  above,      ///< running, failed or infeasible: never among the good ones
  ignored     ///< tells nothing of its configuration, or is none of the space's
};

struct TpeOutcome {
  TpeRank rank = TpeRank::ignored;
  /// Per objective, larger is better.
  std::vector<double> values = {};
  /// Level that a stopped trial reached.
  double level = 0;
  /// Per bound of an outcome constraint, by how much it is broken; infinite where not known.
  std::vector<double> excess = {};
  bool ended = false;
};

/// What TPE knows of a study's trials, as flat arrays. A cache of the view alone: trials that it
/// has seen already, the very objects, are not read again.
class TpeHistory {
 public:
  /// Takes the history to that of `view`, whatever it held before. O(trials) pointers are compared;
  /// trials that are new or changed are read. The view is kept.
  void follow(const StudyView& view);

  /// Adds a suggestion just made, until the next follow(): a running trial to the next one.
  void add(Configuration proposal);

  /// Precondition: follow() was called.
  const ParzenSpace& space() const { return *space_; }
  const ParzenColumns& columns() const { return columns_; }
  const std::vector<TpeOutcome>& outcomes() const { return outcomes_; }
  const std::vector<Configuration>& proposals() const { return proposals_; }
  /// Whether some trial of the view or a proposal has this configuration. O(trials) words are
  /// compared.
  bool contains(const Configuration& configuration) const;

 private:
  /// Whether the view's first trials are those known, ended or not.
  bool continues(const StudyView& view) const;
  void resize(std::size_t rows);
  void read_places(std::size_t row, const Configuration& configuration);

  std::optional<StudyView> view_;
  std::optional<ParzenSpace> space_;
  ParzenColumns columns_;
  std::vector<const Trial*> trials_;
  /// Rows after the trials'.
  std::vector<Configuration> proposals_;
  std::vector<std::uint64_t> hashes_;
  std::vector<char> valid_;
  std::vector<TpeOutcome> outcomes_;
};

/// The trials that the good density is made of and those of the other, both ascending.
struct TpeSplit {
  std::vector<int> below = {};
  std::vector<int> above = {};
};

/// The best tenth of the measured trials goes below, at most 25 of them where there is one
/// objective; with several, front by front, the last one covered evenly. Everything else that tells
/// anything goes above.
TpeSplit split_trials(const std::vector<TpeOutcome>& outcomes);

}  // namespace tunesmith
