#include <algorithm>
#include <cmath>

#include "search/evolution_record.hpp"
#include "search/parents.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Space floats(int count) {
  Space space;
  for (int i = 0; i < count; ++i) {
    space.add_float("x" + std::to_string(i), {.min = 0, .max = 1, .scale = Scale::linear});
  }
  return space.settled();
}

Suggestion next(const ViewBuilder& builder, SearchStrategy& strategy) {
  const auto suggestions = strategy.suggest(builder.view(), 1);
  REQUIRE(suggestions.size() == 1);
  return suggestions[0];
}

Problem several_objectives(Space space, int count) {
  Problem problem = test::problem_of(std::move(space));
  problem.objectives.clear();
  for (int i = 0; i < count; ++i) problem.objectives.push_back({.metric = "f" + std::to_string(i)});
  return problem;
}

int differences(const Configuration& a, const Configuration& b) {
  int count = 0;
  for (const auto& [name, value] : a.values()) {
    const Value* other = b.find(name);
    if (other == nullptr || *other != value) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("Regularised evolution: parents are the latest that ended, however good older ones are") {
  const auto strategy = evolution_search({.population = 5});
  ViewBuilder builder(test::problem_of(floats(4)));
  for (int i = 0; i < 12; ++i) {
    const TrialId id = builder.add(next(builder, *strategy));
    if (i == 10) {
      builder.end(id, TrialState::lost);
    } else if (i != 9) {
      builder.complete(id, i);  // the older the better
    }
  }
  const auto parents = latest_parents(builder.view(), 5);
  REQUIRE(parents);
  CHECK(parents->ids == std::vector<TrialId>{5, 6, 7, 8, 11});
  CHECK_FALSE(latest_parents(builder.view(), 11));

  const Suggestion child = next(builder, *strategy);
  int nearest = 9;
  for (const TrialId id : parents->ids) {
    nearest =
        std::min(nearest, differences(child.configuration, builder.view().trial(id).configuration));
  }
  CHECK(nearest == 1);
}

TEST_CASE(
    "A tournament over many draws finds the best, one over a single draw does not favour it") {
  const Parents parents{.ids = {7, 3, 5, 9}, .places = {0, 1, 1, 2}};
  int best_of_many = 0;
  int best_of_one = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    RandomStream random(2, i, "test");
    best_of_many += parents.tournament(20, random) == 7 ? 1 : 0;
    best_of_one += parents.tournament(1, random) == 7 ? 1 : 0;
  }
  CHECK(best_of_many > 390);
  CHECK(best_of_one == Approx(100).margin(40));
}

TEST_CASE("A huge discrete space: better than random draws") {
  Space space;
  for (int i = 0; i < 20; ++i) space.add_categorical("c" + std::to_string(i), {"a", "b", "c", "d"});
  space = space.settled();
  const auto loss = [](const Configuration& configuration) {
    int wrong = 0;
    for (const auto& [name, value] : configuration.values()) {
      if (std::get<std::string>(value) != "b") ++wrong;
    }
    return static_cast<double>(wrong);
  };
  for (const char* name : {"evolution", "random"}) {
    const auto strategy = make_search(name);
    ViewBuilder builder(test::problem_of(space));
    double best = 20;
    for (int i = 0; i < 400; ++i) {
      const Suggestion suggestion = next(builder, *strategy);
      best = std::min(best, loss(suggestion.configuration));
      builder.complete(builder.add(suggestion), loss(suggestion.configuration));
    }
    if (std::string(name) == "evolution") {
      CHECK(best <= 4);
    } else {
      CHECK(best >= 6);
    }
  }
}

TEST_CASE("Several objectives: a generation is recorded, and late results are judged in the next") {
  const Problem problem = several_objectives(floats(3), 2);
  const auto strategy = evolution_search({.population = 4});
  ViewBuilder builder(problem);
  const auto end = [&](TrialId id, double a, double b) {
    builder.end(id, TrialState::completed).metrics = {{"f0", a}, {"f1", b}};
  };
  for (int i = 0; i < 6; ++i) builder.add(next(builder, *strategy));
  end(0, 1, 4);
  end(1, 4, 1);
  end(2, 5, 5);
  CHECK(next(builder, *strategy).state.empty());
  end(4, 2, 2);
  const Suggestion first = next(builder, *strategy);
  const auto record = evolution_record_from(first.state, 6);
  REQUIRE(record);
  CHECK(record->parents == std::vector<TrialId>{0, 1, 2, 4});
  CHECK(record->pending == std::vector<TrialId>{3, 5});

  builder.add(first);
  end(3, 9, 9);
  end(5, 3, 1.5);
  for (int i = 0; i < 2; ++i) {
    const Suggestion suggestion = next(builder, *strategy);
    CHECK(suggestion.state.empty());
    end(builder.add(suggestion), 8, 8 + i);
  }
  const auto second = evolution_record_from(next(builder, *strategy).state, 9);
  REQUIRE(second);
  // (5, 5) is beaten by (3, 1.5), which came late.
  CHECK(second->parents == std::vector<TrialId>{0, 1, 4, 5});
  CHECK(second->pending == std::vector<TrialId>{6});
}

TEST_CASE("Fronts of two and of five objectives are approached") {
  for (const int objectives : {2, 5}) {
    INFO(objectives << " objectives");
    const Problem problem = several_objectives(floats(8), objectives);
    // Distance to the front, as in DTLZ1 and ZDT: the mean of the last parameters.
    const auto away = [&](const Configuration& c) {
      double sum = 0;
      for (int i = objectives; i < 8; ++i)
        sum += std::fabs(c.number("x" + std::to_string(i)) - 0.3);
      return sum / (8 - objectives);
    };
    double ends[2] = {0, 0};
    for (const bool evolve : {true, false}) {
      const auto strategy = evolve ? evolution_search() : random_search();
      ViewBuilder builder(problem);
      for (int i = 0; i < 400; ++i) {
        const Suggestion suggestion = next(builder, *strategy);
        const TrialId id = builder.add(suggestion);
        const double g = away(suggestion.configuration);
        Metrics metrics;
        double total = 0;
        for (int k = 0; k < objectives; ++k) {
          total += suggestion.configuration.number("x" + std::to_string(k)) + 0.1;
        }
        for (int k = 0; k < objectives; ++k) {
          const double share =
              (suggestion.configuration.number("x" + std::to_string(k)) + 0.1) / total;
          metrics["f" + std::to_string(k)] = share * (1 + 10 * g);
        }
        builder.end(id, TrialState::completed).metrics = metrics;
        if (i >= 300) ends[evolve ? 0 : 1] += g / 100;
      }
    }
    CHECK(ends[0] < 0.65 * ends[1]);
  }
}

TEST_CASE("Evolution refuses a population of fewer than four") {
  CHECK_THROWS_AS(evolution_search({.population = 3}), Error);
  CHECK_THROWS_AS(make_search("evolution", R"({"population": 2})"), Error);
  CHECK(make_search("evolution", R"({"population": 4})") != nullptr);
}
