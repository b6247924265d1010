#include <algorithm>
#include <cmath>
#include <functional>

#include "search/cost_history.hpp"
#include "search/cost_model.hpp"
#include "search/space_prior.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

/// A bowl with its minimum at 0.7 everywhere.
double bowl(const Configuration& c) {
  double sum = 0;
  for (const auto& [name, value] : c.values())
    if (name != "kind") sum += std::pow(c.number(name) - 0.7, 2);
  return sum + (c.text("kind") == "good" ? 0.0 : 0.2);
}

/// `near`: none without a prior.
Space cube(std::optional<double> near, std::vector<double> weights) {
  Space space;
  for (const char* name : {"a", "b", "c", "d"}) {
    FloatOptions options{.scale = Scale::linear};
    if (near) options.prior = Prior{.near = *near, .spread = 0.1};
    space.add_float(name, options);
  }
  ChoiceOptions options;
  if (near) options.prior = Prior{.weights = std::move(weights)};
  space.add_categorical("kind", {"bad", "good", "worse"}, options);
  return space;
}

double best_after(SearchStrategy& strategy, const Space& space, int trials, std::uint64_t seed) {
  ViewBuilder study(test::problem_of(space, seed));
  double best = INFINITY;
  for (int i = 0; i < trials; ++i) {
    const auto suggestions = strategy.suggest(study.view(), 1);
    REQUIRE(suggestions.size() == 1);
    const TrialId id = study.add(suggestions.front());
    const double value = bowl(suggestions.front().configuration);
    study.complete(id, value);
    best = std::min(best, value);
  }
  return best;
}

double mean_best(SearchStrategy& strategy, const Space& space, int trials) {
  double sum = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U})
    sum += best_after(strategy, space, trials, seed);
  return sum / 4;
}

}  // namespace

TEST_CASE("a right prior helps from the start, a wrong one is got over") {
  const Space without = cube({}, {});
  const Space right = cube(0.75, {1, 8, 1});
  const Space wrong = cube(0.1, {1, 0, 8});
  SECTION("bayesian") {
    const auto strategy = bayesian_search();
    CHECK(mean_best(*strategy, right, 8) < 0.5 * mean_best(*strategy, without, 8));
    CHECK(mean_best(*strategy, wrong, 40) < 0.01);
  }
  SECTION("tpe") {
    const auto strategy = tpe_search();
    CHECK(mean_best(*strategy, right, 10) < 0.5 * mean_best(*strategy, without, 10));
    CHECK(mean_best(*strategy, wrong, 60) < 1.5 * mean_best(*strategy, without, 60));
  }
  SECTION("random") {
    const auto strategy = random_search();
    CHECK(mean_best(*strategy, right, 20) < 0.5 * mean_best(*strategy, without, 20));
  }
}

TEST_CASE("the first trial is what the priors name, also after a baseline") {
  Problem problem = test::problem_of(cube(0.25, {1, 1, 3}));
  for (const auto& strategy : {bayesian_search(), tpe_search(), auto_search()}) {
    ViewBuilder study(problem);
    if (GENERATE(false, true)) {
      const Configuration own = problem.space.decode(std::vector<double>(5, 0.9));
      study.complete(study.add({.configuration = own}, Origin::baseline), bowl(own));
    }
    const Configuration first = strategy->suggest(study.view(), 1).at(0).configuration;
    for (const char* name : {"a", "b", "c", "d"}) CHECK(first.number(name) == Approx(0.25));
    CHECK(first.text("kind") == "worse");
  }
}

TEST_CASE("results take the prior's weight away as far as they contradict it, and no further") {
  Space space;
  space.add_float("x", {.scale = Scale::linear, .prior = Prior{.near = 0.2}}).add_float("y", {});
  const SpacePrior prior(space);
  const auto agreement = [&](const std::function<double(double)>& loss) {
    ViewBuilder study(test::problem_of(space));
    for (const double x : {0.2, 0.35, 0.5, 0.65}) {
      const Configuration own{{"x", x}, {"y", 0.5}};
      study.complete(study.add({.configuration = own}), loss(x));
    }
    study.fail(study.add({.configuration = {{"x", 0.3}, {"y", 0.1}}}));
    return prior_agreement(prior, study.view());
  };
  CHECK(agreement([](double x) { return x; }) == 1);
  CHECK(agreement([](double x) { return -x; }) == 0);
  CHECK(agreement([](double) { return 1.0; }) == 1);
  // 3 of 6 pairs, then 2.
  CHECK(agreement([](double x) { return x == 0.2 ? 2.0 : x; }) == 1);
  CHECK(agreement([](double x) {
          return x == 0.2 ? 2.0 : x == 0.35 ? 0.6 : x;
        }) == Approx(1.0 / 3));
  CHECK(prior_agreement(prior, ViewBuilder(test::problem_of(space)).view()) == 1);
}

TEST_CASE("half of what is drawn follows the prior, the rest sees all of the space") {
  const Space space = cube(0.5, {0, 1, 0});
  const auto suggestions =
      random_search()->suggest(ViewBuilder(test::problem_of(space)).view(), 2000);
  int central = 0;
  int good = 0;
  for (const Suggestion& suggestion : suggestions) {
    const Configuration& c = suggestion.configuration;
    const auto names = {"a", "b", "c", "d"};
    central += std::all_of(names.begin(), names.end(),
                           [&](const char* name) { return std::abs(c.number(name) - 0.5) < 0.2; });
    good += c.text("kind") == "good";
  }
  // 0.9545^4 / 2 + 0.4^4 / 2 and 1/2 + 1/6, each with a deviation of about 1 %.
  CHECK(central / 2000.0 == Approx(0.428).margin(0.05));
  CHECK(good / 2000.0 == Approx(0.667).margin(0.05));
}

TEST_CASE("the budget that is left is that of the limit that is spent most") {
  Problem problem = test::problem_of(cube({}, {}));
  problem.cost = Cost{.metric = "euros"};
  StudyView::Data data;
  data.problem = std::make_shared<const Problem>(problem);
  for (TrialId id = 0; id < 4; ++id) {
    Trial trial;
    trial.id = id;
    trial.state = id == 3 ? TrialState::running : TrialState::completed;
    trial.metrics = {{"loss", 1}, {"euros", 2}};
    data.trials.push_back(std::make_shared<const Trial>(trial));
  }
  data.active_time = Seconds(30);
  const auto left = [&](const Budget& budget) {
    data.budget = budget;
    return budget_left(StudyView(std::make_shared<const StudyView::Data>(data)));
  };
  CHECK(left({}) == 1);
  CHECK(left({.max_trials = 8}) == 0.5);
  CHECK(left({.max_trials = 2}) == 0);
  CHECK(left({.max_trials = 8, .max_cost = 8}) == 0.25);
  CHECK(left({.max_time = Seconds(40), .max_cost = 8}) == 0.25);
  CHECK(left({.max_time = Seconds(120), .max_cost = 24}) == 0.75);
}

namespace {

/// A model that wants nothing.
class Indifferent final : public AcquisitionModel {
 public:
  bool is_informative() const override { return true; }
  std::function<Vector(const Matrix&, Matrix*)> acquisition(const std::vector<Point>&,
                                                            std::uint64_t) const override {
    return [](const Matrix& features, Matrix* gradient) {
      if (gradient != nullptr) *gradient = Matrix::Zero(features.rows(), features.cols());
      return Vector(Vector::Zero(features.rows()));
    };
  }
  std::vector<Point> incumbents() const override { return {}; }
  Vector lengthscales() const override { return {}; }
  std::string state() const override { return "inner|state"; }
};

}  // namespace

TEST_CASE("a cost model takes away the log of the cost that it expects, with its gradient") {
  Space space;
  space.add_float("x", {.scale = Scale::linear}).add_float("y", {.scale = Scale::linear});
  const FeatureEncoding encoding(space);
  CostHistory costs;
  for (int i = 0; i < 25; ++i) {
    const Point point = Point{{0.125 + 0.25 * (i % 5) * 0.75, 0.2 * (i / 5)}};
    costs.points.push_back(point);
    costs.log_costs.push_back(2 + 3 * point[0]);
  }
  const CostModel model(encoding, costs, std::make_unique<Indifferent>(), 0.5, "");
  const auto acquisition = model.acquisition({}, 0);
  const std::vector<Point> points = {Point{{0.2, 0.3}}, Point{{0.8, 0.7}}};
  const Matrix features = encoding.features(points);
  Matrix gradient;
  const Vector value = acquisition(features, &gradient);
  CHECK(value[0] - value[1] == Approx(0.5 * 3 * 0.6).margin(0.02));
  CHECK(gradient(0, 0) == Approx(-1.5).margin(0.1));
  CHECK(gradient(1, 1) == Approx(0).margin(0.05));

  CHECK(CostModel::inner_state(model.state()) == "inner|state");
  CHECK(model.state().size() > std::string("inner|state$").size());
  const CostModel warm(encoding, costs, std::make_unique<Indifferent>(), 0.5, model.state());
  CHECK((warm.acquisition({}, 0)(features, nullptr) - value).cwiseAbs().maxCoeff() < 0.01);
}

TEST_CASE("costs that tell nothing change nothing") {
  Space space;
  space.add_float("x", {});
  const FeatureEncoding encoding(space);
  CostHistory costs{{Point{{0.1}}, Point{{0.9}}}, {1.5, 1.5}};
  const CostModel model(encoding, costs, std::make_unique<Indifferent>(), 1, "");
  CHECK(model.acquisition({}, 0)(encoding.features(costs.points), nullptr).norm() == 0);
  CHECK(model.state() == "inner|state");
}

TEST_CASE("where cost varies, more is found for the same money") {
  // Large "size" costs up to 30 times as much, and is only a little better.
  const auto spent_until_good = [](bool aware, std::uint64_t seed) {
    Space space;
    space.add_float("size", {.scale = Scale::linear}).add_float("x", {}).add_float("y", {});
    Problem problem = test::problem_of(space, seed);
    if (aware) problem.cost = Cost{.metric = "euros"};
    ViewBuilder study(problem);
    const auto strategy = bayesian_search();
    double spent = 0;
    for (int i = 0; i < 60; ++i) {
      const Suggestion suggestion = strategy->suggest(study.view(), 1).at(0);
      const TrialId id = study.add(suggestion);
      const Configuration& c = suggestion.configuration;
      const double cost = std::exp(3.4 * c.number("size"));
      const double loss = std::pow(c.number("x") - 0.3, 2) + std::pow(c.number("y") - 0.8, 2) -
                          0.01 * c.number("size");
      study.end(id, TrialState::completed).metrics = {{"loss", loss}, {"euros", cost}};
      spent += cost;
      if (loss < -0.002) break;
    }
    return spent;
  };
  double plain = 0;
  double aware = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    plain += spent_until_good(false, seed);
    aware += spent_until_good(true, seed);
  }
  CHECK(aware < 0.75 * plain);
}
