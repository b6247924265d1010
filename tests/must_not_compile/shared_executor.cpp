// An executor belongs to its tuner.
#include <memory>
#include <utility>

#include "tunesmith/tuner.hpp"

void tune(tunesmith::Study& study, std::unique_ptr<tunesmith::TrialExecutor> executor) {
#ifdef MUST_NOT_COMPILE
  tunesmith::Tuner tuner(study, executor);
#else
  tunesmith::Tuner tuner(study, std::move(executor));
#endif
  tuner.run();
}
