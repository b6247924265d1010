#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tunesmith {

/// A connection to one database file; errors become Error{store_unavailable} or {store_corrupt}
/// with the path and words. Not synchronised.
class SqliteConnection {
 public:
  /// The file must exist.
  explicit SqliteConnection(std::string path);

  const std::string& path() const noexcept { return path_; }

  /// One statement with fixed text and without results.
  void execute(const char* sql);

  /// Closing neither merges the journal (write-ahead log) into the file nor removes it.
  void leave_journal() noexcept;

  [[noreturn]] void fail(int code, std::string_view doing) const;
  [[noreturn]] void fail_corrupt(std::string_view why) const;

 private:
  friend class SqliteQuery;
  friend class SqliteTransaction;
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  sqlite3_stmt* prepared(const char* sql);

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
  /// Keyed by address: statements are constants of the program.
  std::map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// One use of a prepared statement. Parameters are bound and columns read in order. Doubles keep
/// NaN (stored as NULL); texts keep every byte (those with NUL are stored as blobs).
class SqliteQuery {
 public:
  /// `sql` must be a constant.
  SqliteQuery(SqliteConnection& connection, const char* sql);
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  SqliteQuery& bind(std::int64_t value);
  SqliteQuery& bind(double value);
  /// The text must live until the last step.
  SqliteQuery& bind(std::string_view text);

  /// Whether there is a row.
  bool step();
  /// Steps a statement that gives no rows, and makes it ready to be bound again.
  void run();

  std::int64_t integer();
  double real();
  std::string text();

 private:
  void check(int code);

  SqliteConnection& connection_;
  sqlite3_stmt* statement_;
  int parameter_ = 0;
  int column_ = 0;
};

/// Rolls back unless committed.
class SqliteTransaction {
 public:
  enum class Kind { read, write };
  SqliteTransaction(SqliteConnection& connection, Kind kind);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  void commit();

 private:
  SqliteConnection& connection_;
  bool open_ = true;
};

}  // namespace tunesmith
