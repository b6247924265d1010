// Whether there is a trial is no number.
#include "tunesmith/study.hpp"

int count(tunesmith::Study& study) {
#ifdef MUST_NOT_COMPILE
  return study.ask() + 1;
#else
  return study.ask() ? 1 : 0;
#endif
}
