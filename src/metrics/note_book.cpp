#include "metrics/note_book.hpp"

namespace tunesmith {

const char* to_string(MetricNoteKind kind) noexcept {
  switch (kind) {
    case MetricNoteKind::corrected:
      return "corrected";
    case MetricNoteKind::non_finite:
      return "non_finite";
    case MetricNoteKind::out_of_range:
      return "out_of_range";
    case MetricNoteKind::unparsable:
      return "unparsable";
    case MetricNoteKind::refused:
      return "refused";
  }
  return "unknown";
}

const MetricNote* NoteBook::find(MetricNoteKind kind, const std::string& metric) const {
  for (const MetricNote& note : notes_) {
    if (note.kind == kind && note.metric == metric) return &note;
  }
  return nullptr;
}

void NoteBook::add(const MetricNote& note) {
  if (const MetricNote* known = find(note.kind, note.metric)) {
    ++notes_[static_cast<std::size_t>(known - notes_.data())].count;
  } else {
    notes_.push_back(note);
  }
}

}  // namespace tunesmith
