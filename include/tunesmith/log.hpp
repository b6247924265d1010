#pragma once

#include <functional>
#include <string_view>

namespace tunesmith {

enum class LogLevel { debug, info, warning, error };

/// Where a host wants the library's messages. The library itself never prints. May be called from
/// any thread, one call at a time per object that was given the sink. An empty sink drops messages.
using LogSink = std::function<void(LogLevel level, std::string_view message)>;

}  // namespace tunesmith
