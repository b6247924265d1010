#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/acquisition_model.hpp"
#include "search/acquisition_optimizer.hpp"
#include "surrogate/growing_process.hpp"

namespace tunesmith {

/// Where to go while trials are pending: candidates drawn once, whose values every further
/// pending trial changes in O(rows), and a short search from the best of them. A pure function of
/// the parts and of the pending points in their order, so that it may be kept between calls as long
/// as it `fits`.
class Crowd {
 public:
  /// `task`: incumbents, lengthscales and the seed.
  Crowd(const FeatureEncoding& encoding, const ImprovementParts& parts,
        const AcquisitionTask& task);

  /// Whether it is of these data, and of pending points that begin `pending`.
  bool fits(const FeatureEncoding& encoding, const ImprovementParts& parts,
            const std::vector<Point>& pending, std::uint64_t seed) const;

  /// Points that are not taken, the best first. `task`: all but the acquisition.
  std::vector<Point> suggest(const FeatureEncoding& encoding, const ImprovementParts& parts,
                             const std::vector<Point>& pending, AcquisitionTask task);

 private:
  Crowd(const FeatureEncoding& encoding, const ImprovementParts& parts, std::uint64_t seed,
        std::vector<Point> candidates);

  void append(const FeatureEncoding& encoding, const Point& point);

  Space space_;
  TrainingData data_;
  Vector hyperparameters_;
  std::vector<bool> feasible_;
  std::string others_;
  std::uint64_t seed_;

  std::vector<Point> candidates_;
  /// The other parts' values of the candidates.
  Vector other_values_;
  std::vector<Point> pending_;
  GrowingProcess posterior_;
};

}  // namespace tunesmith
