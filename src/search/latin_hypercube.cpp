#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "search/point_sequence.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

constexpr int most_points = 1000000;
constexpr std::int64_t points_without_budget = 100;

/// One point in each slice of each coordinate, where in the slice at random (McKay, Beckman &
/// Conover, 1979).
class LatinHypercube {
 public:
  LatinHypercube(std::uint64_t seed, std::uint64_t number, std::size_t points,
                 std::size_t dimension)
      : seed_(seed), number_(number), points_(points), slices_(dimension) {
    for (std::size_t d = 0; d < dimension; ++d) {
      std::vector<std::uint32_t>& slices = slices_[d];
      slices.resize(points);
      std::iota(slices.begin(), slices.end(), 0U);
      RandomStream stream(seed, number * dimension + d, "latin hypercube slices");
      for (std::size_t i = points; i > 1; --i) std::swap(slices[i - 1], slices[stream.below(i)]);
    }
  }

  bool is(std::uint64_t seed, std::uint64_t number, std::size_t points,
          std::size_t dimension) const {
    return seed == seed_ && number == number_ && points == points_ && dimension == slices_.size();
  }

  std::vector<double> point(std::size_t index) const {
    RandomStream stream(seed_, number_ * points_ + index, "latin hypercube");
    std::vector<double> point;
    point.reserve(slices_.size());
    for (const std::vector<std::uint32_t>& slices : slices_) {
      point.push_back((slices[index] + stream.uniform()) / static_cast<double>(points_));
    }
    return point;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t number_;
  std::size_t points_;
  std::vector<std::vector<std::uint32_t>> slices_;
};

class LatinHypercubeSearch final : public SearchStrategy {
 public:
  explicit LatinHypercubeSearch(LatinHypercubeSearchOptions options) : options_(options) {}

  std::string name() const override { return "latin_hypercube"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    // Studies that share the strategy share what it keeps.
    const std::lock_guard lock(mutex_);
    const std::size_t points = points_for(view.budget());
    const Problem& problem = view.problem();
    return sequence_.suggest(view, count, [&](std::uint64_t index) {
      const std::uint64_t number = index / points;
      const std::size_t dimension = problem.space.dimension();
      // A design costs as much as all of its points, so the last one is kept.
      if (!design_ || !design_->is(problem.seed, number, points, dimension)) {
        design_ = std::make_unique<LatinHypercube>(problem.seed, number, points, dimension);
      }
      return design_->point(index % points);
    });
  }

 private:
  std::size_t points_for(const Budget& budget) const {
    if (options_.points > 0) return static_cast<std::size_t>(options_.points);
    const std::int64_t trials = budget.max_trials.value_or(points_without_budget);
    return static_cast<std::size_t>(std::clamp<std::int64_t>(trials, 1, most_points));
  }

  LatinHypercubeSearchOptions options_;
  std::mutex mutex_;
  PointSequence sequence_;
  std::unique_ptr<LatinHypercube> design_;
};

}  // namespace

std::shared_ptr<SearchStrategy> latin_hypercube_search(LatinHypercubeSearchOptions options) {
  if (options.points < 0 || options.points > most_points) {
    throw Error(ErrorCode::invalid_argument, {{.path = "/points",
                                               .what = "is " + std::to_string(options.points),
                                               .allowed = "0 to " + std::to_string(most_points)}});
  }
  return std::make_shared<LatinHypercubeSearch>(options);
}

StrategyPlugin latin_hypercube_strategy() {
  return {
      .info = {.name = "latin_hypercube",
               .summary = "Latin hypercube samples: one point in every slice of every range.",
               .options = {{.name = "points",
                            .type = "int",
                            .fallback = "0",
                            .text = "Points that share out every range, up to 1000000; 0: as many "
                                    "as the budget has trials, else 100."}}},
      .make =
          [](ObjectReader& options) {
            LatinHypercubeSearchOptions read;
            read.points = static_cast<int>(options.integer("points", 0, most_points).value_or(0));
            return latin_hypercube_search(read);
          },
  };
}

}  // namespace tunesmith
