// A store in one file: SQLite on a disk that comes and goes. What fails is tried again; a failed
// append has appended nothing, so that it cannot happen twice.
#include <thread>

#include "store/store_plugin.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

template <typename Call>
auto patiently(const Call& call) {
  for (int tries = 1; tries < 5; ++tries) {
    try {
      return call();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::store_unavailable) throw;
    }
    std::this_thread::sleep_for(Seconds(0.1 * tries));
  }
  return call();
}

class RetryingStore final : public Store {
 public:
  explicit RetryingStore(const std::string& file) : inner_(open_store("sqlite:" + file)) {}

  OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    return patiently([&] { return inner_->open_study(name, problem_json); });
  }
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    return patiently([&] { return inner_->events_since(study, after, limit); });
  }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    return patiently([&] { return inner_->append(study, events, precondition); });
  }
  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    return patiently([&] { return inner_->lease(study, owner, ttl); });
  }
  void release(StudyKey study, std::string_view owner) override { inner_->release(study, owner); }
  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    inner_->wait(study, after, timeout);
  }
  std::vector<StudyInfo> list() override {
    return patiently([&] { return inner_->list(); });
  }
  void remove(StudyKey study) override {
    patiently([&] { inner_->remove(study); });
  }

 private:
  std::shared_ptr<Store> inner_;
};

}  // namespace

StorePlugin retrying_store() {
  return {.info = {.name = "retrying", .summary = "A SQLite file on a disk that comes and goes."},
          .open = [](const StoreUrl& url) { return std::make_shared<RetryingStore>(url.place); }};
}

}  // namespace tunesmith
