#include <atomic>
#include <mutex>
#include <thread>

#include "testing/call_thread.hpp"
#include "testing/store_cases.hpp"

namespace tunesmith::testing {
namespace {

using Status = AppendResult::Status;

void check_leases(Checks& checks, const StoreKit& kit) {
  const FreshStore fresh(kit);
  const auto holder = [&] { return fresh.store->list().at(0).holder; };
  const Seconds ttl(1000);
  checks.expect(holder().empty(), "nobody holds a new study");
  const LeaseResult first = fresh.store->lease(fresh.study, "a", ttl);
  checks.expect(first.granted && first.holder == "a", "the first who asks is granted it");
  checks.expect(fresh.store->lease(fresh.study, "a", ttl).granted, "its holder may renew it");
  const LeaseResult refused = fresh.store->lease(fresh.study, "b", ttl);
  checks.expect(!refused.granted, "a second one is refused");
  checks.expect(refused.holder == "a", "who is refused is told the holder");
  checks.expect(holder() == "a", "list() names the holder");
  checks.expect(error_of([&] { fresh.store->remove(fresh.study); }) == ErrorCode::store_busy,
                "a study that is held cannot be removed: Error{store_busy}");
  fresh.store->release(fresh.study, "b");
  checks.expect(!fresh.store->lease(fresh.study, "b", ttl).granted,
                "who does not hold it cannot give it back");
  const StudyKey other = fresh.store->open_study("other", "{}").key;
  checks.expect(fresh.store->lease(other, "b", ttl).granted, "each study has a lease of its own");
  fresh.store->release(fresh.study, "a");
  checks.expect(holder().empty(), "released, nobody holds it");
  checks.expect(fresh.store->lease(fresh.study, "b", ttl).granted,
                "released, the next may have it");
}

void check_waiting(Checks& checks, const StoreKit& kit) {
  const FreshStore fresh(kit);
  const auto wait = [store = fresh.store, study = fresh.study](Sequence after, double timeout) {
    return [=] { store->wait(study, after, Seconds(timeout)); };
  };
  const Seconds limit(10);
  CallThread caller;
  fresh.store->append(fresh.study, std::vector{suggested(0)}, {});
  checks.expect(caller.call(wait(0, 60), limit), "returns at once where there is news");
  checks.expect(caller.call(wait(1, 0.01), limit), "returns at its timeout where there is none");
  std::thread writer([&] {
    std::this_thread::sleep_for(Seconds(0.05));
    fresh.store->append(fresh.study, std::vector{reported(0, 1)}, {});
  });
  checks.expect(caller.call(wait(1, 60), limit), "returns when another thread appends");
  writer.join();
}

struct Placed {
  Sequence first;
  double value;
};

}  // namespace

void check_crowd(Checks& checks, const FreshStore& fresh,
                 const std::function<std::shared_ptr<Store>()>& object) {
  constexpr int writers = 6;
  constexpr int rounds = 15;
  std::mutex mutex;
  std::vector<Placed> placed;
  std::vector<std::string> wrong;
  std::atomic<bool> writing = true;
  const auto guarded = [&](const std::function<void(Store&, StudyKey)>& body) {
    return [&, body] {
      try {
        const std::shared_ptr<Store> store = object();
        body(*store, store->open_study("study", "").key);
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        wrong.emplace_back(error.what());
      }
    };
  };
  const auto write = [&](Store& store, StudyKey study, int writer) {
    for (int i = 0; i < rounds; ++i) {
      const double value = writer * rounds + i;
      const AppendResult result =
          store.append(study, std::vector{reported(0, value), reported(1, value)}, {});
      const std::lock_guard lock(mutex);
      placed.push_back({result.first, value});
    }
  };
  std::atomic<int> suggestions = 0;
  const auto bid = [&](Store& store, StudyKey study) {
    for (std::int64_t generation = 0; generation < rounds; ++generation) {
      const AppendResult result = store.append(study, std::vector{suggested(generation)},
                                               Precondition::generation_is(generation));
      if (result.status == Status::ok) ++suggestions;
    }
  };
  const auto read = [&](Store& store, StudyKey study) {
    std::size_t seen = 0;
    while (writing) {
      const auto log = store.events_since(study, 0, 1000000);
      const std::lock_guard lock(mutex);
      if (log.size() < seen) wrong.emplace_back("the log became shorter while it was read");
      seen = log.size();
      for (std::size_t i = 0; i < log.size(); ++i) {
        if (log[i].sequence == static_cast<Sequence>(i + 1)) continue;
        wrong.emplace_back("a reader saw event " + std::to_string(log[i].sequence) + " at place " +
                           std::to_string(i + 1));
        break;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back(
        guarded([&, writer](Store& store, StudyKey study) { write(store, study, writer); }));
    threads.emplace_back(guarded(bid));
  }
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(guarded(read));
  for (std::thread& thread : threads) thread.join();
  writing = false;
  for (std::thread& thread : readers) thread.join();

  for (const std::string& what : wrong) checks.expect(false, what);
  const auto log = fresh.log();
  checks.expect(suggestions == rounds, std::to_string(writers) + " bid for " +
                                           std::to_string(rounds) + " generations, and " +
                                           std::to_string(suggestions) + " bids were let in");
  checks.expect(std::ssize(log) == writers * rounds * 2 + suggestions,
                "the log holds what was acknowledged, and nothing else");
  for (const auto& [first, value] : placed) {
    const auto at = static_cast<std::size_t>(first - 1);
    checks.expect(
        first >= 1 && at + 1 < log.size() && same(log[at].event, reported(0, value)) &&
            same(log[at + 1].event, reported(1, value)),
        "the two events of an append stand together where it said, at " + std::to_string(first));
  }
}

void check_sharing(Checks& checks, const StoreKit& kit) {
  checks.check("one tuner at a time", [&] { check_leases(checks, kit); });
  checks.check("waiting ends with news, and at its timeout", [&] { check_waiting(checks, kit); });
  checks.check("of many writers each gets its own places", [&] {
    const FreshStore fresh(kit);
    check_crowd(checks, fresh, [&] { return fresh.store; });
  });
}

}  // namespace tunesmith::testing
