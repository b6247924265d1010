#include "search/plateau.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace tunesmith {
namespace {

constexpr std::size_t neighbours = 3;

/// Whether as many trials as make a plateau agree in their objectives.
bool any_alike(std::vector<const Observation*> trials) {
  std::sort(trials.begin(), trials.end(), [](const Observation* a, const Observation* b) {
    return a->objectives < b->objectives;
  });
  for (std::size_t i = neighbours - 1; i < trials.size(); ++i)
    if (trials[i]->objectives == trials[i + 1 - neighbours]->objectives) return true;
  return false;
}

}  // namespace

Plateaus::Plateaus(const FeatureEncoding& encoding, const std::vector<Observation>& ended,
                   Vector lengthscales)
    : encoding_(encoding), lengthscales_(std::move(lengthscales)) {
  for (const Observation& seen : ended)
    if (!seen.failed) trials_.push_back(&seen);
  if (!any_alike(trials_)) trials_.clear();
}

bool Plateaus::contain(const Point& point) const {
  if (trials_.size() < neighbours) return false;
  struct Near {
    double distance = std::numeric_limits<double>::infinity();
    const Observation* trial = nullptr;
  };
  std::array<Near, neighbours> nearest;
  for (const Observation* seen : trials_) {
    Near next{encoding_.squared_distance(point, seen->point, lengthscales_), seen};
    for (Near& place : nearest)
      if (next.distance < place.distance) std::swap(next, place);
  }
  for (const Near& near : nearest)
    if (near.trial->objectives != nearest[0].trial->objectives) return false;
  return true;
}

}  // namespace tunesmith
