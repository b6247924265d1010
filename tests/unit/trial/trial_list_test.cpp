#include "trial/trial_list.hpp"

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

TrialList::Entry trial(TrialId id) { return std::make_shared<const Trial>(Trial{.id = id}); }

}  // namespace

TEST_CASE("A copy of a list of trials stays as it was while the list goes on") {
  TrialList list;
  CHECK(list.empty());
  for (TrialId id = 0; id < 100; ++id) list.push_back(trial(id));
  list.part();
  const TrialList copy = list;
  const Trial* kept = list[99].get();
  list.set(3, nullptr);
  list.set(70, trial(-70));
  for (TrialId id = 100; id < 200; ++id) list.push_back(trial(id));

  REQUIRE(copy.size() == 100);
  for (std::size_t i = 0; i < 100; ++i) REQUIRE(copy[i]->id == static_cast<TrialId>(i));
  REQUIRE(list.size() == 200);
  CHECK(list[3] == nullptr);
  CHECK(list[70]->id == -70);
  CHECK(list[99].get() == kept);
  CHECK(list[199]->id == 199);
}

TEST_CASE("Each of several copies of a list of trials shows its own time") {
  TrialList list;
  std::vector<TrialList> copies;
  for (TrialId id = 0; id < 200; ++id) {
    list.push_back(nullptr);
    list.part();
    copies.push_back(list);
    list.set(static_cast<std::size_t>(id), trial(id));
  }
  for (std::size_t i = 0; i < copies.size(); ++i) {
    REQUIRE(copies[i].size() == i + 1);
    REQUIRE(copies[i][i] == nullptr);
    if (i > 0) REQUIRE(copies[i][i - 1]->id == static_cast<TrialId>(i - 1));
  }
}
