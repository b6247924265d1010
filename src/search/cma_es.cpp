#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "search/cma_es_course.hpp"
#include "search/cma_es_draw.hpp"
#include "search/draw.hpp"
#include "search/seen_set.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

constexpr int least_population = 4;
constexpr int most_population = 1000000;

class CmaEsSearch final : public SearchStrategy {
 public:
  explicit CmaEsSearch(CmaEsSearchOptions options) : course_(options.population) {}

  std::string name() const override { return "cma_es"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    // Studies that share the strategy share what it keeps.
    const std::lock_guard lock(mutex_);
    course_.follow(view);
    const CmaEsState& state = course_.state();
    const std::string note = note_of(state);
    std::unordered_set<std::uint64_t> drawn;
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      CmaEsRecord record{.generation = state.generation(),
                         .number = static_cast<std::int64_t>(view.size()) + i};
      if (i == 0) record.made_from = course_.made_from();
      auto configuration = draw(view, drawn, record);
      if (!configuration) configuration = elsewhere(view, suggestions, record);
      if (!configuration) break;
      drawn.insert(hash_configuration(*configuration));
      suggestions.push_back(
          {.configuration = std::move(*configuration), .note = note, .state = to_text(record)});
    }
    return suggestions;
  }

 private:
  std::optional<Configuration> draw(const StudyView& view,
                                    const std::unordered_set<std::uint64_t>& drawn,
                                    CmaEsRecord& record) const {
    const Problem& problem = view.problem();
    const CmaEsState& state = course_.state();
    for (; record.attempt < most_attempts; ++record.attempt) {
      const CmaEsState::Member member = drawn_member(state, problem.seed, record);
      Configuration configuration =
          problem.space.decode(course_.axes().point(member.numbers.x, member.choices));
      if (problem.space.satisfies(configuration) &&
          !course_.follower().knows(view, configuration) &&
          !drawn.contains(hash_configuration(configuration))) {
        return configuration;
      }
    }
    return {};
  }

  /// Where the distribution has nothing new to offer, any other configuration is worth more than
  /// waiting.
  std::optional<Configuration> elsewhere(const StudyView& view,
                                         const std::vector<Suggestion>& suggestions,
                                         CmaEsRecord& record) const {
    record.attempt = -1;
    const Problem& problem = view.problem();
    SeenSet seen(view, course_.follower());
    for (const Suggestion& suggestion : suggestions) seen.insert(suggestion.configuration);
    RandomStream stream(problem.seed, static_cast<std::uint64_t>(record.number),
                        "cma_es elsewhere");
    const auto next_point = [&] {
      std::vector<double> point(problem.space.dimension());
      for (double& x : point) x = stream.uniform();
      return point;
    };
    return draw_new(problem.space, seen, next_point, stream);
  }

  static std::string note_of(const CmaEsState& state) {
    std::string note = "generation " + std::to_string(state.generation());
    if (state.restarts() > 0) note += ", after restart " + std::to_string(state.restarts());
    return note;
  }

  std::mutex mutex_;
  CmaEsCourse course_;
};

}  // namespace

std::shared_ptr<SearchStrategy> cma_es_search(CmaEsSearchOptions options) {
  if (options.population != 0 && options.population < least_population) {
    throw Error(ErrorCode::invalid_argument,
                {{.path = "/population",
                  .what = "is " + std::to_string(options.population),
                  .allowed = "0, or at least " + std::to_string(least_population)}});
  }
  return std::make_shared<CmaEsSearch>(options);
}

StrategyPlugin cma_es_strategy() {
  return {
      .info = {.name = "cma_es",
               .summary = "CMA-ES: evolution of a normal distribution, with margin for ints and "
                          "steps, categorical distributions and restarts.",
               .options = {{.name = "population",
                            .type = "int",
                            .fallback = "0",
                            .text = "Results that make a generation, at least 4; doubled with "
                                    "each restart; 0: 4 + 3 ln d for d parameters."}}},
      .make =
          [](ObjectReader& options) {
            CmaEsSearchOptions read;
            const auto population = options.integer("population", 0, most_population);
            read.population = static_cast<int>(population.value_or(0));
            if (read.population > 0 && read.population < least_population) {
              options.mistake("population", "is " + std::to_string(read.population),
                              "0, or at least " + std::to_string(least_population));
              read.population = 0;
            }
            return cma_es_search(read);
          },
  };
}

}  // namespace tunesmith
