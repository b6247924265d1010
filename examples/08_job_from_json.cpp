// A job file inside your own program: every mistake at once, then a tuner that is ready to run.
#include <filesystem>
#include <iostream>
#include <string>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;
namespace fs = std::filesystem;

int main() {
  const std::string with_mistakes = R"json({
    "name": "from json",
    "command": ["sh", "-c", "true"],
    "parameters": {"lr": {"type": "float", "min": 1, "max": 0.1}},
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+"}],
    "objective": {"metric": "los", "goal": "minimise"}
  })json";
  for (const ts::Mistake& mistake : ts::validate_job(with_mistakes)) {
    std::cout << mistake.path << ": " << mistake.what << "\n";
  }

  const fs::path folder = fs::temp_directory_path() / "tunesmith-example-08";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string text = R"json({
    "name": "from-json",
    "command": ["sh", "-c", "awk \"BEGIN { print \\\"loss=\\\" $2 * $2 }\"", "sh"],
    "parameters": {"x": {"type": "float", "min": 0, "max": 1, "step": 0.125}},
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
    "objective": {"metric": "loss", "goal": "minimize"},
    "strategy": "grid"
  })json";
  ts::Job job = ts::load_job(text, {.base_folder = folder.string()});
  job.executor.folder = (folder / "trials").string();
  job.max_parallel = 2;
  ts::OpenedJob opened = ts::open_job(job, ts::open_store("memory:"));
  const ts::TuningResult result = opened.tuner->run();
  std::cout << result.explanation << "; best x = "
            << ts::to_text(*result.view.trial(*result.view.best()).configuration.find("x")) << "\n";
  fs::remove_all(folder);
}
