// A training script as it is: arguments in, metrics read from what it prints.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;
namespace fs = std::filesystem;

namespace {

constexpr const char* script = R"(
# train.sh --lr L --units U --epochs E
while [ $# -gt 1 ]; do eval "${1#--}=\$2"; shift 2; done
epoch=1
while [ $epoch -le $epochs ]; do
  awk "BEGIN { d = $lr - 0.1; printf \"Epoch $epoch: validation loss = %.4f\n\", d * d + 1 / ($units * $epoch) }"
  epoch=$((epoch + 1))
done
)";

}  // namespace

int main() {
  const fs::path folder = fs::temp_directory_path() / "tunesmith-example-04";
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "train.sh") << script;

  ts::Space space;
  space.add_float("lr", {.min = 0.001, .max = 1, .scale = ts::Scale::log})
      .add_int("units", {.min = 8, .max = 64, .step = 8});
  ts::Study study(
      {.name = "script",
       .problem = {.space = space,
                   .objectives = {{.metric = "loss"}},
                   .metrics = {{.name = "loss", .regex = "validation loss = ([0-9.]+)"}},
                   .resource_regex = "Epoch ([0-9]+)",
                   .seed = 3}});
  ts::Tuner tuner(study,
                  ts::subprocess_executor({.command = {"sh", "train.sh"},
                                           .folder = (folder / "trials").string(),
                                           .base_folder = folder.string(),
                                           .max_parallel = 2,
                                           .static_parameters = {{"epochs", "3"}}}),
                  {.budget = {.max_trials = 8}});
  const ts::TuningResult result = tuner.run();

  std::cout << result.explanation << "\nthe first trial reported at levels";
  for (const ts::Report& report : result.view.trial(0).reports) std::cout << " " << report.resource;
  std::cout << "\nits output is in trials/trial-0000/attempt-1.log: " << std::boolalpha
            << fs::exists(folder / "trials/trial-0000/attempt-1.log") << "\n";
  fs::remove_all(folder);
}
