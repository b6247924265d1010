#include <set>

#include "core/json.hpp"
#include "support/catch.hpp"
#include "tunesmith/search.hpp"

using namespace tunesmith;

namespace {

std::vector<Mistake> mistakes_of(const char* name, const char* options) {
  try {
    make_search(name, options);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    return error.mistakes();
  }
  return {};
}

}  // namespace

TEST_CASE("Every listed strategy can be made by its name and describes its options") {
  std::set<std::string> names;
  for (const PluginInfo& info : search_strategies()) {
    INFO(info.name);
    CHECK(names.insert(info.name).second);
    CHECK_FALSE(info.summary.empty());
    CHECK(make_search(info.name)->name() == info.name);
    for (const OptionInfo& option : info.options) {
      CHECK(std::set<std::string>{"int", "float", "bool", "text"}.contains(option.type));
      CHECK_FALSE(option.text.empty());
      // The default is a value that the strategy takes.
      CHECK(make_search(info.name, "{\"" + option.name + "\":" + option.fallback + "}") != nullptr);
    }
  }
  CHECK(names.contains("random"));
  CHECK(names.contains("grid"));
}

TEST_CASE("Options reach the strategy") {
  CHECK(mistakes_of("bayesian", R"({"initial_trials": 3})").empty());
  CHECK(mistakes_of("grid", "{}").empty());
}

TEST_CASE("All mistakes are told at once, with their paths") {
  const auto mistakes = mistakes_of("bayesian", R"({"initial_trials": true, "initial": 3})");
  REQUIRE(mistakes.size() == 2);
  CHECK(mistakes[0].path == "/initial_trials");
  CHECK(mistakes[1].path == "/initial");

  const auto unknown = mistakes_of("randon", "{}");
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].path.empty());
  CHECK(unknown[0].what.find("did you mean 'random'?") != std::string::npos);
  CHECK(unknown[0].allowed.find("grid") != std::string::npos);

  CHECK(mistakes_of("random", "[]").size() == 1);
  CHECK(mistakes_of("random", "{").size() == 1);
  CHECK(mistakes_of("nothing", "{").size() == 2);
}
