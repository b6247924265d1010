#include "search/output_scale.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tunesmith {

OutputScale::OutputScale(std::span<const double> values, const Vector& outputs) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i]))
      known_.emplace_back(outputs[static_cast<Eigen::Index>(i)], values[i]);
  std::sort(known_.begin(), known_.end());
}

double OutputScale::value_at(double output) const {
  auto above = std::upper_bound(known_.begin(), known_.end(), output,
                                [](double key, const auto& one) { return key < one.first; });
  auto below = above;
  if (above == known_.begin()) {
    above = known_.end() - 1;  // beyond the worst: the line through both ends
  } else if (above == known_.end()) {
    return known_.back().second;
  } else {
    --below;
  }
  const double width = above->first - below->first;
  if (!(width > 0)) return below->second;
  const double share = (output - below->first) / width;
  return std::lerp(below->second, above->second, share);
}

double OutputScale::difference(double from, double by) const {
  if (known_.empty()) return 0;
  const double top = std::min(from, known_.back().first);
  const double difference = value_at(top) - value_at(top - by);
  return std::isfinite(difference) ? std::max(difference, 0.0) : std::numeric_limits<double>::max();
}

}  // namespace tunesmith
