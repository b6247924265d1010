#include <filesystem>
#include <fstream>
#include <limits>

#include "conformance/registered.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/simulated_executor.hpp"
#include "tunesmith/subprocess_executor.hpp"

using namespace tunesmith;

namespace {

/// conformance_trial as a program.
constexpr const char* script = R"(#!/bin/sh
while [ $# -gt 1 ]; do
  case $1 in
    --behaviour) behaviour=$2 ;;
    --levels) levels=$2 ;;
  esac
  shift 2
done
case $behaviour in
  complete)
    level=1
    while [ $level -le $levels ]; do
      awk "BEGIN { printf \"level=%d loss=%.17g\n\", $level, 1 / $level }"
      level=$((level + 1))
    done ;;
  fail) echo "level=1 loss=1"; echo "it was to fail" >&2; exit 3 ;;
  silent) ;;
  nan) echo "level=1 loss=nan" ;;
  wait) echo "level=1 loss=1"; exec sleep 1000 ;;
esac
)";

/// conformance_trial as a curve.
SimulatedCurve simulated_trial(const Configuration& configuration) {
  const std::string& behaviour = configuration.text("behaviour");
  const auto level = [](int number, double loss) {
    return SimulatedReport{.resource = static_cast<double>(number),
                           .elapsed = Seconds(number),
                           .metrics = {{"loss", loss}}};
  };
  SimulatedCurve curve;
  if (behaviour == "complete") {
    for (int number = 1; number <= configuration.integer("levels"); ++number)
      curve.reports.push_back(level(number, 1.0 / number));
  } else if (behaviour == "nan") {
    curve.reports = {level(1, std::numeric_limits<double>::quiet_NaN())};
  } else if (behaviour != "silent") {
    curve.reports = {level(1, 1)};
  }
  if (behaviour == "fail") curve.result = {.outcome = Outcome::failed, .reason = "it was to fail"};
  if (behaviour == "wait") curve.duration = Seconds(1e9);
  return curve;
}

}  // namespace

testing::Conformance check_registered_executor(const std::string& name,
                                               const std::string& options) {
  if (name == "thread_pool") {  // for hosts alone: no job file can name it
    return testing::check_executor({.make = [](int capacity) {
      return thread_pool_executor(testing::conformance_trial, {.max_parallel = capacity});
    }});
  }
  if (name == "simulated") {  // for hosts and for `tunesmith plan`
    return testing::check_executor({.make = [](int capacity) {
      return simulated_executor(simulated_trial, std::make_shared<VirtualClock>(),
                                {.workers = capacity});
    }});
  }
  const TestFolder folder;
  std::ofstream(folder / "trial") << script;
  std::filesystem::permissions(folder / "trial", std::filesystem::perms::owner_all);
  const ProcessExecutorFactory make = make_executor_factory(name, options.empty() ? "{}" : options);
  int made = 0;
  const auto executor = [&](int capacity) {
    return make({.command = {folder / "trial"},
                 .folder = folder / ("trials-" + std::to_string(made)),
                 .max_parallel = capacity,
                 .grace = Seconds(5)});
  };
  return testing::check_executor({.make =
                                      [&](int capacity) {
                                        ++made;
                                        return executor(capacity);
                                      },
                                  .again = [&] { return executor(2); }});
}
