#include "search/parzen_columns.hpp"

#include <algorithm>

namespace tunesmith {

ParzenColumns::ParzenColumns(const ParzenSpace& space) {
  for (const ParzenSpace::Coordinate& coordinate : space.coordinates())
    columns_.push_back({.line = coordinate.kind == ParzenSpace::Kind::line});
}

void ParzenColumns::resize(std::size_t rows) {
  for (Column& column : columns_) {
    column.at.resize(rows, ParzenSpace::inactive);
    column.width.resize(rows, 0.0F);
    if (rows >= rows_ || !column.line) continue;
    const auto gone = [&](int row) { return static_cast<std::size_t>(row) >= rows; };
    const auto sorted = column.order.begin() + static_cast<std::ptrdiff_t>(column.sorted);
    column.sorted -= static_cast<std::size_t>(std::count_if(column.order.begin(), sorted, gone));
    column.order.erase(std::remove_if(column.order.begin(), column.order.end(), gone),
                       column.order.end());
  }
  rows_ = rows;
}

void ParzenColumns::set(std::size_t row, const std::vector<ParzenSpace::Place>& places) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    column.at[row] = places[i].at;
    column.width[row] = places[i].width;
    if (column.line && places[i].at >= 0) column.order.push_back(static_cast<int>(row));
  }
}

void ParzenColumns::settle() {
  for (Column& column : columns_) {
    if (column.sorted == column.order.size()) continue;
    const auto before = [&](int a, int b) {
      const float x = column.at[static_cast<std::size_t>(a)];
      const float y = column.at[static_cast<std::size_t>(b)];
      return x != y ? x < y : a < b;
    };
    const auto fresh = column.order.begin() + static_cast<std::ptrdiff_t>(column.sorted);
    std::sort(fresh, column.order.end(), before);
    std::inplace_merge(column.order.begin(), fresh, column.order.end(), before);
    column.sorted = column.order.size();
  }
}

}  // namespace tunesmith
