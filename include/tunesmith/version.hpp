#pragma once

#include <string_view>

#include "tunesmith/export.hpp"

#define TUNESMITH_VERSION_MAJOR 0
#define TUNESMITH_VERSION_MINOR 1
#define TUNESMITH_VERSION_PATCH 0

namespace tunesmith {

/// The version of the linked library, e.g. "0.1.0". May differ from the macros, which are those of
/// the headers.
TUNESMITH_API std::string_view version() noexcept;

}  // namespace tunesmith
