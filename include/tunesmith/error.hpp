#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "tunesmith/export.hpp"

namespace tunesmith {

/// One thing that is wrong with a text or an option, in words that say how to mend it.
struct Mistake {
  /// JSON pointer (RFC 6901) of the guilty field, e.g. "/space/lr/min"; "" is the whole document.
  std::string path = {};
  /// What is wrong, e.g. "is 0, but a log scale needs values above 0".
  std::string what = {};
  /// What is allowed, e.g. "a number greater than 0"; may be empty.
  std::string allowed = {};

  bool operator==(const Mistake&) const = default;
};

/// "/space/lr/min: is 0, but ... (allowed: a number greater than 0)".
TUNESMITH_API std::string to_string(const Mistake& mistake);

/// Why an operation could not go on. Stable: hosts may switch on it.
enum class ErrorCode {
  invalid_argument,   ///< a value handed to a call is outside its contract
  invalid_space,      ///< a space, or a configuration that does not fit its space
  invalid_problem,    ///< objectives, metrics, constraints or budget of a study
  invalid_job,        ///< a job file
  study_mismatch,     ///< a stored study differs from the one now given
  store_unavailable,  ///< cannot be opened, read or written (path, permission, disk full)
  store_corrupt,      ///< damaged, or written by something else
  store_busy,         ///< another tuner holds the study
  executor_failed,    ///< the machinery that runs trials broke (not a trial)
};

/// "invalid_space", "store_busy", …
TUNESMITH_API const char* to_string(ErrorCode code) noexcept;

/// The only exception type of the library: bad configuration or a broken store.
/// Failed trials, exhausted spaces and spent budgets are values, not errors.
class TUNESMITH_API Error : public std::runtime_error {
 public:
  /// `words` says what went wrong and what to do about it.
  Error(ErrorCode code, const std::string& words);
  /// Several mistakes found at once; what() lists them all, one per line. Precondition: not empty.
  Error(ErrorCode code, std::vector<Mistake> mistakes);

  ErrorCode code() const noexcept { return code_; }
  /// Every mistake with its JSON path; empty where the error is about no field.
  const std::vector<Mistake>& mistakes() const noexcept { return mistakes_; }

 private:
  ErrorCode code_;
  std::vector<Mistake> mistakes_;
};

}  // namespace tunesmith
