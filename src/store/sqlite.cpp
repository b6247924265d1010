#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "store/file_lease.hpp"
#include "store/sqlite_log.hpp"
#include "store/store_plugin.hpp"

namespace tunesmith {
namespace {

/// How long other processes' events may go unnoticed by wait().
constexpr Seconds poll_interval{0.05};

class SqliteStore final : public Store {
 public:
  SqliteStore(const std::string& path, Durability durability) : log_(path, durability) {}

  OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    const std::lock_guard lock(mutex_);
    OpenedStudy study = log_.open_study(name, problem_json);
    // Also where it had to be made: its first making may be what was lost.
    check_whole(study.key);
    return study;
  }

  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    return log_.events_since(study, std::max<Sequence>(after, 0), limit);
  }

  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const std::lock_guard lock(mutex_);
    const AppendResult result = log_.append(study, events, precondition);
    if (result.status == AppendResult::Status::ok) {
      if (const auto held = leases_.find(study); held != leases_.end()) {
        held->second.lease.note_events(result.first - 1 + static_cast<Sequence>(events.size()));
      }
      news_.notify_all();
    }
    return result;
  }

  LeaseResult lease(StudyKey study, std::string_view owner, Seconds) override {
    const std::lock_guard lock(mutex_);
    const std::string holder = log_.holder(study);
    if (const auto held = leases_.find(study); held != leases_.end()) {
      return {held->second.owner == owner, held->second.owner};
    }
    auto lease = FileLease::claim(lease_path(study));
    if (!lease) return {false, holder.empty() ? "another process" : holder};
    log_.set_holder(study, owner);
    lease->note_events(log_.length(study));
    leases_.emplace(study, Held{std::string(owner), std::move(*lease)});
    return {true, std::string(owner)};
  }

  void release(StudyKey study, std::string_view owner) override {
    const std::lock_guard lock(mutex_);
    const auto held = leases_.find(study);
    if (held == leases_.end() || held->second.owner != owner) return;
    const Held last = std::move(held->second);
    leases_.erase(held);
    log_.set_holder(study, "");
  }

  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    const auto end = std::chrono::steady_clock::now() + timeout;
    std::unique_lock lock(mutex_);
    while (log_.length(study) <= after) {
      const Seconds left = end - std::chrono::steady_clock::now();
      if (left <= Seconds(0)) return;
      news_.wait_for(lock, std::min(left, poll_interval));
    }
  }

  std::vector<StudyInfo> list() override {
    const std::lock_guard lock(mutex_);
    std::vector<StudyInfo> studies = log_.list();
    for (StudyInfo& info : studies) {
      const bool held = leases_.contains(info.key) || FileLease::is_held(lease_path(info.key));
      if (!held) info.holder.clear();
      check_whole(info.key);
    }
    return studies;
  }

  void remove(StudyKey study) override {
    const std::lock_guard lock(mutex_);
    const std::string holder = log_.holder(study);
    auto lease = leases_.contains(study) ? std::nullopt : FileLease::claim(lease_path(study));
    if (!lease) throw Error(ErrorCode::store_busy, "the study is being tuned by " + holder);
    log_.remove(study);
  }

 private:
  struct Held {
    std::string owner;
    FileLease lease;
  };

  /// SQLite takes a journal that is damaged, cut or missing for one that ends there, without a
  /// word.
  void check_whole(StudyKey study) {
    const Sequence noted = FileLease::noted_events(lease_path(study));
    const Sequence length = log_.length(study);
    if (length >= noted) return;
    log_.leave_journal();
    throw Error(ErrorCode::store_corrupt,
                "store \"" + log_.path() + "\" is damaged: event " + std::to_string(noted) +
                    " of study " + std::to_string(study) + " was stored, but its log ends with " +
                    std::to_string(length) + "; the file \"" + log_.path() +
                    "-wal\" was changed or lost (to go on without those events, remove \"" +
                    lease_path(study) + "\")");
  }

  std::string lease_path(StudyKey study) const {
    return log_.path() + "-lease-" + std::to_string(study);
  }

  std::mutex mutex_;
  std::condition_variable news_;
  SqliteLog log_;
  std::map<StudyKey, Held> leases_;
};

Durability durability_of(const StoreUrl& url) {
  const auto option = url.options.find("durability");
  if (option == url.options.end() || option->second == "fast") return Durability::fast;
  if (option->second == "full") return Durability::full;
  throw Error(ErrorCode::invalid_argument,
              "store option durability is \"" + option->second + "\" (allowed: fast, full)");
}

}  // namespace

StorePlugin sqlite_store() {
  return {.info = {.name = "sqlite",
                   .summary = "in one SQLite file, shared by the processes of a machine",
                   .options = {{.name = "durability",
                                .type = "text",
                                .fallback = "\"fast\"",
                                .text = "fast: survives any kill of the process; full: on disk "
                                        "before tell returns, survives power loss."}}},
          .open = [](const StoreUrl& url) -> std::shared_ptr<Store> {
            if (url.place.empty() || url.place.find('\0') != std::string::npos) {
              throw Error(ErrorCode::invalid_argument, "write \"sqlite:<file>\"");
            }
            // Absolute, so that a change of the current folder moves nothing.
            const std::filesystem::path path = std::filesystem::absolute(url.place);
            return std::make_shared<SqliteStore>(path.string(), durability_of(url));
          }};
}

}  // namespace tunesmith
