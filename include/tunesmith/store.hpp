#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// A study inside one store.
using StudyKey = std::int64_t;

/// What must hold for an append to happen.
struct Precondition {
  enum class Kind {
    none,
    generation,   ///< the study's generation is `generation`
    attempt_open  ///< the attempt is the open one of its trial
  };
  Kind kind = Kind::none;
  std::int64_t generation = 0;
  TrialId trial = -1;
  int attempt = 0;

  static Precondition generation_is(std::int64_t number) {
    return {Kind::generation, number, -1, 0};
  }
  static Precondition attempt_is_open(TrialId trial, int attempt) {
    return {Kind::attempt_open, 0, trial, attempt};
  }
};

struct AppendResult {
  enum class Status {
    ok,
    stale,  ///< the generation has moved: read the news, decide again
    fenced  ///< the attempt is not open (any more): the report is late, doubled or superseded
  };
  Status status = Status::ok;
  /// Sequence number of the first event appended; the others follow without gaps. Only where ok.
  Sequence first = 0;
  /// The study's generation after the append (or as it is, where nothing was appended): how many
  /// events of its log moves_generation() holds for.
  std::int64_t generation = 0;
};

struct OpenedStudy {
  StudyKey key = 0;
  /// Whether this call made it.
  bool created = false;
  /// The problem as it is stored: the caller's when created.
  std::string problem_json = {};
};

struct StudyInfo {
  StudyKey key = 0;
  std::string name = {};
  std::int64_t events = 0;
  /// Who holds the lease now; empty: nobody.
  std::string holder = {};
};

struct LeaseResult {
  bool granted = false;
  /// Who holds it now (the caller, where granted).
  std::string holder = {};
};

/// An append-only log of events per study: that is all a backend must do. Thread-safe. Every member
/// throws Error {store_unavailable} where the backend cannot be reached or written, and
/// {store_corrupt} where what is read makes no sense; a failed append has appended nothing. A key
/// that names no study (any more) is Error{invalid_argument}.
class TUNESMITH_API Store {
 public:
  virtual ~Store() = default;
  /// Finds the study of that name or makes it. With an empty `problem_json` only finds it:
  /// Error{invalid_argument} where there is none.
  virtual OpenedStudy open_study(std::string_view name, std::string_view problem_json) = 0;
  /// Events after `after`, in order, at most `limit`.
  virtual std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                                std::size_t limit) = 0;
  /// All or nothing, and only where the precondition holds. An attempt is open from the event that
  /// opens it (see opens_attempt) until its `finished` or the next one of its trial.
  virtual AppendResult append(StudyKey study, std::span<const Event> events,
                              const Precondition& precondition) = 0;
  /// Claims or renews the right to drive the study, for `ttl` on the store's own clock. A holder
  /// that died must not block the next one longer than `ttl`. `owner` is shown to those who are
  /// refused ("process 17 on host a") and must be unique among the tuners that share this object.
  virtual LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) = 0;
  /// Gives the lease back; no effect when `owner` does not hold it.
  virtual void release(StudyKey study, std::string_view owner) = 0;
  /// Returns when there may be events after `after`, or at `timeout`. A hint only.
  virtual void wait(StudyKey study, Sequence after, Seconds timeout) = 0;
  virtual std::vector<StudyInfo> list() = 0;
  /// Removes a study and its log for good. Throws Error{store_busy} while a tuner holds its lease.
  virtual void remove(StudyKey study) = 0;
};

/// Opens a store by URL: "memory:" (this process only), "sqlite:<file>" with "?durability=fast"
/// (default: survives any kill of the process) or "?durability=full" (on disk before `tell`
/// returns: survives power loss). Throws Error{invalid_argument} for an unknown scheme or option,
/// {store_unavailable}, {store_corrupt}.
TUNESMITH_API std::shared_ptr<Store> open_store(std::string_view url);

/// The kinds of store that a URL can name, with their options.
TUNESMITH_API const std::vector<PluginInfo>& stores();

}  // namespace tunesmith
