#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

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
  /// O(log n), amortised. Precondition: it is there.
  void erase(const Entry& entry);

  std::size_t size() const noexcept { return best_count_ + others_count_; }
  /// Whether the entry, which is there, is among the best of each eta. O(1).
  bool is_among_best(const Entry& entry) const { return !best_.empty() && entry <= best_.front(); }
  /// The worst value among the best of each eta. Precondition: there is one. O(1).
  double bar() const { return best_.front().first; }
  bool has_bar() const noexcept { return !best_.empty(); }

 private:
  void share_out();
  void drop_withdrawn();

  std::int64_t eta_;
  Rounding rounding_;
  /// Heaps: the worst of the best in front, the best of the others in front. What was withdrawn
  /// stays until it comes to the front, so that fronts are entries that count, and all that stands
  /// in `best_` is no worse than its front and all in `others_` worse.
  std::vector<Entry> best_;
  std::vector<Entry> others_;
  std::set<Entry> withdrawn_;
  /// Without what was withdrawn.
  std::size_t best_count_ = 0;
  std::size_t others_count_ = 0;
};

}  // namespace tunesmith
