// A tuner drives one study and runs once.
#include "tunesmith/tuner.hpp"

void use(tunesmith::Tuner& tuner) {
#ifdef MUST_NOT_COMPILE
  tunesmith::Tuner second = tuner;
  second.run();
#endif
  tuner.run();
}
