#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// A space as Parzen estimators see it: the parameters with more than one value, each a coordinate.
class ParzenSpace {
 public:
  enum class Kind {
    line,   ///< every double, or many values with an order: kernels on the unit interval
    table,  ///< few values with an order: kernels' masses on the values' cells
    choice  ///< unordered
  };

  struct Coordinate {
    const Parameter* parameter = nullptr;
    Kind kind = Kind::line;
    /// Where it stands among the coordinates of Space::encode.
    std::size_t unit = 0;
    /// Table and choice: how many.
    int values = 0;
    /// The values' cells on the unit interval, from 0 to 1; empty for choices and where there are
    /// more than a thousand.
    std::vector<double> borders = {};
    bool conditional = false;
    /// Line: only the middles of cells are values.
    bool snaps = false;

    /// Precondition: there are borders.
    std::size_t cell_at(double at) const;
    double middle_of(std::size_t cell) const { return 0.5 * (borders[cell] + borders[cell + 1]); }
    /// Line: the middle of the cell.
    double snapped(double at) const;
  };

  /// `space` must outlive this. Precondition: it is valid.
  explicit ParzenSpace(const Space& space);

  const Space& space() const { return *space_; }
  const std::vector<Coordinate>& coordinates() const { return coordinates_; }
  bool is_conditional() const { return conditional_; }

  /// Stands for the place of an inactive coordinate.
  static constexpr float inactive = -1;

  /// One coordinate's place: on a line in [0, 1], else the value's number.
  struct Place {
    float at = inactive;
    /// Line: width of the value's cell; 0 where every double is a value.
    float width = 0;
  };
  /// Nothing where the configuration is not of the space, constraints aside: a baseline may break
  /// one and still be worth learning from.
  std::optional<std::vector<Place>> places_of(const Configuration& configuration) const;

 private:
  const Space* space_;
  std::vector<Coordinate> coordinates_;
  bool conditional_ = false;
};

}  // namespace tunesmith
