#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "search/feature_encoding.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// The surrogates behind one suggestion, and what they say of where to go.
class AcquisitionModel {
 public:
  virtual ~AcquisitionModel() = default;

  /// False while the values tell nothing.
  virtual bool is_informative() const = 0;

  /// A function to be maximised, of rows of features, with its gradient where asked for; safe to
  /// call after the model is gone. `number` keys its random draws.
  virtual std::function<Vector(const Matrix& features, Matrix* gradient)> acquisition(
      const std::vector<Point>& pending, std::uint64_t number) const = 0;

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
