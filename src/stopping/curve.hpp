#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace tunesmith {

/// What one trial has reported, by rising level, with a state per level that follows from the state
/// before and the value: `State next(const State* before, double level, const Value& value)`. In
/// order O(1), a late or repeated level O(levels above it).
template <typename Value, typename State>
class Curve {
 public:
  struct Point {
    double level = 0;
    Value value = {};
    State state = {};
  };

  /// `change` is called with the value at the level, a fresh one where there is none. Answers
  /// whether the level is a new, highest one.
  template <typename Change, typename Next>
  bool put(double level, const Change& change, const Next& next) {
    auto at = points_.end();
    if (!points_.empty() && points_.back().level >= level) {
      at = std::lower_bound(points_.begin(), points_.end(), level,
                            [](const Point& point, double key) { return point.level < key; });
    }
    const bool appended = at == points_.end();
    if (appended || at->level != level) at = points_.insert(at, {.level = level});
    change(at->value);
    for (; at != points_.end(); ++at) {
      const State* before = at == points_.begin() ? nullptr : &(at - 1)->state;
      at->state = next(before, at->level, std::as_const(at->value));
    }
    return appended;
  }

  const std::vector<Point>& points() const { return points_; }
  bool empty() const { return points_.empty(); }
  /// Precondition: not empty.
  const Point& back() const { return points_.back(); }

  /// The last point at or below a level, or null.
  const Point* up_to(double level) const {
    const auto after =
        std::upper_bound(points_.begin(), points_.end(), level,
                         [](double key, const Point& point) { return key < point.level; });
    return after == points_.begin() ? nullptr : &*(after - 1);
  }

 private:
  std::vector<Point> points_;
};

}  // namespace tunesmith
