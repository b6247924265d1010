#include "search/parzen_kernels.hpp"

#include "tunesmith/instruction_set.hpp"

namespace tunesmith {

extern const ParzenKernels parzen_kernels_generic;
#ifdef TUNESMITH_X86_NUMERICS
extern const ParzenKernels parzen_kernels_avx2;
extern const ParzenKernels parzen_kernels_avx512;
#endif

const ParzenKernels& parzen_kernels() {
#ifdef TUNESMITH_X86_NUMERICS
  if (instruction_set() == "avx512") return parzen_kernels_avx512;
  if (instruction_set() == "avx2") return parzen_kernels_avx2;
#endif
  return parzen_kernels_generic;
}

}  // namespace tunesmith
