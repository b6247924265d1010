#include "search/seen_set.hpp"

#include <bit>
#include <utility>

#include "core/random.hpp"
#include "search/view_follower.hpp"

namespace tunesmith {
namespace {

struct ValueBits {
  std::uint64_t operator()(double value) const {
    return std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);  // -0.0 equals 0.0
  }
  std::uint64_t operator()(std::int64_t value) const { return static_cast<std::uint64_t>(value); }
  std::uint64_t operator()(bool value) const { return value ? 1 : 0; }
  std::uint64_t operator()(const std::string& value) const { return hash_text(value); }
};

std::uint64_t combine(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 32);
}

}  // namespace

std::uint64_t hash_configuration(const Configuration& configuration) {
  std::uint64_t hash = configuration.size();
  for (const auto& [name, value] : configuration.values()) {
    hash = combine(hash, hash_text(name) + value.index());
    hash = combine(hash, std::visit(ValueBits{}, value));
  }
  return hash;
}

SeenSet::SeenSet(const StudyView& view, const std::function<bool(const Trial&)>& counts)
    : view_(view) {
  set_.reserve(view_.size());
  for (std::size_t i = 0; i < view_.size(); ++i) {
    const Trial& trial = view_.trial(static_cast<TrialId>(i));
    if (counts(trial)) set_.insert(&trial.configuration);
  }
}

SeenSet::SeenSet(const StudyView& view, const ViewFollower& follower)
    : view_(view), follower_(&follower) {}

bool SeenSet::contains(const Configuration& configuration) const {
  return (follower_ != nullptr && follower_->knows(view_, configuration)) ||
         set_.contains(&configuration);
}

bool SeenSet::insert(Configuration configuration) {
  if (contains(configuration)) return false;
  own_.push_front(std::move(configuration));
  set_.insert(&own_.front());
  return true;
}

bool SeenSet::empty() const noexcept {
  return set_.empty() && (follower_ == nullptr || view_.size() == 0);
}

}  // namespace tunesmith
