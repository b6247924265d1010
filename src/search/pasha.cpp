#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "search/bracket_search.hpp"
#include "search/promotion_search.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

/// Share of the differences between trials that changed places which is taken for noise: the
/// paper's default.
constexpr double noise_quantile = 0.9;
/// The best of the two rungs: pairs grow with the square.
constexpr std::size_t most_compared = 50;

/// How far two trials' ranks may be apart and still be the same: the quantile of the differences,
/// at their last common level, of those that changed places more than once on the way there.
double noise_of(const Problem& problem, const StudyView& view,
                const std::vector<Promotions::Pair>& pairs) {
  std::vector<std::vector<double>> curves;
  for (const auto& pair : pairs) {
    std::vector<double>& curve = curves.emplace_back();
    for (const Report& report : view.trial(pair.trial).reports) {
      const auto value = report.metrics.find(problem.objectives.front().metric);
      if (value != report.metrics.end()) curve.push_back(halving_rank(problem, value->second));
    }
  }
  std::vector<double> differences;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t common = std::min(curves[i].size(), curves[j].size());
      int changes = 0;
      for (std::size_t at = 1; at < common; ++at) {
        const bool before = curves[i][at - 1] < curves[j][at - 1];
        changes += before != (curves[i][at] < curves[j][at]);
      }
      if (changes < 2) continue;
      const double difference = std::abs(curves[i][common - 1] - curves[j][common - 1]);
      if (std::isfinite(difference)) differences.push_back(difference);
    }
  }
  if (differences.empty()) return 0;
  const auto place =
      static_cast<std::size_t>(noise_quantile * static_cast<double>(differences.size() - 1));
  std::nth_element(differences.begin(), differences.begin() + static_cast<std::ptrdiff_t>(place),
                   differences.end());
  return differences[place];
}

class Pasha final : public PromotionSearch {
 public:
  Pasha(const RungLadder& ladder, HalvingSearcher searcher)
      : PromotionSearch(ladder, std::move(searcher)), rungs_(ladder.rungs()) {}

  std::string name() const override { return "pasha"; }

 private:
  std::size_t highest_rung(const StudyView& view, const Promotions& promotions) const override {
    for (std::size_t highest = 1; highest < rungs_; ++highest) {
      auto pairs = promotions.pairs(highest - 1);
      if (pairs.size() < 2) return highest;
      std::sort(pairs.begin(), pairs.end(),
                [](const auto& a, const auto& b) { return a.above < b.above; });
      pairs.resize(std::min(pairs.size(), most_compared));
      if (agree(pairs, noise_of(view.problem(), view, pairs))) return highest;
    }
    return rungs_;
  }

  /// Whether no two trials that are clearly apart at one rung are clearly the other way round at
  /// the other.
  static bool agree(const std::vector<Promotions::Pair>& pairs, double noise) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        // `j` is no worse above.
        if (pairs[i].above - pairs[j].above > noise && pairs[j].below - pairs[i].below > noise)
          return false;
      }
    }
    return true;
  }

  std::size_t rungs_;
};

}  // namespace

std::shared_ptr<SearchStrategy> pasha_search(HalvingSearchOptions options) {
  const RungLadder ladder(options.min_resource, options.max_resource, options.eta);
  return std::make_shared<Pasha>(ladder, HalvingSearcher(options.searcher, &random_search, ladder));
}

StrategyPlugin pasha_strategy() {
  return {
      .info = {.name = "pasha",
               .summary = "asha by promotion whose highest rung rises only while the rungs below "
                          "disagree on which trials are best.",
               .options = halving_options()},
      .make =
          [](ObjectReader& options) {
            const HalvingSearchOptions read = read_halving_options(options);
            return made_or_noted(options, [&] { return pasha_search(read); });
          },
  };
}

}  // namespace tunesmith
