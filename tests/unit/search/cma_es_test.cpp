#include <algorithm>
#include <cmath>

#include "search/cma_es_record.hpp"
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

Suggestion next(const ViewBuilder& builder) {
  const auto suggestions = cma_es_search()->suggest(builder.view(), 1);
  REQUIRE(suggestions.size() == 1);
  return suggestions[0];
}

CmaEsRecord record_of(const Suggestion& suggestion) {
  const auto record = cma_es_record_from(suggestion.state, 1000000);
  REQUIRE(record);
  return *record;
}

double distance(const Configuration& configuration, double from) {
  double sum = 0;
  for (const auto& [name, value] : configuration.values()) {
    sum += std::pow(std::get<double>(value) - from, 2);
  }
  return std::sqrt(sum / static_cast<double>(configuration.size()));
}

}  // namespace

TEST_CASE("A generation begins when as many results are in as the population has") {
  ViewBuilder builder(test::problem_of(floats(2)));  // 4 + ⌊3 ln 2⌋ = 6
  const auto first = cma_es_search()->suggest(builder.view(), 10);
  REQUIRE(first.size() == 10);
  for (const Suggestion& suggestion : first) builder.add(suggestion);
  for (const TrialId id : {9, 1, 8, 0, 5}) builder.complete(id, static_cast<double>(id));
  CHECK(record_of(next(builder)).generation == 0);
  builder.end(2, TrialState::lost);
  CHECK(record_of(next(builder)).generation == 0);
  builder.fail(7);
  const CmaEsRecord record = record_of(next(builder));
  CHECK(record.generation == 1);
  CHECK(record.made_from == std::vector<TrialId>{0, 1, 5, 7, 8, 9});
  // Late results belong to the next generation.
  builder.add(next(builder));
  for (const TrialId id : {3, 4, 6, 10}) builder.complete(id, 1);
  for (int i = 0; i < 2; ++i) builder.complete(builder.add(next(builder)), 1);
  CHECK(record_of(next(builder)).generation == 2);
  CHECK(record_of(next(builder)).made_from == std::vector<TrialId>{3, 4, 6, 10, 11, 12});
}

TEST_CASE("What was drawn from a generation stays its own when more becomes known") {
  ViewBuilder builder(test::problem_of(floats(2)));
  for (const Suggestion& suggestion : cma_es_search()->suggest(builder.view(), 12)) {
    builder.add(suggestion);
  }
  for (TrialId id = 0; id < 6; ++id) builder.complete(id, static_cast<double>(id));
  const Suggestion second = next(builder);
  builder.add(second);
  // Seven more results: had they been known, the generation would have been another.
  for (TrialId id = 6; id < 12; ++id) builder.complete(id, -1);
  const Suggestion third = next(builder);
  CHECK(record_of(second).made_from->size() == 6);
  CHECK(record_of(third).generation == 2);
  CHECK(record_of(third).made_from == std::vector<TrialId>{6, 7, 8, 9, 10, 11});
}

TEST_CASE("It begins where earlier trials of other origin are good, and not near failures") {
  ViewBuilder builder(test::problem_of(floats(4)));
  for (int i = 0; i < 40; ++i) {
    Configuration configuration;
    for (int k = 0; k < 4; ++k) {
      configuration.set("x" + std::to_string(k), 0.01 + 0.98 * ((i * (2 * k + 3)) % 41) / 41.0);
    }
    const double value = distance(configuration, 0.8);
    const TrialId id = builder.add({.configuration = configuration}, Origin::enqueued);
    if (i % 5 == 4) {
      builder.fail(id);
    } else {
      builder.complete(id, value);
    }
  }
  double mean = 0;
  for (const Suggestion& suggestion : cma_es_search()->suggest(builder.view(), 20)) {
    mean += distance(suggestion.configuration, 0.8) / 20;
  }
  // Draws around the centre would be 0.39 away.
  CHECK(mean < 0.3);
  CHECK(record_of(next(builder)).made_from->size() == 40);
}

TEST_CASE("Ordered and conditional spaces: good regions are found within the budget") {
  const Space space = test::mixed_space();
  double cma_es = 0;
  double random = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    for (const auto& [name, sum] : {std::pair("cma_es", &cma_es), std::pair("random", &random)}) {
      ViewBuilder builder(test::problem_of(space, seed));
      const auto strategy = make_search(name);
      double best = 1e300;
      for (int i = 0; i < 150; ++i) {
        const auto suggestions = strategy->suggest(builder.view(), 1);
        REQUIRE(suggestions.size() == 1);
        const double loss = test::toy_loss(space, suggestions[0].configuration);
        builder.complete(builder.add(suggestions[0]), loss);
        best = std::min(best, loss);
      }
      *sum += best / 4;
    }
  }
  CHECK(cma_es < random / 2);
}

TEST_CASE("An outcome constraint draws the search to where it holds") {
  Problem problem = test::problem_of(floats(3));
  problem.constraints = {{.metric = "memory", .max = 1}};
  ViewBuilder builder(problem);
  int kept = 0;
  for (int i = 0; i < 120; ++i) {
    const Suggestion suggestion = next(builder);
    const double memory = distance(suggestion.configuration, 0.1) / 0.2;
    builder.end(builder.add(suggestion), TrialState::completed).metrics = {
        {"loss", distance(suggestion.configuration, 0.9)}, {"memory", memory}};
    if (i >= 60 && memory <= 1) ++kept;
  }
  CHECK(kept >= 15);
}

TEST_CASE("Records that make no sense are as if of another strategy") {
  ViewBuilder builder(test::problem_of(floats(2)));
  const Suggestion honest = next(builder);
  for (const char* state :
       {"cma 5 0 0", "cma 1 1 0 = 0", "cma 0 2 0", "cma 0 3 999999999999 = 0-1", "cma", "17"}) {
    Suggestion forged = next(builder);
    forged.state = state;
    builder.complete(builder.add(forged), 1);
  }
  const Suggestion after = next(builder);
  CHECK_FALSE(after.configuration == honest.configuration);
  CHECK(test::problem_of(floats(2)).space.check(after.configuration).empty());
}

TEST_CASE("CMA-ES refuses a population of fewer than four") {
  CHECK_THROWS_AS(cma_es_search({.population = 3}), Error);
  CHECK_THROWS_AS(cma_es_search({.population = -1}), Error);
  CHECK_THROWS_AS(make_search("cma_es", R"({"population": 2})"), Error);
  CHECK(make_search("cma_es", R"({"population": 4})") != nullptr);
}
