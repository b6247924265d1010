// Stores with one bug each: the kit must see each of them.
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "conformance/broken.hpp"
#include "tunesmith/error.hpp"

using namespace tunesmith;

namespace {

/// Passes everything on to a store in memory.
class PassingStore : public Store {
 public:
  OpenedStudy open_study(std::string_view name, std::string_view problem) override {
    return inner_->open_study(name, problem);
  }
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    return inner_->events_since(study, after, limit);
  }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    return inner_->append(study, events, precondition);
  }
  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    return inner_->lease(study, owner, ttl);
  }
  void release(StudyKey study, std::string_view owner) override { inner_->release(study, owner); }
  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    inner_->wait(study, after, timeout);
  }
  std::vector<StudyInfo> list() override { return inner_->list(); }
  void remove(StudyKey study) override { inner_->remove(study); }

 protected:
  std::shared_ptr<Store> inner_ = open_store("memory:");
};

struct AnyGeneration : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const bool swap = precondition.kind == Precondition::Kind::generation;
    return inner_->append(study, events, swap ? Precondition{} : precondition);
  }
};

struct NoFence : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const bool fence = precondition.kind == Precondition::Kind::attempt_open;
    return inner_->append(study, events, fence ? Precondition{} : precondition);
  }
};

struct FencesByTrial : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    Precondition loose = precondition;
    if (loose.kind == Precondition::Kind::attempt_open) {
      for (const StoredEvent& stored : inner_->events_since(study, 0, 1000000)) {
        if (opens_attempt(stored.event.kind) && stored.event.trial == loose.trial) {
          loose.attempt = stored.event.attempt;
        }
      }
    }
    return inner_->append(study, events, loose);
  }
};

struct HalfAnAppend : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const AppendResult result = inner_->append(study, events, precondition);
    if (result.status != AppendResult::Status::ok && events.size() > 1) {
      inner_->append(study, events.first(1), {});
    }
    return result;
  }
};

struct CountsReports : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const bool swap = precondition.kind == Precondition::Kind::generation;
    const auto log = inner_->events_since(study, 0, 1000000);
    const auto length = static_cast<std::int64_t>(log.size());
    if (swap && precondition.generation != length) {
      return {AppendResult::Status::stale, 0, length};
    }
    AppendResult result = inner_->append(study, events, swap ? Precondition{} : precondition);
    result.generation = length + std::ssize(events);
    return result;
  }
};

struct ChangesEvents : PassingStore {
  explicit ChangesEvents(std::function<void(Event&)> how) : change(std::move(how)) {}
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    auto events = inner_->events_since(study, after, limit);
    for (StoredEvent& stored : events) change(stored.event);
    return events;
  }
  std::function<void(Event&)> change;
};

struct NoLimit : PassingStore {
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after, std::size_t) override {
    return inner_->events_since(study, after, 1000000);
  }
};

struct CountsFromZero : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    AppendResult result = inner_->append(study, events, precondition);
    if (result.status == AppendResult::Status::ok) --result.first;
    return result;
  }
};

struct NamesEndAtNul : PassingStore {
  OpenedStudy open_study(std::string_view name, std::string_view problem) override {
    return inner_->open_study(name.substr(0, name.find('\0')), problem);
  }
};

struct TakesTheNewProblem : PassingStore {
  OpenedStudy open_study(std::string_view name, std::string_view problem) override {
    OpenedStudy opened = inner_->open_study(name, problem);
    if (!problem.empty()) opened.problem_json = problem;
    return opened;
  }
};

struct OneStudy : PassingStore {
  std::vector<StoredEvent> events_since(StudyKey, Sequence after, std::size_t limit) override {
    return inner_->events_since(1, after, limit);
  }
};

struct NeverRefuses : PassingStore {
  LeaseResult lease(StudyKey, std::string_view owner, Seconds) override {
    return {.granted = true, .holder = std::string(owner)};
  }
};

struct AnybodyReleases : PassingStore {
  void release(StudyKey study, std::string_view) override {
    for (const StudyInfo& info : inner_->list()) inner_->release(study, info.holder);
  }
};

struct ForgetsToRemove : PassingStore {
  void remove(StudyKey) override {}
};

struct SleepsThroughNews : PassingStore {
  void wait(StudyKey, Sequence, Seconds timeout) override { std::this_thread::sleep_for(timeout); }
};

struct OtherExceptions : PassingStore {
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    try {
      return inner_->events_since(study, after, limit);
    } catch (const Error&) {
      throw std::out_of_range("map::at");
    }
  }
};

/// Looks, then writes, and lets others in between.
struct Unlocked : PassingStore {
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    if (precondition.kind != Precondition::Kind::generation) {
      return inner_->append(study, events, precondition);
    }
    const AppendResult look = inner_->append(study, {}, precondition);
    if (look.status != AppendResult::Status::ok) return look;
    std::this_thread::sleep_for(Seconds(0.002));
    return inner_->append(study, events, {});
  }
};

/// Keeps others out, but not those who use an object of their own.
struct LockedPerObject : Unlocked {
  LockedPerObject() = default;
  explicit LockedPerObject(const LockedPerObject& first) : Unlocked() { inner_ = first.inner_; }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const std::lock_guard lock(mutex_);
    return Unlocked::append(study, events, precondition);
  }

 private:
  std::mutex mutex_;
};

template <typename Bug>
testing::Conformance check() {
  return testing::check_store({.make = [] { return std::make_shared<Bug>(); }});
}

testing::Conformance check_changed(const std::function<void(Event&)>& change) {
  return testing::check_store({.make = [&] { return std::make_shared<ChangesEvents>(change); }});
}

}  // namespace

TEST_CASE("stores: the kit keeps quiet about one that is right") {
  const testing::Conformance result = check<PassingStore>();
  INFO(result.report());
  CHECK(result.holds());
  CHECK(result.checks.size() > 10);
}

TEST_CASE("stores: broken preconditions are caught") {
  CHECK(
      caught(check<AnyGeneration>(), "a suggestion lands only on the generation it was made for"));
  CHECK(
      caught(check<CountsReports>(), "a suggestion lands only on the generation it was made for"));
  CHECK(caught(check<NoFence>(), "reports of an attempt that is not open are fenced"));
  CHECK(caught(check<FencesByTrial>(), "the next attempt supersedes the open one"));
  CHECK(caught(check<HalfAnAppend>(), "an append happens whole or not at all"));
  CHECK(caught(check<Unlocked>(), "of many writers each gets its own places"));
  std::shared_ptr<LockedPerObject> last;
  const auto per_object =
      testing::check_store({.make = [&] { return last = std::make_shared<LockedPerObject>(); },
                            .reopen = [&] { return std::make_shared<LockedPerObject>(*last); }});
  CHECK(caught(per_object, "of many writers with objects of their own each gets its own places"));
  CHECK_FALSE(caught(per_object, "of many writers each gets its own places"));
}

TEST_CASE("stores: changed, lost and doubled events are caught") {
  const std::string exact = "events come back as they were, bit for bit";
  CHECK(caught(check_changed([](Event& event) { event.value += 0.0; }), exact));  // -0.0
  CHECK(caught(check_changed([](Event& e) {
                 if (e.value != e.value) e.value = 0;
               }),
               exact));
  CHECK(caught(check_changed([](Event& e) { e.payload = e.payload.c_str(); }), exact));
  CHECK(caught(check_changed([](Event& e) { e.metric.resize(std::min(e.metric.size(), 4096UL)); }),
               exact));
  CHECK(caught(check_changed([](Event& e) { e.time = static_cast<float>(e.time); }), exact));
  CHECK(caught(check<NoLimit>(), "pages follow each other without gap or overlap"));
  CHECK(caught(check<CountsFromZero>(), "events are numbered from 1 without gaps"));
}

TEST_CASE("stores: studies that are mixed up are caught") {
  CHECK(caught(check<NamesEndAtNul>(), "names are data"));
  CHECK(caught(check<TakesTheNewProblem>(),
               "a study is made once and found again with its first problem"));
  CHECK(caught(check<OneStudy>(), "studies do not see each other"));
  CHECK(caught(check<ForgetsToRemove>(), "what is removed is gone, and its key means nothing"));
  CHECK(caught(check<OtherExceptions>(), "what is removed is gone, and its key means nothing"));
}

TEST_CASE("stores: leases and waits that do not hold are caught") {
  CHECK(caught(check<NeverRefuses>(), "one tuner at a time"));
  CHECK(caught(check<AnybodyReleases>(), "one tuner at a time"));
  CHECK(caught(check<SleepsThroughNews>(), "waiting ends with news, and at its timeout"));
}

TEST_CASE("stores: a place that forgets, or hides damage, is caught") {
  std::shared_ptr<Store> last;
  const auto make = [&] { return last = open_store("memory:"); };
  const auto forgets = testing::check_store({.make = make, .reopen = [] {
                                               const auto store = open_store("memory:");
                                               store->open_study("study", "{}");
                                               return store;
                                             }});
  CHECK(caught(forgets, "a second object sees the same"));
  CHECK(caught(forgets, "what was acknowledged is there when all have closed it"));

  const auto hides = testing::check_store({.make = make,
                                           .reopen = [&] { return last; },
                                           .damage =
                                               [&](int number) {
                                                 const Event extra = {.kind = EventKind::session};
                                                 last->append(1, std::vector{extra}, {});
                                                 return number == 0;
                                               }});
  CHECK(caught(hides, "damage is found and said"));
}
