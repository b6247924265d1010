#pragma once

#include <string>
#include <vector>

namespace tunesmith::cli {

struct Difference {
  /// JSON pointer.
  std::string path = {};
  /// Shortened JSON text; empty where the field is absent.
  std::string before = {};
  std::string after = {};

  bool operator==(const Difference&) const = default;
};

/// Where two JSON texts differ, member by member; order of keys does not matter. Texts that are no
/// JSON have no differences.
std::vector<Difference> differences(const std::string& before, const std::string& after);

/// "/budget/max_trials: 20 -> 40".
std::string to_text(const Difference& difference);

}  // namespace tunesmith::cli
