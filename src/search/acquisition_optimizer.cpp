#include "search/acquisition_optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "core/random.hpp"
#include "search/configuration_counter.hpp"
#include "search/sobol.hpp"
#include "surrogate/lbfgsb.hpp"

namespace tunesmith {
namespace {

using Kind = FeatureEncoding::Kind;

constexpr std::uint64_t enumerated = 5000;
constexpr std::size_t top_starts = 4;
constexpr std::size_t boltzmann_starts = 4;
constexpr std::size_t incumbent_starts = 2;
constexpr int rounds = 3;
constexpr int discrete_sweeps = 8;
constexpr std::size_t kept_candidates = 30;
constexpr int evaluations = 50;
// Where the values of candidates are known: a short search from the best of them.
constexpr std::size_t known_kept = 16;
constexpr std::size_t known_starts = 8;
constexpr std::size_t known_changed = 2;
constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

struct Scored {
  Point point;
  double value;
};

bool is_smooth(Kind kind) { return kind == Kind::real || kind == Kind::rounded; }

class Maximiser {
 public:
  Maximiser(const FeatureEncoding& encoding, const AcquisitionTask& task)
      : encoding_(encoding),
        task_(task),
        random_(task.seed, task.number, "acquisition"),
        size_(encoding.coordinates().size()) {}

  std::vector<Point> every_candidate() {
    if (auto points = enumerate()) return *std::move(points);
    return candidates();
  }

  std::vector<Point> run() {
    if (task_.candidates != nullptr) return from_known(*task_.candidates);
    std::vector<Scored> all;
    if (const auto points = enumerate()) {
      all = scored(*points);
    } else {
      all = scored(candidates());
      std::vector<Scored> best = starts(all);
      for (int round = 0; round < rounds; ++round) {
        polish(best, evaluations);
        if (!change_discrete(best, discrete_sweeps)) break;
      }
      all.insert(all.begin(), best.begin(), best.end());
    }
    return not_taken(all, kept_candidates);
  }

 private:
  std::vector<Point> not_taken(std::vector<Scored>& all, std::size_t most) const {
    sort(all);
    std::vector<Point> out;
    for (const Scored& s : all) {
      if (out.size() == most || s.value == minus_infinity) break;
      if (!task_.is_taken(s.point)) out.push_back(s.point);
    }
    return out;
  }

  std::vector<Point> from_known(const std::vector<Point>& points) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (!std::isnan(known(i))) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return known(a) > known(b); });
    std::vector<Point> best;
    for (const std::size_t i : order) {
      if (best.size() == known_kept) break;
      if (!task_.is_taken(points[i])) best.push_back(points[i]);
    }
    if (is_enumerable()) {
      std::vector<Scored> all = scored(best);
      return not_taken(all, known_kept);
    }
    // What is near the incumbents is taken, too.
    if (best.empty()) return {};
    add_near_incumbents(best);
    std::vector<Scored> all = scored(best);
    sort(all);
    std::vector<Scored> found(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), known_starts)));
    polish(found, task_.evaluations);
    sort(found);
    std::vector<Scored> top(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                               found.size(), known_changed)));
    if (change_discrete(top, 1)) polish(top, task_.evaluations);
    all.insert(all.begin(), found.begin(), found.end());
    all.insert(all.begin(), top.begin(), top.end());
    return not_taken(all, known_kept);
  }

  void add_near_incumbents(std::vector<Point>& points) {
    const std::vector<Point>& incumbents = task_.incumbents;
    for (std::size_t i = 0; i < std::min(incumbents.size(), incumbent_starts); ++i)
      add_admitted(points, nudge(incumbents[i]));
    for (std::size_t i = 0; !incumbents.empty() && i < task_.drawn; ++i)
      add_admitted(points, perturbed(incumbents[i % incumbents.size()], perturbed_share()));
  }

  /// Of the coordinates.
  double perturbed_share() const { return std::min(1.0, 3.0 / static_cast<double>(size_)); }

  double known(std::size_t candidate) const {
    return task_.candidate_values[static_cast<Eigen::Index>(candidate)];
  }

  bool is_enumerable() const { return is_enumerated(encoding_.space()); }

  static void sort(std::vector<Scored>& all) {
    std::stable_sort(all.begin(), all.end(),
                     [](const Scored& a, const Scored& b) { return a.value > b.value; });
  }

  std::optional<std::vector<Point>> enumerate() const {
    if (!is_enumerable()) return std::nullopt;
    std::vector<Point> points;
    ConfigurationCounter counter(encoding_.space());
    while (counter.next()) points.push_back(encoding_.point_of(counter.configuration()));
    return points;
  }

  /// Canonical points only. Where no coordinate is continuous, taken points can be met again and
  /// are ruled out.
  std::vector<Scored> scored(const std::vector<Point>& points) const {
    std::vector<Scored> out;
    if (points.empty()) return out;
    const Vector values = task_.acquisition(encoding_.features(points), nullptr);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double value = values[static_cast<Eigen::Index>(i)];
      const bool ruled_out =
          std::isnan(value) || (!encoding_.has_reals() && task_.is_taken(points[i]));
      out.push_back({points[i], ruled_out ? minus_infinity : value});
    }
    return out;
  }

  void add_admitted(std::vector<Point>& points, Point point) const {
    point = encoding_.canonical(std::move(point));
    if (encoding_.admits(point)) points.push_back(std::move(point));
  }

  std::vector<Point> candidates() {
    const std::size_t total = size_ <= 8 ? 512 : 1024;
    std::vector<Point> points;
    const SobolSequence sobol(size_, random_.next_u64());
    const std::size_t spread = total * 3 / 4;
    // Constraints may refuse most of the cube: up to eight times as many are drawn.
    for (std::uint64_t i = 0; i < 8 * spread && points.size() < spread; ++i) {
      const std::vector<double> u = sobol.point(i);
      add_admitted(points, Eigen::Map<const Vector>(u.data(), static_cast<Eigen::Index>(size_)));
    }
    if (task_.incumbents.empty()) return points;
    for (std::size_t i = 0; i < total / 4; ++i)
      add_admitted(points,
                   perturbed(task_.incumbents[i % task_.incumbents.size()], perturbed_share()));
    return points;
  }

  Point perturbed(Point point, double probability) {
    const double deviation = std::pow(10.0, -0.5 - 2 * random_.uniform());
    const std::uint64_t always = random_.below(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      const bool chosen = random_.uniform() < probability;
      if (!chosen && i != always) continue;
      double& u = point[static_cast<Eigen::Index>(i)];
      const FeatureEncoding::Coordinate& c = encoding_.coordinates()[i];
      if (c.kind == Kind::constant || u < 0) continue;
      if (is_smooth(c.kind)) {
        const double scale = std::min(1.0, task_.lengthscales[static_cast<Eigen::Index>(i)]);
        u = std::clamp(u + deviation * scale * random_.normal(), 0.0, 1.0);
      } else {
        const std::vector<double> others = encoding_.neighbours(point, i, random_);
        if (!others.empty()) u = others[random_.below(others.size())];
      }
    }
    return point;
  }

  std::vector<Scored> starts(std::vector<Scored>& all) {
    sort(all);
    std::vector<Scored> chosen(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), top_starts)));
    // Boltzmann sampling without replacement by Gumbel's trick.
    std::vector<Scored> rest;
    for (std::size_t i = chosen.size(); i < all.size(); ++i) {
      const double u = std::max(random_.uniform(), 1e-300);
      rest.push_back({all[i].point, all[i].value - std::log(-std::log(u))});
    }
    std::vector<std::size_t> order(rest.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rest[a].value > rest[b].value; });
    const std::size_t offset = chosen.size();
    for (std::size_t i = 0; i < std::min(order.size(), boltzmann_starts); ++i)
      chosen.push_back(all[offset + order[i]]);
    std::vector<Point> nudged;
    for (std::size_t i = 0; i < std::min(task_.incumbents.size(), incumbent_starts); ++i)
      add_admitted(nudged, nudge(task_.incumbents[i]));
    for (Scored& s : scored(nudged)) chosen.push_back(std::move(s));
    return chosen;
  }

  Point nudge(Point point) {
    for (std::size_t i = 0; i < size_; ++i) {
      double& u = point[static_cast<Eigen::Index>(i)];
      if (encoding_.coordinates()[i].kind != Kind::real || u < 0) continue;
      const double scale = std::min(1.0, task_.lengthscales[static_cast<Eigen::Index>(i)]);
      u = std::clamp(u + 0.01 * scale * random_.normal(), 0.0, 1.0);
    }
    return point;
  }

  struct Run {
    std::size_t start;
    std::vector<std::size_t> coordinates;
    BoundedLbfgs search;
  };

  std::vector<Run> runs(const std::vector<Scored>& best, int most_evaluations) const {
    std::vector<Run> out;
    for (std::size_t s = 0; s < best.size(); ++s) {
      std::vector<std::size_t> smooth;
      for (std::size_t i = 0; i < size_; ++i)
        if (is_smooth(encoding_.coordinates()[i].kind) &&
            best[s].point[static_cast<Eigen::Index>(i)] >= 0)
          smooth.push_back(i);
      if (smooth.empty()) continue;
      const auto count = static_cast<Eigen::Index>(smooth.size());
      Vector from(count);
      Vector upper(count);
      for (Eigen::Index k = 0; k < count; ++k) {
        const auto i = static_cast<Eigen::Index>(smooth[static_cast<std::size_t>(k)]);
        from[k] = best[s].point[i] / scale(i);
        upper[k] = 1 / scale(i);
      }
      out.push_back({s, std::move(smooth),
                     BoundedLbfgs(from, Vector::Zero(count), upper,
                                  {.max_evaluations = most_evaluations,
                                   .gradient_tolerance = 1e-3,
                                   .value_tolerance = 1e-6,
                                   .first_step = 0.1})});
    }
    return out;
  }

  // Coordinates are searched in units of their lengthscales.
  double scale(Eigen::Index i) const { return std::clamp(task_.lengthscales[i], 0.02, 2.0); }

  Point moved(const Scored& from, const Run& run, const Vector& where) const {
    Point point = from.point;
    for (std::size_t k = 0; k < run.coordinates.size(); ++k) {
      const auto i = static_cast<Eigen::Index>(run.coordinates[k]);
      point[i] = std::clamp(where[static_cast<Eigen::Index>(k)] * scale(i), 0.0, 1.0);
    }
    return point;
  }

  void polish(std::vector<Scored>& best, int most_evaluations) const {
    std::vector<Run> all = runs(best, most_evaluations);
    std::vector<Run*> open;
    for (Run& run : all) open.push_back(&run);
    while (!open.empty()) {
      std::vector<Point> points;
      for (const Run* run : open)
        points.push_back(moved(best[run->start], *run, run->search.point()));
      Matrix gradient;
      const Vector values = task_.acquisition(encoding_.features(points), &gradient);
      for (std::size_t r = 0; r < open.size(); ++r) {
        Run& run = *open[r];
        Vector by_coordinate(static_cast<Eigen::Index>(run.coordinates.size()));
        for (Eigen::Index k = 0; k < by_coordinate.size(); ++k) {
          const std::size_t i = run.coordinates[static_cast<std::size_t>(k)];
          by_coordinate[k] =
              -gradient(static_cast<Eigen::Index>(r), encoding_.coordinates()[i].column) *
              scale(static_cast<Eigen::Index>(i));
        }
        run.search.tell(-values[static_cast<Eigen::Index>(r)], by_coordinate);
      }
      std::erase_if(open, [](const Run* run) { return run->search.finished(); });
    }
    std::vector<Point> ends;
    std::vector<std::size_t> owners;
    for (const Run& run : all) {
      const Scored& from = best[run.start];
      const Point end = moved(from, run, run.search.best_point());
      // Where the end breaks a constraint, the last admitted point of a bisection towards the
      // start.
      double share = 1;
      for (int halving = 0; halving < 6; ++halving, share *= 0.5) {
        Point point = encoding_.canonical(from.point.cwiseMax(0.0) +
                                          share * (end.cwiseMax(0.0) - from.point.cwiseMax(0.0)));
        if (!encoding_.admits(point)) continue;
        ends.push_back(std::move(point));
        owners.push_back(run.start);
        break;
      }
    }
    accept(best, owners, scored(ends));
  }

  /// True when a start improved.
  static bool accept(std::vector<Scored>& best, const std::vector<std::size_t>& owners,
                     const std::vector<Scored>& trials) {
    bool improved = false;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      Scored& mine = best[owners[i]];
      if (!(trials[i].value > mine.value)) continue;
      improved = improved || trials[i].value > mine.value + 1e-9 || mine.value == minus_infinity;
      mine = trials[i];
    }
    return improved;
  }

  bool change_discrete(std::vector<Scored>& best, int sweeps) {
    bool changed = false;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      std::vector<Point> points;
      std::vector<std::size_t> owners;
      for (std::size_t s = 0; s < best.size(); ++s)
        for (std::size_t i = 0; i < size_; ++i)
          for (const double u : encoding_.neighbours(best[s].point, i, random_)) {
            Point point = best[s].point;
            point[static_cast<Eigen::Index>(i)] = u;
            const std::size_t before = points.size();
            add_admitted(points, std::move(point));
            if (points.size() > before) owners.push_back(s);
          }
      if (!accept(best, owners, scored(points))) break;
      changed = true;
    }
    return changed;
  }

  const FeatureEncoding& encoding_;
  const AcquisitionTask& task_;
  RandomStream random_;
  std::size_t size_;
};

}  // namespace

bool is_enumerated(const Space& space) {
  const auto count = space.cardinality();
  return count && *count <= enumerated;
}

std::vector<Point> maximise_acquisition(const FeatureEncoding& encoding,
                                        const AcquisitionTask& task) {
  return Maximiser(encoding, task).run();
}

std::vector<Point> acquisition_candidates(const FeatureEncoding& encoding,
                                          const AcquisitionTask& task) {
  return Maximiser(encoding, task).every_candidate();
}

}  // namespace tunesmith
