#include "tunesmith/error.hpp"

#include <utility>

namespace tunesmith {
namespace {

std::string list(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    if (!text.empty()) text += '\n';
    text += to_string(mistake);
  }
  return text;
}

}  // namespace

std::string to_string(const Mistake& mistake) {
  std::string text = (mistake.path.empty() ? "(document)" : mistake.path) + ": " + mistake.what;
  if (!mistake.allowed.empty()) text += " (allowed: " + mistake.allowed + ")";
  return text;
}

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::invalid_space:
      return "invalid_space";
    case ErrorCode::invalid_problem:
      return "invalid_problem";
    case ErrorCode::invalid_job:
      return "invalid_job";
    case ErrorCode::study_mismatch:
      return "study_mismatch";
    case ErrorCode::store_unavailable:
      return "store_unavailable";
    case ErrorCode::store_corrupt:
      return "store_corrupt";
    case ErrorCode::store_busy:
      return "store_busy";
    case ErrorCode::executor_failed:
      return "executor_failed";
  }
  return "unknown";
}

Error::Error(ErrorCode code, const std::string& words) : std::runtime_error(words), code_(code) {}

Error::Error(ErrorCode code, std::vector<Mistake> mistakes)
    : std::runtime_error(list(mistakes)), code_(code), mistakes_(std::move(mistakes)) {}

}  // namespace tunesmith
