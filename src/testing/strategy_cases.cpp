#include "testing/strategy_cases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "search/configuration_counter.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith::testing {
namespace {

Problem problem_of(Space space) {
  Problem problem;
  problem.space = space.settled();
  problem.objectives = {{.metric = "loss"}};
  problem.seed = 7;
  return problem;
}

Space mixed_space() {
  Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1e-1, .scale = Scale::log})
      .add_float("momentum", {.min = 0.5, .max = 0.999, .scale = Scale::reverse_log})
      .add_float("dropout", {.min = 0.0, .max = 0.5})
      .add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam", "rms"})
      .add_fixed("epochs", std::int64_t{5})
      .add_constraint("layers * dropout <= 2.5");
  return space;
}

Space finite_space() {
  Space space;
  space.add_int("layers", {.min = 1, .max = 3})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("momentum",
                 {.min = 0.0, .max = 0.9, .step = 0.3, .when = {{"optimizer", {"sgd"}}}})
      .add_ordinal("width", {std::int64_t{16}, std::int64_t{32}})
      .add_constraint("layers * width <= 64");
  return space;
}

Space one_value_space() {
  Space space;
  space.add_float("a", {.min = 0.25, .max = 0.25})
      .add_int("b", {.min = 4, .max = 4})
      .add_categorical("c", {"only"})
      .add_int("d", {.min = 1, .max = 6});
  return space;
}

Space many_choices_space() {
  std::vector<Value> choices;
  for (std::int64_t i = 0; i < 1000; ++i) choices.emplace_back(i);
  Space space;
  space.add_categorical("choice", choices).add_int("n", {.min = 1, .max = 3});
  return space;
}

Space branching_space() {
  Space space;
  space.add_categorical("model", {"linear", "tree", "net"})
      .add_int("depth", {.min = 1, .max = 12, .when = {{"model", {"tree"}}}})
      .add_int("layers", {.min = 1, .max = 4, .when = {{"model", {"net"}}}})
      .add_categorical("norm", {"none", "batch"}, {.when = {{"model", {"net"}}}})
      .add_float("decay",
                 {.min = 0.1,
                  .max = 0.9,
                  .step = 0.1,
                  .when = {{"norm", {"batch"}}, {"layers", {std::int64_t{3}, std::int64_t{4}}}}})
      .add_constraint("layers != 4 or decay >= 0.3");
  return space;
}

/// Opinions of every kind of parameter; the weight of a choice may be 0.
Space space_with_priors() {
  Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1e-1, .prior = Prior{.near = 1e-3, .spread = 0.1}})
      .add_int("layers", {.min = 1, .max = 8, .prior = Prior{.near = 8, .spread = 0.01}})
      .add_float("dropout", {.min = 0, .max = 0.5, .step = 0.1, .prior = Prior{.near = 0.07}})
      .add_categorical("optimizer", {"sgd", "adam", "rms"},
                       {.prior = Prior{.weights = {1e300, 0, 1}}})
      .add_float("momentum", {.min = 0.5,
                              .max = 0.999,
                              .when = {{"optimizer", {"sgd", "rms"}}},
                              .prior = Prior{.near = 0.9}})
      .add_ordinal("width", {std::int64_t{16}, std::int64_t{32}, std::int64_t{64}},
                   {.prior = Prior{.weights = {1, 2, 3}}})
      .add_int("free", {.min = 1, .max = 1000})
      .add_constraint("layers * dropout <= 2.5");
  return space;
}

Space finite_space_with_priors() {
  Space space;
  space.add_int("layers", {.min = 1, .max = 4, .prior = Prior{.near = 2, .spread = 0.01}})
      .add_categorical("optimizer", {"sgd", "adam"}, {.prior = Prior{.weights = {0, 1}}})
      .add_float("momentum", {.min = 0.0,
                              .max = 0.9,
                              .step = 0.3,
                              .when = {{"optimizer", {"sgd"}}},
                              .prior = Prior{.near = 0.5}});
  return space;
}

Space wide_space() {
  Space space;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "p" + std::to_string(i);
    if (i % 4 == 0) {
      space.add_categorical(name, {"a", "b", "c"});
    } else if (i % 4 == 1) {
      space.add_int(name, {.min = 1, .max = 50});
    } else {
      space.add_float(name, {.min = 0, .max = 1});
    }
  }
  return space;
}

/// Ranges at the ends of what numbers can be.
Space extreme_space() {
  Space space;
  space.add_float("tiny", {.min = 1e-300, .max = 1e-290, .scale = Scale::log})
      .add_float("huge", {.min = -1e300, .max = 1e300, .scale = Scale::linear})
      .add_float("any", {.min = 1e-300, .max = 1e300, .scale = Scale::log})
      .add_float("narrow", {.min = 1, .max = std::nextafter(1, 2), .scale = Scale::linear})
      .add_int("exact", {.min = 9007199254740993, .max = 9007199254740999, .scale = Scale::linear})
      .add_int("wide", {.min = std::numeric_limits<std::int64_t>::min(),
                        .max = std::numeric_limits<std::int64_t>::max(),
                        .scale = Scale::linear});
  return space;
}

std::optional<std::size_t> count(const Space& space) {
  const bool finite =
      std::all_of(space.parameters().begin(), space.parameters().end(),
                  [](const Parameter& parameter) { return parameter.cardinality().has_value(); });
  if (!finite) return {};
  std::size_t configurations = 0;
  ConfigurationCounter counter(space);
  while (counter.next()) ++configurations;
  return configurations;
}

StrategyCase make_case(std::string name, const Space& space, Ending ending = Ending::good,
                       double share = 1) {
  StrategyCase made{
      .name = std::move(name), .problem = problem_of(space), .ending = ending, .share = share};
  if (share == 1) made.configurations = count(made.problem.space);
  return made;
}

/// Ends a trial; what its configuration is worth decides nothing but the value.
void end_trial(TrialLog& log, TrialId id, Ending ending, RandomStream& dice) {
  const StudyView view = log.view();
  const Problem& problem = view.problem();
  const double loss = smooth_loss(problem.space, view.trial(id).configuration);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  switch (ending) {
    case Ending::good:
      return log.end(id, Outcome::completed, metrics_of(problem, loss));
    case Ending::all_fail:
      return log.end(id, Outcome::failed, metrics_of(problem, nan));
    case Ending::constant:
      return log.end(id, Outcome::completed, metrics_of(problem, 1));
    case Ending::huge:
      return log.end(id, Outcome::completed,
                     metrics_of(problem, dice.below(3) == 0 ? -1e300 * loss : 1e300 * loss));
    case Ending::mixed:
      break;
  }
  switch (dice.below(7)) {
    case 0:
      return log.end(id, Outcome::failed);
    case 1:
      return log.end(id, Outcome::lost);
    case 2:
      return log.end(id, Outcome::infeasible);
    case 3:
      log.report(id, 1, metrics_of(problem, nan));
      return log.end(id, Outcome::failed);
    case 4:
      log.report(id, 1, metrics_of(problem, loss));
      return log.end(id, Outcome::stopped);
    case 5:
      return log.end(id, Outcome::completed, metrics_of(problem, 1e300 * loss));
    default:
      return log.end(id, Outcome::completed, metrics_of(problem, loss));
  }
}

}  // namespace

std::vector<StrategyCase> strategy_cases() {
  std::vector<StrategyCase> cases = {
      make_case("floats, ints, choices and a constraint", mixed_space()),
      make_case("trials that all fail", mixed_space(), Ending::all_fail, 0.6),
      make_case("trials that end in every way", mixed_space(), Ending::mixed),
      make_case("a constant objective", mixed_space(), Ending::constant, 0.6),
      make_case("values up to 1e300", mixed_space(), Ending::huge, 0.6),
      make_case("one-value parameters", one_value_space(), Ending::mixed),
      make_case("ranges at the ends of what numbers can be", extreme_space(), Ending::good, 0.5),
      make_case("a choice among 1,000", many_choices_space(), Ending::good, 0.5),
      make_case("inactive branches", branching_space(), Ending::mixed),
      make_case("priors", space_with_priors(), Ending::mixed, 0.6),
      make_case("100 parameters", wide_space(), Ending::good, 0.3)};
  StrategyCase costly = make_case("trials that differ in cost", mixed_space(), Ending::mixed, 0.6);
  costly.problem.cost = Cost{.metric = "euros"};
  cases.push_back(std::move(costly));
  StrategyCase several =
      make_case("two objectives and an outcome constraint", mixed_space(), Ending::mixed, 0.6);
  several.problem.objectives.push_back({.metric = "time", .goal = Goal::maximize});
  several.problem.constraints = {{.metric = "memory", .max = 0.5}};
  cases.push_back(std::move(several));
  cases.push_back(case_with_parents());
  return cases;
}

StrategyCase case_with_parents() {
  StrategyCase one = make_case("earlier studies", mixed_space(), Ending::good, 0.6);
  one.parents.resize(2);
  for (std::uint64_t i = 0; i < 24; ++i) {
    const Configuration configuration = random_configuration(one.problem.space, i);
    const double loss = smooth_loss(one.problem.space, configuration);
    one.parents[i % 2].evaluations.push_back({configuration, {i % 2 == 0 ? 7 + loss : -loss}});
  }
  return one;
}

std::vector<StrategyCase> finite_cases() {
  return {make_case("steps and conditions", finite_space(), Ending::mixed),
          make_case("one-value parameters", one_value_space(), Ending::all_fail),
          make_case("inactive branches", branching_space(), Ending::good),
          make_case("priors", finite_space_with_priors(), Ending::good)};
}

void tune(SearchStrategy& strategy, int trials, Transcript& transcript) {
  TrialLog log(transcript.of.problem, transcript.of.parents);
  RandomStream dice(11, 0, "conformance");
  std::vector<TrialId> open;
  while (static_cast<int>(log.size()) < trials) {
    Question question{.view = log.view(), .count = 1 + static_cast<int>(dice.below(4))};
    try {
      question.answer = strategy.suggest(question.view, question.count);
    } catch (const Error& error) {
      const bool finite = transcript.of.configurations.has_value();
      if (finite || error.code() != ErrorCode::invalid_space || log.size() != 0) throw;
      transcript.refused = true;
      return;
    }
    const bool none = question.answer.empty();
    if (none && open.empty()) {
      transcript.exhausted = true;
      transcript.questions.push_back(std::move(question));
      return;
    }
    for (const Suggestion& suggestion : question.answer) {
      // What is none of the space's cannot be run; that it was proposed is on record.
      if (transcript.of.problem.space.check(suggestion.configuration).empty()) {
        open.push_back(log.add(suggestion));
      }
    }
    const bool nothing_to_run = !none && log.size() == question.view.size();
    transcript.questions.push_back(std::move(question));
    if (nothing_to_run) return;
    while (!open.empty() && (none || dice.below(3) != 0)) {
      const auto pick = static_cast<std::ptrdiff_t>(dice.below(open.size()));
      const TrialId id = open[static_cast<std::size_t>(pick)];
      open.erase(open.begin() + pick);
      end_trial(log, id, transcript.of.ending, dice);
    }
  }
}

Configuration random_configuration(const Space& space, std::uint64_t number) {
  RandomStream dice(3, number, "random configuration");
  for (;;) {
    std::vector<double> point(space.dimension());
    for (double& x : point) x = dice.uniform();
    Configuration configuration = space.decode(point);
    if (space.satisfies(configuration)) return configuration;
  }
}

double smooth_loss(const Space& space, const Configuration& configuration) {
  double sum = 0;
  for (const double x : space.encode(configuration)) sum += (x - 0.4) * (x - 0.4);
  return sum;
}

Metrics metrics_of(const Problem& problem, double loss) {
  Metrics metrics;
  for (const Objective& objective : problem.objectives) metrics[objective.metric] = loss;
  for (const OutcomeConstraint& constraint : problem.constraints) metrics[constraint.metric] = loss;
  if (problem.cost) metrics[problem.cost->metric] = std::exp(loss);
  return metrics;
}

}  // namespace tunesmith::testing
