#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "search/draw.hpp"
#include "search/sobol.hpp"
#include "search/space_prior.hpp"
#include "search/strategy_plugin.hpp"
#include "search/tpe_history.hpp"

namespace tunesmith {
namespace {

constexpr int default_initial_trials = 10;
/// Times that a full set of candidates may be known already before one is drawn at random.
constexpr int max_rounds = 4;
/// Draws per candidate wanted, where the space's constraints turn draws down.
constexpr int draws_per_candidate = 20;

struct Candidates {
  std::vector<ParzenPoint> points = {};
  /// Empty where they need not be known before the choice.
  std::vector<Configuration> configurations = {};
};

/// One call of `suggest`.
class Proposal {
 public:
  Proposal(const StudyView& view, const TpeSearchOptions& options, TpeHistory& history,
           Candidates& candidates)
      : view_(view),
        options_(options),
        history_(history),
        candidates_(candidates),
        prior_(view.problem().space) {
    history_.follow(view);
    const std::vector<TpeOutcome>& outcomes = history_.outcomes();
    const auto ended = std::count_if(outcomes.begin(), outcomes.end(),
                                     [](const TpeOutcome& outcome) { return outcome.ended; });
    if (ended < options_.initial_trials) return;
    if (!prior_.empty())
      prior_weight_ = prior_agreement(prior_, view) *
                      prior_weight(view.budget(), static_cast<std::size_t>(ended));
    TpeSplit split = split_trials(outcomes);
    if (split.below.empty() || split.above.empty()) return;
    split_ = std::move(split);
  }

  /// Nothing: the space is exhausted.
  std::optional<Suggestion> next(std::uint64_t number) {
    std::optional<Suggestion> suggestion;
    if (split_) suggestion = by_model(number);
    if (!suggestion) suggestion = by_design(number);
    return suggestion;
  }

  /// Makes the suggestion a running trial to the next one of the same call.
  void remember(const Configuration& configuration) {
    if (seen_) seen_->insert(configuration);
    history_.add(configuration);
    if (!split_) return;
    split_->above.push_back(static_cast<int>(history_.outcomes().size()) - 1);
    above_.reset();
  }

 private:
  std::optional<Suggestion> by_model(std::uint64_t number) {
    const ParzenSpace& space = history_.space();
    if (!below_) below_.emplace(space, history_.columns(), split_->below, false);
    if (!above_) above_.emplace(space, history_.columns(), split_->above, true);
    RandomStream random(view_.problem().seed, number, "tpe candidates");
    for (int round = 0; round < max_rounds; ++round) {
      draw_candidates(random);
      if (auto best = best_new())
        return Suggestion{.configuration = std::move(*best),
                          .note = prior_.empty()
                                      ? "likelier among the best trials than among the others"
                                      : "likelier among the best trials than among the others, by "
                                        "your prior"};
    }
    return std::nullopt;
  }

  void draw_candidates(RandomStream& random) {
    const Space& space = view_.problem().space;
    const bool at_once = !space.constraints().empty() || history_.space().is_conditional();
    const auto wanted = static_cast<std::size_t>(options_.candidates);
    std::size_t drawn = 0;
    candidates_.points.resize(wanted);
    candidates_.configurations.clear();
    for (std::size_t i = 0; i < wanted * draws_per_candidate && drawn < wanted; ++i) {
      ParzenPoint& point = candidates_.points[drawn];
      below_->draw(random, point);
      // The best trials may have missed what the user knows of.
      if (!prior_.empty() && 4 * random.uniform() < std::min(prior_weight_, 1.0))
        draw_by_prior(random, point);
      if (at_once) {
        Configuration configuration = space.decode(point.unit);
        if (!space.satisfies(configuration)) continue;
        forget_inactive(configuration, point);
        candidates_.configurations.push_back(std::move(configuration));
      }
      ++drawn;
    }
    candidates_.points.resize(drawn);
  }

  void draw_by_prior(RandomStream& random, ParzenPoint& point) const {
    const std::vector<ParzenSpace::Coordinate>& coordinates = history_.space().coordinates();
    auto opinion = prior_.opinions().begin();
    for (std::size_t i = 0; i < coordinates.size() && opinion != prior_.opinions().end(); ++i) {
      const ParzenSpace::Coordinate& c = coordinates[i];
      if (c.unit != opinion->coordinate) continue;
      double u = (opinion++)->prior.quantile(random.uniform());
      double place = u;
      if (c.kind == ParzenSpace::Kind::line) {
        if (c.snaps) place = u = c.snapped(u);
      } else if (c.kind == ParzenSpace::Kind::table) {
        const std::size_t cell = c.cell_at(u);
        u = c.middle_of(cell);
        place = static_cast<double>(cell);
      } else {
        place = std::min(std::floor(u * c.values), c.values - 1.0);
      }
      point.unit[c.unit] = u;
      point.at[i] = static_cast<float>(place);
    }
  }

  double log_prior(const ParzenPoint& point) const {
    const std::vector<ParzenSpace::Coordinate>& coordinates = history_.space().coordinates();
    double sum = 0;
    auto opinion = prior_.opinions().begin();
    for (std::size_t i = 0; i < coordinates.size() && opinion != prior_.opinions().end(); ++i) {
      if (coordinates[i].unit != opinion->coordinate) continue;
      if (point.at[i] >= 0) sum += opinion->prior.log_density(point.unit[coordinates[i].unit]);
      ++opinion;
    }
    return sum;
  }

  void forget_inactive(const Configuration& configuration, ParzenPoint& point) const {
    const std::vector<ParzenSpace::Coordinate>& coordinates = history_.space().coordinates();
    for (std::size_t i = 0; i < coordinates.size(); ++i)
      if (coordinates[i].conditional && !configuration.contains(coordinates[i].parameter->name))
        point.at[i] = ParzenSpace::inactive;
  }

  /// Of the candidates not known yet the one with the best ratio of densities.
  std::optional<Configuration> best_new() {
    const std::vector<double> good = below_->log_densities(candidates_.points);
    std::vector<double> gain = above_->log_densities(candidates_.points);
    std::vector<std::size_t> left(gain.size());
    for (std::size_t i = 0; i < gain.size(); ++i) {
      gain[i] = good[i] - gain[i];
      if (!prior_.empty()) gain[i] += prior_weight_ * log_prior(candidates_.points[i]);
      left[i] = i;
    }
    // Nearly always the first one is new.
    while (!left.empty()) {
      const auto best =
          std::max_element(left.begin(), left.end(),
                           [&](std::size_t a, std::size_t b) { return gain[a] < gain[b]; });
      const std::size_t i = *best;
      left.erase(best);
      Configuration configuration = candidates_.configurations.empty()
                                        ? view_.problem().space.decode(candidates_.points[i].unit)
                                        : std::move(candidates_.configurations[i]);
      if (!history_.contains(configuration)) return configuration;
    }
    return std::nullopt;
  }

  std::optional<Suggestion> by_design(std::uint64_t number) {
    const Problem& problem = view_.problem();
    if (!seen_) {
      seen_.emplace(view_);
      for (const Configuration& configuration : history_.proposals()) seen_->insert(configuration);
    }
    RandomStream random(problem.seed, number, "tpe start");
    const bool preferred = !prior_.empty() && follows_prior(number);
    int attempt = prior_.empty() ? 1 : 0;
    const auto next_point = [&] {
      if (attempt++ == 0) return prior_.mode();
      std::vector<double> point(problem.space.dimension());
      if (attempt == 2) {
        point = SobolSequence(point.size(), problem.seed).point(number);
      } else {
        for (double& u : point) u = random.uniform();
      }
      if (preferred) prior_.shape(point);
      return point;
    };
    auto configuration = draw_new(problem.space, *seen_, next_point, random);
    if (!configuration) return std::nullopt;
    return Suggestion{.configuration = std::move(*configuration),
                      .note = attempt == 1 ? "what your prior names"
                              : preferred  ? "start, by your prior"
                                           : "space-filling start"};
  }

  const StudyView& view_;
  const TpeSearchOptions& options_;
  TpeHistory& history_;
  Candidates& candidates_;
  SpacePrior prior_;
  double prior_weight_ = 0;
  std::optional<TpeSplit> split_;
  std::optional<ParzenEstimator> below_;
  std::optional<ParzenEstimator> above_;
  std::optional<SeenSet> seen_;
};

class TpeSearch final : public SearchStrategy {
 public:
  explicit TpeSearch(TpeSearchOptions options) : options_(options) {
    if (options_.initial_trials <= 0) options_.initial_trials = default_initial_trials;
    options_.candidates = std::max(options_.candidates, 1);
  }

  std::string name() const override { return "tpe"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    // Studies that share the strategy share the cache.
    const std::lock_guard lock(mutex_);
    Proposal proposal(view, options_, history_, candidates_);
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      auto suggestion = proposal.next(view.size() + static_cast<std::size_t>(i));
      if (!suggestion) break;
      if (i + 1 < count) proposal.remember(suggestion->configuration);
      suggestions.push_back(std::move(*suggestion));
    }
    return suggestions;
  }

 private:
  TpeSearchOptions options_;
  std::mutex mutex_;
  TpeHistory history_;
  /// Kept for its memory alone.
  Candidates candidates_;
};

}  // namespace

std::shared_ptr<SearchStrategy> tpe_search(TpeSearchOptions options) {
  return std::make_shared<TpeSearch>(options);
}

StrategyPlugin tpe_strategy() {
  return {
      .info = {.name = "tpe",
               .summary = "Tree-structured Parzen estimators: proposes what is likelier among the "
                          "best trials than among the others.",
               .options = {{.name = "initial_trials",
                            .type = "int",
                            .fallback = "0",
                            .text = "Space-filling trials before the model takes over; 0: 10."},
                           {.name = "candidates",
                            .type = "int",
                            .fallback = "24",
                            .text = "Draws of which the best becomes the suggestion."}}},
      .make =
          [](ObjectReader& options) {
            TpeSearchOptions read;
            if (const auto trials = options.integer("initial_trials", 0, 1000000))
              read.initial_trials = static_cast<int>(*trials);
            if (const auto candidates = options.integer("candidates", 1, 10000))
              read.candidates = static_cast<int>(*candidates);
            return tpe_search(read);
          },
  };
}

}  // namespace tunesmith
