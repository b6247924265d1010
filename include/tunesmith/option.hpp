#pragma once

#include <string>
#include <vector>

namespace tunesmith {

/// One option of a strategy, store or executor as front ends show it: the job schema, CLI help and
/// Python's keyword arguments follow from these tables.
struct OptionInfo {
  std::string name = {};
  /// "int", "float", "bool" or "text".
  std::string type = {};
  /// The default as JSON text, e.g. "true", "null".
  std::string fallback = {};
  /// Meaning, unit and range, in one sentence.
  std::string text = {};
};

/// A plug-in that can be named in a job file.
struct PluginInfo {
  std::string name = {};
  std::string summary = {};
  std::vector<OptionInfo> options = {};
};

}  // namespace tunesmith
