#include "search/seen_set.hpp"

#include "search/view_follower.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

TEST_CASE("Every trial's configuration is seen, whatever its state") {
  ViewBuilder builder(test::problem_of(test::mixed_space()));
  const Configuration running{{"a", 1.0}};
  const Configuration failed{{"a", 2.0}};
  const Configuration done{{"a", 3.0}};
  builder.add({.configuration = running});
  builder.fail(builder.add({.configuration = failed}));
  builder.complete(builder.add({.configuration = done}), 0.5);
  const SeenSet seen(builder.view());
  CHECK_FALSE(seen.empty());
  CHECK(seen.contains(running));
  CHECK(seen.contains(failed));
  CHECK(seen.contains(done));
  CHECK_FALSE(seen.contains(Configuration{{"a", 4.0}}));
}

TEST_CASE("Configurations compare by typed values") {
  SeenSet seen(ViewBuilder(test::problem_of(test::mixed_space())).view());
  CHECK(seen.empty());
  CHECK(seen.insert(Configuration{{"a", 1.0}, {"b", std::string("x")}}));
  CHECK_FALSE(seen.insert(Configuration{{"a", 1.0}, {"b", std::string("x")}}));
  CHECK(seen.insert(Configuration{{"a", std::int64_t{1}}, {"b", std::string("x")}}));
  CHECK(seen.insert(Configuration{{"a", 1.0}}));
  CHECK(seen.insert(Configuration{{"a", true}}));
  CHECK(seen.insert(Configuration{{"z", 0.0}}));
  CHECK_FALSE(seen.insert(Configuration{{"z", -0.0}}));
  CHECK_FALSE(seen.empty());
}

TEST_CASE("Inserted configurations live as long as the set") {
  SeenSet seen(ViewBuilder(test::problem_of(test::mixed_space())).view());
  for (int i = 0; i < 1000; ++i) {
    Configuration configuration;
    configuration.set("name",
                      "a text too long for the small string buffer, number " + std::to_string(i));
    REQUIRE(seen.insert(configuration));
    REQUIRE(seen.contains(configuration));
  }
  Configuration first;
  first.set("name", "a text too long for the small string buffer, number 0");
  CHECK(seen.contains(first));
}

TEST_CASE("Trials may be left out") {
  ViewBuilder builder(test::problem_of(test::mixed_space()));
  builder.add({.configuration = Configuration{{"a", 1.0}}, .state = "mine"});
  builder.add({.configuration = Configuration{{"a", 2.0}}});
  const SeenSet seen(builder.view(),
                     [](const Trial& trial) { return trial.strategy_state.empty(); });
  CHECK_FALSE(seen.contains(Configuration{{"a", 1.0}}));
  CHECK(seen.contains(Configuration{{"a", 2.0}}));
}

TEST_CASE("Trials may be known from following the view") {
  ViewBuilder builder(test::problem_of(test::mixed_space()));
  ViewFollower follower;
  const StudyView none = builder.view();
  follower.follow(none);
  CHECK(SeenSet(none, follower).empty());
  builder.add({.configuration = Configuration{{"a", 1.0}}});
  const StudyView one = builder.view();
  follower.follow(one);
  SeenSet seen(one, follower);
  CHECK_FALSE(seen.empty());
  CHECK(seen.contains(Configuration{{"a", 1.0}}));
  CHECK_FALSE(seen.insert(Configuration{{"a", 1.0}}));
  CHECK(seen.insert(Configuration{{"a", 2.0}}));
  CHECK_FALSE(seen.insert(Configuration{{"a", 2.0}}));
}
