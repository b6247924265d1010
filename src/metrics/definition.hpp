#pragma once

#include <string>
#include <vector>

#include "tunesmith/metrics.hpp"

namespace tunesmith {

/// The pattern that finds a metric of the formats regex and key_value.
std::string pattern_of(const MetricDefinition& definition);

/// The key of a ready-made definition.
std::string key_of(const MetricDefinition& definition);

/// Every mistake of one definition with paths such as "/regex".
std::vector<Mistake> validate(const MetricDefinition& definition);

}  // namespace tunesmith
