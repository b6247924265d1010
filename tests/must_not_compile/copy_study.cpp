// A study is one writer's view of a log: it moves, and is never copied by accident.
#include <utility>

#include "tunesmith/study.hpp"

tunesmith::Study moved(tunesmith::Study& study) {
#ifdef MUST_NOT_COMPILE
  return study;
#else
  return std::move(study);
#endif
}
