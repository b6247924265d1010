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
    if (!seen.failed && seen.objectives.size() == 1) trials_.push_back(&seen);
}

bool Plateaus::contain(const Point& point) const {
  if (trials_.size() < neighbours) return false;
  struct Near {
    double distance = std::numeric_limits<double>::infinity();
    double value = 0;
  };
  std::array<Near, neighbours> nearest;
  for (const Observation* seen : trials_) {
    Near next{encoding_.squared_distance(point, seen->point, lengthscales_), seen->objectives[0]};
    for (Near& place : nearest)
      if (next.distance < place.distance) std::swap(next, place);
  }
  for (const Near& near : nearest)
    if (near.value != nearest[0].value) return false;
  return true;
}

}  // namespace tunesmith
