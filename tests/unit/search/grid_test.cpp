#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

TEST_CASE("The grid goes in order, whatever is asked at once") {
  Space space;
  space.add_int("a", {.min = 1, .max = 2}).add_float("b", {.min = 0.1, .max = 0.3, .step = 0.1});
  const std::vector<std::string> order{R"({"a":1,"b":0.1})", R"({"a":1,"b":0.2})",
                                       R"({"a":1,"b":0.3})", R"({"a":2,"b":0.1})",
                                       R"({"a":2,"b":0.2})", R"({"a":2,"b":0.3})"};
  for (const int batch : {1, 2, 4, 100}) {
    const auto strategy = grid_search();
    ViewBuilder builder(test::problem_of(space));
    while (builder.trials().size() < 10) {
      const auto suggestions = strategy->suggest(builder.view(), batch);
      if (suggestions.empty()) break;
      for (const Suggestion& suggestion : suggestions) builder.add(suggestion);
    }
    std::vector<std::string> seen;
    for (const Trial& trial : builder.trials()) seen.push_back(trial.configuration.to_json());
    CHECK(seen == order);
  }
}

TEST_CASE("What was enqueued is not proposed again, before or behind the grid's place") {
  const Space space = test::finite_space();
  const auto strategy = grid_search();
  const auto all = strategy->suggest(ViewBuilder(test::problem_of(space)).view(), 1000);
  REQUIRE(all.size() == test::finite_size);
  ViewBuilder builder(test::problem_of(space));
  builder.add({.configuration = all[0].configuration}, Origin::enqueued);
  builder.add(strategy->suggest(builder.view(), 1).at(0));
  builder.add({.configuration = all[20].configuration}, Origin::enqueued);
  const auto rest = strategy->suggest(builder.view(), 1000);
  CHECK(rest.size() == test::finite_size - 3);
  for (const Suggestion& suggestion : rest) {
    for (const Trial& trial : builder.trials())
      CHECK(suggestion.configuration != trial.configuration);
  }
}

TEST_CASE(
    "Trials that another strategy made are skipped, and its states are not taken for a place") {
  const Space space = test::finite_space();
  ViewBuilder builder(test::problem_of(space));
  for (Suggestion& suggestion : sobol_search()->suggest(builder.view(), 10)) {
    builder.add(suggestion);
  }
  builder.add({.configuration = Configuration{{"layers", std::int64_t{99}}}, .state = "[1,2"});
  CHECK(grid_search()->suggest(builder.view(), 1000).size() == test::finite_size - 10);
}

TEST_CASE("Huge grids cost nothing to start") {
  Space space;
  for (int i = 0; i < 40; ++i) space.add_int("p" + std::to_string(i), {.min = 0, .max = 1000000});
  ViewBuilder builder(test::problem_of(space));
  const auto first = grid_search()->suggest(builder.view(), 3);
  REQUIRE(first.size() == 3);
  CHECK(first[2].configuration.integer("p39") == 2);
  CHECK(first[2].configuration.integer("p0") == 0);
}

TEST_CASE("Parameters with infinitely many values are an error that names each of them") {
  const StudyView view = ViewBuilder(test::problem_of(test::mixed_space())).view();
  try {
    grid_search()->suggest(view, 1);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_space);
    REQUIRE(error.mistakes().size() == 3);
    CHECK(error.mistakes()[0].path == "/parameters/lr");
    CHECK(error.mistakes()[1].path == "/parameters/momentum");
    CHECK(error.mistakes()[2].path == "/parameters/dropout");
  }
}
