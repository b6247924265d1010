#include <string>
#include <vector>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

TEST_CASE("What promotion keeps of the events changes none of its answers") {
  for (const char* name : {"asha", "pasha"}) {
    const std::string options = name == std::string("asha")
                                    ? R"({"type": "promotion", "eta": 2, "brackets": 2})"
                                    : R"({"eta": 2, "max_resource": 16})";
    const auto fed = make_search(name, options);
    ViewBuilder builder(test::problem_of(test::mixed_space()));
    const std::string metric = builder.view().problem().objectives.front().metric;
    RandomStream random(5, 0, "promotion test");
    Sequence fed_up_to = 0;
    const auto feed = [&](TrialId id) {
      const StudyView view = builder.view();
      std::vector<StoredEvent> news;
      while (fed_up_to < view.prefix())
        news.push_back({++fed_up_to, {.kind = EventKind::started, .trial = id}});
      CHECK(fed->on_events(view, news).empty());
    };
    int resumed = 0;
    for (int step = 0; step < 150; ++step) {
      const StudyView view = builder.view();
      const auto a = fed->suggest(view, 2);
      const auto b = make_search(name, options)->suggest(view, 2);
      REQUIRE(a.size() == b.size());
      for (std::size_t i = 0; i < a.size(); ++i) {
        REQUIRE(a[i].configuration == b[i].configuration);
        REQUIRE(a[i].resume == b[i].resume);
        REQUIRE(a[i].until == b[i].until);
        REQUIRE(a[i].note == b[i].note);
      }
      const TrialId id = a[0].resume ? *a[0].resume : builder.add(a[0]);
      resumed += a[0].resume.has_value();
      feed(id);
      const bool fails = random.below(10) == 0;
      Trial& trial = builder.end(id, fails ? TrialState::failed : TrialState::paused);
      trial.until = a[0].until;
      trial.reports.push_back({.resource = a[0].until, .metrics = {{metric, random.uniform()}}});
      feed(id);
    }
    INFO(name);
    CHECK(resumed > 20);
  }
}
