#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tunesmith {

/// Scrambled Sobol sequence with random access: directions by Joe & Kuo ("Constructing Sobol
/// sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008), nested
/// uniform scrambling (Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995) by hashing
/// (Laine & Karras, "Stratified sampling for stochastic transparency", 2011; Burley, "Practical
/// hash-based Owen scrambling", JCGT 9, 2020).
///
/// Every run of 2^m points from a multiple of 2^m on has exactly one point in each of the 2^m equal
/// slices of every coordinate. Equal (dimension, seed, index) give equal points on every platform,
/// and the first coordinates do not depend on how many follow. Immutable after construction.
class SobolSequence {
 public:
  /// The published tables end here; coordinates beyond are independent uniform draws keyed by
  /// (seed, index).
  static constexpr std::size_t max_directions = 3667;

  SobolSequence(std::size_t dimension, std::uint64_t seed);

  std::size_t dimension() const noexcept { return dimension_; }

  /// Whether it is the sequence of these numbers.
  bool is(std::size_t dimension, std::uint64_t seed) const noexcept {
    return dimension == dimension_ && seed == seed_;
  }

  /// Point number `index`, in [0, 1)^dimension, with 53 random bits per coordinate. From index 2^32
  /// on the same sequence starts again under another scrambling. O(32 · dimension).
  std::vector<double> point(std::uint64_t index) const;

 private:
  std::size_t dimension_;
  std::size_t tabled_;
  std::uint64_t seed_;
  /// Bit k of the index switches directions_[k * tabled_ + d] for coordinate d.
  std::vector<std::uint32_t> directions_;
  std::vector<std::uint64_t> scrambles_;
};

}  // namespace tunesmith
