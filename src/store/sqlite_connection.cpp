#include "store/sqlite_connection.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

constexpr int busy_milliseconds = 10000;

std::string system_words(sqlite3* database) {
  const int number = database == nullptr ? 0 : sqlite3_system_errno(database);
  return number == 0 ? "" : std::string(" (") + std::strerror(number) + ")";
}

}  // namespace

SqliteConnection::SqliteConnection(std::string path) : path_(std::move(path)) {
  sqlite3* database = nullptr;
  const int code =
      sqlite3_open_v2(path_.c_str(), &database,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) fail(code, "be opened");
  sqlite3_busy_timeout(database, busy_milliseconds);
  // The file may come from anyone: nothing in it is run, and it is not trusted to be sound.
  for (const auto& [option, value] :
       std::array<std::pair<int, int>, 4>{{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                           {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                           {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                           {SQLITE_DBCONFIG_ENABLE_VIEW, 0}}}) {
    sqlite3_db_config(database, option, value, nullptr);
  }
  execute("PRAGMA cell_size_check=ON");
  if (sqlite3_db_readonly(database, "main") == 1) fail(SQLITE_READONLY, "be written");
}

void SqliteConnection::fail(int code, std::string_view doing) const {
  sqlite3* database = database_.get();
  const std::string start = "store \"" + path_ + "\" cannot " + std::string(doing) + ": ";
  const std::string detail = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  const auto unavailable = [&](const std::string& why) {
    throw Error(ErrorCode::store_unavailable, start + why + system_words(database));
  };
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_FULL:
      unavailable("the disk is full");
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      unavailable("another process has kept it locked for " +
                  std::to_string(busy_milliseconds / 1000) + " seconds");
      break;
    case SQLITE_READONLY:
      unavailable("the file or its folder is read-only");
      break;
    case SQLITE_IOERR:
      if (code == SQLITE_IOERR_CORRUPTFS) break;
      [[fallthrough]];
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOLFS:
    case SQLITE_TOOBIG:
    case SQLITE_INTERRUPT:
      unavailable(detail);
      break;
    case SQLITE_NOTADB:
      fail_corrupt("it is not a tunesmith store");
    default:
      break;
  }
  fail_corrupt(detail);
}

void SqliteConnection::fail_corrupt(std::string_view why) const {
  throw Error(ErrorCode::store_corrupt,
              "store \"" + path_ + "\" is damaged or not ours: " + std::string(why));
}

void SqliteConnection::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "be used");
}

void SqliteConnection::leave_journal() noexcept {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

sqlite3_stmt* SqliteConnection::prepared(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) {
    sqlite3_stmt* fresh = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &fresh, nullptr);
    if (code != SQLITE_OK) fail(code, "be used");
    statement.reset(fresh);
  }
  return statement.get();
}

SqliteQuery::SqliteQuery(SqliteConnection& connection, const char* sql)
    : connection_(connection), statement_(connection.prepared(sql)) {}

SqliteQuery::~SqliteQuery() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void SqliteQuery::check(int code) {
  if (code != SQLITE_OK) connection_.fail(code, "be used");
}

SqliteQuery& SqliteQuery::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_, ++parameter_, value));
  return *this;
}

SqliteQuery& SqliteQuery::bind(double value) {
  check(std::isnan(value) ? sqlite3_bind_null(statement_, ++parameter_)
                          : sqlite3_bind_double(statement_, ++parameter_, value));
  return *this;
}

SqliteQuery& SqliteQuery::bind(std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  const bool plain = text.find('\0') == std::string_view::npos;
  check(plain ? sqlite3_bind_text64(statement_, ++parameter_, data, text.size(), SQLITE_STATIC,
                                    SQLITE_UTF8)
              : sqlite3_bind_blob64(statement_, ++parameter_, data, text.size(), SQLITE_STATIC));
  return *this;
}

bool SqliteQuery::step() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const bool writes = sqlite3_stmt_readonly(statement_) == 0;
  connection_.fail(code, writes ? "be written" : "be read");
}

void SqliteQuery::run() {
  step();
  sqlite3_reset(statement_);
  parameter_ = 0;
}

std::int64_t SqliteQuery::integer() { return sqlite3_column_int64(statement_, column_++); }

double SqliteQuery::real() {
  const int column = column_++;
  return sqlite3_column_type(statement_, column) == SQLITE_NULL
             ? std::numeric_limits<double>::quiet_NaN()
             : sqlite3_column_double(statement_, column);
}

std::string SqliteQuery::text() {
  const int column = column_++;
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

SqliteTransaction::SqliteTransaction(SqliteConnection& connection, Kind kind)
    : connection_(connection) {
  // Taking the write lock at once lets SQLite wait for it; upgrading later would only fail.
  SqliteQuery(connection, kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN").run();
}

SqliteTransaction::~SqliteTransaction() {
  // Some errors (full disk) have rolled back already.
  if (open_ && sqlite3_get_autocommit(connection_.database_.get()) == 0) {
    sqlite3_exec(connection_.database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void SqliteTransaction::commit() {
  SqliteQuery(connection_, "COMMIT").run();
  open_ = false;
}

}  // namespace tunesmith
