// A long-running service that keeps several studies in one store and serves many clients at once.
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;
namespace fs = std::filesystem;

namespace {

/// What stands behind the routes of a server. Every member may be called from any thread.
class TuningService {
 public:
  explicit TuningService(const std::string& url) : store_(ts::open_store(url)) {
    for (const ts::StudyInfo& info : store_->list()) {  // those of the last time the service ran
      ts::Study& study = open(info.name, ts::read_study(*store_, info.name).problem());
      for (const ts::TrialRun& run : study.open_runs())
        study.fail(run, "the service was restarted");
    }
  }

  ts::Study& open(const std::string& name, const ts::Problem& problem) {
    const std::lock_guard lock(mutex_);
    auto& study = studies_[name];
    if (!study) {
      study = std::make_unique<ts::Study>(
          ts::StudyOptions{.name = name, .problem = problem, .store = store_});
    }
    return *study;
  }

  /// Studies are thread-safe: only finding one needs the lock.
  ts::Asked suggest(const std::string& name) { return find(name).ask(); }
  void complete(const std::string& name, const ts::TrialRun& run, double loss) {
    find(name).tell(run, loss);
  }

  void summary() {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, study] : studies_) {
      const ts::StudyView view = study->view();
      std::cout << name << ": " << view.size() << " trials, " << view.count(ts::TrialState::failed)
                << " failed\n";
    }
  }

 private:
  ts::Study& find(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return *studies_.at(name);
  }

  std::shared_ptr<ts::Store> store_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<ts::Study>> studies_;
};

ts::Problem problem(std::uint64_t seed) {
  ts::Problem made;
  made.space.add_float("x", {.min = 0, .max = 1});
  made.objectives = {{.metric = "loss"}};
  made.seed = seed;
  return made;
}

void serve(const std::string& url, int trials_per_client) {
  TuningService service(url);
  std::vector<std::thread> clients;
  for (std::uint64_t tenant = 0; tenant < 3; ++tenant) {
    const std::string name = "tenant-" + std::to_string(tenant);
    service.open(name, problem(tenant));
    for (int client = 0; client < 2; ++client) {
      clients.emplace_back([&service, name, trials_per_client] {
        for (int i = 0; i < trials_per_client; ++i) {
          const ts::Asked run = service.suggest(name);
          if (!run) return;
          const double x = run->configuration.number("x");
          service.complete(name, *run, x * x);
        }
      });
    }
  }
  for (std::thread& client : clients) client.join();
  service.suggest("tenant-1");  // the service goes down while this one is out
  service.summary();
}

}  // namespace

int main() {
  const fs::path folder = fs::temp_directory_path() / "tunesmith-example-10";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string url = "sqlite:" + (folder / "service.db").string();
  serve(url, 8);
  std::cout << "restarted\n";
  serve(url, 4);
  fs::remove_all(folder);
}
