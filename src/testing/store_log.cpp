#include <algorithm>

#include "testing/store_cases.hpp"

namespace tunesmith::testing {
namespace {

using Status = AppendResult::Status;

Precondition on(std::int64_t generation) { return Precondition::generation_is(generation); }

void stale_leaves_no_trace(Checks& checks, const FreshStore& fresh) {
  fresh.store->append(fresh.study, std::vector{suggested(0)}, on(0));
  const AppendResult stale =
      fresh.store->append(fresh.study, std::vector{reported(0, 1), suggested(1)}, on(0));
  checks.expect(stale.status == Status::stale, "an append on generation 0, which is 1, is stale");
  checks.expect(stale.generation == 1, "a stale append tells the generation as it is, 1, not " +
                                           std::to_string(stale.generation));
  checks.expect(fresh.log().size() == 1, "a stale append of two events left " +
                                             std::to_string(fresh.log().size() - 1) +
                                             " in the log");
}

}  // namespace

void check_log(Checks& checks, const StoreKit& kit) {
  checks.check("events come back as they were, bit for bit", [&] {
    const FreshStore fresh(kit);
    const std::vector<Event> events = odd_events();
    const AppendResult appended = fresh.store->append(fresh.study, events, {});
    checks.expect(appended.status == Status::ok, "an append without precondition is ok");
    const std::string wrong = difference(fresh.log(), events);
    checks.expect(wrong.empty(), wrong);
  });
  checks.check("events are numbered from 1 without gaps", [&] {
    const FreshStore fresh(kit);
    Sequence expected = 1;
    for (std::size_t size = 1; size < 6; ++size) {
      const std::vector<Event> events(size, reported(0, 1));
      const AppendResult appended = fresh.store->append(fresh.study, events, {});
      checks.expect(appended.first == expected, "the first event of an append has number " +
                                                    std::to_string(appended.first) +
                                                    " instead of " + std::to_string(expected));
      expected += static_cast<Sequence>(size);
    }
  });
  checks.check("pages follow each other without gap or overlap", [&] {
    const FreshStore fresh(kit);
    std::vector<Event> events = {suggested(0)};
    for (int i = 1; i < 100; ++i) events.push_back(reported(0, i));
    fresh.store->append(fresh.study, events, {});
    for (const std::size_t limit : {1UL, 7UL, 50UL, 99UL, 100UL, 101UL}) {
      std::vector<StoredEvent> read;
      for (;;) {
        const Sequence after = read.empty() ? 0 : read.back().sequence;
        const auto page = fresh.store->events_since(fresh.study, after, limit);
        const std::string place =
            "of limit " + std::to_string(limit) + " after event " + std::to_string(after);
        if (!checks.expect(page.size() == std::min(limit, events.size() - read.size()),
                           "the page " + place + " has " + std::to_string(page.size()) + " events"))
          break;
        if (page.empty()) break;
        read.insert(read.end(), page.begin(), page.end());
      }
      const std::string wrong = difference(read, events);
      checks.expect(wrong.empty(), "pages of " + std::to_string(limit) + ": " + wrong);
    }
    checks.expect(fresh.store->events_since(fresh.study, 0, 0).empty(), "limit 0 gives nothing");
    checks.expect(fresh.store->events_since(fresh.study, 1000, 5).empty(),
                  "after the end there is nothing");
  });
}

void check_preconditions(Checks& checks, const StoreKit& kit) {
  checks.check("a suggestion lands only on the generation it was made for", [&] {
    const FreshStore fresh(kit);
    const AppendResult first = fresh.store->append(fresh.study, std::vector{suggested(0)}, on(0));
    checks.expect(first.status == Status::ok, "generation 0 of an empty study is met");
    checks.expect(first.generation == 1, "a suggestion moves the generation to 1, not " +
                                             std::to_string(first.generation));
    fresh.store->append(fresh.study, std::vector{reported(0, 1), finished(0)}, {});
    const AppendResult second = fresh.store->append(fresh.study, std::vector{suggested(1)}, on(1));
    checks.expect(second.status == Status::ok, "reports and ends do not move the generation");
    const AppendResult ahead = fresh.store->append(fresh.study, std::vector{suggested(2)}, on(9));
    checks.expect(ahead.status == Status::stale, "a generation not yet reached is stale");
  });
  checks.check("every event that moves the generation counts", [&] {
    const FreshStore fresh(kit);
    const Event session = {.kind = EventKind::session};
    const AppendResult result = fresh.store->append(
        fresh.study, std::vector{session, session, suggested(0), reported(0, 1)}, {});
    checks.expect(result.generation == 3,
                  "two sessions, a suggestion and a report make "
                  "generation 3, not " +
                      std::to_string(result.generation));
    const AppendResult nothing = fresh.store->append(fresh.study, {}, on(3));
    checks.expect(nothing.status == Status::ok && nothing.generation == 3,
                  "an empty append is held to its precondition and moves nothing");
  });
  checks.check("an append happens whole or not at all",
               [&] { stale_leaves_no_trace(checks, FreshStore(kit)); });
  checks.check("reports of an attempt that is not open are fenced", [&] {
    const FreshStore fresh(kit);
    const auto append = [&](const Event& event) {
      return fresh.store
          ->append(fresh.study, std::vector{event},
                   Precondition::attempt_is_open(event.trial, event.attempt))
          .status;
    };
    checks.expect(append(reported(0, 1)) == Status::fenced, "of a trial that does not exist");
    fresh.store->append(fresh.study, std::vector{suggested(0), suggested(1)}, {});
    checks.expect(append(reported(0, 1)) == Status::ok, "the open attempt is let in");
    checks.expect(append(reported(0, 1, 2)) == Status::fenced, "of an attempt yet to come");
    checks.expect(append(finished(0)) == Status::ok, "the open attempt may end");
    checks.expect(append(finished(0)) == Status::fenced, "of an attempt that has ended");
    checks.expect(append(reported(0, 1)) == Status::fenced, "reports after the end");
    checks.expect(append(reported(1, 1)) == Status::ok, "another trial's end closes nothing");
    checks.expect(fresh.log().size() == 5, "what is fenced is not in the log");
  });
  checks.check("the next attempt supersedes the open one", [&] {
    const FreshStore fresh(kit);
    fresh.store->append(fresh.study, std::vector{suggested(0), restarted(0, 2)}, {});
    const auto status = [&](int attempt) {
      return fresh.store
          ->append(fresh.study, std::vector{reported(0, 1, attempt)},
                   Precondition::attempt_is_open(0, attempt))
          .status;
    };
    checks.expect(status(1) == Status::fenced, "attempt 1 after attempt 2 has opened");
    checks.expect(status(2) == Status::ok, "attempt 2");
  });
}

}  // namespace tunesmith::testing
