#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace tunesmith {

/// A list whose copies have in common what neither has changed since: a tree of blocks, so that a
/// copy costs a pointer and a change to a list that was copied costs O(log n) blocks once. Reading
/// is O(log n) with a base of 64. A copy is for reading; whoever goes on changing the list that it
/// was made of calls `part` first. Not synchronised; copies may be read while the list is changed.
template <typename T>
class SharedList {
 public:
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// Precondition: index < size().
  const T& operator[](std::size_t index) const noexcept {
    const Block* block = root_.get();
    for (std::size_t shift = shift_; shift > 0; shift -= bits)
      block = static_cast<const Branch*>(block)->below[(index >> shift) & mask].get();
    return static_cast<const Leaf*>(block)->entries[index & mask];
  }

  void push_back(T entry) {
    if (root_ && size_ >> (shift_ + bits) > 0) {
      auto higher = std::make_shared<Branch>();
      higher->part = part_;
      higher->below[0] = std::move(root_);
      root_ = std::move(higher);
      shift_ += bits;
    }
    set(size_++, std::move(entry));
  }
  /// Precondition: index < size().
  void set(std::size_t index, T entry) {
    std::shared_ptr<Block>* place = &root_;
    for (std::size_t shift = shift_; shift > 0; shift -= bits)
      place = &own<Branch>(*place).below[(index >> shift) & mask];
    own<Leaf>(*place).entries[index & mask] = std::move(entry);
  }

  /// Later changes to this list leave its copies alone.
  void part() noexcept { ++part_; }

 private:
  static constexpr std::size_t bits = 6;
  static constexpr std::size_t mask = (std::size_t{1} << bits) - 1;
  struct Block {
    /// The list's own number at the time; another one: a copy may show the block. Not left to
    /// use_count(), which says nothing about readers in other threads.
    std::uint64_t part = 0;
  };
  struct Branch : Block {
    std::array<std::shared_ptr<Block>, mask + 1> below = {};
  };
  struct Leaf : Block {
    std::array<T, mask + 1> entries = {};
  };

  template <typename Kind>
  Kind& own(std::shared_ptr<Block>& block) {
    if (!block || block->part != part_) {
      auto made = block ? std::make_shared<Kind>(static_cast<const Kind&>(*block))
                        : std::make_shared<Kind>();
      made->part = part_;
      block = std::move(made);
    }
    return static_cast<Kind&>(*block);
  }

  std::shared_ptr<Block> root_;
  /// Of the index at the root; 0: the root is a leaf.
  std::size_t shift_ = 0;
  std::size_t size_ = 0;
  std::uint64_t part_ = 0;
};

}  // namespace tunesmith
