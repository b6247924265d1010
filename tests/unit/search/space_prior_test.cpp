#include "search/space_prior.hpp"

#include <cmath>

#include "core/random.hpp"
#include "search/preference_model.hpp"
#include "space/codec.hpp"
#include "support/catch.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Parameter only(const Space& space) { return space.parameters().front(); }

ParameterPrior near(double value, double spread) {
  return ParameterPrior(only(Space().add_float(
      "x", {.scale = Scale::linear, .prior = Prior{.near = value, .spread = spread}})));
}

ParameterPrior weighing(std::vector<double> weights) {
  std::vector<Value> choices;
  for (std::size_t i = 0; i < weights.size(); ++i)
    choices.emplace_back(static_cast<std::int64_t>(i));
  return ParameterPrior(
      only(Space().add_categorical("c", choices, {.prior = Prior{.weights = weights}})));
}

}  // namespace

TEST_CASE("a prior is a density relative to a uniform one") {
  const ParameterPrior prior = GENERATE(near(0.3, 0.15), near(0.0, 0.1), near(1.0, 1.0),
                                        near(0.5, 0.001), weighing({3, 0, 1, 1e-9}));
  double sum = 0;
  constexpr int steps = 400000;
  for (int i = 0; i < steps; ++i) sum += std::exp(prior.log_density((i + 0.5) / steps));
  CHECK(sum / steps == Approx(1).epsilon(1e-6));
}

TEST_CASE("a prior's slope is that of its logarithm, and it is nowhere less than a tenth") {
  const ParameterPrior prior = GENERATE(near(0.3, 0.15), near(0.9, 0.05));
  for (double u = 0.01; u < 1; u += 0.03) {
    const double difference = (prior.log_density(u + 1e-6) - prior.log_density(u - 1e-6)) / 2e-6;
    CHECK(prior.slope(u) == Approx(difference).epsilon(1e-5).margin(1e-6));
    CHECK(prior.log_density(u) >= std::log(0.1));
    CHECK(prior.log_density(u) <= prior.log_density(prior.mode()));
  }
  CHECK(near(0.5, 1e-3).log_density(0) == Approx(std::log(0.1)));
  CHECK(weighing({1, 0}).log_density(0.75) == Approx(std::log(0.1)));
}

TEST_CASE("quantiles of even points are as dense as the prior says") {
  const ParameterPrior normal = near(0.25, 0.1);
  CHECK(normal.quantile(0) == Approx(0).margin(1e-12));
  int within = 0;
  for (int i = 0; i < 1000; ++i) {
    const double u = normal.quantile((i + 0.5) / 1000);
    REQUIRE((u >= 0 && u <= 1));
    within += std::abs(u - 0.25) < 0.1;
  }
  CHECK(within == Approx(683).margin(10));

  const ParameterPrior choices = weighing({0, 3, 1, 0});
  int second = 0;
  for (int i = 0; i < 1000; ++i) {
    const double u = choices.quantile((i + 0.5) / 1000);
    REQUIRE((u == 0.375 || u == 0.625));
    second += u == 0.375;
  }
  CHECK(second == 750);
  CHECK(choices.mode() == 0.375);
}

TEST_CASE("a value between steps counts as the nearest, of any range") {
  const auto mode = [](const Space& space) {
    const std::vector<double> unit = SpacePrior(space).mode();
    return space.decode(unit).values().front().second;
  };
  CHECK(mode(Space().add_int("n", {.min = 1, .max = 9, .step = 4, .prior = Prior{.near = 6.9}})) ==
        Value(std::int64_t{5}));
  CHECK(mode(Space().add_float(
            "x", {.min = 0, .max = 1, .step = 0.25, .prior = Prior{.near = 0.9}})) == Value(1.0));
  CHECK(std::get<double>(mode(Space().add_float(
            "x", {.min = 1e-5, .max = 0.1, .prior = Prior{.near = 1e-3}}))) == Approx(1e-3));
  CHECK(mode(Space().add_int(
            "n", {.min = INT64_MIN, .max = INT64_MAX, .prior = Prior{.near = 0x1p63}})) ==
        Value(INT64_MAX));
  CHECK(mode(Space().add_int("n", {.min = 0, .max = INT64_MAX, .prior = Prior{.near = 0x1p63}})) ==
        Value(INT64_MAX));
  CHECK(mode(Space().add_ordinal("o", {"a", "b", "c"}, {.prior = Prior{.weights = {1, 1, 2}}})) ==
        Value("c"));
}

TEST_CASE("parameters with one value have no opinion") {
  Space space;
  space.add_float("x", {.min = 1, .max = 1, .prior = Prior{.near = 1}})
      .add_fixed("f", 2.0)
      .add_categorical("c", {"a"}, {.prior = Prior{.weights = {1}}});
  CHECK(SpacePrior(space).empty());
  space.add_float("y", {.prior = Prior{.near = 0.25}});
  REQUIRE(SpacePrior(space).opinions().size() == 1);
  CHECK(SpacePrior(space).opinions().front().coordinate == 2);
}

TEST_CASE("the weight of the prior falls with the trials and grows with the budget") {
  CHECK(prior_weight({.max_trials = 50}, 5) == 1);
  CHECK(prior_weight({.max_trials = 50}, 10) == 0.5);
  CHECK(prior_weight({}, 10) == 1);
  CHECK(prior_weight({}, 0) == 10);
}

TEST_CASE("the log prior of features is that of active parameters, and its gradient fits") {
  Space space;
  space.add_categorical("kind", {"a", "b", "c"}, {.prior = Prior{.weights = {2, 1, 1}}})
      .add_float("x", {.when = {{"kind", {"b", "c"}}}, .prior = Prior{.near = 0.2}})
      .add_categorical("flag", {"no", "yes"}, {.prior = Prior{.weights = {1, 3}}})
      .add_categorical("inner", {"u", "v"},
                       {.when = {{"kind", {"a"}}}, .prior = Prior{.weights = {1, 4}}})
      .add_int("n", {.min = 1, .max = 3, .prior = Prior{.near = 3}});
  const Space settled = space.settled();
  const FeatureEncoding encoding(settled);
  const SpacePrior prior(settled);
  const auto& opinions = prior.opinions();
  REQUIRE(opinions.size() == 5);
  for (std::uint64_t i = 0; i < 200; ++i) {
    Point point(5);
    RandomStream random(3, i, "test");
    for (double& u : point) u = random.uniform();
    point = encoding.canonical(point);
    double expected = 0;
    for (const SpacePrior::Opinion& opinion : opinions) {
      const double u = point[static_cast<Eigen::Index>(opinion.coordinate)];
      if (u >= 0) expected += opinion.prior.log_density(u);
    }
    const Matrix features = encoding.features({point});
    Vector value = Vector::Constant(1, 7);
    Matrix gradient = Matrix::Zero(1, features.cols());
    add_log_prior(encoding, prior, 0.5, features, value, &gradient);
    CHECK(value[0] == Approx(7 + 0.5 * expected));
    const Eigen::Index column = encoding.coordinates()[1].column;
    const double slope = point[1] < 0 ? 0 : 0.5 * opinions[1].prior.slope(point[1]);
    CHECK(gradient(0, column) == Approx(slope).margin(1e-12));
  }
}
