// A scale is named, not numbered.
#include "tunesmith/space.hpp"

tunesmith::FloatOptions options() {
#ifdef MUST_NOT_COMPILE
  return {.min = 1e-5, .max = 1, .scale = 1};
#else
  return {.min = 1e-5, .max = 1, .scale = tunesmith::Scale::log};
#endif
}
