#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Trials by id, in chunks that copies of the list have in common, so that a picture of a study
/// costs little even where it has many trials. Whoever goes on changing a list that was copied
/// calls `part` first. Not synchronised.
class TrialList {
 public:
  using Entry = std::shared_ptr<const Trial>;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// Precondition: index < size().
  const Entry& operator[](std::size_t index) const {
    return (*chunks_[index / chunk_size])[index % chunk_size];
  }

  void push_back(Entry entry) {
    if (size_ % chunk_size == 0) {
      chunks_.push_back(std::make_shared<Chunk>());
      own_.push_back(true);
    }
    set(size_++, std::move(entry));
  }
  /// Precondition: index < size().
  void set(std::size_t index, Entry entry) {
    const std::size_t chunk = index / chunk_size;
    if (!own_[chunk]) {
      chunks_[chunk] = std::make_shared<Chunk>(*chunks_[chunk]);
      own_[chunk] = true;
    }
    (*chunks_[chunk])[index % chunk_size] = std::move(entry);
  }

  /// Later changes to this list leave its copies alone.
  void part() { own_.assign(chunks_.size(), false); }

 private:
  static constexpr std::size_t chunk_size = 64;
  using Chunk = std::array<Entry, chunk_size>;

  std::vector<std::shared_ptr<Chunk>> chunks_;
  /// Chunks that no copy shows. Not left to use_count(), which says nothing about readers in other
  /// threads.
  std::vector<bool> own_;
  std::size_t size_ = 0;
};

}  // namespace tunesmith
