#include "search/crowd.hpp"

#include <algorithm>
#include <memory>

#include "core/random.hpp"
#include "search/fantasies.hpp"
#include "surrogate/acquisition.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index fantasies = 64;
/// Candidates are ordered by so many of them, for the next suggestion by the next.
constexpr Eigen::Index fantasies_of_candidates = 8;
/// What is worth searching around, by so many.
constexpr Eigen::Index fantasies_at_once = 16;

Vector others_at(const ImprovementParts& parts, const Matrix& features) {
  Vector values = Vector::Zero(features.rows());
  if (parts.add_others) parts.add_others(features, values, nullptr);
  return values;
}

bool equal(const Vector& a, const Vector& b) { return a.size() == b.size() && a == b; }

bool equal(const TrainingData& a, const TrainingData& b) {
  return equal(a.z, b.z) && equal(a.extra_noise, b.extra_noise) && a.x.cols() == b.x.cols() &&
         a.x == b.x;
}

}  // namespace

Crowd::Crowd(const FeatureEncoding& encoding, const ImprovementParts& parts,
             const AcquisitionTask& task)
    : space_(encoding.space()),
      data_(parts.objective->data),
      hyperparameters_(parts.objective->state.hyperparameters.to_vector()),
      feasible_(parts.feasible),
      others_(parts.others),
      seed_(task.seed),
      candidates_(acquisition_candidates(encoding, task)),
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
  const bool improve = std::find(feasible_.begin(), feasible_.end(), true) != feasible_.end();
  const auto turn = static_cast<Eigen::Index>(pending.size());
  task.candidates = &candidates_;
  task.candidate_values = other_values_;
  const auto incumbents = [&](Eigen::Index first, Eigen::Index count) {
    return best_means(posterior_.fitted_means(first, count), feasible_, parts.pending_counts);
  };
  if (improve) {
    const Eigen::Index first = turn * fantasies_of_candidates % fantasies;
    task.candidate_values +=
        log_expected_improvement(posterior_.means().middleCols(first, fantasies_of_candidates),
                                 posterior_.deviations(),
                                 incumbents(first, fantasies_of_candidates))
            .value;
  }
  const Eigen::Index first = turn * fantasies_at_once % fantasies;
  task.acquisition = acquisition_of(
      feasible_,
      log_improvement(
          std::make_shared<const GaussianProcess>(posterior_.process(first, fantasies_at_once)),
          incumbents(first, fantasies_at_once)),
      parts.add_others);
  return maximise_acquisition(encoding, task);
}

}  // namespace tunesmith
