#pragma once

#include <cstddef>
#include <set>
#include <utility>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// The trials that reached a rung, best first: by value (smaller is better, +∞ worst), then by
/// number. Knows at any time the best of each eta of them.
class RungRecord {
 public:
  using Entry = std::pair<double, TrialId>;
  enum class Rounding { up, down };

  RungRecord(std::int64_t eta, Rounding rounding) : eta_(eta), rounding_(rounding) {}

  /// O(log n). Precondition: the trial is not there.
  void insert(const Entry& entry);
  /// O(log n). Precondition: it is there.
  void erase(const Entry& entry);

  std::size_t size() const noexcept { return best_.size() + others_.size(); }
  /// Whether the entry, which is there, is among the best of each eta. O(1).
  bool is_among_best(const Entry& entry) const {
    return !best_.empty() && entry <= *best_.rbegin();
  }
  /// The worst value among the best of each eta. Precondition: there is one. O(1).
  double bar() const { return best_.rbegin()->first; }
  bool has_bar() const noexcept { return !best_.empty(); }

 private:
  void share_out();

  std::int64_t eta_;
  Rounding rounding_;
  std::set<Entry> best_;
  std::set<Entry> others_;
};

}  // namespace tunesmith
