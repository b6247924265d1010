#include "search/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "core/random.hpp"
#include "search/fantasies.hpp"
#include "surrogate/acquisition.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index fantasies = 64;
/// Of the candidates drawn, the best while nothing is pending: what is pending makes few of the
/// others better than they.
constexpr std::size_t most_candidates = 512;
/// Candidates are ordered by so many of them, for the next suggestion by the next.
constexpr Eigen::Index fantasies_of_candidates = 8;
/// What is worth searching around, by so many.
constexpr Eigen::Index fantasies_at_once = 16;
/// With more pending trials than this, what the next one is matters less than that it is soon
/// there: half the fantasies, fewer points and shorter searches.
constexpr std::size_t few_pending = 8;
constexpr Eigen::Index fantasies_of_many = 8;
constexpr std::size_t drawn_of_many = 14;
constexpr int evaluations_of_many = 4;

bool may_improve(const std::vector<bool>& feasible) {
  return std::find(feasible.begin(), feasible.end(), true) != feasible.end();
}

Vector others_at(const ImprovementParts& parts, const Matrix& features) {
  Vector values = Vector::Zero(features.rows());
  if (parts.add_others) parts.add_others(features, values, nullptr);
  return values;
}

std::vector<Point> promising_candidates(const FeatureEncoding& encoding,
                                        const ImprovementParts& parts,
                                        const AcquisitionTask& task) {
  std::vector<Point> drawn = acquisition_candidates(encoding, task);
  if (drawn.size() <= most_candidates || is_enumerated(encoding.space())) return drawn;
  const Matrix features = encoding.features(drawn);
  Vector values = others_at(parts, features);
  if (may_improve(parts.feasible)) {
    const Prediction prediction = parts.process->predict(features, false);
    values += log_expected_improvement(
                  prediction.mean, prediction.deviation,
                  best_means(parts.process->fitted_means(), parts.feasible, parts.pending_counts))
                  .value;
  }
  const auto worth = [&](std::size_t i) {
    const double value = values[static_cast<Eigen::Index>(i)];
    return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
  };
  std::vector<std::size_t> order(drawn.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return worth(a) > worth(b); });
  std::vector<Point> best;
  for (std::size_t i = 0; i < most_candidates; ++i) best.push_back(std::move(drawn[order[i]]));
  return best;
}

bool equal(const Vector& a, const Vector& b) { return a.size() == b.size() && a == b; }

bool equal(const TrainingData& a, const TrainingData& b) {
  return equal(a.z, b.z) && equal(a.extra_noise, b.extra_noise) && a.x.cols() == b.x.cols() &&
         a.x == b.x;
}

}  // namespace

Crowd::Crowd(const FeatureEncoding& encoding, const ImprovementParts& parts,
             const AcquisitionTask& task)
    : Crowd(encoding, parts, task.seed, promising_candidates(encoding, parts, task)) {}

Crowd::Crowd(const FeatureEncoding& encoding, const ImprovementParts& parts, std::uint64_t seed,
             std::vector<Point> candidates)
    : space_(encoding.space()),
      data_(parts.objective->data),
      hyperparameters_(parts.objective->state.hyperparameters.to_vector()),
      feasible_(parts.feasible),
      others_(parts.others),
      seed_(seed),
      candidates_(std::move(candidates)),
      other_values_(others_at(parts, encoding.features(candidates_))),
      posterior_(*parts.process, encoding.features(candidates_), fantasies) {}

bool Crowd::fits(const FeatureEncoding& encoding, const ImprovementParts& parts,
                 const std::vector<Point>& pending, std::uint64_t seed) const {
  return seed == seed_ && parts.others == others_ && parts.feasible == feasible_ &&
         equal(parts.objective->state.hyperparameters.to_vector(), hyperparameters_) &&
         equal(parts.objective->data, data_) && pending_.size() <= pending.size() &&
         std::equal(pending_.begin(), pending_.end(), pending.begin()) &&
         encoding.space() == space_;
}

void Crowd::append(const FeatureEncoding& encoding, const Point& point) {
  const auto rows = static_cast<std::uint64_t>(data_.z.size());
  RandomStream random(seed_, rows << 32U | pending_.size(), "crowd's fantasies");
  posterior_.append(encoding.features({point}),
                    fantasy_normals(1, fantasies, random).row(0).transpose());
  pending_.push_back(point);
}

std::vector<Point> Crowd::suggest(const FeatureEncoding& encoding, const ImprovementParts& parts,
                                  const std::vector<Point>& pending, AcquisitionTask task) {
  for (std::size_t i = pending_.size(); i < pending.size(); ++i) append(encoding, pending[i]);
  const auto turn = static_cast<Eigen::Index>(pending.size());
  task.candidates = &candidates_;
  task.candidate_values = other_values_;
  const auto incumbents = [&](Eigen::Index first, Eigen::Index count) {
    return best_means(posterior_.fitted_means(first, count), feasible_, parts.pending_counts);
  };
  if (may_improve(feasible_)) {
    const Eigen::Index first = turn * fantasies_of_candidates % fantasies;
    task.candidate_values +=
        log_expected_improvement(posterior_.means().middleCols(first, fantasies_of_candidates),
                                 posterior_.deviations(),
                                 incumbents(first, fantasies_of_candidates))
            .value;
  }
  const bool many = pending.size() > few_pending;
  if (many) {
    task.drawn = drawn_of_many;
    task.evaluations = evaluations_of_many;
  }
  const Eigen::Index count = many ? fantasies_of_many : fantasies_at_once;
  const Eigen::Index first = turn * count % fantasies;
  task.acquisition = acquisition_of(
      feasible_,
      log_improvement(std::make_shared<const GaussianProcess>(posterior_.process(first, count)),
                      incumbents(first, count)),
      parts.add_others);
  return maximise_acquisition(encoding, task);
}

}  // namespace tunesmith
