#include "search/improvement.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "surrogate/acquisition.hpp"

namespace tunesmith {

Vector best_means(const Matrix& means, const std::vector<bool>& feasible, bool pending_counts) {
  Vector best = Vector::Constant(means.cols(), -std::numeric_limits<double>::infinity());
  for (Eigen::Index i = 0; i < means.rows(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    if (row < feasible.size() ? feasible[row] : pending_counts)
      best = best.cwiseMax(means.row(i).transpose());
  }
  return best;
}

Acquisition log_improvement(std::shared_ptr<const GaussianProcess> process, Vector incumbents) {
  return [process = std::move(process), incumbents = std::move(incumbents)](const Matrix& features,
                                                                            Matrix* gradient) {
    const Prediction prediction = process->predict(features, gradient != nullptr);
    const AcquisitionValues a =
        log_expected_improvement(prediction.mean, prediction.deviation, incumbents);
    if (gradient != nullptr) *gradient = process->pull_back(prediction, a.by_mean, a.by_deviation);
    return a.value;
  };
}

Acquisition acquisition_of(const std::vector<bool>& feasible, Acquisition gain,
                           AcquisitionPart others) {
  const bool improve = std::find(feasible.begin(), feasible.end(), true) != feasible.end();
  return [improve, gain = std::move(gain), others = std::move(others)](const Matrix& features,
                                                                       Matrix* gradient) {
    Vector value = Vector::Zero(features.rows());
    if (improve) {
      value = gain(features, gradient);
    } else if (gradient != nullptr) {
      *gradient = Matrix::Zero(features.rows(), features.cols());
    }
    if (others) others(features, value, gradient);
    return value;
  };
}

}  // namespace tunesmith
