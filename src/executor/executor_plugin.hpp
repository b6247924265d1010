#pragma once

#include "core/plugin_table.hpp"
#include "tunesmith/subprocess_executor.hpp"

namespace tunesmith {

/// What an executor's source file hands to the registry; executors.def names its function.
using ExecutorPlugin = Plugin<ProcessExecutorFactory>;

}  // namespace tunesmith
