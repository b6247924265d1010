#include <algorithm>
#include <limits>
#include <utility>

#include "study/log_reader.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith {
namespace {

constexpr Sequence page = 8192;

StudyFold read(Store& store, std::string_view name, Sequence last) {
  const OpenedStudy opened = store.open_study(name, "");
  StudyFold fold(read_stored_problem(std::string(name), opened.problem_json));
  read_log(store, opened.key, 0, last, [&](const StoredEvent& stored) { fold.apply(stored); });
  return fold;
}

}  // namespace

void read_log(Store& store, StudyKey study, Sequence after, Sequence last,
              const std::function<void(StoredEvent)>& take) {
  for (;;) {
    const Sequence wanted = std::min(page, last - after);
    if (wanted <= 0) return;
    auto events = store.events_since(study, after, static_cast<std::size_t>(wanted));
    for (StoredEvent& event : events) take(std::move(event));
    if (std::ssize(events) < wanted) return;
    after += wanted;
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
