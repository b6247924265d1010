#define TUNESMITH_INSTRUCTION_SET avx512
#include "search/parzen_kernels_body.hpp"
