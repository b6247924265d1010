// An executor in one file: trials as processes of lower priority.
#include "executor/executor_plugin.hpp"

namespace tunesmith {
namespace {

ProcessExecutorFactory niced(std::int64_t niceness) {
  return [niceness](SubprocessOptions options) {
    options.command.insert(options.command.begin(), {"nice", "-n", std::to_string(niceness)});
    return subprocess_executor(std::move(options));
  };
}

}  // namespace

ExecutorPlugin niced_executor_plugin() {
  return {
      .info = {.name = "niced",
               .summary = "A process of this machine for each trial, of lower priority.",
               .options = {{.name = "niceness",
                            .type = "int",
                            .fallback = "10",
                            .text = "From 0 (none) to 19 (most)."}}},
      .make =
          [](ObjectReader& options) {
            return niced(options.integer("niceness", 0, 19).value_or(10));
          },
  };
}

}  // namespace tunesmith
