#define Eigen Eigen_generic
#define TUNESMITH_INSTRUCTION_SET generic
#include "surrogate/numerics_kernels.hpp"
