#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What the user thinks of the values of one parameter, as a density over its coordinate of the
/// unit cube, relative to a uniform one: a normal around the value named, truncated to the range,
/// or a weight per choice; mixed with a tenth of a uniform density, for the user may be wrong.
class ParameterPrior {
 public:
  /// Precondition: the parameter is valid, not fixed, and has a prior.
  explicit ParameterPrior(const Parameter& parameter);

  /// At most that far below 0, wherever the user is wrong.
  double log_density(double unit) const;
  /// Derivative of log_density; 0 for choices.
  double slope(double unit) const;
  /// Where it is largest.
  double mode() const;
  /// The coordinate below which the share `p` in [0, 1) of it lies, the uniform part apart: makes
  /// uniform points such that are spread by the prior, as evenly as they were.
  double quantile(double p) const;

 private:
  double middle_ = 0.5;
  double spread_ = 1;
  /// Of the normal below 0 and up to 1.
  double below_ = 0;
  double inside_ = 1;
  /// Choices: relative to equal ones; empty for numbers.
  std::vector<double> weights_ = {};
};

/// The priors of a space's parameters, independent of each other.
class SpacePrior {
 public:
  struct Opinion {
    std::string name = {};
    /// Where the parameter stands among the coordinates of Space::encode.
    std::size_t coordinate = 0;
    ParameterPrior prior;
  };

  explicit SpacePrior(const Space& space);

  bool empty() const { return opinions_.empty(); }
  /// Of parameters with more than one value, in their order.
  const std::vector<Opinion>& opinions() const { return opinions_; }

  /// The values named, the middle where nothing was said.
  std::vector<double> mode() const;
  /// Turns a uniform point into one that is spread by the prior.
  void shape(std::vector<double>& unit) const;

 private:
  std::size_t dimension_;
  std::vector<Opinion> opinions_;
};

/// Whether suggestion `number`, where no model chooses it, follows the prior: every other one, so
/// that the rest of the space is seen, too.
inline bool follows_prior(std::uint64_t number) { return number % 2 == 0; }

/// The weight of the log prior beside a model that knows `trials`: β/n (Hvarfner et al., "πBO:
/// Augmenting acquisition functions with user beliefs", ICLR 2022), with their β of a tenth of the
/// budget, 10 where the number of trials is not limited.
double prior_weight(const Budget& budget, std::size_t trials);

/// How much of that weight results leave: of the pairs of trials, the share that the prior orders
/// as the objectives do, from 0 at a quarter to 1 at a half. β/n alone lets go of a prior that
/// misleads in many parameters only after as many trials as the user has. Near the optimum the
/// order is left to chance, so that a half is no reproach. By the first 100 trials, which see more
/// of the space than what comes later.
double prior_agreement(const SpacePrior& prior, const StudyView& view);

}  // namespace tunesmith
