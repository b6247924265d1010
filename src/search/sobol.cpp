#include "search/sobol.hpp"

#include <algorithm>
#include <bit>
#include <boost/random/sobol.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "core/random.hpp"
#include "search/point_sequence.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

constexpr unsigned direction_bits = 32;

/// Finaliser of SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014).
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint32_t reverse_bits(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555U) | ((x & 0x55555555U) << 1);
  x = ((x >> 2) & 0x33333333U) | ((x & 0x33333333U) << 2);
  x = ((x >> 4) & 0x0f0f0f0fU) | ((x & 0x0f0f0f0fU) << 4);
  x = ((x >> 8) & 0x00ff00ffU) | ((x & 0x00ff00ffU) << 8);
  return (x >> 16) | (x << 16);
}

/// Flips each bit of `x` by a hash of the bits above it. On the reversed word every step lets a bit
/// depend on lower ones alone; the constants are Vegdahl's ("Building a better LK hash", 2021).
std::uint32_t scramble(std::uint32_t x, std::uint32_t seed) {
  x = reverse_bits(x);
  x ^= x * 0x3d20adeaU;
  x += seed;
  x *= (seed >> 16) | 1U;
  x ^= x * 0x05526c56U;
  x ^= x * 0x53a22864U;
  return reverse_bits(x);
}

}  // namespace

SobolSequence::SobolSequence(std::size_t dimension, std::uint64_t seed)
    : dimension_(dimension), tabled_(std::min(dimension, max_directions)), seed_(seed) {
  if (tabled_ == 0) return;
  boost::random::sobol_engine<std::uint32_t, direction_bits> engine(tabled_);
  directions_.reserve(direction_bits * tabled_);
  for (unsigned bit = 0; bit < direction_bits; ++bit) {
    // The engine numbers points by Gray code and leaves out point 0: its point 2^(bit+1) − 1 is
    // direction `bit` alone.
    engine.seed(static_cast<std::uint32_t>((std::uint64_t{2} << bit) - 2));
    for (std::size_t d = 0; d < tabled_; ++d) directions_.push_back(engine());
  }
  scrambles_.reserve(tabled_);
  for (std::size_t d = 0; d < tabled_; ++d) {
    scrambles_.push_back(RandomStream(seed, d, "sobol scramble").next_u64());
  }
}

std::vector<double> SobolSequence::point(std::uint64_t index) const {
  std::vector<double> result(dimension_);
  const std::uint64_t round = mix(index >> direction_bits);  // mix(0) is 0
  std::vector<std::uint32_t> words(tabled_);
  for (auto rest = static_cast<std::uint32_t>(index); rest != 0; rest &= rest - 1) {
    const std::uint32_t* row =
        directions_.data() + static_cast<std::size_t>(std::countr_zero(rest)) * tabled_;
    for (std::size_t d = 0; d < tabled_; ++d) words[d] ^= row[d];
  }
  for (std::size_t d = 0; d < tabled_; ++d) {
    const std::uint64_t key = scrambles_[d] ^ round;
    const std::uint32_t word = scramble(words[d], static_cast<std::uint32_t>(key));
    // The tables hold 32 bits; the 21 below them are a hash of those above, as the scrambling would
    // have it.
    const std::uint64_t low = mix(key + 0x9e3779b97f4a7c15ULL * (std::uint64_t{word} + 1)) >> 43;
    result[d] = static_cast<double>((std::uint64_t{word} << 21) | low) * 0x1.0p-53;
  }
  if (dimension_ > tabled_) {
    RandomStream stream(seed_, index, "sobol beyond tables");
    for (std::size_t d = tabled_; d < dimension_; ++d) result[d] = stream.uniform();
  }
  return result;
}

namespace {

class SobolSearch final : public SearchStrategy {
 public:
  std::string name() const override { return "sobol"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    // Studies that share the strategy share what it keeps.
    const std::lock_guard lock(mutex_);
    const Problem& problem = view.problem();
    // Its tables cost more than many points.
    if (!points_ || !points_->is(problem.space.dimension(), problem.seed))
      points_ = std::make_unique<SobolSequence>(problem.space.dimension(), problem.seed);
    return sequence_.suggest(view, count,
                             [&](std::uint64_t index) { return points_->point(index); });
  }

 private:
  std::mutex mutex_;
  PointSequence sequence_;
  std::unique_ptr<SobolSequence> points_;
};

}  // namespace

std::shared_ptr<SearchStrategy> sobol_search() { return std::make_shared<SobolSearch>(); }

StrategyPlugin sobol_strategy() {
  return {
      .info = {.name = "sobol",
               .summary = "Scrambled Sobol points, which cover the space more evenly than "
                          "independent draws."},
      .make = [](ObjectReader&) { return sobol_search(); },
  };
}

}  // namespace tunesmith
