#include "search/cma_es_choices.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("One update of one choice is what the equations give by hand") {
  CmaEsChoices choices({2});
  choices.update({{0}, {0}}, Vector::Constant(2, 0.5));
  // The gradient (½, −½) has norm 1 in the Fisher metric, so the first step leads to (1, 0); the
  // margin of one choice of two is 1 − 0.73.
  CHECK(choices.probabilities()[0](0) == Approx(0.73));
  CHECK(choices.probabilities()[0](1) == Approx(0.27));
}

TEST_CASE("Probabilities stay a distribution above the margin and follow what is better") {
  CmaEsChoices choices({3, 10, 2});
  for (int generation = 0; generation < 60; ++generation) {
    std::vector<std::vector<std::size_t>> members;
    for (int i = 0; i < 12; ++i) {
      RandomStream stream(1, static_cast<std::uint64_t>(generation * 12 + i), "test");
      members.push_back(choices.sample(stream));
    }
    // Better: more zeros.
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
      return std::count(a.begin(), a.end(), 0U) > std::count(b.begin(), b.end(), 0U);
    });
    Vector weights = Vector::Zero(12);
    weights.head(6).setConstant(1.0 / 6);
    choices.update(members, weights);
    for (const Vector& p : choices.probabilities()) {
      CHECK(p.sum() == Approx(1));
      CHECK(p.minCoeff() > 0.0099);  // (1 − 0.73^⅓) / 9 = 0.0110
    }
  }
  for (const Vector& p : choices.probabilities()) CHECK(p(0) > 0.85);
}

TEST_CASE("Learning counts members, with one uniform draw more") {
  CmaEsChoices choices({2});
  choices.learn({{1}, {1}, {0}, {1}});
  // (½ + 1) / 5, above the margin.
  CHECK(choices.probabilities()[0](0) == Approx(0.3));
}

TEST_CASE("Draws have the probabilities") {
  CmaEsChoices choices({2, 4});
  choices.learn({{0, 3}, {0, 3}, {1, 3}, {0, 0}, {0, 3}});
  std::vector<int> first(2, 0);
  std::vector<int> second(4, 0);
  const int draws = 8000;
  for (int i = 0; i < draws; ++i) {
    RandomStream stream(2, static_cast<std::uint64_t>(i), "test");
    const auto drawn = choices.sample(stream);
    ++first.at(drawn[0]);
    ++second.at(drawn[1]);
  }
  for (Eigen::Index k = 0; k < 2; ++k) {
    CHECK(first[static_cast<std::size_t>(k)] / double{draws} ==
          Approx(choices.probabilities()[0](k)).margin(0.02));
  }
  for (Eigen::Index k = 0; k < 4; ++k) {
    CHECK(second[static_cast<std::size_t>(k)] / double{draws} ==
          Approx(choices.probabilities()[1](k)).margin(0.02));
  }
}
