#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "search/asha_search.hpp"
#include "search/asha_stopping.hpp"
#include "search/promotion_search.hpp"

namespace tunesmith {
namespace {

class AshaPromotion final : public PromotionSearch {
 public:
  AshaPromotion(std::string name, const RungLadder& ladder, HalvingSearcher searcher)
      : PromotionSearch(ladder, std::move(searcher)), name_(std::move(name)) {}

  std::string name() const override { return name_; }

 private:
  std::size_t highest_rung(const StudyView& /*view*/,
                           const Promotions& /*promotions*/) const override {
    return std::numeric_limits<std::size_t>::max();
  }

  std::string name_;
};

}  // namespace

std::shared_ptr<SearchStrategy> asha_named(
    const std::string& name, const AshaSearchOptions& options, AshaType fallback_type,
    const std::function<std::shared_ptr<SearchStrategy>()>& fallback, bool explores) {
  const RungLadder ladder(options.min_resource, options.max_resource, options.eta,
                          options.brackets);
  HalvingSearcher searcher(options.searcher, fallback, ladder, explores);
  if (options.type.value_or(fallback_type) == AshaType::promotion)
    return std::make_shared<AshaPromotion>(name, ladder, std::move(searcher));
  return std::make_shared<AshaStopping>(name, ladder, std::move(searcher));
}

std::shared_ptr<SearchStrategy> asha_search(AshaSearchOptions options) {
  return asha_named("asha", options, AshaType::stopping, &random_search);
}

StrategyPlugin asha_plugin(const std::string& name, const std::string& summary, AshaType type,
                           const std::string& searcher,
                           std::shared_ptr<SearchStrategy> (*make)(AshaSearchOptions)) {
  return {
      .info = {.name = name,
               .summary = summary,
               .options = {{.name = "type",
                            .type = "text",
                            .fallback =
                                type == AshaType::stopping ? "\"stopping\"" : "\"promotion\"",
                            .text = "\"stopping\": a trial that is not among the best at a rung is "
                                    "stopped; \"promotion\": trials pause at rungs and the best "
                                    "are resumed."},
                           min_resource_option(),
                           {.name = "max_resource",
                            .type = "int",
                            .fallback = "0",
                            .text = "Level at which a trial has run to its end; 0: where it ends "
                                    "by itself."},
                           eta_option(),
                           {.name = "brackets",
                            .type = "int",
                            .fallback = "1",
                            .text = "Ladders that trials are drawn for, each without the lowest "
                                    "rung of the one before; 1 to 20."},
                           searcher_option(searcher)}},
      .make = [make](ObjectReader& options) -> std::shared_ptr<SearchStrategy> {
        AshaSearchOptions read;
        if (const auto chosen = options.choice("type", {"stopping", "promotion"}))
          read.type = *chosen == 1 ? AshaType::promotion : AshaType::stopping;
        read.min_resource = read_level(options, "min_resource", 1).value_or(1);

        if (const auto max = read_level(options, "max_resource", 0)) read.max_resource = *max;
        if (const auto eta = options.integer("eta", 2)) read.eta = *eta;
        if (const auto brackets = options.integer("brackets", 1, 20))
          read.brackets = static_cast<int>(*brackets);
        read.searcher = read_searcher(options);
        return made_or_noted(options, [&] { return make(read); });
      },
  };
}

StrategyPlugin asha_strategy() {
  return asha_plugin("asha",
                     "Asynchronous successive halving around any other strategy: trials that are "
                     "not among the best at a rung are stopped, or wait.",
                     AshaType::stopping, "random", &asha_search);
}

}  // namespace tunesmith
