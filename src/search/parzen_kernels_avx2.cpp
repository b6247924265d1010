#define TUNESMITH_INSTRUCTION_SET avx2
#include "search/parzen_kernels_body.hpp"
