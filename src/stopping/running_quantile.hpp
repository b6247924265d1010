#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <vector>

namespace tunesmith {

/// A quantile of values that come one by one, interpolated linearly between the two nearest; O(log
/// n) per value.
class RunningQuantile {
 public:
  /// `share` from 0 to 1: 0.5 for the median.
  explicit RunningQuantile(double share) : share_(share) {}

  /// Precondition: finite.
  void add(double value) {
    if (!low_.empty() && value > low_.top()) {
      high_.push(value);
    } else {
      low_.push(value);
    }
    // `low_` ends with the value at the rank below the quantile.
    const auto wanted = static_cast<std::size_t>(position()) + 1;
    while (low_.size() > wanted) move_top(low_, high_);
    while (low_.size() < wanted) move_top(high_, low_);
  }

  std::size_t size() const { return low_.size() + high_.size(); }

  /// Precondition: size() > 0.
  double value() const {
    const double between = position() - std::floor(position());
    if (between == 0) return low_.top();
    // Written so that the sum of huge values does not overflow.
    return low_.top() * (1 - between) + high_.top() * between;
  }

 private:
  double position() const { return share_ * static_cast<double>(size() - 1); }

  template <typename From, typename To>
  static void move_top(From& from, To& to) {
    to.push(from.top());
    from.pop();
  }

  double share_;
  std::priority_queue<double> low_;
  std::priority_queue<double, std::vector<double>, std::greater<>> high_;
};

}  // namespace tunesmith
