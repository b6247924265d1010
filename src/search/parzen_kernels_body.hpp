#pragma once

// The functions of one instruction set. Each parzen_kernels_<set>.cpp includes this with
// TUNESMITH_INSTRUCTION_SET as the set's name; all is in an unnamed namespace, and nothing of the
// standard library's templates is called that is not always inlined, so that no function here
// shares its name with one compiled otherwise. Registers are the compilers' vector types.

#include <cstdint>

#include "search/parzen_kernels.hpp"

#define TUNESMITH_JOINED_(a, b) a##b
#define TUNESMITH_JOINED(a, b) TUNESMITH_JOINED_(a, b)

namespace tunesmith {
namespace {

#if defined(__AVX512F__)
constexpr int bytes = 64;
#elif defined(__AVX__)
constexpr int bytes = 32;
#else
constexpr int bytes = 16;
#endif
/// A register full.
using Floats = float __attribute__((vector_size(bytes)));
using Ints = std::int32_t __attribute__((vector_size(bytes)));
constexpr std::size_t lanes = bytes / sizeof(float);
static_assert(parzen_lanes % lanes == 0);

inline Floats load(const float* from) {
  Floats x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}
inline void store(Floats x, float* to) { __builtin_memcpy(to, &x, sizeof x); }
inline Floats all(float x) { return Floats{} + x; }

/// e^x for x ≤ 0, 0 below −87: 2^k·e^r, Taylor's series of e^r for |r| ≤ ln 2/2. Relative error
/// about 2e-7.
inline Floats exp_negative(Floats x) {
  constexpr float log2_e = 1.44269504F;
  constexpr float ln2_high = 0.693359375F;  // few bits: k·ln2_high is exact
  constexpr float ln2_low = -2.12194440e-4F;
  const Floats bounded = x < -87.0F ? all(-87.0F) : x;
  const Ints k = __builtin_convertvector(bounded * log2_e - 0.5F, Ints);
  const Floats whole = __builtin_convertvector(k, Floats);
  const Floats r = (bounded - whole * ln2_high) - whole * ln2_low;
  Floats p = r * (1.0F / 720) + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const Floats value = p * reinterpret_cast<Floats>((k + 127) << 23);
  return x < -87.0F ? Floats{} : value;
}

/// ln x for normal x > 0: exponent and 2·artanh of (m − 1)/(m + 1) with m in [√½, √2).
inline Floats log_positive(Floats x) {
  constexpr std::int32_t root_half = 0x3f3504f3;
  const Ints bits = reinterpret_cast<Ints>(x);
  const Ints k = (bits - root_half) >> 23;
  const Floats m = reinterpret_cast<Floats>(bits - k * (1 << 23));
  const Floats s = (m - 1.0F) / (m + 1.0F);
  const Floats q = s * s;
  const Floats series = (((q * (2.0F / 9) + 2.0F / 7) * q + 2.0F / 5) * q + 2.0F / 3) * q + 2.0F;
  return __builtin_convertvector(k, Floats) * 0.693147181F + s * series;
}

/// 1 − 1/(1 + a₁z + … + a₆z⁶)¹⁶ is erf z.
inline Floats normal_cdf(Floats x) {
  const Floats z = (x < 0.0F ? -x : x) * 0.707106781F;
  Floats p = z * 0.0000430638F + 0.0002765672F;
  p = p * z + 0.0001520143F;
  p = p * z + 0.0092705272F;
  p = p * z + 0.0422820123F;
  p = p * z + 0.0705230784F;
  p = p * z + 1.0F;
  p *= p;
  p *= p;
  p *= p;
  p *= p;
  const Floats upper = 0.5F / p;
  return x < 0.0F ? upper : 1.0F - upper;
}

/// Kernels taken together, so that what is read of them stays in the first-level cache.
constexpr std::size_t block = 256;

/// Logarithms of so many registers of kernels. Single variables: compilers keep a small array in
/// memory.
template <int count>
struct Logs : Logs<count - 1> {
  Floats last{};

  template <typename Values>
  void add(const Values& values) {
    Logs<count - 1>::add(values);
    last += values((count - 1) * lanes);
  }
  void keep(float* to) const {
    Logs<count - 1>::keep(to);
    store(last, to + (count - 1) * lanes);
  }
};
template <>
struct Logs<0> {
  template <typename Values>
  void add(const Values& /*values*/) {}
  void keep(float* /*to*/) const {}
};

/// The logarithms of the kernels from `from` on.
template <int count>
void add_terms(const float* base, std::size_t from, const ParzenTerm* terms, std::size_t size,
               const float* places, float* logs) {
  Logs<count> sums;
  sums.add([=](std::size_t k) { return load(base + from + k); });
  for (std::size_t t = 0; t < size; ++t) {
    const ParzenTerm& term = terms[t];
    if (places[t] < 0.0F) continue;
    const Floats place = all(places[t]);
    if (term.constant != nullptr) {
      const float* constant = term.constant + from;
      sums.add([=](std::size_t k) { return load(constant + k); });
    }
    if (term.scale != nullptr) {
      const float* middle = term.middle + from;
      const float* scale = term.scale + from;
      sums.add([=](std::size_t k) {
        const Floats z = (place - load(middle + k)) * load(scale + k);
        return -(z * z);
      });
    } else if (term.middle != nullptr) {
      const float* middle = term.middle + from;
      const Floats bonus = all(term.bonus);
      sums.add([=](std::size_t k) { return load(middle + k) == place ? bonus : Floats{}; });
    } else {
      const int* cell = term.cell + from;
      const float* log_mass = term.log_mass + static_cast<std::size_t>(places[t]) * term.row;
      sums.add([=](std::size_t k) {
        Floats masses{};
        for (std::size_t j = 0; j < lanes; ++j) masses[j] = log_mass[cell[k + j]];
        return masses;
      });
    }
  }
  sums.keep(logs + from % block);
}

constexpr std::size_t most_registers = 8;

/// The same of `left` registers, of no more than most_registers.
template <int count = most_registers>
void add_terms_to(std::size_t left, const float* base, std::size_t from, const ParzenTerm* terms,
                  std::size_t size, const float* places, float* logs) {
  if constexpr (count > 1) {
    if (left < count) return add_terms_to<count - 1>(left, base, from, terms, size, places, logs);
  }
  add_terms<count>(base, from, terms, size, places, logs);
}

/// Points at a time: the sums over lanes, each in its order, run side by side.
constexpr std::size_t together = 4;

/// The highest of `count` logarithms and `before`; `sums` becomes, per lane, the sum of
/// exponentials less that.
float add_exponentials(const float* logs, std::size_t count, float before, float* sums) {
  Floats tops = all(before);
  for (std::size_t k = 0; k < count; k += lanes) {
    const Floats x = load(logs + k);
    tops = x > tops ? x : tops;
  }
  float highest[lanes];
  store(tops, highest);
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t j = 0; j < half; ++j)
      highest[j] = highest[j + half] > highest[j] ? highest[j + half] : highest[j];
  const float top = highest[0];
  Floats total{};
  for (std::size_t k = 0; k < count; k += lanes) total += exp_negative(load(logs + k) - top);
  store(total, sums);
  return top;
}

void logarithms(float* numbers, std::size_t kernels) {
  for (std::size_t k = 0; k < kernels; k += lanes)
    store(log_positive(load(numbers + k)), numbers + k);
}

void line_constants(const float* middle, const float* bandwidth, std::size_t kernels, float* scale,
                    float* constant) {
  constexpr float root_half = 0.707106781F;
  constexpr float root_two_pi = 2.50662827F;
  for (std::size_t k = 0; k < kernels; k += lanes) {
    const Floats m = load(middle + k);
    const Floats given = load(bandwidth + k);
    const Ints active = given > 0.0F;
    const Floats b = active ? given : all(1.0F);
    const Floats inverse = 1.0F / b;
    const Floats inside = normal_cdf((1.0F - m) * inverse) - normal_cdf(-m * inverse);
    const Floats value = -log_positive(root_two_pi * b * inside);
    store(active ? root_half * inverse : Floats{}, scale + k);
    store(load(constant + k) + (active ? value : Floats{}), constant + k);
  }
}

void sums_of(const float* base, std::size_t kernels, const ParzenTerm* terms, std::size_t size,
             const float* places, std::size_t points, ParzenSum* sums) {
  alignas(64) float logs[block];
  for (std::size_t from = 0; from < kernels; from += block) {
    const std::size_t end = kernels - from < block ? kernels : from + block;
    for (std::size_t first = 0; first < points; first += together) {
      const std::size_t count = points - first < together ? points - first : together;
      float by_lane[together][lanes] = {};
      float total[together] = {};
      for (std::size_t p = 0; p < count; ++p) {
        ParzenSum& sum = sums[first + p];
        const float* own = places + (first + p) * size;
        for (std::size_t k = from; k < end; k += most_registers * lanes)
          add_terms_to((end - k) / lanes, base, k, terms, size, own, logs);
        const float top = add_exponentials(logs, end - from, sum.top, by_lane[p]);
        if (sum.sum > 0) total[p] = sum.sum * exp_negative(all(sum.top - top))[0];
        sum.top = top;
      }
      for (std::size_t j = 0; j < lanes; ++j)
        for (std::size_t p = 0; p < together; ++p) total[p] += by_lane[p][j];
      for (std::size_t p = 0; p < count; ++p) sums[first + p].sum = total[p];
    }
  }
}

float cdf(float x) { return normal_cdf(all(x))[0]; }

}  // namespace

extern const ParzenKernels TUNESMITH_JOINED(parzen_kernels_, TUNESMITH_INSTRUCTION_SET);
const ParzenKernels TUNESMITH_JOINED(parzen_kernels_, TUNESMITH_INSTRUCTION_SET){
    logarithms, line_constants, sums_of, cdf};

}  // namespace tunesmith
