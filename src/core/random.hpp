#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tunesmith {

/// Counter-based random stream: Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011), keyed by (seed, trial number, purpose). Equal keys give equal streams on
/// every platform; nothing needs to be stored. Satisfies UniformRandomBitGenerator, but use the
/// members below: `std::` distributions differ between platforms.
class RandomStream {
 public:
  using result_type = std::uint32_t;

  /// `purpose` tells apart the streams that one trial needs, e.g. "candidates".
  RandomStream(std::uint64_t seed, std::uint64_t number, std::string_view purpose);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffffU; }
  result_type operator()();

  std::uint64_t next_u64();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in {0, …, bound − 1}, without bias. Precondition: bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Standard normal, by the inverse distribution function.
  double normal();

 private:
  void refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

/// One Philox-4x32-10 block, for the known-answer test.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// FNV-1a, 64 bit.
std::uint64_t hash_text(std::string_view text, std::uint64_t start = 0xcbf29ce484222325ULL);

/// Quantile of the standard normal for p in (0, 1); ±infinity at 0 and 1. Relative error about
/// 1e-16 (Wichura, algorithm AS 241, Applied Statistics 37, 1988).
double normal_quantile(double p);

}  // namespace tunesmith
