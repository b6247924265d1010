#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

/// A model of many objectives is a scalarisation, one that of few a model of 500 trials at most:
/// fronts and crowding tell more once there are this many trials.
constexpr std::size_t modelled_objectives = 4;
constexpr std::size_t many_evolve_from = 250;
constexpr std::size_t few_evolve_from = 1000;
/// From here on CMA-ES, begun where the model found the best, gains more on numbers than the model
/// does; on choices it does not. The figures: bench/quality/README.md.
constexpr std::size_t numbers_from = 400;
/// The model still learns from new trials here, but not from all.
constexpr std::size_t choices_from = 3000;

/// Whether most parameters are numbers, none conditional.
bool is_numeric(const Space& space) {
  int numbers = 0;
  int choices = 0;
  for (const Parameter& parameter : space.parameters()) {
    if (!parameter.when.empty()) return false;
    if (parameter.cardinality() == 1) continue;
    ++(parameter.type == ParameterType::categorical ? choices : numbers);
  }
  return numbers > choices;
}

class AutoSearch final : public SearchStrategy {
 public:
  std::string name() const override { return "auto"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    const auto [strategy, reason] = choice(view);
    std::vector<Suggestion> suggestions = strategy.suggest(view, count);
    for (Suggestion& suggestion : suggestions)
      suggestion.note = strategy.name() + " (" + reason + "): " + suggestion.note;
    return suggestions;
  }

 private:
  struct Choice {
    SearchStrategy& strategy;
    std::string reason;
  };

  Choice choice(const StudyView& view) const {
    const std::size_t trials = view.size();
    const std::size_t objectives = view.problem().objectives.size();
    const std::string so_many = std::to_string(trials) + " trials";
    if (objectives > 1) {
      const bool many = objectives > modelled_objectives;
      if (trials >= (many ? many_evolve_from : few_evolve_from))
        return {*evolution_, so_many + " of several objectives"};
    } else if (is_numeric(view.problem().space)) {
      if (trials >= numbers_from) return {*cma_es_, so_many + " of numbers"};
    } else if (trials >= choices_from) {
      return {*tpe_, so_many + " with choices"};
    }
    return {*bayesian_, "a model is worth its cost"};
  }

  std::shared_ptr<SearchStrategy> bayesian_ = bayesian_search();
  std::shared_ptr<SearchStrategy> tpe_ = tpe_search();
  std::shared_ptr<SearchStrategy> cma_es_ = cma_es_search();
  std::shared_ptr<SearchStrategy> evolution_ = evolution_search();
};

}  // namespace

std::shared_ptr<SearchStrategy> auto_search() { return std::make_shared<AutoSearch>(); }

StrategyPlugin auto_strategy() {
  return {
      .info = {.name = "auto",
               .summary = "Chooses the strategy by space, objectives and history, and says why in "
                          "each suggestion's note."},
      .make = [](ObjectReader&) { return auto_search(); },
  };
}

}  // namespace tunesmith
