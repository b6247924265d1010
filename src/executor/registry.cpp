#include "executor/executor_plugin.hpp"

namespace tunesmith {

#define TUNESMITH_EXECUTOR(name) ExecutorPlugin name##_executor_plugin();
#include "executor/executors.def"
#undef TUNESMITH_EXECUTOR

namespace {

const PluginTable<ProcessExecutorFactory>& table() {
  static const PluginTable<ProcessExecutorFactory> executors("executor", {
#define TUNESMITH_EXECUTOR(name) name##_executor_plugin(),
#include "executor/executors.def"
#undef TUNESMITH_EXECUTOR
                                                                         });
  return executors;
}

}  // namespace

const std::vector<PluginInfo>& executors() { return table().infos(); }

ProcessExecutorFactory make_executor_factory(std::string_view name, std::string_view options_json) {
  return table().make(name, options_json);
}

}  // namespace tunesmith
