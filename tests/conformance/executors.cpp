#include <filesystem>
#include <fstream>

#include "conformance/registered.hpp"
#include "support/test_folder.hpp"
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

}  // namespace

testing::Conformance check_registered_executor(const std::string& name,
                                               const std::string& options) {
  if (name == "thread_pool") {  // for hosts alone: no job file can name it
    return testing::check_executor({.make = [](int capacity) {
      return thread_pool_executor(testing::conformance_trial, {.max_parallel = capacity});
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
