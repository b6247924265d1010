#include "search/draw.hpp"

#include <algorithm>
#include <string>

#include "search/configuration_counter.hpp"

namespace tunesmith {
namespace {

/// Vain tries before counting out: draws of known configurations, and draws that break a
/// constraint.
constexpr int max_known = 1000;
constexpr int max_broken = 100000;
/// Bounds of counting out: configurations kept to choose from, and values tried (about a second's
/// work).
constexpr std::size_t max_remaining = 100000;
constexpr std::uint64_t max_steps = 1000000;

bool is_finite(const Space& space) {
  return std::all_of(
      space.parameters().begin(), space.parameters().end(),
      [](const Parameter& parameter) { return parameter.cardinality().has_value(); });
}

struct Remaining {
  std::vector<Configuration> configurations;
  /// Nothing else is left.
  bool complete = false;
};

Remaining remaining_configurations(const Space& space, const SeenSet& seen) {
  Remaining remaining;
  ConfigurationCounter counter(space);
  std::uint64_t steps = max_steps;
  while (remaining.configurations.size() < max_remaining && counter.next(&steps)) {
    Configuration configuration = counter.configuration();
    if (!seen.contains(configuration)) remaining.configurations.push_back(std::move(configuration));
  }
  remaining.complete = counter.finished();
  return remaining;
}

}  // namespace

std::optional<Configuration> draw_new(const Space& space, const SeenSet& seen,
                                      const std::function<std::vector<double>()>& next_point,
                                      RandomStream& choice) {
  int known = 0;
  int broken = 0;
  while (known < max_known && broken < max_broken) {
    Configuration configuration = space.decode(next_point());
    if (!space.satisfies(configuration)) {
      ++broken;
    } else if (seen.contains(configuration)) {
      ++known;
    } else {
      return configuration;
    }
  }
  if (is_finite(space)) {
    Remaining remaining = remaining_configurations(space, seen);
    if (!remaining.configurations.empty()) {
      return std::move(remaining.configurations[choice.below(remaining.configurations.size())]);
    }
    if (remaining.complete && !seen.empty()) return std::nullopt;
  }
  if (broken < max_broken) return std::nullopt;
  throw Error(ErrorCode::invalid_space,
              {{.path = "/constraints",
                .what = "leave (almost) nothing of the space: " + std::to_string(broken) +
                        " configurations were tried and broke one",
                .allowed = "constraints that at least one in ten thousand configurations keeps"}});
}

}  // namespace tunesmith
