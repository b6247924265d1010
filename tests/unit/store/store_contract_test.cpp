// What every store promises, for each kind that a URL can name.

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <thread>

#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/store.hpp"

using namespace tunesmith;

namespace {

using Status = AppendResult::Status;

struct Fresh {
  explicit Fresh(const std::string& kind)
      : store(open_store(kind == "sqlite" ? "sqlite:" + (folder / "store.db") : kind + ":")),
        study(store->open_study("study", "{}").key) {}

  TestFolder folder;
  std::shared_ptr<Store> store;
  StudyKey study;
};

Event suggested(TrialId trial) {
  return {.kind = EventKind::suggested, .trial = trial, .attempt = 1, .payload = "{}"};
}
Event finished(TrialId trial, int attempt = 1) {
  return {.kind = EventKind::finished, .trial = trial, .attempt = attempt};
}
Event reported(TrialId trial, double value, int attempt = 1) {
  return {.kind = EventKind::reported,
          .trial = trial,
          .attempt = attempt,
          .resource = 1,
          .value = value,
          .metric = "loss"};
}

bool same(const Event& a, const Event& b) {
  const auto bits = [](double x) {
    return std::isnan(x) ? std::uint64_t{1} : std::bit_cast<std::uint64_t>(x);
  };
  return a.kind == b.kind && a.trial == b.trial && a.attempt == b.attempt &&
         bits(a.resource) == bits(b.resource) && bits(a.value) == bits(b.value) &&
         bits(a.time) == bits(b.time) && a.metric == b.metric && a.payload == b.payload;
}

ErrorCode error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::executor_failed;
}

std::string any_kind() {
  std::vector<std::string> kinds;
  for (const PluginInfo& info : stores()) kinds.push_back(info.name);
  return GENERATE_COPY(from_range(kinds));
}

}  // namespace

TEST_CASE("store: a study is made once and found again with its first problem") {
  const Fresh fresh(any_kind());
  const OpenedStudy first = fresh.store->open_study("a", "{\"seed\":1}");
  CHECK(first.created);
  const OpenedStudy again = fresh.store->open_study("a", "{\"seed\":2}");
  CHECK_FALSE(again.created);
  CHECK(again.key == first.key);
  CHECK(again.problem_json == "{\"seed\":1}");
  CHECK(fresh.store->open_study("a", "").key == first.key);
  CHECK(error_of([&] { fresh.store->open_study("b", ""); }) == ErrorCode::invalid_argument);
}

TEST_CASE("store: names are data") {
  const Fresh fresh(any_kind());
  using namespace std::string_literals;
  const std::vector<std::string> names = {"'; DROP TABLE events; --",
                                          "\"",
                                          "a\0b"s,
                                          "a",
                                          "a\0"s,
                                          "\xff\xfe",
                                          "%s%n",
                                          "../../etc/x",
                                          "ünï",
                                          " ",
                                          std::string(1 << 20, 'x')};
  std::vector<StudyKey> keys;
  for (const std::string& name : names) keys.push_back(fresh.store->open_study(name, "{}").key);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(fresh.store->open_study(names[i], "").key == keys[i]);
  }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
  const std::vector<StudyInfo> infos = fresh.store->list();
  CHECK(infos.size() == names.size() + 1);
  for (const std::string& name : names) {
    CHECK(std::any_of(infos.begin(), infos.end(),
                      [&](const StudyInfo& info) { return info.name == name; }));
  }
}

TEST_CASE("store: events come back as they were, bit for bit") {
  const Fresh fresh(any_kind());
  using namespace std::string_literals;
  std::vector<Event> events = {suggested(0)};
  for (const double value :
       {0.1, -0.0, 0.0, 1.0, -7.0, 1e300, 5e-324, 1e15 + 0.3, 9007199254740993.0,
        std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    events.push_back(reported(0, value));
    events.back().resource = value;
    events.back().time = value;
  }
  for (const std::string& text :
       {""s, "a\0b"s, "\0"s, "\xff"s, "ü"s, "'"s, std::string(100000, 'y')}) {
    events.push_back(reported(0, 0));
    events.back().metric = text;
    events.back().payload = text;
  }
  events.push_back({.kind = EventKind::stop_requested, .trial = -1});
  events.push_back({.kind = EventKind::reported,
                    .trial = std::numeric_limits<TrialId>::max(),
                    .attempt = std::numeric_limits<int>::max()});

  const AppendResult appended = fresh.store->append(fresh.study, events, {});
  CHECK(appended.status == Status::ok);
  CHECK(appended.first == 1);
  const auto read = fresh.store->events_since(fresh.study, 0, 1000);
  REQUIRE(read.size() == events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    CAPTURE(i, events[i].value, events[i].payload.substr(0, 10));
    CHECK(read[i].sequence == static_cast<Sequence>(i + 1));
    CHECK(same(read[i].event, events[i]));
  }
}

TEST_CASE("store: pages follow each other without gap or overlap") {
  const Fresh fresh(any_kind());
  std::vector<Event> events = {suggested(0)};
  for (int i = 1; i < 100; ++i) events.push_back(reported(0, i));
  fresh.store->append(fresh.study, events, {});
  const std::size_t limit = GENERATE(1UL, 7UL, 50UL, 99UL, 100UL, 101UL);
  std::vector<StoredEvent> read;
  for (;;) {
    const Sequence after = read.empty() ? 0 : read.back().sequence;
    const auto page = fresh.store->events_since(fresh.study, after, limit);
    CHECK(page.size() == std::min(limit, events.size() - read.size()));
    if (page.empty()) break;
    read.insert(read.end(), page.begin(), page.end());
  }
  REQUIRE(read.size() == events.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    CHECK(read[i].sequence == static_cast<Sequence>(i + 1));
    CHECK(same(read[i].event, events[i]));
  }
  CHECK(fresh.store->events_since(fresh.study, 0, 0).empty());
  CHECK(fresh.store->events_since(fresh.study, 1000, 5).empty());
}

TEST_CASE("store: a suggestion lands only on the generation it was made for") {
  const Fresh fresh(any_kind());
  const auto on = [](std::int64_t generation) { return Precondition::generation_is(generation); };
  AppendResult result = fresh.store->append(fresh.study, std::vector{suggested(0)}, on(0));
  CHECK(result.status == Status::ok);
  CHECK(result.generation == 1);

  // Reports and ends do not move it.
  fresh.store->append(fresh.study, std::vector{reported(0, 1), finished(0)}, {});
  result = fresh.store->append(fresh.study, std::vector{suggested(1)}, on(0));
  CHECK(result.status == Status::stale);
  CHECK(result.generation == 1);
  CHECK(fresh.store->events_since(fresh.study, 0, 100).size() == 3);

  result = fresh.store->append(fresh.study, std::vector{suggested(1)}, on(1));
  CHECK(result.status == Status::ok);
  CHECK(result.first == 4);
  const Event session = {.kind = EventKind::session};
  result = fresh.store->append(fresh.study, std::vector{session, session, reported(1, 1)}, on(2));
  CHECK(result.generation == 4);
  result = fresh.store->append(fresh.study, {}, on(4));
  CHECK(result.status == Status::ok);
  CHECK(result.generation == 4);
}

TEST_CASE("store: reports of an attempt that is not open are fenced") {
  const Fresh fresh(any_kind());
  const auto append = [&](Event event, TrialId trial, int attempt) {
    return fresh.store
        ->append(fresh.study, std::vector{std::move(event)},
                 Precondition::attempt_is_open(trial, attempt))
        .status;
  };
  CHECK(append(reported(0, 1), 0, 1) == Status::fenced);
  fresh.store->append(fresh.study, std::vector{suggested(0), suggested(1)}, {});
  CHECK(append(reported(0, 1), 0, 1) == Status::ok);
  CHECK(append(reported(0, 1, 2), 0, 2) == Status::fenced);
  CHECK(append(finished(0), 0, 1) == Status::ok);
  CHECK(append(finished(0), 0, 1) == Status::fenced);
  CHECK(append(reported(1, 1), 1, 1) == Status::ok);

  // The next attempt supersedes the open one.
  const Event restarted = {.kind = EventKind::restarted, .trial = 1, .attempt = 2};
  fresh.store->append(fresh.study, std::vector{restarted}, {});
  CHECK(append(reported(1, 1), 1, 1) == Status::fenced);
  CHECK(append(reported(1, 1, 2), 1, 2) == Status::ok);
  CHECK(fresh.store->events_since(fresh.study, 0, 100).size() == 7);
}

TEST_CASE("store: studies do not see each other") {
  const Fresh fresh(any_kind());
  const StudyKey other = fresh.store->open_study("other", "{}").key;
  fresh.store->append(fresh.study, std::vector{suggested(0)}, {});
  CHECK(fresh.store->events_since(other, 0, 10).empty());
  CHECK(fresh.store->append(other, std::vector{suggested(0)}, Precondition::generation_is(0))
            .status == Status::ok);
  fresh.store->append(other, std::vector{finished(0)}, {});
  CHECK(fresh.store
            ->append(fresh.study, std::vector{reported(0, 1)}, Precondition::attempt_is_open(0, 1))
            .status == Status::ok);
  CHECK(fresh.store->events_since(fresh.study, 0, 10).size() == 2);
  CHECK(fresh.store->events_since(other, 0, 10).size() == 2);
}

TEST_CASE("store: what is removed is gone, and its key means nothing") {
  const Fresh fresh(any_kind());
  const StudyKey other = fresh.store->open_study("other", "{}").key;
  fresh.store->append(other, std::vector{suggested(0)}, {});
  fresh.store->append(fresh.study, std::vector{suggested(0)}, {});
  fresh.store->remove(other);
  CHECK(fresh.store->list().size() == 1);
  const std::vector<std::function<void()>> calls = {
      [&] { fresh.store->events_since(other, 0, 1); },
      [&] { fresh.store->append(other, std::vector{suggested(0)}, {}); },
      [&] { fresh.store->lease(other, "me", Seconds(1)); },
      [&] { fresh.store->wait(other, 0, Seconds(0)); },
      [&] { fresh.store->remove(other); },
  };
  for (const auto& call : calls) CHECK(error_of(call) == ErrorCode::invalid_argument);
  const OpenedStudy again = fresh.store->open_study("other", "{}");
  CHECK(again.created);
  CHECK(again.key != other);
  CHECK(fresh.store->events_since(again.key, 0, 10).empty());
  CHECK(fresh.store->events_since(fresh.study, 0, 10).size() == 1);
}

TEST_CASE("store: one tuner at a time") {
  const Fresh fresh(any_kind());
  const auto holder = [&] { return fresh.store->list().at(0).holder; };
  const Seconds ttl(1000);
  CHECK(holder().empty());
  CHECK(fresh.store->lease(fresh.study, "a", ttl).granted);
  CHECK(fresh.store->lease(fresh.study, "a", ttl).granted);
  const LeaseResult refused = fresh.store->lease(fresh.study, "b", ttl);
  CHECK_FALSE(refused.granted);
  CHECK(refused.holder == "a");
  CHECK(holder() == "a");
  CHECK(error_of([&] { fresh.store->remove(fresh.study); }) == ErrorCode::store_busy);

  fresh.store->release(fresh.study, "b");
  CHECK_FALSE(fresh.store->lease(fresh.study, "b", ttl).granted);
  const StudyKey other = fresh.store->open_study("other", "{}").key;
  CHECK(fresh.store->lease(other, "b", ttl).granted);
  fresh.store->release(fresh.study, "a");
  CHECK(holder().empty());
  const LeaseResult granted = fresh.store->lease(fresh.study, "b", ttl);
  CHECK(granted.granted);
  CHECK(granted.holder == "b");
}

TEST_CASE("store: waiting ends when there is news, and at once where there is") {
  const Fresh fresh(any_kind());
  fresh.store->append(fresh.study, std::vector{suggested(0)}, {});
  fresh.store->wait(fresh.study, 0, Seconds(1e6));  // would hang
  fresh.store->wait(fresh.study, 1, Seconds(0.001));
  std::thread writer([&] { fresh.store->append(fresh.study, std::vector{reported(0, 1)}, {}); });
  fresh.store->wait(fresh.study, 1, Seconds(1e6));
  writer.join();
  CHECK(fresh.store->events_since(fresh.study, 1, 10).size() == 1);
}

TEST_CASE("store: of many writers each gets its own places", "[threads]") {
  const Fresh fresh(any_kind());
  constexpr int writers = 8;
  constexpr int rounds = 20;
  std::atomic<int> suggestions = 0;
  std::vector<std::vector<std::pair<Sequence, double>>> placed(writers);
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      for (int i = 0; i < rounds; ++i) {
        const double value = w * rounds + i;
        const auto result = fresh.store->append(
            fresh.study, std::vector{reported(0, value), reported(1, value)}, {});
        placed[static_cast<std::size_t>(w)].emplace_back(result.first, value);
        const auto bid = Precondition::generation_is(i);
        if (fresh.store->append(fresh.study, std::vector{suggested(i)}, bid).status == Status::ok) {
          ++suggestions;
        }
        while (std::ssize(fresh.store->events_since(fresh.study, 0, 10000)) < 2 * rounds &&
               suggestions <= i) {
          std::this_thread::yield();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto events = fresh.store->events_since(fresh.study, 0, 100000);
  CHECK(std::ssize(events) == writers * rounds * 2 + suggestions);
  CHECK(suggestions <= rounds);
  for (const auto& mine : placed) {
    for (const auto& [first, value] : mine) {
      const auto index = static_cast<std::size_t>(first - 1);
      REQUIRE(index + 1 < events.size());
      CHECK(same(events[index].event, reported(0, value)));
      CHECK(same(events[index + 1].event, reported(1, value)));
    }
  }
  std::int64_t generation = 0;
  for (const StoredEvent& stored : events) {
    if (stored.event.kind == EventKind::suggested) CHECK(stored.event.trial == generation++);
  }
}

TEST_CASE("store: a URL that names no store is refused in words") {
  for (const char* url : {"", "mnist.db", "sqlit:mnist.db", "memory:x", "sqlite:", "memory:?a=b",
                          "sqlite:x?durability=maybe", "sqlite:x?durability", "sqlite:x?=1",
                          "sqlite:x?durability=fast&durability=fast", "sqlite:x?mode=ro"}) {
    CAPTURE(url);
    CHECK(error_of([&] { open_store(url); }) == ErrorCode::invalid_argument);
  }
}
