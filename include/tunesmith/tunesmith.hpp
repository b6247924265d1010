#pragma once

/// Everything tunesmith offers. Hosts that care about compile time include the headers they use.

// IWYU pragma: begin_exports
#include "tunesmith/action.hpp"
#include "tunesmith/clock.hpp"
#include "tunesmith/configuration.hpp"
#include "tunesmith/convergence.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/health.hpp"
#include "tunesmith/instruction_set.hpp"
#include "tunesmith/job.hpp"
#include "tunesmith/log.hpp"
#include "tunesmith/metrics.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/problem.hpp"
#include "tunesmith/rungs.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/self_check.hpp"
#include "tunesmith/simulated_executor.hpp"
#include "tunesmith/space.hpp"
#include "tunesmith/stopping.hpp"
#include "tunesmith/store.hpp"
#include "tunesmith/study.hpp"
#include "tunesmith/subprocess_executor.hpp"
#include "tunesmith/trial.hpp"
#include "tunesmith/tuner.hpp"
#include "tunesmith/version.hpp"
// IWYU pragma: end_exports
