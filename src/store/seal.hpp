#pragma once

#include <cstdint>
#include <string_view>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// A running 64-bit check of what a file should hold. Each step is a bijection of the state and of
/// its input, so that one changed field always changes the result; several pass unnoticed once in
/// 2^64. Against damage, not against forgers.
class Seal {
 public:
  explicit Seal(std::uint64_t start = 0x9e3779b97f4a7c15ULL) : state_(start) {}

  Seal& add(std::uint64_t word);
  Seal& add(std::int64_t number) { return add(static_cast<std::uint64_t>(number)); }
  /// All NaN are one.
  Seal& add(double number);
  Seal& add(std::string_view text);
  Seal& add(const Event& event);

  std::uint64_t value() const noexcept { return state_; }

 private:
  std::uint64_t state_;
};

}  // namespace tunesmith
