#include "search/plateau.hpp"

#include <array>
#include <limits>

namespace tunesmith {
namespace {

constexpr std::size_t neighbours = 3;

}  // namespace

Plateaus::Plateaus(const FeatureEncoding& encoding, const std::vector<Observation>& ended,
                   Vector lengthscales)
    : encoding_(encoding), lengthscales_(std::move(lengthscales)) {
  for (const Observation& seen : ended)
    if (!seen.failed) trials_.push_back(&seen);
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
