#define Eigen Eigen_avx2
#define TUNESMITH_INSTRUCTION_SET avx2
#include "surrogate/numerics_kernels.hpp"
