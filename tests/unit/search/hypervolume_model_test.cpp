#include "search/hypervolume_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "surrogate/hypervolume.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

Space cube(int dimension) {
  Space space;
  for (int i = 0; i < dimension; ++i)
    space.add_float("x" + std::to_string(i), {.min = 0, .max = 1, .scale = Scale::linear});
  return space;
}

/// Minus the squared distances to the first corners of the cube: the front is their hull.
std::vector<double> closeness(const Point& point, int objectives) {
  std::vector<double> values;
  for (int k = 0; k < objectives; ++k) {
    Point corner = Point::Zero(point.size());
    if (k > 0) corner[k - 1] = 1;
    values.push_back(-(point - corner).squaredNorm());
  }
  return values;
}

TrialHistory spread(int dimension, int objectives, int trials) {
  TrialHistory history;
  RandomStream random(31, 0, "points");
  for (int i = 0; i < trials; ++i) {
    Point point(dimension);
    for (double& u : point) u = random.uniform();
    history.ended.push_back({.point = point, .objectives = closeness(point, objectives)});
  }
  return history;
}

Matrix as_rows(const std::vector<Point>& points) {
  Matrix rows(static_cast<Eigen::Index>(points.size()), points.front().size());
  for (std::size_t i = 0; i < points.size(); ++i)
    rows.row(static_cast<Eigen::Index>(i)) = points[i].transpose();
  return rows;
}

void check_gradient(const std::function<Vector(const Matrix&, Matrix*)>& acquisition,
                    const Matrix& points) {
  Matrix gradient;
  const Vector value = acquisition(points, &gradient);
  CHECK(value.allFinite());
  const double step = 1e-6;
  for (Eigen::Index k = 0; k < points.cols(); ++k) {
    Matrix above = points;
    Matrix below = points;
    above.col(k).array() += step;
    below.col(k).array() -= step;
    const Vector slope = (acquisition(above, nullptr) - acquisition(below, nullptr)) / (2 * step);
    for (Eigen::Index i = 0; i < points.rows(); ++i)
      CHECK(gradient(i, k) == Approx(slope[i]).epsilon(1e-3).margin(1e-3));
  }
}

}  // namespace

TEST_CASE("two to four objectives are joined by hypervolume") {
  CHECK_FALSE(HypervolumeModel::handles(1));
  CHECK(HypervolumeModel::handles(2));
  CHECK(HypervolumeModel::handles(4));
  CHECK_FALSE(HypervolumeModel::handles(5));
}

TEST_CASE("the acquisition's gradient agrees with central differences") {
  for (const int objectives : {2, 3, 4}) {
    CAPTURE(objectives);
    const Space space = cube(3);
    const FeatureEncoding encoding(space);
    TrialHistory history = spread(3, objectives, 14);
    history.ended[3].failed = true;
    const HypervolumeModel model(encoding, history, "", 5, 14);
    REQUIRE(model.is_informative());
    const std::vector<Point> pending = {Point::Constant(3, 0.35), Point::Constant(3, 0.6)};
    const std::vector<Point> probes = {Point{{0.2, 0.3, 0.4}}, Point{{0.7, 0.1, 0.9}}};
    check_gradient(model.acquisition(pending, 14), encoding.features(probes));
  }
}

TEST_CASE("what is pending is not worth another look") {
  for (const int objectives : {2, 3}) {
    CAPTURE(objectives);
    const Space space = cube(2);
    const FeatureEncoding encoding(space);
    const HypervolumeModel model(encoding, spread(2, objectives, 6), "", 5, 15);
    std::vector<Point> probes;
    for (const Observation& seen : spread(2, objectives, 100).ended) probes.push_back(seen.point);
    const auto values = [&](const std::vector<Point>& pending) {
      return model.acquisition(pending, 15)(encoding.features(probes), nullptr);
    };
    Eigen::Index best = 0;
    const double alone = values({}).maxCoeff(&best);
    const Vector after = values({probes[static_cast<std::size_t>(best)]});
    CHECK(after[best] < alone - 2);
    CHECK(after[best] < after.maxCoeff() - 1);
  }
}

TEST_CASE("a fitted state is read again, and another's text is passed over") {
  const Space space = cube(2);
  const FeatureEncoding encoding(space);
  TrialHistory history = spread(2, 3, 12);
  history.ended.back().failed = true;
  const std::string state = HypervolumeModel(encoding, history, "", 5, 12).state();
  CHECK(std::count(state.begin(), state.end(), '|') == 3);
  for (const Observation& seen : spread(2, 3, 101).ended) history.ended.push_back(seen);
  const HypervolumeModel warm(encoding, history, state, 5, 12);
  // Some hundred rows are fitted again only once they have grown by a share.
  const std::string after = warm.state();
  history.ended.pop_back();
  CHECK(HypervolumeModel(encoding, history, after, 5, 12).state() == after);
  CHECK(HypervolumeModel(encoding, history, "no state|gp1 x", 5, 12).is_informative());
}

TEST_CASE("an objective that never differs does not count") {
  const Space space = cube(2);
  const FeatureEncoding encoding(space);
  TrialHistory history = spread(2, 2, 12);
  TrialHistory flat = history;
  for (Observation& seen : flat.ended) seen.objectives.insert(seen.objectives.begin(), 7.0);
  const Matrix probe = encoding.features({Point{{0.3, 0.8}}});
  CHECK(HypervolumeModel(encoding, flat, "", 5, 12).acquisition({}, 12)(probe, nullptr)[0] ==
        HypervolumeModel(encoding, history, "", 5, 12).acquisition({}, 12)(probe, nullptr)[0]);
  for (Observation& seen : history.ended) seen.objectives = {1, 2};
  CHECK_FALSE(HypervolumeModel(encoding, history, "", 5, 12).is_informative());
}

TEST_CASE("without a feasible trial the bounds alone are sought") {
  const Space space = cube(1);
  const FeatureEncoding encoding(space);
  TrialHistory history;
  for (const double u : {0.1, 0.2, 0.3, 0.4, 0.5})
    history.ended.push_back(
        {.point = Point::Constant(1, u), .objectives = {u, -u}, .slacks = {u - 0.8}});
  const HypervolumeModel model(encoding, history, "", 5, 5);
  const Vector value = model.acquisition({}, 5)(
      encoding.features({Point::Constant(1, 0.05), Point::Constant(1, 0.75)}), nullptr);
  CHECK(value[1] > value[0] + 1);
  CHECK(model.incumbents().empty());
}

TEST_CASE("incumbents are of the front") {
  const Space space = cube(2);
  const FeatureEncoding encoding(space);
  TrialHistory history;
  for (const double u : {0.2, 0.5, 0.8}) {
    history.ended.push_back({.point = Point{{u, 0.0}}, .objectives = {u, 1 - u}});
    history.ended.push_back({.point = Point{{u, 1.0}}, .objectives = {u - 0.9, 0.1 - u}});
  }
  const std::vector<Point> incumbents = HypervolumeModel(encoding, history, "", 5, 6).incumbents();
  REQUIRE(incumbents.size() == 3);
  CHECK(as_rows(incumbents).col(1).isZero());
}

TEST_CASE("any size of value, ties and long histories are digested") {
  const Space space = cube(2);
  const FeatureEncoding encoding(space);
  TrialHistory history = spread(2, 3, 20);
  history.ended[2].objectives = {1e300, -1e300, 0};
  history.ended[3].objectives = history.ended[4].objectives;
  history.ended[5].failed = true;
  history.ended[5].objectives.assign(3, std::numeric_limits<double>::quiet_NaN());
  const Matrix probe = encoding.features({Point{{0.3, 0.8}}, Point{{0.0, 1.0}}});
  CHECK(HypervolumeModel(encoding, history, "", 5, 20)
            .acquisition({}, 20)(probe, nullptr)
            .allFinite());
  const std::string state = HypervolumeModel(encoding, spread(2, 3, 40), "", 5, 40).state();
  CHECK(HypervolumeModel(encoding, spread(2, 3, 700), state, 5, 700)
            .acquisition({}, 700)(probe, nullptr)
            .allFinite());
}

TEST_CASE("a front of two and of three objectives is filled within 30 trials, in batches too") {
  for (const int objectives : {2, 3})
    for (const int batch : {1, 4}) {
      CAPTURE(objectives, batch);
      const Space space = cube(3);
      Problem problem = test::problem_of(space);
      problem.objectives.clear();
      for (int k = 0; k < objectives; ++k)
        problem.objectives.push_back({.metric = "f" + std::to_string(k), .goal = Goal::maximize});
      ViewBuilder study(problem);
      Matrix seen(32, objectives);
      for (Eigen::Index done = 0; done < 32;) {
        std::vector<TrialId> ids;
        for (const Suggestion& s : bayesian_search()->suggest(study.view(), batch))
          ids.push_back(study.add(s));
        REQUIRE(ids.size() == static_cast<std::size_t>(batch));
        for (const TrialId id : ids) {
          const std::vector<double> u =
              space.encode(study.trials()[static_cast<std::size_t>(id)].configuration);
          const std::vector<double> values =
              closeness(Eigen::Map<const Vector>(u.data(), 3), objectives);
          Metrics& metrics = study.end(id, TrialState::completed).metrics;
          for (int k = 0; k < objectives; ++k) {
            metrics["f" + std::to_string(k)] = values[static_cast<std::size_t>(k)];
            seen(done, k) = values[static_cast<std::size_t>(k)];
          }
          ++done;
        }
      }
      // The whole front, from a fine grid of its hull.
      std::vector<Point> hull;
      for (int a = 0; a <= 40; ++a)
        for (int b = 0; b <= (objectives == 3 ? 40 - a : 0); ++b)
          hull.push_back(Point{{a / 40.0, b / 40.0, 0.0}});
      Matrix front(static_cast<Eigen::Index>(hull.size()), objectives);
      for (std::size_t i = 0; i < hull.size(); ++i) {
        const std::vector<double> values = closeness(hull[i], objectives);
        for (int k = 0; k < objectives; ++k)
          front(static_cast<Eigen::Index>(i), k) = values[static_cast<std::size_t>(k)];
      }
      const Vector reference = Vector::Constant(objectives, objectives == 2 ? -1.1 : -2.1);
      CHECK(hypervolume(seen, reference) > 0.93 * hypervolume(front, reference));
    }
}
