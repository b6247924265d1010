// `if (reporter.report(...))` would read as its opposite.
#include "tunesmith/executor.hpp"

bool goes_on(const tunesmith::TrialReporter& reporter) {
#ifdef MUST_NOT_COMPILE
  if (reporter.report(1, {{"loss", 0.5}})) return true;
  return false;
#else
  return reporter.report(1, {{"loss", 0.5}}) == tunesmith::Decision::keep_going;
#endif
}
