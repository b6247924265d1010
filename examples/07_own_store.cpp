// A store of your own, here on a key-value database that the host has already: a store is an
// append-only log per study, and no more. The kit at the end holds it to the contract.
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>

#include "tunesmith/testing/conformance.hpp"
#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

/// Stands for the host's database: ordered keys, one writer at a time.
struct Database {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::pair<ts::StudyKey, ts::Sequence>, ts::Event> events;
  struct Head {
    std::string name;
    std::string problem;
    ts::Sequence length = 0;
    std::int64_t generation = 0;
    std::map<ts::TrialId, int> open;
    std::string holder;
    double held_until = 0;
  };
  std::map<ts::StudyKey, Head> studies;
  ts::StudyKey last_key = 0;
};

class DatabaseStore final : public ts::Store {
 public:
  explicit DatabaseStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  ts::OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    const std::lock_guard lock(database_->mutex);
    for (const auto& [key, head] : database_->studies) {
      if (head.name == name) return {key, false, head.problem};
    }
    if (problem_json.empty()) refuse("there is no study \"" + std::string(name) + "\"");
    const ts::StudyKey key = ++database_->last_key;
    Database::Head& head = database_->studies[key];
    head.name = name;
    head.problem = problem_json;
    return {key, true, head.problem};
  }

  std::vector<ts::StoredEvent> events_since(ts::StudyKey study, ts::Sequence after,
                                            std::size_t limit) override {
    const std::lock_guard lock(database_->mutex);
    head_of(study);
    std::vector<ts::StoredEvent> found;
    for (auto it = database_->events.upper_bound({study, after});
         it != database_->events.end() && it->first.first == study && found.size() < limit; ++it) {
      found.push_back({it->first.second, it->second});
    }
    return found;
  }

  ts::AppendResult append(ts::StudyKey study, std::span<const ts::Event> events,
                          const ts::Precondition& precondition) override {
    using Status = ts::AppendResult::Status;
    const std::lock_guard lock(database_->mutex);
    Database::Head& head = head_of(study);
    if (precondition.kind == ts::Precondition::Kind::generation &&
        precondition.generation != head.generation) {
      return {Status::stale, 0, head.generation};
    }
    if (precondition.kind == ts::Precondition::Kind::attempt_open) {
      const auto open = head.open.find(precondition.trial);
      if (open == head.open.end() || open->second != precondition.attempt) {
        return {Status::fenced, 0, head.generation};
      }
    }
    const ts::Sequence first = head.length + 1;
    for (const ts::Event& event : events) {
      database_->events[{study, ++head.length}] = event;
      if (ts::moves_generation(event.kind)) ++head.generation;
      if (ts::opens_attempt(event.kind)) head.open[event.trial] = event.attempt;
      if (event.kind == ts::EventKind::finished) head.open.erase(event.trial);
    }
    database_->changed.notify_all();
    return {Status::ok, first, head.generation};
  }

  ts::LeaseResult lease(ts::StudyKey study, std::string_view owner, ts::Seconds ttl) override {
    const std::lock_guard lock(database_->mutex);
    Database::Head& head = head_of(study);
    const double now = ts::system_clock()->monotonic().count();
    if (!head.holder.empty() && head.holder != owner && now < head.held_until) {
      return {false, head.holder};
    }
    head.holder = owner;
    head.held_until = now + ttl.count();
    return {true, head.holder};
  }

  void release(ts::StudyKey study, std::string_view owner) override {
    const std::lock_guard lock(database_->mutex);
    Database::Head& head = head_of(study);
    if (head.holder == owner) head.holder.clear();
  }

  void wait(ts::StudyKey study, ts::Sequence after, ts::Seconds timeout) override {
    std::unique_lock lock(database_->mutex);
    head_of(study);
    database_->changed.wait_for(lock, timeout, [&] {
      const auto found = database_->studies.find(study);
      return found == database_->studies.end() || found->second.length > after;
    });
  }

  std::vector<ts::StudyInfo> list() override {
    const std::lock_guard lock(database_->mutex);
    std::vector<ts::StudyInfo> infos;
    for (const auto& [key, head] : database_->studies) {
      infos.push_back({key, head.name, head.length, head.holder});
    }
    return infos;
  }

  void remove(ts::StudyKey study) override {
    const std::lock_guard lock(database_->mutex);
    if (!head_of(study).holder.empty()) {
      throw ts::Error(ts::ErrorCode::store_busy, "it is tuned by " + head_of(study).holder);
    }
    std::erase_if(database_->events, [&](const auto& entry) { return entry.first.first == study; });
    database_->studies.erase(study);
  }

 private:
  [[noreturn]] static void refuse(const std::string& what) {
    throw ts::Error(ts::ErrorCode::invalid_argument, what);
  }

  Database::Head& head_of(ts::StudyKey study) {
    const auto found = database_->studies.find(study);
    if (found == database_->studies.end()) refuse("there is no study " + std::to_string(study));
    return found->second;
  }

  std::shared_ptr<Database> database_;
};

}  // namespace

int main() {
  const auto database = std::make_shared<Database>();
  for (const int trials : {10, 20}) {  // the second time it goes on where the first time ended
    ts::Space space;
    space.add_float("x", {.min = -1, .max = 1});
    ts::Study study({.problem = {.space = space, .objectives = {{.metric = "loss"}}},
                     .store = std::make_shared<DatabaseStore>(database)});
    study.set_budget({.max_trials = trials});
    while (const auto run = study.ask()) {
      const double x = run->configuration.number("x");
      study.tell(*run, x * x);
    }
    std::cout << study.view().size() << " trials in the database\n";
  }

  std::shared_ptr<Database> place;
  const auto open = [&] { return std::make_shared<DatabaseStore>(place); };
  const auto conformance = ts::testing::check_store({.make =
                                                         [&] {
                                                           place = std::make_shared<Database>();
                                                           return open();
                                                         },
                                                     .reopen = open});
  std::cout << (conformance.holds() ? "the contract is kept\n" : conformance.report());
}
