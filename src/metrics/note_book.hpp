#pragma once

#include <string>
#include <vector>

#include "tunesmith/metrics.hpp"

namespace tunesmith {

/// Keeps the first note of each kind and metric and counts the others.
class NoteBook {
 public:
  void add(const MetricNote& note);
  const std::vector<MetricNote>& notes() const { return notes_; }
  const MetricNote* find(MetricNoteKind kind, const std::string& metric) const;

 private:
  std::vector<MetricNote> notes_;
};

}  // namespace tunesmith
