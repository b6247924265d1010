#include "tunesmith/version.hpp"

#define TUNESMITH_TEXT_(x) #x
#define TUNESMITH_TEXT(x) TUNESMITH_TEXT_(x)

namespace tunesmith {

std::string_view version() noexcept {
  return TUNESMITH_TEXT(TUNESMITH_VERSION_MAJOR) "." TUNESMITH_TEXT(
      TUNESMITH_VERSION_MINOR) "." TUNESMITH_TEXT(TUNESMITH_VERSION_PATCH);
}

}  // namespace tunesmith
