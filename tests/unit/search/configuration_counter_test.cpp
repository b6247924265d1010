#include "search/configuration_counter.hpp"

#include <set>
#include <string>

#include "support/catch.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

std::vector<std::string> all_of(const Space& space) {
  std::vector<std::string> texts;
  ConfigurationCounter counter(space);
  while (counter.next()) texts.push_back(counter.configuration().to_json());
  CHECK(counter.finished());
  CHECK_FALSE(counter.next());
  return texts;
}

}  // namespace

TEST_CASE("The last parameter turns fastest") {
  Space space;
  space.add_int("a", {.min = 1, .max = 2}).add_categorical("b", {"x", "y", "z"});
  REQUIRE(space.validate().empty());
  CHECK(all_of(space) == std::vector<std::string>{R"({"a":1,"b":"x"})", R"({"a":1,"b":"y"})",
                                                  R"({"a":1,"b":"z"})", R"({"a":2,"b":"x"})",
                                                  R"({"a":2,"b":"y"})", R"({"a":2,"b":"z"})"});
}

TEST_CASE("Every configuration of the space comes once, inactive parameters standing still") {
  const Space space = test::finite_space();
  std::set<std::string> seen;
  ConfigurationCounter counter(space);
  while (counter.next()) {
    const Configuration configuration = counter.configuration();
    CHECK(space.check(configuration).empty());
    CHECK(configuration == space.conform(configuration));
    CHECK(seen.insert(configuration.to_json()).second);
  }
  CHECK(seen.size() == test::finite_size);
}

TEST_CASE("Children may be declared before their parents") {
  Space space;
  space.add_int("child", {.min = 1, .max = 2, .when = {{"parent", {true}}}})
      .add_categorical("parent", {true, false})
      .add_int("last", {.min = 1, .max = 2});
  REQUIRE(space.validate().empty());
  CHECK(all_of(space) ==
        std::vector<std::string>{
            R"({"child":1,"parent":true,"last":1})", R"({"child":1,"parent":true,"last":2})",
            R"({"child":2,"parent":true,"last":1})", R"({"child":2,"parent":true,"last":2})",
            R"({"parent":false,"last":1})", R"({"parent":false,"last":2})"});
}

TEST_CASE("One-value parameters and fixed values make a single configuration") {
  Space space;
  space.add_float("a", {.min = 0.5, .max = 0.5})
      .add_int("b", {.min = 3, .max = 3})
      .add_fixed("c", std::string("x"));
  REQUIRE(space.validate().empty());
  CHECK(all_of(space) == std::vector<std::string>{R"({"a":0.5,"b":3,"c":"x"})"});
}

TEST_CASE("A constraint that nothing keeps leaves nothing, without turning every wheel") {
  Space space;
  space.add_int("first", {.min = 1, .max = 10});
  for (int i = 0; i < 12; ++i) space.add_int("p" + std::to_string(i), {.min = 0, .max = 999});
  space.add_constraint("first > 10");
  REQUIRE(space.validate().empty());
  ConfigurationCounter counter(space);
  std::uint64_t steps = 100;
  CHECK_FALSE(counter.next(&steps));
  CHECK(counter.finished());
  CHECK(steps == 90);
}

TEST_CASE("Steps bound the search, and another call goes on") {
  Space space;
  space.add_int("a", {.min = 1, .max = 100})
      .add_int("b", {.min = 1, .max = 100})
      .add_constraint("a + b >= 200");
  REQUIRE(space.validate().empty());
  ConfigurationCounter counter(space);
  bool found = false;
  int calls = 0;
  while (!found && calls < 1000) {
    std::uint64_t steps = 50;
    found = counter.next(&steps);
    CHECK_FALSE(counter.finished());
    ++calls;
  }
  CHECK(calls > 100);
  CHECK(counter.configuration().to_json() == R"({"a":100,"b":100})");
}

TEST_CASE("Digits lead back to the same place") {
  const Space space = test::finite_space();
  const std::vector<std::string> all = all_of(space);
  ConfigurationCounter counter(space);
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(counter.next());
    ConfigurationCounter resumed(space);
    REQUIRE(resumed.resume_after(counter.digits()));
    CHECK(resumed.configuration().to_json() == all[i]);
    CHECK(resumed.next() == (i + 1 < all.size()));
    if (!resumed.finished()) CHECK(resumed.configuration().to_json() == all[i + 1]);
  }
}

TEST_CASE("Digits of another space are refused and leave the counter at the start") {
  const Space space = test::finite_space();
  ConfigurationCounter counter(space);
  CHECK_FALSE(counter.resume_after({}));
  CHECK_FALSE(counter.resume_after({0, 0, 0, 0, 0, 0}));
  CHECK_FALSE(counter.resume_after({3, 0, 0, 0, 0}));  // layers has three values
  CHECK_FALSE(counter.resume_after({0, 1, 1, 0, 0}));  // adam has no momentum
  CHECK_FALSE(counter.resume_after({2, 0, 0, 1, 0}));  // 3 * 32 > 64
  REQUIRE(counter.next());
  CHECK(counter.configuration().to_json() == all_of(space).front());
}

TEST_CASE("A space without parameters has one configuration") {
  CHECK(all_of(Space()) == std::vector<std::string>{"{}"});
}
