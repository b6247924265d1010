#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "search/acquisition_optimizer.hpp"
#include "search/bayesian_record.hpp"
#include "search/cost_model.hpp"
#include "search/draw.hpp"
#include "search/hypervolume_model.hpp"
#include "search/plateau.hpp"
#include "search/preference_model.hpp"
#include "search/sobol.hpp"
#include "search/strategy_plugin.hpp"
#include "search/warm_model.hpp"

namespace tunesmith {
namespace {

/// Points closer than this in every coordinate are the same to any objective.
constexpr double same_point = 1e-9;
/// Trials that run at the same time are apart by this much in units of the lengthscales: nearer
/// ones would tell the same.
constexpr double apart_from_pending = 0.05;
/// So near to a trial that may run further, that one tells more than a new one would: its value is
/// uncertain, which draws the acquisition to it again and again.
constexpr double apart_from_unfinished = 0.5;

/// A model that gained next to nothing in so many trials, in shares of how much better the best is
/// than the median, may be wrong about what is near the best: steps and noise look like a slope
/// that can be climbed a little further, and the digits of a second-best valley do no good. From
/// then on every third suggestion is the best one that is a lengthscale away from all trials.
constexpr std::size_t stagnant_after = 20;
constexpr double next_to_nothing = 0.01;
constexpr std::uint64_t venturing = 3;
constexpr double apart_when_venturing = 1;

/// So many points that the acquisition led to, and as many spread over the space, tell what is
/// still to be gained: more of them would cost more than they tell.
constexpr std::size_t outlook_points = 16;

/// Trials before earlier studies are trusted enough for a model.
constexpr std::size_t fewest_with_parents = 3;

std::size_t chosen_initial_trials(const FeatureEncoding& encoding, const Budget& budget) {
  const auto d = static_cast<std::int64_t>(encoding.parameters());
  std::int64_t most = std::min<std::int64_t>(2 * d, 20);
  if (budget.max_trials) most = std::min(most, *budget.max_trials / 4);
  return static_cast<std::size_t>(
      std::clamp(d + 1, std::int64_t{4}, std::max<std::int64_t>(most, 4)));
}

std::string latest_state(const StudyView& view) {
  for (std::size_t i = view.size(); i-- > 0;) {
    const Trial& trial = view.trial(static_cast<TrialId>(i));
    if (!trial.strategy_state.empty()) return trial.strategy_state;
  }
  return {};
}

/// One call of `suggest`.
class Proposal {
 public:
  /// `record`: of this view. `parents`: null where there are none.
  Proposal(const StudyView& view, const BayesianSearchOptions& options,
           std::shared_ptr<const ParentModels> parents, BayesianRecord& record)
      : view_(view),
        record_(record),
        encoding_(record.encoding()),
        ended_(record.ended()),
        pending_(record.pending()),
        seen_(record.seen(view)),
        parents_(std::move(parents)),
        costs_(read_costs(view, encoding_)),
        prior_(std::make_shared<const SpacePrior>(view.problem().space)),
        state_(latest_state(view)),
        initial_(options.initial_trials > 0 ? static_cast<std::size_t>(options.initial_trials)
                                            : chosen_initial_trials(encoding_, view.budget())) {
    // Earlier studies tell much of what a start is to tell.
    const bool models_learn = parents_ && view.problem().objectives.size() == 1;
    earliest_model_ = models_learn ? std::min(initial_, fewest_with_parents) : initial_;
  }

  /// Nothing: the space is exhausted.
  std::optional<Suggestion> next(std::uint64_t number) {
    std::optional<Suggestion> suggestion;
    if (parents_) suggestion = by_parents();
    if (!suggestion && number >= earliest_model_ && ended_.size() >= 2)
      suggestion = by_model(number);
    if (!suggestion) suggestion = by_design(number);
    if (!suggestion) return std::nullopt;
    seen_.insert(suggestion->configuration);
    pending_.push_back(encoding_.point_of(suggestion->configuration));
    return suggestion;
  }

 private:
  std::optional<Suggestion> by_parents() const {
    for (const Configuration& one : parents_->best())
      if (!seen_.contains(one))
        return Suggestion{.configuration = one, .note = "among the best of earlier studies"};
    return std::nullopt;
  }

  std::optional<Suggestion> by_model(std::uint64_t number) {
    const Problem& problem = view_.problem();
    const bool by_hypervolume = HypervolumeModel::handles(problem.objectives.size());
    // The data do not change within a call; the weights that join many objectives do.
    if (!model_ || (problem.objectives.size() > 1 && !by_hypervolume)) {
      const std::string_view state = CostModel::inner_state(state_);
      if (by_hypervolume) {
        model_ = with_wishes(std::make_shared<HypervolumeModel>(
            encoding_, TrialHistory{ended_, pending_}, state, problem.seed, number));
      } else {
        model_ = with_wishes(own_model(number, state));
      }
    }
    if (!model_ || !model_->is_informative()) return std::nullopt;
    state_ = model_->state();
    AcquisitionTask task;
    task.incumbents = model_->incumbents();
    lengthscales_ = model_->lengthscales();
    plateaus_.emplace(encoding_, ended_, lengthscales_);
    task.lengthscales = lengthscales_;
    task.is_taken = [this](const Point& point) { return is_taken(point); };
    task.seed = problem.seed;
    task.number = number;
    ventures_ = number % venturing == 1 && stagnates(number);
    std::vector<Point> best = points_worth_trying(task);
    if (best.empty() && ventures_) {
      ventures_ = false;
      best = points_worth_trying(task);
    }
    if (best.empty()) return std::nullopt;
    return Suggestion{
        .configuration = encoding_.configuration_at(best.front()),
        .note = (by_hypervolume ? "expected hypervolume improvement" : "expected improvement") +
                std::string(ventures_ ? ", away from all trials" : "") + wishes_,
        .state = state_,
        .outlook = outlook(best, number)};
  }

  /// `best`: what the acquisition led to.
  std::optional<Outlook> outlook(std::vector<Point> best, std::uint64_t number) const {
    best.resize(std::min(best.size(), outlook_points));
    const std::size_t size = encoding_.coordinates().size();
    const SobolSequence sobol(size, view_.problem().seed);
    for (std::uint64_t i = 0; i < outlook_points; ++i) {
      const std::vector<double> u = sobol.point(number * outlook_points + i);
      Point point =
          encoding_.canonical(Eigen::Map<const Vector>(u.data(), static_cast<Eigen::Index>(size)));
      if (encoding_.admits(point)) best.push_back(std::move(point));
    }
    return model_->outlook(best);
  }

  /// What the other parts are fitted to, exactly.
  void append_outcomes(std::string& text) const {
    for (const Observation& seen : ended_) {
      text += seen.failed ? '-' : '+';
      for (const double slack : seen.slacks) {
        const auto bytes = std::bit_cast<std::array<char, sizeof slack>>(slack);
        text.append(bytes.data(), bytes.size());
      }
    }
  }

  std::vector<Point> points_worth_trying(AcquisitionTask& task) {
    if (!pending_.empty()) {
      if (auto parts = model_->parts()) {
        if (parts->add_others) append_outcomes(parts->others);
        std::unique_ptr<Crowd>& crowd = record_.crowd;
        if (!crowd || !crowd->fits(encoding_, *parts, pending_, task.seed)) {
          AcquisitionTask drawing = task;
          drawing.number = ended_.size();
          crowd = std::make_unique<Crowd>(encoding_, *parts, drawing);
        }
        return crowd->suggest(encoding_, *parts, pending_, task);
      }
    }
    task.acquisition = model_->acquisition(pending_, task.number);
    return maximise_acquisition(encoding_, task);
  }

  /// None where the start goes on, because the earlier studies that were to shorten it mislead.
  std::shared_ptr<const AcquisitionModel> own_model(std::uint64_t number, std::string_view state) {
    const Problem& problem = view_.problem();
    const bool alone = !parents_ && problem.objectives.size() == 1;
    if (alone) {
      if (auto kept = record_.model(state)) return kept;
    }
    auto own = std::make_unique<const BayesianModel>(encoding_, TrialHistory{ended_, pending_},
                                                     state, problem.seed, number);
    if (!parents_ || !own->is_informative()) {
      std::shared_ptr<const BayesianModel> made = std::move(own);
      if (alone) record_.keep(made);
      return made;
    }
    auto warm =
        std::make_shared<WarmModel>(encoding_, std::move(own), parents_, problem.seed, number);
    if (number < initial_ && !warm->parents_have_a_say()) return nullptr;
    return warm;
  }

  /// The model, heeding what trials cost and where the user thinks that good values are.
  std::shared_ptr<const AcquisitionModel> with_wishes(
      std::shared_ptr<const AcquisitionModel> model) {
    wishes_.clear();
    if (!model || !model->is_informative()) return model;
    if (!costs_.points.empty()) {
      model = std::make_shared<CostModel>(encoding_, costs_, std::move(model), budget_left(view_),
                                          state_);
      wishes_ += ", by cost";
    }
    if (!prior_->empty()) {
      model = std::make_shared<PreferenceModel>(
          encoding_, std::move(model), prior_,
          prior_agreement(*prior_, view_) * prior_weight(view_.budget(), ended_.size()));
      wishes_ += ", by your prior";
    }
    return model;
  }

  bool stagnates(std::uint64_t number) const {
    if (view_.problem().objectives.size() > 1) return false;
    const double sign = view_.problem().objectives[0].goal == Goal::minimize ? -1 : 1;
    double before = -std::numeric_limits<double>::infinity();
    double now = before;
    std::vector<double> values;
    for (std::size_t i = 0; i < view_.size(); ++i) {
      const Trial& trial = view_.trial(static_cast<TrialId>(i));
      if (!view_.feasible(trial)) continue;
      values.push_back(sign * *view_.objective(trial));
      now = std::max(now, values.back());
      if (i + stagnant_after < number) before = std::max(before, values.back());
    }
    if (values.empty()) return false;
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return now - before <= next_to_nothing * (now - *middle);
  }

  bool is_taken(const Point& point) const {
    const auto is_near = [&](const Point& other) {
      return encoding_.are_near(point, other, lengthscales_,
                                ventures_ ? apart_when_venturing : apart_from_pending);
    };
    if (std::any_of(pending_.begin(), pending_.end(), is_near)) return true;
    const auto is_same = [&](const Observation& seen) {
      if (ventures_) return is_near(seen.point);
      if (seen.goes_on)
        return encoding_.are_near(point, seen.point, lengthscales_, apart_from_unfinished);
      return (point - seen.point).cwiseAbs().maxCoeff() < same_point;
    };
    if (std::any_of(ended_.begin(), ended_.end(), is_same)) return true;
    if (plateaus_ && plateaus_->contain(point)) return true;
    return seen_.contains(encoding_.configuration_at(point));
  }

  std::optional<Suggestion> by_design(std::uint64_t number) {
    const Problem& problem = view_.problem();
    const std::size_t dimension = problem.space.dimension();
    RandomStream random(problem.seed, number, "initial design");
    const bool centre = number == (parents_ ? parents_->best().size() : 0);
    const bool preferred = !prior_->empty() && follows_prior(number);
    int attempt = centre || !prior_->empty() ? 0 : 1;
    const auto next_point = [&] {
      if (attempt++ == 0) return prior_->mode();
      std::vector<double> point(dimension);
      if (attempt == 2) {
        point = SobolSequence(dimension, problem.seed).point(number);
      } else {
        for (double& u : point) u = random.uniform();
      }
      if (preferred) prior_->shape(point);
      return point;
    };
    auto configuration = draw_new(problem.space, seen_, next_point, random);
    if (!configuration) return std::nullopt;
    const char* note = "space-filling start";
    if (prior_->empty() && centre) note = "centre of the space";
    if (preferred) note = "start, by your prior";
    if (!prior_->empty() && attempt == 1) note = "what your prior names";
    return Suggestion{.configuration = std::move(*configuration), .note = note};
  }

  const StudyView& view_;
  BayesianRecord& record_;
  const FeatureEncoding& encoding_;
  const std::vector<Observation>& ended_;
  /// Of the view, then those suggested in this call.
  std::vector<Point> pending_;
  SeenSet seen_;
  std::shared_ptr<const ParentModels> parents_;
  CostHistory costs_;
  std::shared_ptr<const SpacePrior> prior_;
  std::string state_;
  std::size_t initial_;
  std::size_t earliest_model_;
  std::shared_ptr<const AcquisitionModel> model_;
  /// What the model heeds beside the objective, for the note.
  std::string wishes_;
  Vector lengthscales_;
  /// Whether the suggestion under way is to be away from all trials.
  bool ventures_ = false;
  std::optional<Plateaus> plateaus_;
};

class BayesianSearch final : public SearchStrategy {
 public:
  explicit BayesianSearch(BayesianSearchOptions options) : options_(options) {}

  std::string name() const override { return "bayesian"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    std::unique_ptr<BayesianRecord> record = record_of(view);
    Proposal proposal(view, options_, parents_of(view), *record);
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      auto suggestion = proposal.next(view.size() + static_cast<std::size_t>(i));
      if (!suggestion) break;
      suggestions.push_back(std::move(*suggestion));
    }
    const std::lock_guard lock(mutex_);
    record_ = std::move(record);
    return suggestions;
  }

 private:
  /// Taken while a call lasts: another one at the same time makes its own.
  std::unique_ptr<BayesianRecord> record_of(const StudyView& view) {
    std::unique_ptr<BayesianRecord> record;
    {
      const std::lock_guard lock(mutex_);
      record = std::move(record_);
    }
    if (!record || !record->follow(view)) record = std::make_unique<BayesianRecord>(view);
    return record;
  }

  std::shared_ptr<const ParentModels> parents_of(const StudyView& view) {
    if (view.parents().empty()) return nullptr;
    const std::lock_guard lock(mutex_);
    if (!parents_ || !parents_->belong_to(view))
      parents_ = std::make_shared<const ParentModels>(view, FeatureEncoding(view.problem().space));
    return parents_;
  }

  BayesianSearchOptions options_;
  std::mutex mutex_;
  /// Of the study last asked about; they cost far more than a suggestion.
  std::shared_ptr<const ParentModels> parents_;
  std::unique_ptr<BayesianRecord> record_;
};

}  // namespace

std::shared_ptr<SearchStrategy> bayesian_search(BayesianSearchOptions options) {
  return std::make_shared<BayesianSearch>(options);
}

StrategyPlugin bayesian_strategy() {
  return {
      .info = {.name = "bayesian",
               .summary = "Gaussian-process Bayesian optimisation with expected improvement.",
               .options = {{.name = "initial_trials",
                            .type = "int",
                            .fallback = "0",
                            .text = "Space-filling trials before the model takes over; 0: chosen "
                                    "from dimension and budget."}}},
      .make =
          [](ObjectReader& options) {
            BayesianSearchOptions read;
            if (const auto trials = options.integer("initial_trials", 0, 1000000))
              read.initial_trials = static_cast<int>(*trials);
            return bayesian_search(read);
          },
  };
}

}  // namespace tunesmith
