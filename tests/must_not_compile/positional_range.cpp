// Two numbers in a row do not say which is the lower end.
#include "tunesmith/space.hpp"

void add(tunesmith::Space& space) {
#ifdef MUST_NOT_COMPILE
  space.add_float("lr", 1e-5, 1e-1);
#else
  space.add_float("lr", {.min = 1e-5, .max = 1e-1});
#endif
}
