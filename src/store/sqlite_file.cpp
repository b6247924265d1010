#include "store/sqlite_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "store/file_lease.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

/// "tnsm", in the file's header.
constexpr std::int64_t application = 0x746e736d;
constexpr std::int64_t version = 1;
constexpr std::int64_t bytes_looked_through = 8LL * 1024 * 1024;

struct Table {
  const char* name;
  const char* sql;
};

/// One row each: all studies of the store, so that a lost one is missed; a study with the state of
/// its log; an event; an attempt that is open. A column without a type keeps doubles as they are
/// (−0.0, NaN as NULL). Seals: see store/seal.hpp.
constexpr std::array tables = {
    Table{"stores",
          "CREATE TABLE stores(id INTEGER PRIMARY KEY, last_study INTEGER, studies INTEGER)"},
    Table{"studies",
          "CREATE TABLE studies(study INTEGER PRIMARY KEY, name TEXT, problem TEXT, "
          "identity INTEGER, generation INTEGER, events INTEGER, last_seal INTEGER, seal INTEGER, "
          "holder TEXT)"},
    Table{"events",
          "CREATE TABLE events(study INTEGER, sequence INTEGER, kind INTEGER, trial INTEGER, "
          "attempt INTEGER, resource, value, time, metric TEXT, payload TEXT, seal INTEGER, "
          "PRIMARY KEY(study, sequence)) WITHOUT ROWID"},
    Table{"open_attempts",
          "CREATE TABLE open_attempts(study INTEGER, trial INTEGER, attempt INTEGER, "
          "PRIMARY KEY(study, trial)) WITHOUT ROWID"},
};

std::int64_t number(SqliteConnection& connection, const char* pragma) {
  SqliteQuery query(connection, pragma);
  return query.step() ? query.integer() : 0;
}

[[noreturn]] void fail(const std::string& path, const std::string& doing, int failure) {
  throw Error(ErrorCode::store_unavailable,
              "store \"" + path + "\" cannot be " + doing + ": " + std::strerror(failure));
}

/// Removes a file at the end of a scope.
struct Temporary {
  ~Temporary() {
    unlink(path.c_str());
    unlink((path + "-wal").c_str());
    unlink((path + "-shm").c_str());
  }
  std::string path;
};

void write_tables(const std::string& path) {
  SqliteConnection connection(path);
  if (SqliteQuery mode(connection, "PRAGMA journal_mode=WAL");
      !mode.step() || mode.text() != "wal") {
    throw Error(ErrorCode::store_unavailable,
                "store \"" + path +
                    "\" cannot be made: its folder allows no shared memory between "
                    "processes; use a folder of this machine");
  }
  SqliteTransaction transaction(connection, SqliteTransaction::Kind::write);
  connection.execute("PRAGMA application_id=1953395565");
  connection.execute("PRAGMA user_version=1");
  for (const Table& table : tables) connection.execute(table.sql);
  connection.execute("INSERT INTO stores VALUES(1, 0, 0)");
  transaction.commit();
  // The file alone gets the store's name, and closing would not say what could not be written to
  // it.
  if (SqliteQuery whole(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      !whole.step() || whole.integer() != 0) {
    fail(path, "made", EBUSY);
  }
}

/// What a killed tuner left of a store whose file somebody has removed: SQLite would take its
/// journal for the new file's.
void remove_leftovers(const std::string& path) {
  namespace fs = std::filesystem;
  const std::string leases = fs::path(path).filename().string() + "-lease-";
  std::error_code error;
  for (fs::directory_iterator entry(fs::path(path).parent_path(), error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(leases)) continue;
    if (name.find_first_not_of("0123456789", leases.size()) == std::string::npos)
      unlink(entry->path().c_str());
  }
  unlink((path + "-wal").c_str());
  unlink((path + "-shm").c_str());
}

/// Nobody else makes the store meanwhile, nor has made it.
std::optional<FileLease> claim_making(const std::string& path) {
  struct stat status = {};
  for (int turn = 0; turn < 10000; ++turn) {
    auto making = FileLease::claim(path + "-making");
    if (stat(path.c_str(), &status) == 0) return {};
    if (making) return making;
    usleep(1000);
  }
  fail(path, "made", EBUSY);
}

void make_file(const std::string& path) {
  Temporary draft{path + ".new-XXXXXX"};
  const int file = mkostemp(draft.path.data(), O_CLOEXEC);
  if (file < 0) fail(path, "made", errno);
  close(file);
  write_tables(draft.path);
  const auto making = claim_making(path);
  if (!making) return;
  remove_leftovers(path);
  if (link(draft.path.c_str(), path.c_str()) != 0 && errno != EEXIST) fail(path, "made", errno);
}

void check_header(SqliteConnection& connection) {
  const std::int64_t owner = number(connection, "PRAGMA application_id");
  if (owner != application) {
    connection.fail_corrupt(number(connection, "PRAGMA page_count") == 0
                                ? "the file is empty; remove it, and a store will be made"
                                : "it is another program's SQLite database");
  }
  const std::int64_t found = number(connection, "PRAGMA user_version");
  if (found != version) {
    connection.fail_corrupt("its format is version " + std::to_string(found) +
                            ", this tunesmith reads version " + std::to_string(version) +
                            (found > version ? "; use a newer tunesmith" : ""));
  }
}

void check_tables(SqliteConnection& connection) {
  for (const Table& table : tables) {
    SqliteQuery query(connection, "SELECT sql FROM sqlite_master WHERE type='table' AND name=?1");
    query.bind(std::string_view(table.name));
    if (!query.step() || query.text() != table.sql) {
      connection.fail_corrupt(std::string("its table ") + table.name + " is not as we make it");
    }
  }
  const std::int64_t bytes =
      number(connection, "PRAGMA page_count") * number(connection, "PRAGMA page_size");
  if (bytes > bytes_looked_through) return;
  SqliteQuery look(connection, "PRAGMA quick_check(1)");
  if (const std::string words = look.step() ? look.text() : "no answer"; words != "ok") {
    connection.fail_corrupt(words);
  }
}

}  // namespace

SqliteConnection open_sqlite_file(const std::string& path, Durability durability) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) fail(path, "opened", errno);
    make_file(path);
  } else if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::store_unavailable, "store \"" + path + "\" is not a file");
  }
  SqliteConnection connection(path);
  check_header(connection);
  connection.execute(durability == Durability::full ? "PRAGMA synchronous=FULL"
                                                    : "PRAGMA synchronous=NORMAL");
  check_tables(connection);
  return connection;
}

}  // namespace tunesmith
