#include <string>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Space numbers() {
  Space space;
  space.add_float("x", {.min = 0, .max = 1})
      .add_int("k", {.min = 1, .max = 9})
      .add_categorical("b", {"yes", "no"});
  return space.settled();
}

Space choices() {
  Space space;
  space.add_float("x", {.min = 0, .max = 1})
      .add_categorical("a", {"yes", "no"})
      .add_categorical("b", {"yes", "no"});
  return space.settled();
}

Space conditional() {
  Space space;
  space.add_float("x", {.min = 0, .max = 1})
      .add_categorical("on", {"yes", "no"})
      .add_float("y", {.min = 0, .max = 1, .when = {{"on", {"yes"}}}});
  return space.settled();
}

Space branched() {
  Space space;
  space.add_categorical("algorithm", {"svm", "forest"})
      .add_float("x", {.min = 0, .max = 1, .when = {{"algorithm", {"svm"}}}})
      .add_int("depth", {.min = 1, .max = 9, .when = {{"algorithm", {"forest"}}}});
  return space.settled();
}

// The strategy that the note names after so many random trials.
std::string chosen(const Space& space, int trials, std::size_t objectives = 1) {
  Problem problem = test::problem_of(space);
  const std::string first = problem.objectives.front().metric;
  for (std::size_t k = 1; k < objectives; ++k)
    problem.objectives.push_back({.metric = "m" + std::to_string(k)});
  ViewBuilder builder(problem);
  for (const Suggestion& suggestion : random_search()->suggest(builder.view(), trials)) {
    const TrialId id = builder.add(suggestion);
    Trial& trial = builder.end(id, TrialState::completed);
    const Value* found = suggestion.configuration.find("x");
    const double x = found == nullptr ? 0.5 : std::get<double>(*found);
    trial.metrics[first] = x;
    for (std::size_t k = 1; k < objectives; ++k)
      trial.metrics["m" + std::to_string(k)] = k % 2 == 1 ? 1 - x : x;
  }
  const auto suggestions = auto_search()->suggest(builder.view(), 2);
  REQUIRE(suggestions.size() == 2);
  CHECK(suggestions[0].note.find(": ") != std::string::npos);
  return suggestions[1].note.substr(0, suggestions[1].note.find(' '));
}

}  // namespace

TEST_CASE("auto: a model first, for any space and objectives", "[auto]") {
  CHECK(chosen(numbers(), 0) == "bayesian");
  CHECK(chosen(numbers(), 60) == "bayesian");
  CHECK(chosen(conditional(), 60) == "bayesian");
  CHECK(chosen(branched(), 60) == "bayesian");
  CHECK(chosen(numbers(), 30, 2) == "bayesian");
  CHECK(chosen(numbers(), 30, 6) == "bayesian");
}

TEST_CASE("auto: CMA-ES from 400 trials on where most parameters are numbers", "[auto]") {
  CHECK(chosen(numbers(), 399) == "bayesian");
  CHECK(chosen(numbers(), 400) == "cma_es");
  CHECK(chosen(choices(), 400) == "bayesian");
  CHECK(chosen(conditional(), 400) == "bayesian");
}

TEST_CASE("auto: TPE or evolution where a model bears no more", "[auto]") {
  CHECK(chosen(conditional(), 3000) == "tpe");
  CHECK(chosen(numbers(), 1000, 2) == "evolution");
  CHECK(chosen(numbers(), 250, 6) == "evolution");
}
