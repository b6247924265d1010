#pragma once

// What several benchmarks start from: mixed spaces, studies with a history, a folder that goes
// away.

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "tunesmith/tunesmith.hpp"

namespace bench {

/// `dimension` parameters, in turn: linear float, log float, int, categorical of four.
inline tunesmith::Space mixed_space(int dimension) {
  tunesmith::Space space;
  for (int i = 0; i < dimension; ++i) {
    const std::string name = "p" + std::to_string(i);
    switch (i % 4) {
      case 0:
        space.add_float(name, {.min = 0, .max = 1});
        break;
      case 1:
        space.add_float(name, {.min = 1e-5, .max = 0.1, .scale = tunesmith::Scale::log});
        break;
      case 2:
        space.add_int(name, {.min = 1, .max = 64});
        break;
      default:
        space.add_categorical(name, {"a", "b", "c", "d"});
    }
  }
  return space;
}

inline tunesmith::Problem mixed_problem(int dimension) {
  return {.space = mixed_space(dimension), .objectives = {{.metric = "loss"}}};
}

/// Smooth, with its minimum inside.
inline double mixed_loss(const tunesmith::Space& space, const tunesmith::Configuration& c) {
  double sum = 0;
  for (const double u : space.encode(c)) sum += (u - 0.3) * (u - 0.3);
  return sum;
}

/// Asks and tells until the study has `trials` trials.
inline void run_to(tunesmith::Study& study, std::int64_t trials) {
  study.set_budget({.max_trials = trials});
  while (const auto run = study.ask())
    study.tell(*run, mixed_loss(study.problem().space, run->configuration));
}

class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("tunesmith-bench-" + std::to_string(getpid()) + "-" + std::to_string(++made()))) {
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  static int& made() {
    static int count = 0;
    return count;
  }
  std::filesystem::path path_;
};

/// "memory", "fast" and "full": the store of a new study.
inline std::shared_ptr<tunesmith::Store> new_store(const std::string& kind,
                                                   const TemporaryFolder& folder) {
  if (kind == "memory") return tunesmith::open_store("memory:");
  return tunesmith::open_store("sqlite:" + folder.file("study.db") + "?durability=" + kind);
}

}  // namespace bench
