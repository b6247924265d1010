#include "surrogate/numerics.hpp"

#include <atomic>

#include "tunesmith/instruction_set.hpp"

namespace tunesmith {

extern const Numerics numerics_generic;
#ifdef TUNESMITH_X86_NUMERICS
extern const Numerics numerics_avx2;
extern const Numerics numerics_avx512;
#endif

namespace {

std::vector<const Numerics*> runnable() {
  std::vector<const Numerics*> found{&numerics_generic};
#ifdef TUNESMITH_X86_NUMERICS
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2) found.push_back(&numerics_avx2);
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    found.push_back(&numerics_avx512);
#endif
  return found;
}

std::atomic<const Numerics*>& chosen() {
  static std::atomic<const Numerics*> current{available_numerics().back()};
  return current;
}

}  // namespace

const std::vector<const Numerics*>& available_numerics() {
  static const std::vector<const Numerics*> available = runnable();
  return available;
}

const Numerics& numerics() { return *chosen().load(std::memory_order_relaxed); }

std::string_view instruction_set() noexcept { return numerics().name; }

std::vector<std::string_view> instruction_sets() {
  std::vector<std::string_view> names;
  for (const Numerics* set : available_numerics()) names.emplace_back(set->name);
  return names;
}

bool set_instruction_set(std::string_view name) noexcept {
  for (const Numerics* set : available_numerics())
    if (name == set->name) {
      chosen().store(set, std::memory_order_relaxed);
      return true;
    }
  return false;
}

}  // namespace tunesmith
