#include "tunesmith/rungs.hpp"

#include <algorithm>
#include <utility>

#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

/// Keeps (s_max + 1) · η^s below 2⁶³: s_max is at most 49.
constexpr std::int64_t highest_resource = 1'000'000'000'000'000;

void check(const RungOptions& options) {
  std::vector<Mistake> mistakes;
  const auto require = [&](bool good, const char* path, std::int64_t value, const char* allowed) {
    if (!good) {
      mistakes.push_back({.path = path, .what = "is " + std::to_string(value), .allowed = allowed});
    }
  };
  require(options.min_resource >= 1, "/min_resource", options.min_resource, "at least 1");
  require(options.max_resource >= std::max<std::int64_t>(1, options.min_resource) &&
              options.max_resource <= highest_resource,
          "/max_resource", options.max_resource, "from min_resource to 10^15");
  require(options.eta >= 2, "/eta", options.eta, "at least 2");
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
}

}  // namespace

std::vector<std::int64_t> rung_levels(const RungOptions& options) {
  check(options);
  std::vector<std::int64_t> levels;
  std::int64_t level = options.min_resource;
  while (level < options.max_resource) {
    levels.push_back(level);
    if (level > options.max_resource / options.eta) break;  // the next would be beyond
    level *= options.eta;
  }
  levels.push_back(options.max_resource);
  return levels;
}

std::vector<Bracket> hyperband_brackets(const RungOptions& options) {
  check(options);
  // ⌊max/η^s⌋ ≥ min as long as max/η^s ≥ min, because min is whole.
  std::vector<std::int64_t> powers = {1};
  while (powers.back() <= options.max_resource / options.min_resource / options.eta) {
    powers.push_back(powers.back() * options.eta);
  }
  const auto rungs = static_cast<std::int64_t>(powers.size());
  std::vector<Bracket> brackets;
  for (std::int64_t s = rungs - 1; s >= 0; --s) {
    const std::int64_t share = rungs * powers[static_cast<std::size_t>(s)];
    const std::int64_t first = share / (s + 1) + (share % (s + 1) == 0 ? 0 : 1);
    Bracket& bracket = brackets.emplace_back();
    for (std::int64_t i = 0; i <= s; ++i) {
      bracket.push_back({.level = options.max_resource / powers[static_cast<std::size_t>(s - i)],
                         .trials = first / powers[static_cast<std::size_t>(i)]});
    }
  }
  return brackets;
}

}  // namespace tunesmith
