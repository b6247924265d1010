#pragma once

// The functions of one instruction set. Each parzen_kernels_<set>.cpp includes this with
// TUNESMITH_INSTRUCTION_SET as the set's name; all is in an unnamed namespace, and nothing of the
// standard library's templates is called that is not always inlined, so that no function here
// shares its name with one compiled otherwise. The loops are written for the compiler to make
// vector code of.

#include <cstdint>

#include "search/parzen_kernels.hpp"

#define TUNESMITH_JOINED_(a, b) a##b
#define TUNESMITH_JOINED(a, b) TUNESMITH_JOINED_(a, b)

namespace tunesmith {
namespace {

inline float as_float(std::int32_t bits) { return __builtin_bit_cast(float, bits); }
inline std::int32_t as_bits(float x) { return __builtin_bit_cast(std::int32_t, x); }

/// e^x for x ≤ 0 (0 below −87): 2^k·e^r, Taylor's series of e^r for |r| ≤ ln 2/2. Relative error
/// about 2e-7. No branches and no tables, so that loops over it become vector code.
inline float exp_negative(float x) {
  constexpr float log2_e = 1.44269504F;
  constexpr float ln2_high = 0.693359375F;  // few bits: k·ln2_high is exact
  constexpr float ln2_low = -2.12194440e-4F;
  const float bounded = x < -87.0F ? -87.0F : x;
  const auto k = static_cast<std::int32_t>(bounded * log2_e - 0.5F);
  const auto whole = static_cast<float>(k);
  const float r = (bounded - whole * ln2_high) - whole * ln2_low;
  float p = 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const float power = as_float((k + 127) << 23);
  return x < -87.0F ? 0.0F : p * power;
}

/// ln x for normal x > 0: exponent and 2·artanh of (m − 1)/(m + 1) with m in [√½, √2).
inline float log_positive(float x) {
  constexpr std::int32_t root_half = 0x3f3504f3;
  const auto bits = as_bits(x);
  const std::int32_t k = (bits - root_half) >> 23;
  const float m = as_float(bits - k * (1 << 23));
  const float s = (m - 1) / (m + 1);
  const float q = s * s;
  const float series = ((((2.0F / 9) * q + 2.0F / 7) * q + 2.0F / 5) * q + 2.0F / 3) * q + 2;
  return static_cast<float>(k) * 0.693147181F + s * series;
}

inline float normal_cdf(float x) {
  const float z = (x < 0 ? -x : x) * 0.707106781F;
  const float t = 1 / (1 + 0.3275911F * z);
  const float p =
      t * (0.254829592F +
           t * (-0.284496736F + t * (1.421413741F + t * (-1.453152027F + t * 1.061405429F))));
  const float upper = 0.5F * p * exp_negative(-z * z);
  return x < 0 ? upper : 1 - upper;
}

/// Kernels taken together, so that what is read of them stays in the first-level cache.
constexpr std::size_t block = 256;

void add_term(const ParzenTerm& term, std::size_t from, std::size_t count, float* sums) {
  if (term.constant != nullptr) {
    const float* constant = term.constant + from;
    for (std::size_t k = 0; k < count; ++k) sums[k] += constant[k];
  }
  if (term.cell != nullptr) {
    const int* cell = term.cell + from;
    const float* log_mass = term.log_mass;
    for (std::size_t k = 0; k < count; ++k) sums[k] += log_mass[cell[k]];
    return;
  }
  if (term.middle == nullptr) return;
  const float* middle = term.middle + from;
  const float place = term.place;
  if (term.scale == nullptr) {
    const float bonus = term.bonus;
    for (std::size_t k = 0; k < count; ++k) sums[k] += middle[k] == place ? bonus : 0.0F;
    return;
  }
  const float* scale = term.scale + from;
  for (std::size_t k = 0; k < count; ++k) {
    const float z = (place - middle[k]) * scale[k];
    sums[k] -= z * z;
  }
}

void add_block(const float* logs, std::size_t count, ParzenSum& total) {
  float tops[parzen_lanes];
  for (std::size_t j = 0; j < parzen_lanes; ++j) tops[j] = logs[j];
  for (std::size_t k = parzen_lanes; k < count; k += parzen_lanes)
    for (std::size_t j = 0; j < parzen_lanes; ++j)
      tops[j] = logs[k + j] > tops[j] ? logs[k + j] : tops[j];
  float top = total.top;
  for (const float lane : tops) top = lane > top ? lane : top;
  float sums[parzen_lanes] = {};
  for (std::size_t k = 0; k < count; k += parzen_lanes)
    for (std::size_t j = 0; j < parzen_lanes; ++j) sums[j] += exp_negative(logs[k + j] - top);
  float sum = total.sum * exp_negative(total.top - top);
  for (const float lane : sums) sum += lane;
  total = {top, sum};
}

void line_constants(const float* middle, const float* bandwidth, std::size_t kernels, float* scale,
                    float* constant) {
  constexpr float root_half = 0.707106781F;
  constexpr float root_two_pi = 2.50662827F;
  for (std::size_t k = 0; k < kernels; ++k) {
    const bool active = bandwidth[k] > 0;
    const float b = active ? bandwidth[k] : 1.0F;
    const float inverse = 1 / b;
    const float inside =
        normal_cdf((1 - middle[k]) * inverse) - normal_cdf((0 - middle[k]) * inverse);
    const float value = -log_positive(root_two_pi * b * inside);
    scale[k] = active ? root_half * inverse : 0.0F;
    constant[k] = active ? value : 0.0F;
  }
}

void sums_of(const float* base, std::size_t kernels, const ParzenTerm* all_terms, std::size_t terms,
             std::size_t points, ParzenSum* sums) {
  alignas(64) float logs[block];
  for (std::size_t from = 0; from < kernels; from += block) {
    const std::size_t count = kernels - from < block ? kernels - from : block;
    for (std::size_t p = 0; p < points; ++p) {
      for (std::size_t k = 0; k < count; ++k) logs[k] = base[from + k];
      for (std::size_t t = 0; t < terms; ++t) add_term(all_terms[p * terms + t], from, count, logs);
      add_block(logs, count, sums[p]);
    }
  }
}

}  // namespace

extern const ParzenKernels TUNESMITH_JOINED(parzen_kernels_, TUNESMITH_INSTRUCTION_SET);
const ParzenKernels TUNESMITH_JOINED(parzen_kernels_, TUNESMITH_INSTRUCTION_SET){
    line_constants, sums_of, normal_cdf};

}  // namespace tunesmith
