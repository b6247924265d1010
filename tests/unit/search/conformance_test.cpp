// What every registered strategy must keep. A new line in strategies.def is tested here without
// more code.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

struct Variant {
  std::string name;
  std::string options;
  std::shared_ptr<SearchStrategy> make() const { return make_search(name, options); }
};

/// Every strategy with its defaults, and once more with each switch turned.
std::vector<Variant> variants() {
  std::vector<Variant> list;
  for (const PluginInfo& info : search_strategies()) {
    list.push_back({info.name, "{}"});
    for (const OptionInfo& option : info.options) {
      if (option.type != "bool") continue;
      list.push_back({info.name, "{\"" + option.name +
                                     "\":" + (option.fallback == "true" ? "false" : "true") + "}"});
    }
  }
  return list;
}

/// Strategies for finite spaces alone say so by refusing the others.
bool takes(const Variant& variant, const Space& space) {
  try {
    variant.make()->suggest(ViewBuilder(test::problem_of(space)).view(), 1);
    return true;
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_space);
    return false;
  }
}

/// Strategies that fit models get fewer trials.
int trials_for(const Variant& variant) {
  return variant.name == "random" || variant.name == "grid" ? 300 : 25;
}

Space one_value_space() {
  Space space;
  space.add_float("a", {.min = 0.25, .max = 0.25})
      .add_int("b", {.min = 4, .max = 4})
      .add_categorical("c", {"only"})
      .add_int("d", {.min = 1, .max = 6})
      .add_fixed("e", true);
  return space.settled();
}

Space many_choices_space() {
  std::vector<Value> choices;
  for (std::int64_t i = 0; i < 1000; ++i) choices.emplace_back(i);
  Space space;
  space.add_categorical("choice", choices).add_int("n", {.min = 1, .max = 3});
  return space.settled();
}

Space deep_branches_space() {
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
  return space.settled();
}

struct Named {
  std::string name;
  Space space;
};

std::vector<Named> spaces() {
  return {{"mixed", test::mixed_space()},
          {"finite", test::finite_space()},
          {"one value", one_value_space()},
          {"many choices", many_choices_space()},
          {"deep branches", deep_branches_space()}};
}

/// How the trials of a run end.
enum class Ending { completed, all_failed, wild };

/// Runs a study of up to `trials` trials in uneven batches, checking every suggestion, and returns
/// it.
ViewBuilder run(const Variant& variant, const Space& space, int trials, Ending ending) {
  const auto strategy = variant.make();
  ViewBuilder builder(test::problem_of(space));
  std::set<std::string> seen;
  std::vector<TrialId> open;
  RandomStream dice(11, 0, "conformance");
  while (static_cast<int>(builder.trials().size()) < trials) {
    const int wanted = 1 + static_cast<int>(dice.below(4));
    const auto suggestions = strategy->suggest(builder.view(), wanted);
    CHECK(static_cast<int>(suggestions.size()) <= wanted);
    if (suggestions.empty() && open.empty()) break;
    for (const Suggestion& suggestion : suggestions) {
      INFO(suggestion.configuration.to_json());
      CHECK(space.check(suggestion.configuration).empty());
      CHECK(seen.insert(suggestion.configuration.to_json()).second);
      open.push_back(builder.add(suggestion));
    }
    // End some of the open trials, in any order; all of them where the strategy waits.
    while (!open.empty() && (suggestions.empty() || dice.below(3) != 0)) {
      const std::size_t pick = dice.below(open.size());
      const TrialId id = open[pick];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
      const double loss =
          test::toy_loss(space, builder.trials()[static_cast<std::size_t>(id)].configuration);
      switch (ending) {
        case Ending::completed:
          builder.complete(id, loss);
          break;
        case Ending::all_failed:
          builder.fail(id, {{"loss", std::numeric_limits<double>::quiet_NaN()}});
          break;
        case Ending::wild:
          switch (dice.below(6)) {
            case 0:
              builder.fail(id);
              break;
            case 1:
              builder.end(id, TrialState::lost);
              break;
            case 2:
              builder.end(id, TrialState::infeasible);
              break;
            case 3:
              builder.complete(id, loss * 1e300);
              break;
            case 4:
              builder.end(id, TrialState::stopped).metrics = {{"loss", loss}};
              break;
            default:
              builder.complete(id, 1.0);
          }
      }
    }
  }
  return builder;
}

}  // namespace

TEST_CASE("Suggestions lie in the space, keep constraints and never repeat, however trials end") {
  for (const Variant& variant : variants()) {
    for (const auto& [name, space] : spaces()) {
      INFO(variant.name << " " << variant.options << " on " << name);
      REQUIRE(space.validate().empty());
      if (!takes(variant, space)) continue;
      for (const Ending ending : {Ending::completed, Ending::all_failed, Ending::wild}) {
        const ViewBuilder study = run(variant, space, trials_for(variant), ending);
        CHECK_FALSE(study.trials().empty());
      }
    }
  }
}

TEST_CASE("A finite space is worked through to its last configuration, then exhausted") {
  struct Finite {
    Space space;
    int size;
  };
  const std::vector<Finite> finite{
      {test::finite_space(), test::finite_size},
      {one_value_space(), 6},
      // linear; trees; nets without norm; with batch norm: 2 shallow ones, 9 + 7 with decay
      {deep_branches_space(), 1 + 12 + 4 + 2 + 9 + 7}};
  for (const Variant& variant : variants()) {
    for (const auto& [space, size] : finite) {
      INFO(variant.name << " " << variant.options << " on " << size << " configurations");
      const ViewBuilder study = run(variant, space, 1000, Ending::completed);
      CHECK(static_cast<int>(study.trials().size()) == size);
      CHECK(variant.make()->suggest(study.view(), 5).empty());
    }
  }
}

TEST_CASE("Equal views give equal suggestions, from any instance and in any order of ends") {
  for (const Variant& variant : variants()) {
    for (const auto& [name, space] : spaces()) {
      INFO(variant.name << " " << variant.options << " on " << name);
      if (!takes(variant, space)) continue;
      const auto used = variant.make();
      ViewBuilder forwards(test::problem_of(space));
      for (const Suggestion& suggestion : used->suggest(forwards.view(), 6))
        forwards.add(suggestion);
      ViewBuilder backwards = forwards;
      const auto count = static_cast<TrialId>(forwards.trials().size());
      const auto end = [&](ViewBuilder& builder, TrialId id) {
        const auto& trial = builder.trials()[static_cast<std::size_t>(id)];
        if (id % 3 == 2) {
          builder.fail(id);
        } else {
          builder.complete(id, test::toy_loss(space, trial.configuration));
        }
      };
      for (TrialId id = 0; id + 1 < count; ++id) end(forwards, id);
      for (TrialId id = count - 1; id-- > 0;) end(backwards, id);

      const auto expected = used->suggest(forwards.view(), 3);
      for (const auto& answer :
           {used->suggest(forwards.view(), 3), variant.make()->suggest(forwards.view(), 3),
            variant.make()->suggest(backwards.view(), 3)}) {
        REQUIRE(answer.size() == expected.size());
        for (std::size_t i = 0; i < answer.size(); ++i) {
          CHECK(answer[i].configuration == expected[i].configuration);
          CHECK(answer[i].state == expected[i].state);
        }
      }
    }
  }
}

TEST_CASE(
    "The goal's sign is respected or does not matter: maximising the negative gives the same "
    "suggestions") {
  for (const Variant& variant : variants()) {
    INFO(variant.name << " " << variant.options);
    const Space space = test::finite_space();
    Problem minimize = test::problem_of(space);
    Problem maximize = minimize;
    maximize.objectives[0].goal = Goal::maximize;
    ViewBuilder down(minimize);
    ViewBuilder up(maximize);
    for (int i = 0; i < 12; ++i) {
      const auto a = variant.make()->suggest(down.view(), 1);
      const auto b = variant.make()->suggest(up.view(), 1);
      REQUIRE(a.size() == 1);
      REQUIRE(b.size() == 1);
      REQUIRE(a[0].configuration == b[0].configuration);
      const double loss = test::toy_loss(space, a[0].configuration);
      down.complete(down.add(a[0]), loss);
      up.complete(up.add(b[0]), -loss);
    }
  }
}

TEST_CASE("Enqueued trials and the baseline are not proposed again") {
  for (const Variant& variant : variants()) {
    INFO(variant.name << " " << variant.options);
    ViewBuilder builder(test::problem_of(one_value_space()));
    for (const std::int64_t d : {1, 2, 4, 6}) {
      const Configuration configuration{
          {"a", 0.25}, {"b", std::int64_t{4}}, {"c", std::string("only")}, {"d", d}, {"e", true}};
      builder.add({.configuration = configuration}, d == 1 ? Origin::baseline : Origin::enqueued);
    }
    std::set<std::int64_t> rest;
    for (int i = 0; i < 2; ++i) {
      const auto suggestions = variant.make()->suggest(builder.view(), 1);
      REQUIRE(suggestions.size() == 1);
      rest.insert(suggestions[0].configuration.integer("d"));
      builder.complete(builder.add(suggestions[0]), 1);
    }
    CHECK(rest == std::set<std::int64_t>{3, 5});
    CHECK(variant.make()->suggest(builder.view(), 1).empty());
  }
}
