#include "surrogate/numerics.hpp"

#include <string>

#include "support.hpp"
#include "support/catch.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/linear_algebra.hpp"
#include "tunesmith/instruction_set.hpp"

using namespace tunesmith;

namespace {

class Pinned {
 public:
  explicit Pinned(std::string_view name) { REQUIRE(set_instruction_set(name)); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;
  ~Pinned() { set_instruction_set(before_); }

 private:
  std::string_view before_ = instruction_set();
};

struct Results {
  Matrix likelihood;
  Matrix gradient;
  Matrix mean;
  Matrix deviation;
  Matrix pulled;
};

// Everything that a suggestion asks of the numerics, at one number of rows.
Results everything(Eigen::Index rows, Eigen::Index candidates) {
  const TrainingData data = test::random_data(rows, 5, 51);
  const Hyperparameters h = test::some_hyperparameters(5);
  Results out;
  Vector gradient;
  const double value =
      LogPosterior(data, HyperparameterPrior::standard(5))(h.to_vector(), gradient);
  out.likelihood = Matrix::Constant(1, 1, value);
  out.gradient = gradient;
  const Matrix pending = test::random_points(3, 5, 52);
  const Matrix normals = test::random_points(3, 4, 53);
  const GaussianProcess process(data, h, pending, normals);
  const Prediction p = process.predict(test::random_points(candidates, 5, 54));
  out.mean = p.mean;
  out.deviation = p.deviation;
  out.pulled = process.pull_back(p, test::random_points(candidates, 4, 55),
                                 test::random_points(candidates, 1, 56).col(0));
  return out;
}

double difference(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff() / (1 + a.cwiseAbs().maxCoeff());
}

}  // namespace

TEST_CASE("the best instruction set is in use, and only those that run here can be pinned") {
  CHECK(instruction_sets().front() == "generic");
  CHECK(instruction_set() == instruction_sets().back());
  CHECK_FALSE(set_instruction_set("AVX2"));
  CHECK_FALSE(set_instruction_set(""));
  CHECK(instruction_set() == instruction_sets().back());
  {
    const Pinned pinned("generic");
    CHECK(instruction_set() == "generic");
  }
  CHECK(instruction_set() == instruction_sets().back());
}

TEST_CASE("every instruction set agrees with the generic one") {
  // Around packets and blocks of every set, and with fewer rows than a packet has.
  for (const Eigen::Index rows : {1, 2, 5, 8, 9, 31, 64, 97, 150, 260}) {
    const auto results = [&](std::string_view name) {
      const Pinned pinned(name);
      return everything(rows, rows % 13 + 1);
    };
    const Results generic = results("generic");
    for (const std::string_view name : instruction_sets()) {
      INFO(name << ", " << rows << " rows");
      const Results got = results(name);
      CHECK(difference(generic.likelihood, got.likelihood) < 1e-11);
      CHECK(difference(generic.gradient, got.gradient) < 1e-9);
      CHECK(difference(generic.mean, got.mean) < 1e-9);
      CHECK(difference(generic.deviation, got.deviation) < 1e-9);
      CHECK(difference(generic.pulled, got.pulled) < 1e-8);
    }
  }
}

TEST_CASE("on one instruction set the bits repeat, wherever the matrices lie") {
  for (const std::string_view name : instruction_sets()) {
    INFO(name);
    const Pinned pinned(name);
    const Results first = everything(133, 21);
    for (const std::size_t shift : {std::size_t{16}, std::size_t{48}, std::size_t{1000}}) {
      // What is allocated between the runs moves what comes after it.
      const std::string between(shift, 'x');
      const Results again = everything(133, 21);
      CHECK(first.likelihood == again.likelihood);
      CHECK(first.gradient == again.gradient);
      CHECK(first.mean == again.mean);
      CHECK(first.deviation == again.deviation);
      CHECK(first.pulled == again.pulled);
    }
  }
}

TEST_CASE("the gradient of the log posterior agrees with differences on every instruction set") {
  const TrainingData data = test::random_data(61, 4, 57);
  for (const std::string_view name : instruction_sets()) {
    INFO(name);
    const Pinned pinned(name);
    LogPosterior posterior(data, HyperparameterPrior::standard(4));
    const Vector theta = test::some_hyperparameters(4).to_vector();
    Vector gradient;
    posterior(theta, gradient);
    Vector unused;
    for (Eigen::Index i = 0; i < theta.size(); ++i) {
      const Vector step = 1e-5 * Vector::Unit(theta.size(), i);
      const double slope =
          (posterior(theta + step, unused) - posterior(theta - step, unused)) / 2e-5;
      CHECK(gradient[i] == Approx(slope).epsilon(1e-6).margin(1e-6));
    }
  }
}

TEST_CASE("every instruction set tells a matrix that has no factor") {
  for (const std::string_view name : instruction_sets()) {
    INFO(name);
    const Pinned pinned(name);
    for (const Eigen::Index n : {1, 7, 40, 200}) {
      Matrix negative = Matrix::Identity(n, n);
      negative(n - 1, n - 1) = -1;
      CHECK_FALSE(cholesky_in_place(negative));
      Matrix undefined = Matrix::Identity(n, n);
      undefined(n / 2, n / 2) = std::nan("");
      CHECK_FALSE(cholesky_in_place(undefined));
    }
  }
}
