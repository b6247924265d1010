#include "search/view_follower.hpp"

#include "support/catch.hpp"
#include "trial/event_json.hpp"
#include "trial/fold.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

/// A study's log, whose pictures share their trials.
class Log {
 public:
  Log() : fold_(problem()) {}

  void add(double x) {
    const auto id = static_cast<TrialId>(fold_.size());
    const SuggestionRecord record{.configuration = Configuration{{"x", x}},
                                  .origin = Origin::strategy,
                                  .prefix = fold_.prefix()};
    write({.kind = EventKind::suggested,
           .trial = id,
           .attempt = 1,
           .payload = suggestion_payload(record)});
  }
  void end(TrialId id) {
    write({.kind = EventKind::finished,
           .trial = id,
           .attempt = 1,
           .value = static_cast<double>(Outcome::failed),
           .payload = "a test"});
  }
  StudyView view() { return fold_.snapshot(); }

 private:
  static Problem problem() {
    Space space;
    space.add_float("x", {.min = 0, .max = 1});
    return test::problem_of(space.settled());
  }
  void write(Event event) { fold_.apply({fold_.prefix() + 1, std::move(event)}); }

  StudyFold fold_;
};

bool knows(const ViewFollower& follower, const StudyView& view, double x) {
  return follower.knows(view, Configuration{{"x", x}});
}

}  // namespace

TEST_CASE("A view goes on from the one before where it shows more of the same log") {
  Log log;
  ViewFollower follower;
  CHECK_FALSE(follower.follow(log.view()));
  log.add(0.1);
  log.add(0.2);
  CHECK_FALSE(follower.follow(log.view()));
  CHECK(follower.follow(log.view()));
  log.end(0);
  const StudyView one_ended = log.view();
  CHECK(follower.follow(one_ended));
  log.add(0.3);
  log.end(1);
  log.end(2);
  const StudyView all_ended = log.view();
  CHECK(follower.follow(all_ended));
  CHECK(knows(follower, all_ended, 0.3));
  CHECK_FALSE(knows(follower, all_ended, 0.4));
}

TEST_CASE("An earlier view of the same log is no continuation") {
  Log log;
  log.add(0.1);
  log.end(0);
  const StudyView earlier = log.view();
  log.add(0.2);
  const StudyView later = log.view();
  ViewFollower follower;
  follower.follow(later);
  CHECK_FALSE(follower.follow(earlier));
  CHECK(knows(follower, earlier, 0.1));
  CHECK_FALSE(knows(follower, earlier, 0.2));
  CHECK(follower.follow(later));
}

TEST_CASE("The same events in another log are no continuation") {
  Log a;
  Log b;
  for (Log* log : {&a, &b}) {
    log->add(0.1);
    log->end(0);
  }
  b.add(0.2);
  ViewFollower follower;
  follower.follow(a.view());
  const StudyView other = b.view();
  CHECK_FALSE(follower.follow(other));
  CHECK(knows(follower, other, 0.2));
}
