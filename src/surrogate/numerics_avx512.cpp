#define Eigen Eigen_avx512
#define TUNESMITH_INSTRUCTION_SET avx512
#include "surrogate/numerics_kernels.hpp"
