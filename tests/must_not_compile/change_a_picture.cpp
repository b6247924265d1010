// What a view shows does not change.
#include "tunesmith/trial.hpp"

double loss(const tunesmith::StudyView& view) {
#ifdef MUST_NOT_COMPILE
  view.trial(0).metrics["loss"] = 0;
#endif
  return view.trial(0).metrics.at("loss");
}
