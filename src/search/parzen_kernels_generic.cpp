#define TUNESMITH_INSTRUCTION_SET generic
#include "search/parzen_kernels_body.hpp"
