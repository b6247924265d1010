#include "cli/difference.hpp"

#include "support/catch.hpp"

namespace tunesmith::cli {

TEST_CASE("difference: member by member, whatever the order of keys") {
  CHECK(differences(R"({"a": 1, "b": [1, 2]})", R"({"b": [1, 2], "a": 1})").empty());
  CHECK(differences(R"({"budget": {"max_trials": 20}, "x": [1, {"y": 2}], "gone": true})",
                    R"({"budget": {"max_trials": 40}, "x": [1, {"y": 3}], "new": "t"})") ==
        std::vector<Difference>{{"/budget/max_trials", "20", "40"},
                                {"/x/1/y", "2", "3"},
                                {"/gone", "true", ""},
                                {"/new", "", "\"t\""}});
  CHECK(differences("[1]", "[1, 2]") == std::vector<Difference>{{"", "[1]", "[1,2]"}});
  CHECK(differences("{", "{}").empty());
}

TEST_CASE("difference: in words") {
  CHECK(to_text({"/a", "1", "2"}) == "/a: 1 -> 2");
  CHECK(to_text({"/a", "", "2"}) == "/a: (absent) -> 2");
}

}  // namespace tunesmith::cli
