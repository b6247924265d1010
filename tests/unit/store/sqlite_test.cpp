// What the SQLite store promises beyond every store's contract: other processes, files, errors of
// the disk.

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/store.hpp"

using namespace tunesmith;

namespace {

using Status = AppendResult::Status;

Event suggested(TrialId trial) {
  return {.kind = EventKind::suggested, .trial = trial, .attempt = 1, .payload = "{}"};
}

/// Runs `work` in a process of its own; its answer becomes the exit status.
pid_t spawn(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    int status = 120;
    try {
      status = work();
    } catch (const std::exception&) {
      status = 121;
    }
    _exit(status);
  }
  return child;
}

int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

struct Failure {
  ErrorCode code;
  std::string words;
};

Failure failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::executor_failed, "nothing was thrown"};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void run_sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("sqlite: a store is there again in the next process, also after a kill") {
  const TestFolder folder;
  const std::string url =
      "sqlite:" + (folder / "a.db") + (GENERATE(false, true) ? "?durability=full" : "");
  const pid_t child = spawn([&]() -> int {
    const auto store = open_store(url);
    const StudyKey study = store->open_study("s", "{\"p\":1}").key;
    for (TrialId trial = 0; trial < 50; ++trial) {
      store->append(study, std::vector{suggested(trial)}, Precondition::generation_is(trial));
    }
    raise(SIGKILL);
    return 0;
  });
  CHECK(status_of(child) == 200 + SIGKILL);
  const auto store = open_store(url);
  const OpenedStudy found = store->open_study("s", "{}");
  CHECK_FALSE(found.created);
  CHECK(found.problem_json == "{\"p\":1}");
  const auto events = store->events_since(found.key, 0, 1000);
  REQUIRE(events.size() == 50);
  CHECK(events[49].event.trial == 49);
  CHECK(store->append(found.key, std::vector{suggested(50)}, Precondition::generation_is(50))
            .status == Status::ok);
}

TEST_CASE("sqlite: files are their owner's alone") {
  const TestFolder folder;
  const mode_t mask = umask(0);
  {
    const auto store = open_store("sqlite:" + (folder / "a.db"));
    const StudyKey study = store->open_study("s", "{}").key;
    store->lease(study, "me", Seconds(1));
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      struct stat status = {};
      REQUIRE(stat(entry.path().c_str(), &status) == 0);
      CAPTURE(entry.path().string());
      CHECK((status.st_mode & 0777) == 0600);
      ++files;
    }
    CHECK(files == 4);  // the database, its log, its shared memory, the lease
  }
  umask(mask);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("sqlite: a tuner that was killed does not block the next one") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "a.db");
  const auto store = open_store(url);
  const StudyKey study = store->open_study("s", "{}").key;
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = spawn([&] {
    const auto mine = open_store(url);
    const char granted = mine->lease(study, "the child", Seconds(1e6)).granted ? 'y' : 'n';
    if (write(ready[1], &granted, 1) != 1) return 1;
    pause();
    return 0;
  });
  char granted = 0;
  REQUIRE(read(ready[0], &granted, 1) == 1);
  CHECK(granted == 'y');
  const LeaseResult refused = store->lease(study, "me", Seconds(1));
  CHECK_FALSE(refused.granted);
  CHECK(refused.holder == "the child");
  CHECK(store->list()[0].holder == "the child");
  CHECK(failure_of([&] { store->remove(study); }).code == ErrorCode::store_busy);

  kill(child, SIGKILL);
  CHECK(status_of(child) == 200 + SIGKILL);
  CHECK(store->list()[0].holder.empty());
  CHECK(store->lease(study, "me", Seconds(1)).granted);
  CHECK(store->list()[0].holder == "me");
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("sqlite: two stores of one process exclude each other too") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "a.db");
  const auto a = open_store(url);
  const StudyKey study = a->open_study("s", "{}").key;
  REQUIRE(a->lease(study, "a", Seconds(1)).granted);
  {
    const auto b = open_store(url);
    CHECK_FALSE(b->lease(study, "b", Seconds(1)).granted);
    CHECK(b->list()[0].holder == "a");
    a->release(study, "a");
    CHECK(b->lease(study, "b", Seconds(1)).granted);
    CHECK_FALSE(a->lease(study, "a", Seconds(1)).granted);
  }
  CHECK(a->lease(study, "a", Seconds(1)).granted);
}

TEST_CASE("sqlite: of two processes that race, each suggestion is made once") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "a.db");
  const auto race = [&] {
    const auto store = open_store(url);
    const StudyKey study = store->open_study("s", "{}").key;
    int made = 0;
    for (TrialId trial = 0; trial < 100; ++trial) {
      const auto result = store->append(study, std::vector{suggested(trial), suggested(-1)},
                                        Precondition::generation_is(2 * trial));
      if (result.status == Status::ok) ++made;
    }
    return made;
  };
  const pid_t first = spawn(race);
  const pid_t second = spawn(race);
  const int made = status_of(first) + status_of(second);
  CHECK(made == 100);
  const auto store = open_store(url);
  const auto events = store->events_since(store->open_study("s", "").key, 0, 1000);
  REQUIRE(events.size() == 200);
  for (std::size_t i = 0; i < events.size(); i += 2) {
    CHECK(events[i].event.trial == static_cast<TrialId>(i / 2));
    CHECK(events[i + 1].event.trial == -1);
  }
}

TEST_CASE("sqlite: what another process appends ends a wait") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "a.db");
  const auto store = open_store(url);
  const StudyKey study = store->open_study("s", "{}").key;
  const pid_t child = spawn([&] {
    open_store(url)->append(study, std::vector{suggested(0)}, {});
    return 0;
  });
  store->wait(study, 0, Seconds(1e6));
  CHECK(store->events_since(study, 0, 10).size() == 1);
  CHECK(status_of(child) == 0);
}

TEST_CASE("sqlite: what is no store is refused and left as it is") {
  const TestFolder folder;
  const std::string path = folder / "a.db";
  std::string part;
  SECTION("a text") {
    std::ofstream(path) << std::string(5000, 'x');
    part = "not a tunesmith store";
  }
  SECTION("nothing") {
    std::ofstream{path};
    part = "empty";
  }
  SECTION("another program's database") {
    run_sql(path, "CREATE TABLE t(x); INSERT INTO t VALUES(1)");
    part = "another program";
  }
  SECTION("a store of a newer version") {
    open_store("sqlite:" + path)->open_study("s", "{}");
    run_sql(path, "PRAGMA user_version=2");
    part = "newer tunesmith";
  }
  SECTION("a store with another table") {
    open_store("sqlite:" + path)->open_study("s", "{}");
    run_sql(path, "ALTER TABLE events ADD COLUMN more");
    part = "table events";
  }
  const auto content = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string before = content();
  const Failure failure = failure_of([&] { open_store("sqlite:" + path); });
  CHECK(failure.code == ErrorCode::store_corrupt);
  CHECK(has(failure.words, path));
  CHECK(has(failure.words, part));
  CHECK(content() == before);
}

TEST_CASE("sqlite: a place where no file can be is unavailable, with its path") {
  const TestFolder folder;
  std::string path;
  SECTION("a folder") { path = folder.path().string(); }
  SECTION("no folder") { path = folder / "none/a.db"; }
  SECTION("below a file") {
    std::ofstream{folder / "file"};
    path = folder / "file/a.db";
  }
  SECTION("a device") { path = "/dev/null"; }
  const Failure failure = failure_of([&] { open_store("sqlite:" + path); });
  CHECK(failure.code == ErrorCode::store_unavailable);
  CHECK(has(failure.words, path));
}

TEST_CASE("sqlite: without the right to write, a store is unavailable") {
  if (geteuid() != 0) {
    WARN("only root can become somebody without rights");
    return;
  }
  const TestFolder folder;
  const std::string path = folder / "a.db";
  open_store("sqlite:" + path)->open_study("s", "{}");
  const bool file_only = GENERATE(true, false);
  REQUIRE(chmod(path.c_str(), 0444) == 0);
  REQUIRE(chmod(folder.path().c_str(), file_only ? 0777 : 0555) == 0);
  const pid_t child = spawn([&] {
    if (setuid(65534) != 0) return 1;
    const Failure old_file = failure_of([&] { open_store("sqlite:" + path); });
    if (old_file.code != ErrorCode::store_unavailable || !has(old_file.words, path)) return 2;
    if (file_only) return 0;
    const std::string fresh = folder / "b.db";
    const Failure new_file = failure_of([&] { open_store("sqlite:" + fresh); });
    return new_file.code == ErrorCode::store_unavailable && has(new_file.words, fresh) ? 0 : 3;
  });
  CHECK(status_of(child) == 0);
}

TEST_CASE("sqlite: at the limit of space nothing acknowledged is lost, and it goes on with more") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "a.db");
  // Exit status: the number of events acknowledged before the limit struck.
  const pid_t child = spawn([&] {
    const auto store = open_store(url);
    const StudyKey study = store->open_study("s", "{}").key;
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {200 * 1024, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    int done = 0;
    Failure failure = {};
    Event event = suggested(0);
    event.payload = std::string(4000, 'x');
    while (done < 100) {
      failure = failure_of([&] {
        event.trial = done;
        store->append(study, std::vector{event}, Precondition::generation_is(done));
        ++done;
      });
      if (failure.code != ErrorCode::executor_failed) break;
    }
    if (failure.code != ErrorCode::store_unavailable) return 0;
    if (std::ssize(store->events_since(study, 0, 1000)) != done) return 0;
    const rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &more);
    store->append(study, std::vector{event}, Precondition::generation_is(done));
    return done + 1;
  });
  const int done = status_of(child);
  CHECK(done > 5);
  CHECK(done < 100);
  const auto store = open_store(url);
  CHECK(std::ssize(store->events_since(store->open_study("s", "").key, 0, 1000)) == done);
}

TEST_CASE("sqlite: a full disk is unavailable, in words") {
  if (geteuid() != 0) {
    WARN("only root can mount a small disk");
    return;
  }
  const TestFolder folder;
  const pid_t child = spawn([&] {
    if (mount("none", folder.path().c_str(), "tmpfs", 0, "size=300k") != 0) return 77;
    int result = 1;
    {
      const auto store = open_store("sqlite:" + (folder / "a.db"));
      const StudyKey study = store->open_study("s", "{}").key;
      Event event = suggested(0);
      event.payload = std::string(4000, 'x');
      std::int64_t done = 0;
      Failure failure = {};
      for (bool going = true; going;) {
        failure = failure_of([&] {
          store->append(study, std::vector{event}, {});
          ++done;
        });
        going = failure.code == ErrorCode::executor_failed && done < 1000;
      }
      if (failure.code == ErrorCode::store_unavailable && has(failure.words, "disk is full") &&
          std::ssize(store->events_since(study, 0, 1000)) == done) {
        result = 0;
      }
    }
    umount2(folder.path().c_str(), MNT_DETACH);
    return result;
  });
  const int status = status_of(child);
  if (status == 77) {
    WARN("mounting is not allowed here");
    return;
  }
  CHECK(status == 0);
}
