#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "search/draw.hpp"
#include "search/genome.hpp"
#include "search/parents.hpp"
#include "search/seen_set.hpp"
#include "search/sobol.hpp"
#include "search/strategy_plugin.hpp"
#include "search/view_follower.hpp"

namespace tunesmith {
namespace {

constexpr int least_population = 4;
constexpr int most_population = 100000;
/// A child that is known or breaks a constraint changes once more, so often; then any other
/// configuration will do.
constexpr int most_changes = 128;

class EvolutionSearch final : public SearchStrategy {
 public:
  explicit EvolutionSearch(EvolutionSearchOptions options) : options_(options) {}

  std::string name() const override { return "evolution"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    // Studies that share the strategy share what it keeps.
    const std::lock_guard lock(mutex_);
    follower_.follow(view);
    const bool several = view.problem().objectives.size() > 1;
    const std::size_t population = population_for(view, several);
    auto parents = several ? surviving_parents(view, population) : latest_parents(view, population);
    Batch batch(view, follower_);
    for (int i = 0; i < count; ++i) {
      const std::size_t number = view.size() + static_cast<std::size_t>(i);
      auto suggestion =
          parents ? child(view, *parents, several, number, batch) : founder(view, number, batch);
      if (!suggestion) break;
      if (i == 0 && parents && parents->record) suggestion->state = to_text(*parents->record);
      batch.add(std::move(*suggestion));
    }
    return std::move(batch).suggestions();
  }

 private:
  /// The suggestions of one call.
  class Batch {
   public:
    Batch(const StudyView& view, const ViewFollower& follower) : view_(view), follower_(follower) {}

    bool may_be(const Configuration& configuration) const {
      return view_.problem().space.satisfies(configuration) &&
             !follower_.knows(view_, configuration) &&
             std::none_of(suggestions_.begin(), suggestions_.end(), [&](const Suggestion& one) {
               return one.configuration == configuration;
             });
    }
    void add(Suggestion suggestion) { suggestions_.push_back(std::move(suggestion)); }
    const ViewFollower& follower() const { return follower_; }
    const std::vector<Suggestion>& so_far() const { return suggestions_; }
    std::vector<Suggestion> suggestions() && { return std::move(suggestions_); }

   private:
    const StudyView& view_;
    const ViewFollower& follower_;
    std::vector<Suggestion> suggestions_;
  };

  std::size_t population_for(const StudyView& view, bool several) const {
    if (options_.population > 0) return static_cast<std::size_t>(options_.population);
    const std::size_t objectives = view.problem().objectives.size();
    const std::int64_t most = several && objectives < 4 ? 50 : 100;
    // Grows with what is known: a study of 100 trials could not spend them all on founders.
    const auto known = static_cast<std::int64_t>(view.size());
    return static_cast<std::size_t>(std::clamp<std::int64_t>(known / 5, 10, most));
  }

  static std::optional<Suggestion> child(const StudyView& view, const Parents& parents,
                                         bool several, std::size_t number, const Batch& batch) {
    const Problem& problem = view.problem();
    const Genome genome(problem.space);
    RandomStream random(problem.seed, number, "evolution");
    const auto parent = [&](std::size_t sample) {
      const TrialId id = parents.tournament(sample, random);
      return std::pair(id, genome.point_of(view.trial(id).configuration, random));
    };
    std::string note;
    Genome::Point point;
    if (several) {
      const auto [a, point_a] = parent(2);
      const auto [b, point_b] = parent(2);
      point = genome.child_of(point_a, point_b, random);
      note = "child of trials " + std::to_string(a) + " and " + std::to_string(b);
    } else {
      const auto [id, from] = parent(std::max<std::size_t>(parents.ids.size() / 10, 3));
      point = from;
      genome.change_one(point, random);
      note = "mutant of trial " + std::to_string(id);
    }
    for (int i = 0; i < most_changes; ++i) {
      Configuration configuration = problem.space.decode(point);
      if (batch.may_be(configuration)) {
        return Suggestion{.configuration = std::move(configuration), .note = std::move(note)};
      }
      genome.change_one(point, random);
    }
    return elsewhere(view, number, batch);
  }

  static std::optional<Suggestion> founder(const StudyView& view, std::size_t number,
                                           const Batch& batch) {
    const Space& space = view.problem().space;
    const SobolSequence sequence(space.dimension(), view.problem().seed);
    Configuration configuration = space.decode(sequence.point(number));
    if (!batch.may_be(configuration)) return elsewhere(view, number, batch);
    return Suggestion{.configuration = std::move(configuration), .note = "one to begin with"};
  }

  static std::optional<Suggestion> elsewhere(const StudyView& view, std::size_t number,
                                             const Batch& batch) {
    const Problem& problem = view.problem();
    SeenSet seen(view, batch.follower());
    for (const Suggestion& suggestion : batch.so_far()) seen.insert(suggestion.configuration);
    RandomStream random(problem.seed, number, "evolution elsewhere");
    const auto next_point = [&] {
      std::vector<double> point(problem.space.dimension());
      for (double& x : point) x = random.uniform();
      return point;
    };
    auto configuration = draw_new(problem.space, seen, next_point, random);
    if (!configuration) return {};
    return Suggestion{.configuration = std::move(*configuration), .note = "one drawn at random"};
  }

  EvolutionSearchOptions options_;
  std::mutex mutex_;
  ViewFollower follower_;
};

}  // namespace

std::shared_ptr<SearchStrategy> evolution_search(EvolutionSearchOptions options) {
  if (options.population != 0 &&
      (options.population < least_population || options.population > most_population)) {
    throw Error(ErrorCode::invalid_argument, {{.path = "/population",
                                               .what = "is " + std::to_string(options.population),
                                               .allowed = "0, or 4 to 100000"}});
  }
  return std::make_shared<EvolutionSearch>(options);
}

StrategyPlugin evolution_strategy() {
  return {
      .info = {.name = "evolution",
               .summary = "Evolution by mutation and selection: regularised for one objective, "
                          "NSGA-II or III for several.",
               .options = {{.name = "population",
                            .type = "int",
                            .fallback = "0",
                            .text = "Trials that parents are chosen from, 4 to 100000; 0: a fifth "
                                    "of the trials, at least 10 and at most 100 (50 with two or "
                                    "three objectives)."}}},
      .make =
          [](ObjectReader& options) {
            const auto population = options.integer("population", 0, most_population).value_or(0);
            if (population > 0 && population < least_population) {
              options.mistake("population", "is " + std::to_string(population),
                              "0, or 4 to 100000");
              return evolution_search();
            }
            return evolution_search({.population = static_cast<int>(population)});
          },
  };
}

}  // namespace tunesmith
