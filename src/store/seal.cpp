#include "store/seal.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace tunesmith {

Seal& Seal::add(std::uint64_t word) {
  // A rotation, an odd multiplier and a shift-xor, each invertible (the constant is that of
  // SplitMix64; Steele, Lea & Flood, 2014).
  state_ = (std::rotl(state_, 23) ^ word) * 0xbf58476d1ce4e5b9ULL;
  state_ ^= state_ >> 31U;
  return *this;
}

Seal& Seal::add(double number) {
  return add(std::isnan(number) ? std::uint64_t{0x7ff8000000000000}
                                : std::bit_cast<std::uint64_t>(number));
}

Seal& Seal::add(std::string_view text) {
  add(static_cast<std::uint64_t>(text.size()));
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    add(word);
    text.remove_prefix(sizeof word);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return text.empty() ? *this : add(rest);
}

Seal& Seal::add(const Event& event) {
  return add(static_cast<std::uint64_t>(event.kind))
      .add(event.trial)
      .add(static_cast<std::int64_t>(event.attempt))
      .add(event.resource)
      .add(event.value)
      .add(event.time)
      .add(event.metric)
      .add(event.payload);
}

}  // namespace tunesmith
