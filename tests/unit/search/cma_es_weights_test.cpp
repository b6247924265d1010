#include "search/cma_es_weights.hpp"

#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("The constants for ten members in ten dimensions are those of the tutorial's table") {
  const CmaEsWeights weights(10, 10);
  // w'_i = ln 5.5 − ln i.
  CHECK(weights.recombination.sum() == Approx(1));
  CHECK(weights.recombination(0) == Approx(0.45627).epsilon(1e-4));
  CHECK(weights.recombination(4) == Approx(0.02551).epsilon(1e-3));
  CHECK(weights.recombination.tail(5).isZero());
  CHECK(weights.mu_eff == Approx(3.16730).epsilon(1e-5));
  CHECK(weights.c_sigma == Approx((3.16730 + 2) / (10 + 3.16730 + 5)).epsilon(1e-5));
  CHECK(weights.d_sigma == Approx(1 + weights.c_sigma));
  CHECK(weights.c_c == Approx((4 + 0.316730) / (14 + 0.633460)).epsilon(1e-5));
  CHECK(weights.c_1 == Approx(2 / (11.3 * 11.3 + 3.16730)).epsilon(1e-5));
  CHECK(weights.c_mu == Approx(2 * (1.16730 + 1 / 3.16730) / (144 + 3.16730)).epsilon(1e-5));
}

TEST_CASE("Negative weights keep the covariance positive definite") {
  for (const int members : {4, 6, 10, 50, 1000}) {
    for (const int dimension : {1, 2, 10, 100}) {
      const CmaEsWeights weights(members, dimension);
      const double negative = -weights.covariance.cwiseMin(0).sum();
      CHECK(negative >= 0);
      // 1 − c_1 − c_mu is what is left of a direction that only bad members took.
      CHECK(1 - weights.c_1 - weights.c_mu - dimension * weights.c_mu * negative >= -1e-9);
      CHECK(weights.c_1 + weights.c_mu <= 1);
    }
  }
}

TEST_CASE("Equals share their weights, so that the order they came in decides nothing") {
  CmaEsWeights weights(4, 2);
  const CmaEsWeights untied = weights;
  weights.share({0, 0, 1, 1});
  CHECK(weights.recombination(0) == weights.recombination(1));
  CHECK(weights.recombination.sum() == Approx(1));
  CHECK(weights.covariance(2) == weights.covariance(3));
  CHECK(weights.covariance.sum() == Approx(untied.covariance.sum()));
  weights.share({0, 0, 0, 0});
  CHECK(weights.recombination.isConstant(0.25));
}
