#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "search/feature_encoding.hpp"
#include "search/improvement.hpp"
#include "surrogate/surrogate_model.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// A log expected improvement in its parts: the surrogate that learns from what is pending, and
/// what does not depend on that.
struct ImprovementParts {
  const SurrogateModel* objective = nullptr;
  const GaussianProcess* process = nullptr;
  /// Per row of the objective's data.
  std::vector<bool> feasible = {};
  /// Whether what is pending may turn out to be the best.
  bool pending_counts = true;
  /// Null: there are none.
  AcquisitionPart add_others = {};
  /// Equal texts mean, where all outcomes are equal, equal functions.
  std::string others = {};
};

/// The surrogates behind one suggestion, and what they say of where to go.
class AcquisitionModel {
 public:
  virtual ~AcquisitionModel() = default;

  /// False while the values tell nothing.
  virtual bool is_informative() const = 0;

  /// A function to be maximised, of rows of features, with its gradient where asked for; safe to
  /// call after the model is gone. `number` keys its random draws.
  virtual Acquisition acquisition(const std::vector<Point>& pending,
                                  std::uint64_t number) const = 0;

  /// The same in parts, which do not outlive the model, where it has such ones.
  virtual std::optional<ImprovementParts> parts() const { return std::nullopt; }

  /// Known points worth searching around, the best first.
  virtual std::vector<Point> incumbents() const = 0;
  /// Per coordinate.
  virtual Vector lengthscales() const = 0;
  /// Given to the next suggestion's model as its warm start.
  virtual std::string state() const = 0;

  /// What is still to be gained, as far as the points and the incumbents show. None where the model
  /// cannot tell.
  virtual std::optional<Outlook> outlook(const std::vector<Point>& /*points*/) const { return {}; }
};

}  // namespace tunesmith
