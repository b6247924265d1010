#pragma once

#include <cstdint>
#include <forward_list>
#include <functional>
#include <unordered_set>

#include "tunesmith/trial.hpp"

namespace tunesmith {

class ViewFollower;

/// Hash of names, types and values; equal configurations have equal hashes, on every platform.
std::uint64_t hash_configuration(const Configuration& configuration);

/// The configurations that may not be proposed again, compared by their typed values. Inactive
/// parameters are absent from configurations and so do not count. Contains and insert are
/// O(parameters) on average.
class SeenSet {
 public:
  /// Those of all trials for which `counts` holds, whatever their state. O(trials). Keeps the view
  /// alive.
  explicit SeenSet(
      const StudyView& view,
      const std::function<bool(const Trial&)>& counts = [](const Trial&) { return true; });
  /// Those of all trials of `view`, which `follower`, to outlive this object, followed last. O(1).
  SeenSet(const StudyView& view, const ViewFollower& follower);
  SeenSet(const SeenSet&) = delete;
  SeenSet& operator=(const SeenSet&) = delete;

  bool contains(const Configuration& configuration) const;
  /// False where it was there already.
  bool insert(Configuration configuration);
  bool empty() const noexcept;

 private:
  struct Hash {
    std::size_t operator()(const Configuration* c) const { return hash_configuration(*c); }
  };
  struct Equal {
    bool operator()(const Configuration* a, const Configuration* b) const { return *a == *b; }
  };

  StudyView view_;
  /// Knows those of the view's trials; null: they are in `set_`.
  const ViewFollower* follower_ = nullptr;
  std::forward_list<Configuration> own_;
  std::unordered_set<const Configuration*, Hash, Equal> set_;
};

}  // namespace tunesmith
