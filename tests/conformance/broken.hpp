#pragma once

#include <algorithm>
#include <string>

#include "support/catch.hpp"
#include "tunesmith/testing/conformance.hpp"

/// Whether the kit saw that promise broken.
inline bool caught(const tunesmith::testing::Conformance& result, const std::string& check) {
  return std::any_of(
      result.broken.begin(), result.broken.end(),
      [&](const tunesmith::testing::BrokenPromise& promise) { return promise.check == check; });
}
