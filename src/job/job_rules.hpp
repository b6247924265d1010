#pragma once

#include <memory>
#include <vector>

#include "tunesmith/job.hpp"

namespace tunesmith {

/// The job's stopping rules, made; those that forecast under its self-check, where it has one.
std::vector<std::shared_ptr<StoppingRule>> make_rules(const Job& job);

}  // namespace tunesmith
