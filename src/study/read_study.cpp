#include <algorithm>
#include <limits>

#include "study/log_reader.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith {
namespace {

constexpr Sequence page = 8192;

StudyFold read(Store& store, std::string_view name, Sequence last) {
  const OpenedStudy opened = store.open_study(name, "");
  StudyFold fold(read_stored_problem(std::string(name), opened.problem_json));
  read_log(store, opened.key, fold, last);
  return fold;
}

}  // namespace

void read_log(Store& store, StudyKey study, StudyFold& fold, Sequence last) {
  for (;;) {
    const Sequence wanted = std::min(page, last - fold.prefix());
    if (wanted <= 0) return;
    const auto events = store.events_since(study, fold.prefix(), static_cast<std::size_t>(wanted));
    for (const StoredEvent& event : events) fold.apply(event);
    if (std::ssize(events) < wanted) return;
  }
}

Problem read_stored_problem(const std::string& name, const std::string& json) {
  try {
    return problem_from_json(json);
  } catch (const Error& error) {
    throw Error(ErrorCode::store_corrupt,
                "the stored problem of study \"" + name + "\" makes no sense: " + error.what());
  }
}

StudyView read_study(Store& store, std::string_view name) {
  return read(store, name, std::numeric_limits<Sequence>::max()).snapshot();
}

StudyView read_study(Store& store, std::string_view name, Sequence prefix) {
  StudyFold fold = read(store, name, prefix);
  if (prefix < 0 || fold.prefix() < prefix) {
    throw Error(ErrorCode::invalid_argument, "the log of study \"" + std::string(name) + "\" has " +
                                                 std::to_string(fold.prefix()) + " events, not " +
                                                 std::to_string(prefix));
  }
  return fold.snapshot();
}

}  // namespace tunesmith
