#pragma once

// Every use of Eigen goes through this header. Results must not depend on the number of threads or
// on the cache sizes that Eigen would otherwise ask the processor for (they decide its blocking,
// hence the order of its sums).
#ifndef EIGEN_DONT_PARALLELIZE
#define EIGEN_DONT_PARALLELIZE
#endif
#ifndef EIGEN_NO_CPUID
#define EIGEN_NO_CPUID
#endif

// Where a loop starts with a few single values up to an aligned address, the same matrix must
// always lie alike, whichever instruction set reads it.
#ifndef EIGEN_MAX_ALIGN_BYTES
#define EIGEN_MAX_ALIGN_BYTES 64
#endif

#include <Eigen/Dense>

namespace tunesmith {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

}  // namespace tunesmith
