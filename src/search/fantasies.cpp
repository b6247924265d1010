#include "search/fantasies.hpp"

namespace tunesmith {

Matrix fantasy_normals(Eigen::Index pending, Eigen::Index count, RandomStream& random) {
  Matrix normals = Matrix::Zero(pending, count);
  for (Eigen::Index j = 0; j + 1 < count; j += 2)
    for (Eigen::Index i = 0; i < pending; ++i) {
      normals(i, j) = random.normal();
      normals(i, j + 1) = -normals(i, j);
    }
  return normals;
}

}  // namespace tunesmith
