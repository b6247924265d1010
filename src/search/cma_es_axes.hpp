#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "surrogate/eigen.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// How CMA-ES sees a space: numbers on a line each, of which one cell per coordinate of the unit
/// cube is searched, and choices. Parameters with one value are left out.
class CmaEsAxes {
 public:
  struct Number {
    const Parameter* parameter = nullptr;
    /// In the unit cube.
    std::size_t coordinate = 0;
    /// How many values; 0 where they are so many that rounding does not matter.
    std::uint64_t values = 0;
  };
  struct Choice {
    std::size_t coordinate = 0;
    std::size_t count = 0;
  };

  /// The coordinates that give one value; infinite at the ends of a range.
  struct Cell {
    double low = 0;
    double high = 0;
  };

  /// `space` must outlive the axes. Precondition: it is valid.
  explicit CmaEsAxes(const Space& space);

  const std::vector<Number>& numbers() const { return numbers_; }
  const std::vector<Choice>& choices() const { return choices_; }
  std::size_t size() const { return numbers_.size() + choices_.size(); }

  /// The cell that `x` lies in. Precondition: `number.values` > 1. O(1) for even cells, else about
  /// 100 values are decoded.
  static Cell cell_of(const Number& number, double x);

  /// Point of the unit cube. Numbers without cells are reflected at its ends, so that the search
  /// sees no border; the others stay in their last cell beyond them.
  std::vector<double> point(const Vector& x, std::span<const std::size_t> choices) const;

  /// Back from a point of the unit cube.
  Vector numbers_at(const std::vector<double>& point) const;
  std::vector<std::size_t> choices_at(const std::vector<double>& point) const;

 private:
  std::size_t dimension_;
  std::vector<Number> numbers_;
  std::vector<Choice> choices_;
};

}  // namespace tunesmith
