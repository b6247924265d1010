#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "space/activity.hpp"
#include "space/membership.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {
namespace {

using Count = std::optional<std::uint64_t>;  // none: infinite, too large or too hard

Count product(Count a, Count b) {
  std::uint64_t result = 0;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &result)) return std::nullopt;
  return result;
}

Count sum(Count a, Count b) {
  std::uint64_t result = 0;
  if (!a || !b || __builtin_add_overflow(*a, *b, &result)) return std::nullopt;
  return result;
}

/// Counts by splitting: independent groups of parameters multiply; within a group one unconditional
/// parameter is taken, and the counts for each kind of its values (alike for its children) add up.
/// Nested trees of conditions take time linear in their size times the kinds along a path; tangles
/// of many shared parents are given up.
class Counter {
 public:
  explicit Counter(const Space& space) : all_(space.parameters()), parents_(all_.size()) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      for (const Condition& condition : all_[i].when) {
        const Parameter* parent = space.find(condition.parent);
        if (parent != nullptr)
          parents_[i].push_back(static_cast<std::size_t>(parent - all_.data()));
      }
    }
  }

  Count count() {
    Group everything(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) everything[i] = i;
    return count(everything);
  }

 private:
  /// Positions, ascending. Conditions on parents outside the group are met.
  using Group = std::vector<std::size_t>;

  static bool in(const Group& group, std::size_t i) {
    return std::binary_search(group.begin(), group.end(), i);
  }

  Count count(const Group& group) {
    Count result = 1;
    for (const Group& part : split(group)) {
      result = product(result,
                       part.size() == 1 ? all_[part.front()].cardinality() : count_connected(part));
      if (!result) break;
    }
    return result;
  }

  /// The connected parts.
  std::vector<Group> split(const Group& group) const {
    std::map<std::size_t, std::size_t>
        above;  // a forest: each leads to a representative of its part
    const auto top = [&](std::size_t i) {
      while (above[i] != i) i = above[i] = above[above[i]];
      return i;
    };
    for (const std::size_t i : group) above[i] = i;
    for (const std::size_t i : group) {
      for (const std::size_t parent : parents_[i]) {
        if (in(group, parent)) above[top(i)] = top(parent);
      }
    }
    std::map<std::size_t, Group> parts;
    for (const std::size_t i : group) parts[top(i)].push_back(i);
    std::vector<Group> result;
    result.reserve(parts.size());
    for (auto& entry : parts) result.push_back(std::move(entry.second));
    return result;
  }

  Count count_connected(const Group& group) {
    if (++steps_ > max_steps) return std::nullopt;
    const auto root = std::find_if(group.begin(), group.end(), [&](std::size_t i) {
      return std::none_of(parents_[i].begin(), parents_[i].end(),
                          [&](std::size_t p) { return in(group, p); });
    });
    if (root == group.end()) return std::nullopt;  // a circle
    const Parameter& parent = all_[*root];
    Count others = parent.cardinality();
    if (!others) return std::nullopt;

    Group children;
    std::vector<Value> mentioned;
    for (const std::size_t i : group) {
      for (const Condition& condition : all_[i].when) {
        if (condition.parent != parent.name) continue;
        if (children.empty() || children.back() != i) children.push_back(i);
        for (const Value& value : condition.values) {
          const Value meant = fitted(parent, value);
          if (belongs(parent, meant) &&
              std::find(mentioned.begin(), mentioned.end(), meant) == mentioned.end()) {
            mentioned.push_back(meant);
          }
        }
      }
    }
    *others -= mentioned.size();

    std::map<Group, std::uint64_t>
        kinds;  // children without a chance -> number of the parent's values
    for (const Value& value : mentioned) ++kinds[excluded(children, parent.name, &value)];
    if (*others > 0) kinds[excluded(children, parent.name, nullptr)] += *others;
    Count result = 0;
    for (const auto& [gone, values] : kinds) {
      result = sum(result, product(values, count(without(group, *root, gone))));
      if (!result) break;
    }
    return result;
  }

  /// The children whose conditions on the parent the value (null: one that nobody mentions) does
  /// not meet.
  Group excluded(const Group& children, const std::string& parent, const Value* value) const {
    Group result;
    for (const std::size_t child : children) {
      const auto& when = all_[child].when;
      if (std::any_of(when.begin(), when.end(), [&](const Condition& condition) {
            return condition.parent == parent && (value == nullptr || !admits(condition, *value));
          })) {
        result.push_back(child);
      }
    }
    return result;
  }

  /// The group without `root` and without `gone` and everything that hangs on those.
  Group without(const Group& group, std::size_t root, Group gone) const {
    for (bool grown = true; grown;) {
      grown = false;
      for (const std::size_t i : group) {
        if (in(gone, i)) continue;
        if (std::any_of(parents_[i].begin(), parents_[i].end(),
                        [&](std::size_t p) { return in(gone, p); })) {
          gone.insert(std::lower_bound(gone.begin(), gone.end(), i), i);
          grown = true;
        }
      }
    }
    Group rest;
    for (const std::size_t i : group) {
      if (i != root && !in(gone, i)) rest.push_back(i);
    }
    return rest;
  }

  static constexpr int max_steps = 20000;

  const std::vector<Parameter>& all_;
  std::vector<Group> parents_;
  int steps_ = 0;
};

}  // namespace

std::optional<std::uint64_t> Space::cardinality() const { return Counter(*this).count(); }

}  // namespace tunesmith
