#include <thread>

#include "testing/store_cases.hpp"

namespace tunesmith::testing {
namespace {

using Status = AppendResult::Status;

/// Whatever the damage: an Error that says so, or the events as they were.
void check_damage(Checks& checks, const StoreKit& kit) {
  const std::vector<Event> events = odd_events();
  for (int number = 0;; ++number) {
    {
      const FreshStore fresh(kit);
      fresh.store->append(fresh.study, events, {});
    }
    if (!kit.damage(number)) return;
    try {
      const std::shared_ptr<Store> store = kit.reopen();
      const OpenedStudy opened = store->open_study("study", "");
      const std::string wrong =
          opened.problem_json == "{}"
              ? difference(store->events_since(opened.key, 0, 1000000), events)
              : "another problem";
      checks.expect(wrong.empty(), "damage " + std::to_string(number) + " was read as " + wrong);
    } catch (const Error& error) {
      // A study that is gone must not pass for one that never was.
      checks.expect(
          error.code() == ErrorCode::store_corrupt || error.code() == ErrorCode::store_unavailable,
          "damage " + std::to_string(number) + " was said to be: " + error.what());
    }
  }
}

}  // namespace

void check_place(Checks& checks, const StoreKit& kit) {
  checks.check("a second object sees the same", [&] {
    const FreshStore fresh(kit);
    std::vector<Event> events = odd_events();
    fresh.store->append(fresh.study, events, {});
    const std::shared_ptr<Store> again = kit.reopen();
    const OpenedStudy opened = again->open_study("study", "{\"seed\":9}");
    checks.expect(!opened.created && opened.problem_json == "{}", "the study and its problem");
    std::string wrong = difference(again->events_since(opened.key, 0, 1000), events);
    checks.expect(wrong.empty(), wrong);

    const std::int64_t generation = again->append(opened.key, {}, {}).generation;
    checks.expect(again->append(opened.key, std::vector{suggested(1)},
                                Precondition::generation_is(generation))
                          .status == Status::ok,
                  "generations go on");
    checks.expect(fresh.store
                          ->append(fresh.study, std::vector{suggested(2)},
                                   Precondition::generation_is(generation))
                          .status == Status::stale,
                  "the first object sees that the generation has moved");
    checks.expect(fresh.store
                          ->append(fresh.study, std::vector{reported(1, 1)},
                                   Precondition::attempt_is_open(1, 1))
                          .status == Status::ok,
                  "the first object sees the attempt that the second opened");
    events.push_back(suggested(1));
    events.push_back(reported(1, 1));
    wrong = difference(again->events_since(opened.key, 0, 1000), events);
    checks.expect(wrong.empty(), wrong);
  });
  checks.check("of many writers with objects of their own each gets its own places", [&] {
    const FreshStore fresh(kit);
    check_crowd(checks, fresh, kit.reopen);
  });
  checks.check("what was acknowledged is there when all have closed it", [&] {
    const std::vector<Event> events = odd_events();
    {
      const FreshStore fresh(kit);
      fresh.store->append(fresh.study, events, {});
      checks.expect(
          fresh.store
                  ->append(fresh.study, std::vector{suggested(9)}, Precondition::generation_is(99))
                  .status == Status::stale,
          "generation 99 is stale");
    }
    const std::shared_ptr<Store> again = kit.reopen();
    const OpenedStudy opened = again->open_study("study", "");
    const std::string wrong = difference(again->events_since(opened.key, 0, 1000), events);
    checks.expect(wrong.empty(), wrong);
    checks.expect(
        again->append(opened.key, std::vector{reported(0, 1)}, Precondition::attempt_is_open(0, 1))
                .status == Status::ok,
        "open attempts stay open");
  });
  checks.check("a lease is held against other objects, and ends with its holder", [&] {
    const Seconds ttl(0.3);
    {
      const FreshStore fresh(kit);
      fresh.store->lease(fresh.study, "a", Seconds(1000));
      const std::shared_ptr<Store> second = kit.reopen();
      const LeaseResult refused = second->lease(second->open_study("study", "").key, "b", ttl);
      checks.expect(!refused.granted && refused.holder == "a",
                    "another object is refused and told the holder");
      fresh.store->release(fresh.study, "a");
      fresh.store->lease(fresh.study, "a", ttl);
    }
    std::this_thread::sleep_for(2 * ttl);
    const std::shared_ptr<Store> next = kit.reopen();
    checks.expect(next->lease(next->open_study("study", "").key, "b", ttl).granted,
                  "a holder that is gone blocks nobody after its time");
  });
  if (kit.damage) {
    checks.check("damage is found and said", [&] { check_damage(checks, kit); });
  }
}

}  // namespace tunesmith::testing
