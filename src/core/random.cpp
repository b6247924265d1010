#include "core/random.hpp"

#include <cmath>
#include <limits>

namespace tunesmith {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c,
                                        std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
    k[0] += 0x9E3779B9U;
    k[1] += 0xBB67AE85U;
  }
  return c;
}

std::uint64_t hash_text(std::string_view text, std::uint64_t start) {
  std::uint64_t h = start;
  for (const char byte : text) {
    h ^= static_cast<unsigned char>(byte);
    h *= 0x100000001b3ULL;
  }
  return h;
}

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t number, std::string_view purpose)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, counter_{} {
  // Trial number and purpose share the upper counter words; the lower one counts blocks.
  const std::uint64_t tag = hash_text(purpose) ^ (number * 0x9E3779B97F4A7C15ULL);
  counter_ = {0, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(tag),
              static_cast<std::uint32_t>(tag >> 32)};
}

void RandomStream::refill() {
  block_ = philox4x32(counter_, key_);
  ++counter_[0];
  used_ = 0;
}

RandomStream::result_type RandomStream::operator()() {
  if (used_ == 4) refill();
  return block_[static_cast<std::size_t>(used_++)];
}

std::uint64_t RandomStream::next_u64() {
  const std::uint64_t low = (*this)();
  return low | (std::uint64_t{(*this)()} << 32);
}

double RandomStream::uniform() { return static_cast<double>(next_u64() >> 11) * 0x1.0p-53; }

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t reject = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    const std::uint64_t draw = next_u64();
    if (draw >= reject) return draw % bound;
  }
}

double RandomStream::normal() {
  return normal_quantile((static_cast<double>(next_u64() >> 12) + 0.5) * 0x1.0p-52);
}

double normal_quantile(double p) {
  if (p <= 0.0) return -std::numeric_limits<double>::infinity();
  if (p >= 1.0) return std::numeric_limits<double>::infinity();
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    const double num = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r +
                             6.7265770927008700853e4) *
                                r +
                            4.5921953931549871457e4) *
                               r +
                           1.3731693765509461125e4) *
                              r +
                          1.9715909503065514427e3) *
                             r +
                         1.3314166789178437745e2) *
                            r +
                        3.3871328727963666080e0);
    const double den = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r +
                             3.9307895800092710610e4) *
                                r +
                            2.1213794301586595867e4) *
                               r +
                           5.3941960214247511077e3) *
                              r +
                          6.8718700749205790830e2) *
                             r +
                         4.2313330701600911252e1) *
                            r +
                        1.0);
    return q * num / den;
  }
  double r = std::sqrt(-std::log(q < 0 ? p : 1.0 - p));
  double value = 0;
  if (r <= 5.0) {
    r -= 1.6;
    const double num = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r +
                             2.41780725177450611770e-1) *
                                r +
                            1.27045825245236838258e0) *
                               r +
                           3.64784832476320460504e0) *
                              r +
                          5.76949722146069140550e0) *
                             r +
                         4.63033784615654529590e0) *
                            r +
                        1.42343711074968357734e0);
    const double den = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r +
                             1.51986665636164571966e-2) *
                                r +
                            1.48103976427480074590e-1) *
                               r +
                           6.89767334985100004550e-1) *
                              r +
                          1.67638483018380384940e0) *
                             r +
                         2.05319162663775882187e0) *
                            r +
                        1.0);
    value = num / den;
  } else {
    r -= 5.0;
    const double num = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r +
                             1.24266094738807843860e-3) *
                                r +
                            2.65321895265761230930e-2) *
                               r +
                           2.96560571828504891230e-1) *
                              r +
                          1.78482653991729133580e0) *
                             r +
                         5.46378491116411436990e0) *
                            r +
                        6.65790464350110377720e0);
    const double den = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r +
                             1.84631831751005468180e-5) *
                                r +
                            7.86869131145613259100e-4) *
                               r +
                           1.48753612908506148525e-2) *
                              r +
                          1.36929880922735805310e-1) *
                             r +
                         5.99832206555887937690e-1) *
                            r +
                        1.0);
    value = num / den;
  }
  return q < 0 ? -value : value;
}

}  // namespace tunesmith
