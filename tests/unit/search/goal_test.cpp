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

}  // namespace

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
