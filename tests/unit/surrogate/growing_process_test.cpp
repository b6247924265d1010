#include "surrogate/growing_process.hpp"

#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

struct Setting {
  TrainingData data = test::random_data(25, 3, 31);
  Hyperparameters hyperparameters = test::some_hyperparameters(3);
  Matrix places = test::random_points(9, 3, 32);
  /// More than room is made for at a time.
  Matrix pending = test::random_points(90, 3, 33);
  Matrix normals = test::random_points(90, 4, 34).array() - 0.5;

  GrowingProcess grown(Eigen::Index rows) const {
    GrowingProcess process(GaussianProcess(data, hyperparameters), places, normals.cols());
    for (Eigen::Index i = 0; i < rows; ++i)
      process.append(pending.row(i), normals.row(i).transpose());
    return process;
  }
};

double difference(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("rows that join one at a time tell what they tell together") {
  Setting setting;
  setting.data.extra_noise = Vector::LinSpaced(25, 0, 0.5);
  for (const Eigen::Index rows : {0, 1, 39, 40, 90}) {
    const GaussianProcess together(setting.data, setting.hyperparameters,
                                   setting.pending.topRows(rows), setting.normals.topRows(rows));
    const GrowingProcess grown = setting.grown(rows);
    CHECK(difference(grown.fitted_means(0, 4), together.fitted_means()) < 1e-9);
    const Prediction expected = together.predict(setting.places);
    CHECK(difference(grown.means(), expected.mean) < 1e-9);
    CHECK(difference(grown.deviations(), expected.deviation) < 1e-9);

    const GaussianProcess some = grown.process(1, 2);
    const Matrix elsewhere = test::random_points(5, 3, 35);
    const Prediction wanted = together.predict(elsewhere);
    const Prediction got = some.predict(elsewhere);
    CHECK(difference(got.mean, wanted.mean.middleCols(1, 2)) < 1e-9);
    CHECK(difference(got.deviation, wanted.deviation) < 1e-9);
    const Matrix by_mean = test::random_points(5, 2, 36);
    const Vector by_deviation = test::random_points(5, 1, 37).col(0);
    Matrix by_all_means = Matrix::Zero(5, 4);
    by_all_means.middleCols(1, 2) = by_mean;
    CHECK(difference(some.pull_back(got, by_mean, by_deviation),
                     together.pull_back(wanted, by_all_means, by_deviation)) < 1e-7);
  }
}

TEST_CASE("a row that is pending already changes nothing much, and breaks nothing") {
  Setting setting;
  setting.hyperparameters.log_noise = std::log(1e-9);
  for (Eigen::Index i = 0; i < 90; ++i) setting.pending.row(i) = setting.data.x.row(3);
  const GrowingProcess grown = setting.grown(90);
  const GaussianProcess process(setting.data, setting.hyperparameters);
  CHECK(grown.means().allFinite());
  CHECK(difference(grown.deviations(), process.predict(setting.places).deviation) < 1e-3);
}

TEST_CASE("what has grown has the same bits as what grew at once") {
  const Setting setting;
  GrowingProcess grown = setting.grown(30);
  for (Eigen::Index i = 30; i < 70; ++i)
    grown.append(setting.pending.row(i), setting.normals.row(i).transpose());
  const GrowingProcess again = setting.grown(70);
  CHECK(grown.means() == again.means());
  CHECK(grown.deviations() == again.deviations());
  CHECK(grown.fitted_means(0, 4) == again.fitted_means(0, 4));
  const Matrix elsewhere = test::random_points(5, 3, 35);
  CHECK(grown.process(0, 4).predict(elsewhere).mean == again.process(0, 4).predict(elsewhere).mean);
}
