#include <algorithm>
#include <cmath>
#include <functional>

#include "search/ranking_weights.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

using Function = std::function<double(const Configuration&)>;

Space cube() {
  Space space;
  for (const char* name : {"a", "b", "c", "d"})
    space.add_float(name, {.min = 0, .max = 1, .scale = Scale::linear});
  return space;
}

/// A valley around 0.3 with ripples across; the minimum is 0.
double valley(const Configuration& c) {
  double sum = 0;
  for (const auto& [name, value] : c.values()) {
    const double x = std::get<double>(value) - 0.3;
    sum += x * x + 0.02 * (1 - std::cos(20 * x));
  }
  return sum;
}

double other(const Configuration& c) {
  return std::abs(c.number("a") - 0.9) + std::abs(c.number("c") - c.number("d"));
}

ParentStudy random_parent(const Function& function, int trials, std::uint64_t seed) {
  ParentStudy parent;
  RandomStream random(seed, 0, "parent");
  const Space space = cube();
  for (int i = 0; i < trials; ++i) {
    std::vector<double> point(4);
    for (double& u : point) u = random.uniform();
    Configuration configuration = space.decode(point);
    const double value = function(configuration);
    parent.evaluations.push_back({std::move(configuration), {value}});
  }
  return parent;
}

/// The best value after each trial.
std::vector<double> course(const std::vector<ParentStudy>& parents, int trials,
                           std::uint64_t seed) {
  ViewBuilder study(test::problem_of(cube(), seed));
  for (const ParentStudy& parent : parents) study.add_parent(parent);
  const auto search = bayesian_search();
  std::vector<double> best;
  for (int i = 0; i < trials; ++i) {
    const std::vector<Suggestion> suggestions = search->suggest(study.view(), 1);
    REQUIRE(suggestions.size() == 1);
    const double value = valley(suggestions[0].configuration);
    study.complete(study.add(suggestions[0]), value);
    best.push_back(best.empty() ? value : std::min(best.back(), value));
  }
  return best;
}

Belief sure(const Vector& mean) { return {mean, Vector::Constant(mean.size(), 1e-9)}; }

}  // namespace

TEST_CASE("beliefs share the weight by how often they order the observations best") {
  Vector observed(5);
  observed << 1, 2, 3, 4, 5;
  const Vector wrong = -observed;
  Vector one_swap(5);
  one_swap << 1, 3, 2, 4, 5;
  RandomStream random(1, 0, "test");
  const Vector right = ranking_weights(observed, {sure(wrong), sure(observed * 7)}, random);
  CHECK(right[0] == 0);
  CHECK(right[1] == 1);
  // Worse than the first in every draw, it is discarded; of equals each has its share.
  const Vector mixed =
      ranking_weights(observed, {sure(one_swap), sure(wrong), sure(one_swap)}, random);
  CHECK(mixed[0] == Approx(0.5));
  CHECK(mixed[1] == 0);
  CHECK(mixed[2] == Approx(0.5));

  Belief guess = sure(observed);
  guess.deviation.setConstant(1);
  Belief worse = sure(wrong);
  worse.deviation.setConstant(1);
  const Vector likely = ranking_weights(observed, {worse, guess}, random);
  CHECK(likely.sum() == Approx(1));
  CHECK(likely[1] > 0.8);
}

TEST_CASE("one that misleads has no weight even where it wins a draw by chance") {
  Vector observed = Vector::LinSpaced(12, 0, 1);
  Belief own = sure(observed);
  own.deviation.setConstant(0.2);
  Belief vague = sure(-observed);
  vague.deviation.setConstant(1);
  RandomStream random(3, 0, "test");
  CHECK(ranking_weights(observed, {own, vague}, random)[1] == 0);
}

TEST_CASE(
    "one that orders little better than chance has no weight beside a first that is no better") {
  Vector observed = Vector::LinSpaced(10, 0, 1);
  Vector shuffled(10);  // 22 of 45 pairs in the other order
  shuffled << 5, 2, 8, 0, 6, 4, 9, 3, 1, 7;
  Belief ignorant{Vector::Zero(10), Vector::Ones(10)};
  RandomStream random(3, 0, "test");
  const Vector weights =
      ranking_weights(observed, {ignorant, sure(shuffled), sure(shuffled)}, random);
  CHECK(weights[0] == 1);
  CHECK(weights[1] == 0);
}

TEST_CASE("two observations tell nothing about who orders them well") {
  Vector observed(2);
  observed << 1, 2;
  RandomStream random(1, 0, "test");
  const Vector weights = ranking_weights(observed, {sure(observed), sure(-observed)}, random);
  CHECK(weights[0] == 0.5);
  CHECK(weights[1] == 0.5);
}

TEST_CASE("the best of each parent come first, each once; of an only parent the best two") {
  const auto at = [](double a) {
    return Configuration{{"a", a}, {"b", 0.5}, {"c", 0.5}, {"d", 0.5}};
  };
  ParentStudy one{{{at(0.1), {3}}, {at(0.2), {1}}, {at(0.3), {2}}, {at(0.2), {1}}}};
  ParentStudy two{{{at(0.2), {-5}}, {at(0.4), {-6}}}};
  ViewBuilder study(test::problem_of(cube(), 1));
  study.add_parent(one);
  study.add_parent(two);
  const auto suggestions = bayesian_search()->suggest(study.view(), 5);
  REQUIRE(suggestions.size() == 5);
  CHECK(suggestions[0].configuration == at(0.2));
  CHECK(suggestions[1].configuration == at(0.4));
  CHECK(suggestions[1].note == "among the best of earlier studies");
  CHECK(suggestions[2].configuration == at(0.5));

  ViewBuilder only(test::problem_of(cube(), 1));
  only.add_parent(one);
  const auto of_one = bayesian_search()->suggest(only.view(), 3);
  REQUIRE(of_one.size() == 3);
  CHECK(of_one[0].configuration == at(0.2));
  CHECK(of_one[1].configuration == at(0.3));
  CHECK(of_one[2].configuration == at(0.5));

  // They count wherever they were tried before.
  study.add({.configuration = at(0.2)}, Origin::enqueued);
  CHECK(bayesian_search()->suggest(study.view(), 1)[0].configuration == at(0.4));
}

TEST_CASE("five parents give five first trials, larger being better where that is the goal") {
  Problem problem = test::problem_of(cube(), 1);
  problem.objectives[0].goal = Goal::maximize;
  ViewBuilder study(problem);
  std::vector<Configuration> best;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const ParentStudy parent = random_parent(valley, 8, i);
    best.push_back(
        std::max_element(parent.evaluations.begin(), parent.evaluations.end(),
                         [](const auto& a, const auto& b) { return a.values < b.values; })
            ->configuration);
    study.add_parent(parent);
  }
  const auto suggestions = bayesian_search()->suggest(study.view(), 6);
  for (std::size_t i = 0; i < 5; ++i) CHECK(suggestions[i].configuration == best[i]);
  CHECK(suggestions[5].note == "centre of the space");
}

TEST_CASE("a parent of the same function saves trials, one that misleads costs few") {
  const int trials = 25;
  const double goal = 0.1;
  double without = 0;
  double with_same = 0;
  std::vector<double> at_end(4);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto reached = [&](const std::vector<double>& best) {
      return static_cast<double>(
          std::find_if(best.begin(), best.end(), [&](double value) { return value <= goal; }) -
          best.begin());
    };
    const std::uint64_t of_parent = 100 + seed;
    const auto scaled = [](const Configuration& c) { return 1000 * valley(c) - 3; };
    const auto negated = [](const Configuration& c) { return -valley(c); };
    const std::vector<std::vector<ParentStudy>> parents = {{},
                                                           {random_parent(scaled, 60, of_parent)},
                                                           {random_parent(negated, 60, of_parent)},
                                                           {random_parent(other, 60, of_parent)}};
    for (std::size_t k = 0; k < parents.size(); ++k) {
      const std::vector<double> best = course(parents[k], trials, seed);
      at_end[k] += best.back() / 6;
      if (k == 0) without += reached(best) / 6;
      if (k == 1) with_same += reached(best) / 6;
    }
  }
  CAPTURE(without, with_same, at_end[0], at_end[1], at_end[2], at_end[3]);
  CHECK(with_same <= 0.7 * without);
  // The margin: a twentieth of what the centre is worth (0.25).
  CHECK(at_end[2] <= at_end[0] + 0.0125);
  CHECK(at_end[3] <= at_end[0] + 0.0125);
}

TEST_CASE("with several objectives the earlier front comes first, its ends before the rest") {
  const auto at = [](double a) {
    return Configuration{{"a", a}, {"b", 0.5}, {"c", 0.5}, {"d", 0.5}};
  };
  Problem problem = test::problem_of(cube(), 1);
  problem.objectives.push_back({.metric = "speed", .goal = Goal::maximize});
  ParentStudy parent;
  for (int i = 0; i <= 10; ++i) {
    parent.evaluations.push_back({at(0.01 * i), {1.0 * i, 1.0 * i}});        // the front
    parent.evaluations.push_back({at(0.5 + 0.01 * i), {1.0 * i, i - 0.5}});  // beaten
  }
  ViewBuilder study(problem);
  study.add_parent(parent);
  study.add_parent({});
  const auto suggestions = bayesian_search()->suggest(study.view(), 6);
  REQUIRE(suggestions.size() == 6);
  std::vector<double> tried;
  for (const Suggestion& one : suggestions) tried.push_back(one.configuration.number("a"));
  std::sort(tried.begin(), tried.begin() + 2);
  CHECK(tried[0] == 0.0);
  CHECK(tried[1] == 0.1);
  CHECK(tried[2] == 0.05);
  for (std::size_t i = 0; i < 5; ++i) CHECK(tried[i] <= 0.1);
  CHECK(suggestions[4].note == "among the best of earlier studies");
  CHECK(suggestions[5].note == "centre of the space");
}

TEST_CASE("a fresh strategy and one used for other studies agree, with parents") {
  const auto used = bayesian_search();
  for (const std::uint64_t seed : {1U, 2U}) {
    ViewBuilder study(test::problem_of(cube(), seed));
    study.add_parent(random_parent(valley, 30, seed));
    study.add_parent(random_parent(other, 30, seed));
    for (int i = 0; i < 12; ++i) {
      const auto one = used->suggest(study.view(), 2);
      const auto two = bayesian_search()->suggest(study.view(), 2);
      REQUIRE(one.size() == 2);
      for (std::size_t k = 0; k < 2; ++k) {
        REQUIRE(one[k].configuration == two[k].configuration);
        REQUIRE(one[k].state == two[k].state);
      }
      study.add(one[1], Origin::strategy);
      study.complete(study.add(one[0]), valley(one[0].configuration));
    }
  }
}

TEST_CASE("odd parents are borne") {
  ParentStudy constant = random_parent([](const Configuration&) { return 4; }, 10, 1);
  ParentStudy huge = random_parent([](const Configuration& c) { return 1e300 * other(c); }, 10, 2);
  ParentStudy alien{{{Configuration{{"x", 1.0}}, {3}}}};
  CHECK(course({{}, constant, huge, alien, random_parent(valley, 1, 3)}, 12, 5).size() == 12);
}
