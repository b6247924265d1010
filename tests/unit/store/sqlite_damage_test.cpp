// A damaged file gives an error or what was written: never a crash, never less without a word.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/store.hpp"

using namespace tunesmith;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

/// All that a reader of the studies "a" and "b" sees, and which of their first attempts are open,
/// as one text.
std::string read_all(const std::string& path) {
  const auto store = open_store("sqlite:" + path);
  std::string text;
  for (const char* name : {"a", "b"}) {
    const OpenedStudy study = store->open_study(name, "{\"new\":true}");
    text += study.created ? "created" : study.problem_json;
    for (const auto& [sequence, event] : store->events_since(study.key, 0, 10000)) {
      text += '\n' + std::to_string(sequence) + ' ' + std::to_string(static_cast<int>(event.kind)) +
              ' ' + std::to_string(event.trial) + ' ' + std::to_string(event.attempt) + ' ' +
              std::to_string(event.resource) + ' ' + std::to_string(event.value) + ' ' +
              std::to_string(event.time) + ' ' + event.metric + ' ' + event.payload;
    }
  }
  for (const char* name : {"a", "b"}) {
    const StudyKey study = store->open_study(name, "").key;
    for (TrialId trial = 0; trial < 25; ++trial) {
      const Precondition open = Precondition::attempt_is_open(trial, 1);
      text += store->append(study, {}, open).status == AppendResult::Status::ok ? '+' : '-';
    }
  }
  for (const StudyInfo& info : store->list()) {
    text += '\n' + info.name + ' ' + std::to_string(info.events);
  }
  return text;
}

enum class Verdict { same, refused, different };

Verdict judge(const std::string& path, const std::string& truth) {
  try {
    return read_all(path) == truth ? Verdict::same : Verdict::different;
  } catch (const Error& error) {
    const bool names_file = std::string(error.what()).find(path) != std::string::npos;
    const bool fits =
        error.code() == ErrorCode::store_corrupt || error.code() == ErrorCode::store_unavailable;
    return fits && names_file ? Verdict::refused : Verdict::different;
  }
}

void make_store(const std::string& path, int trials) {
  const auto store = open_store("sqlite:" + path);
  for (const char* name : {"a", "b"}) {
    const StudyKey study = store->open_study(name, R"({"objectives":[{"metric":"loss"}]})").key;
    for (TrialId trial = 0; trial < trials; ++trial) {
      store->append(study,
                    std::vector{Event{.kind = EventKind::suggested,
                                      .trial = trial,
                                      .attempt = 1,
                                      .time = 1000.5,
                                      .payload = R"({"configuration":{"lr":0.001}})"},
                                Event{.kind = EventKind::reported,
                                      .trial = trial,
                                      .attempt = 1,
                                      .resource = 1,
                                      .value = 0.125 * static_cast<double>(trial),
                                      .metric = "loss"},
                                Event{.kind = EventKind::finished, .trial = trial, .attempt = 1}},
                    {});
    }
    for (TrialId trial = trials; trial < trials + 3; ++trial) {
      const Event open = {.kind = EventKind::suggested, .trial = trial, .attempt = 1};
      store->append(study, std::vector{open}, {});
    }
  }
}

/// Runs `work` in a process that then dies by SIGKILL.
template <typename Work>
void killed(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    const auto kept = work();
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

/// Nine transactions of two events each.
void append_trials(Store& store, StudyKey study) {
  for (TrialId trial = 6; trial < 15; ++trial) {
    store.append(study,
                 std::vector{Event{.kind = EventKind::suggested, .trial = trial, .attempt = 1},
                             Event{.kind = EventKind::finished, .trial = trial, .attempt = 1}},
                 {});
  }
}

void check_changed_bytes(const std::string& path, std::size_t stride_of_first_page,
                         std::size_t stride) {
  make_store(path, 20);
  const std::string content = content_of(path);
  const std::string truth = read_all(path);
  int same = 0;
  int refused = 0;
  // Every byte at the end of each page, where its first rows lie: those without seals are few.
  const auto stride_at = [&](std::size_t at) {
    return at % 4096 >= 4060 ? 1 : at < 4096 ? stride_of_first_page : stride;
  };
  for (std::size_t at = 0; at < content.size(); at += stride_at(at)) {
    const unsigned bit = 1U << (at % 8);
    std::string damaged = content;
    damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ bit);
    write_file(path, damaged);
    const Verdict verdict = judge(path, truth);
    CAPTURE(at, bit);
    CHECK(verdict != Verdict::different);
    same += verdict == Verdict::same ? 1 : 0;
    refused += verdict == Verdict::refused ? 1 : 0;
  }
  CHECK(refused > 0);
  CHECK(same > 0);  // the unused space of pages
}

}  // namespace

TEST_CASE("sqlite: a changed byte is an error or makes no difference") {
  const TestFolder folder;
  // Prime strides: every place of a page is hit somewhere.
  check_changed_bytes(folder / "a.db", 3, 37);
}

TEST_CASE("sqlite: every single changed byte is an error or makes no difference", "[.long]") {
  const TestFolder folder;
  check_changed_bytes(folder / "a.db", 1, 1);
}

TEST_CASE("sqlite: a shortened file is an error") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  make_store(path, 20);
  const std::string content = content_of(path);
  const std::string truth = read_all(path);
  for (std::size_t size = 0; size < content.size(); size += 509) {
    write_file(path, content.substr(0, size));
    CAPTURE(size);
    CHECK(judge(path, truth) == Verdict::refused);
  }
}

TEST_CASE("sqlite: a page of another time is an error") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  make_store(path, 20);
  const std::string before = content_of(path);
  {
    const auto store = open_store("sqlite:" + path);
    const StudyKey study = store->open_study("a", "").key;
    store->append(study, std::vector{Event{.kind = EventKind::stop_requested, .payload = "enough"}},
                  {});
  }
  const std::string after = content_of(path);
  const std::string truth = read_all(path);
  REQUIRE(before.size() == after.size());
  int changed = 0;
  for (std::size_t page = 0; page < after.size(); page += 4096) {
    if (page == 0 || before.substr(page, 4096) == after.substr(page, 4096)) continue;
    write_file(path, after.substr(0, page) + before.substr(page, 4096) + after.substr(page + 4096));
    CAPTURE(page);
    CHECK(judge(path, truth) == Verdict::refused);
    ++changed;
  }
  CHECK(changed >= 2);
}

TEST_CASE("sqlite: a log cut or damaged where a process was killed gives an earlier state, whole") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  make_store(path, 3);
  killed([&] {
    auto store = open_store("sqlite:" + path);
    append_trials(*store, store->open_study("a", "").key);
    return store;
  });
  const std::string content = content_of(path);
  const std::string log = content_of(path + "-wal");
  REQUIRE(log.size() > 20000);
  std::set<std::size_t> lengths;
  const auto check = [&](const std::string& damaged) {
    std::filesystem::remove(path + "-shm");
    write_file(path, content);
    write_file(path + "-wal", damaged);
    const auto store = open_store("sqlite:" + path);
    const StudyKey study = store->open_study("a", "").key;
    const std::vector<StoredEvent> events = store->events_since(study, 0, 100);
    lengths.insert(events.size());
    // Transactions are whole: twelve events at first, then two each.
    CHECK(events.size() >= 12);
    CHECK((events.size() - 12) % 2 == 0);
    const Event next = {.kind = EventKind::session};
    const auto first = static_cast<Sequence>(events.size() + 1);
    CHECK(store->append(study, std::vector{next}, {}).first == first);
  };
  for (std::size_t size = 0; size < log.size(); size += 1009) {
    CAPTURE(size);
    check(log.substr(0, size));
  }
  for (std::size_t at = 0; at < log.size(); at += 1013) {
    std::string damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    CAPTURE(at);
    check(damaged);
  }
  check(log);
  CHECK(lengths.size() == 10);
}

TEST_CASE("sqlite: a killed tuner's log that is cut, damaged or gone is an error") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  make_store(path, 3);
  const std::string before = content_of(path);
  killed([&] {
    auto store = open_store("sqlite:" + path);
    const StudyKey study = store->open_study("a", "").key;
    store->lease(study, "tuner", Seconds(30));
    append_trials(*store, study);
    return store;
  });
  const std::string lease = path + "-lease-1";
  const std::string note = content_of(lease);
  const std::string content = content_of(path);
  const std::string log = content_of(path + "-wal");
  REQUIRE(log.size() > 20000);
  const auto put = [&](const std::string& damaged) {
    std::filesystem::remove(path + "-shm");
    write_file(path, content);
    write_file(path + "-wal", damaged);
    write_file(lease, note);
  };
  put(log);
  const std::string truth = read_all(path);
  int refused = 0;
  const auto check = [&](const std::string& damaged) {
    put(damaged);
    const Verdict verdict = judge(path, truth);
    CHECK(verdict != Verdict::different);
    // It is said again, with what is left of the log still there.
    if (verdict == Verdict::refused) {
      ++refused;
      CHECK(judge(path, truth) == Verdict::refused);
      CHECK(content_of(path + "-wal") == damaged);
    }
  };
  for (std::size_t size = 0; size < log.size(); size += 1009) {
    CAPTURE(size);
    check(log.substr(0, size));
  }
  for (std::size_t at = 0; at < log.size(); at += 331) {
    std::string damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    CAPTURE(at);
    check(damaged);
  }
  CHECK(refused > 50);

  SECTION("until somebody decides to go on without the rest") {
    put(log.substr(0, log.size() / 2));
    CHECK(judge(path, truth) == Verdict::refused);
    std::filesystem::remove(lease);
    const auto store = open_store("sqlite:" + path);
    const StudyKey study = store->open_study("a", "").key;
    CHECK(store->lease(study, "tuner", Seconds(30)).granted);
    CHECK(store->append(study, std::vector{Event{}}, {}).status == AppendResult::Status::ok);
  }
  SECTION("but a torn note says nothing") {
    for (std::size_t size = 0; size < note.size(); ++size) {
      put(log);
      write_file(lease, note.substr(0, size));
      CHECK(judge(path, truth) == Verdict::same);
    }
  }
  SECTION("and so is an older file without it") {
    put(log);
    write_file(path, before);
    std::filesystem::remove(path + "-wal");
    CHECK(judge(path, truth) == Verdict::refused);
  }
}

TEST_CASE("sqlite: a killed tuner's study that was in the log alone is missed") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  killed([&] {
    auto store = open_store("sqlite:" + path);
    const StudyKey study = store->open_study("a", "{}").key;
    store->lease(study, "tuner", Seconds(30));
    append_trials(*store, study);
    return store;
  });
  std::filesystem::remove(path + "-wal");
  CHECK_THROWS_AS(open_store("sqlite:" + path)->open_study("a", "{}"), Error);
  CHECK_THROWS_AS(open_store("sqlite:" + path)->open_study("a", "{}"), Error);
}

TEST_CASE("sqlite: what a removed store leaves is no part of the next one") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  killed([&] {
    auto store = open_store("sqlite:" + path);
    const StudyKey study = store->open_study("a", "{}").key;
    store->lease(study, "tuner", Seconds(30));
    append_trials(*store, study);
    return store;
  });
  REQUIRE(std::filesystem::exists(path + "-wal"));
  std::filesystem::remove(path);
  const auto store = open_store("sqlite:" + path);
  const OpenedStudy study = store->open_study("a", "{}");
  CHECK(study.created);
  CHECK(store->events_since(study.key, 0, 10).empty());
  CHECK(store->lease(study.key, "tuner", Seconds(30)).granted);
}
