#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "store/store_plugin.hpp"

namespace tunesmith {
namespace {

using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, Seconds>;

class MemoryStore final : public Store {
 public:
  OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, log] : logs_) {
      if (log.name == name) return {key, false, log.problem_json};
    }
    if (problem_json.empty()) {
      throw Error(ErrorCode::invalid_argument, "there is no study \"" + std::string(name) + "\"");
    }
    Log& log = logs_[++last_key_];
    log.name = name;
    log.problem_json = problem_json;
    return {last_key_, true, log.problem_json};
  }

  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    const std::deque<Event>& events = log_of(study).events;
    std::vector<StoredEvent> found;
    for (auto i = static_cast<std::size_t>(std::max<Sequence>(after, 0));
         i < events.size() && found.size() < limit; ++i) {
      found.push_back({static_cast<Sequence>(i + 1), events[i]});
    }
    return found;
  }

  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    const std::lock_guard lock(mutex_);
    Log& log = log_of(study);
    if (precondition.kind == Precondition::Kind::generation &&
        precondition.generation != log.generation) {
      return {AppendResult::Status::stale, 0, log.generation};
    }
    if (precondition.kind == Precondition::Kind::attempt_open) {
      const auto open = log.open_attempts.find(precondition.trial);
      if (open == log.open_attempts.end() || open->second != precondition.attempt) {
        return {AppendResult::Status::fenced, 0, log.generation};
      }
    }
    const auto first = static_cast<Sequence>(log.events.size() + 1);
    log.events.insert(log.events.end(), events.begin(), events.end());
    for (const Event& event : events) {
      if (moves_generation(event.kind)) ++log.generation;
      if (opens_attempt(event.kind)) log.open_attempts[event.trial] = event.attempt;
      if (event.kind == EventKind::finished) log.open_attempts.erase(event.trial);
    }
    news_.notify_all();
    return {AppendResult::Status::ok, first, log.generation};
  }

  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    const std::lock_guard lock(mutex_);
    Log& log = log_of(study);
    if (log.holder != owner && log.is_held()) return {false, log.holder};
    log.holder = owner;
    log.held_until = std::chrono::steady_clock::now() + ttl;
    return {true, log.holder};
  }

  void release(StudyKey study, std::string_view owner) override {
    const std::lock_guard lock(mutex_);
    Log& log = log_of(study);
    if (log.holder == owner) log.holder.clear();
  }

  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    std::unique_lock lock(mutex_);
    log_of(study);
    news_.wait_for(lock, timeout, [&] {
      const auto found = logs_.find(study);
      return found == logs_.end() || std::ssize(found->second.events) > after;
    });
  }

  std::vector<StudyInfo> list() override {
    const std::lock_guard lock(mutex_);
    std::vector<StudyInfo> found;
    for (const auto& [key, log] : logs_) {
      found.push_back({key, log.name, std::ssize(log.events), log.is_held() ? log.holder : ""});
    }
    return found;
  }

  void remove(StudyKey study) override {
    const std::lock_guard lock(mutex_);
    if (const Log& log = log_of(study); log.is_held()) {
      throw Error(ErrorCode::store_busy,
                  "study \"" + log.name + "\" is being tuned by " + log.holder);
    }
    logs_.erase(study);
    news_.notify_all();
  }

 private:
  struct Log {
    bool is_held() const {
      return !holder.empty() && SteadyTime(std::chrono::steady_clock::now()) < held_until;
    }

    std::string name = {};
    std::string problem_json = {};
    std::deque<Event> events = {};
    std::map<TrialId, int> open_attempts = {};
    std::int64_t generation = 0;
    std::string holder = {};
    SteadyTime held_until = {};
  };

  Log& log_of(StudyKey study) {
    const auto found = logs_.find(study);
    if (found == logs_.end()) {
      throw Error(ErrorCode::invalid_argument,
                  "there is no study with key " + std::to_string(study));
    }
    return found->second;
  }

  std::mutex mutex_;
  std::condition_variable news_;
  std::map<StudyKey, Log> logs_;
  StudyKey last_key_ = 0;
};

}  // namespace

StorePlugin memory_store() {
  return {.info = {.name = "memory", .summary = "in this process, gone with it", .options = {}},
          .open = [](const StoreUrl& url) -> std::shared_ptr<Store> {
            if (!url.place.empty()) {
              throw Error(ErrorCode::invalid_argument,
                          "store \"memory:" + url.place + R"(": write "memory:")");
            }
            return std::make_shared<MemoryStore>();
          }};
}

}  // namespace tunesmith
