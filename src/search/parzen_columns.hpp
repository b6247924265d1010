#pragma once

#include <cstddef>
#include <vector>

#include "search/parzen_space.hpp"

namespace tunesmith {

/// Places of many configurations, one array per coordinate of the space, and their order along
/// lines, which is kept up with each new one.
class ParzenColumns {
 public:
  ParzenColumns() = default;
  explicit ParzenColumns(const ParzenSpace& space);

  /// Rows are forgotten from the end; new ones stand nowhere until set.
  void resize(std::size_t rows);
  /// Precondition: the row was not set since it was made.
  void set(std::size_t row, const std::vector<ParzenSpace::Place>& places);
  /// Puts what was set into the order. O(rows), and O(m log m) for m new ones.
  void settle();

  std::size_t rows() const { return rows_; }
  const std::vector<float>& at(std::size_t coordinate) const { return columns_[coordinate].at; }
  const std::vector<float>& width(std::size_t coordinate) const {
    return columns_[coordinate].width;
  }
  /// Line: the active rows by place, of equals the earlier first. Precondition: settled.
  const std::vector<int>& order(std::size_t coordinate) const { return columns_[coordinate].order; }

 private:
  struct Column {
    bool line = false;
    std::vector<float> at = {};
    std::vector<float> width = {};
    std::vector<int> order = {};
    /// How many of `order` are sorted.
    std::size_t sorted = 0;
  };
  std::size_t rows_ = 0;
  std::vector<Column> columns_;
};

}  // namespace tunesmith
