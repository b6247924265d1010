#include <algorithm>
#include <cmath>
#include <cstddef>

#include "tunesmith/metrics.hpp"

namespace tunesmith {
namespace {

using Levels = std::vector<MetricReport>;

/// One report per level that has `metric`, by rising level.
Levels merged(std::span<const MetricReport> reports, const std::string& metric) {
  std::map<double, std::map<std::string, double>> levels;
  for (const MetricReport& report : reports) {
    for (const auto& [name, value] : report.metrics) levels[report.resource][name] = value;
  }
  Levels result;
  for (auto& [resource, metrics] : levels) {
    if (metrics.contains(metric)) result.push_back({resource, std::move(metrics)});
  }
  return result;
}

const MetricReport& best_of(const Levels& levels, const std::string& metric,
                            bool larger_is_better) {
  const MetricReport* best = nullptr;
  double best_value = 0;
  for (const MetricReport& level : levels) {
    const double value = level.metrics.at(metric);
    if (!std::isfinite(value)) continue;
    if (best == nullptr || (larger_is_better ? value > best_value : value < best_value)) {
      best = &level;
      best_value = value;
    }
  }
  return best != nullptr ? *best : levels.back();
}

MetricReport mean_of(std::span<const MetricReport> levels) {
  std::map<std::string, std::pair<double, double>> sums;  // sum and number of values
  for (const MetricReport& level : levels) {
    for (const auto& [name, value] : level.metrics) {
      sums[name].first += value;
      sums[name].second += 1;
    }
  }
  MetricReport mean{.resource = levels.back().resource};
  for (const auto& [name, sum] : sums) mean.metrics[name] = sum.first / sum.second;
  return mean;
}

}  // namespace

const char* to_string(FinalValue value) noexcept {
  switch (value) {
    case FinalValue::last:
      return "last";
    case FinalValue::first:
      return "first";
    case FinalValue::best:
      return "best";
    case FinalValue::mean_of_last:
      return "mean_of_last";
  }
  return "unknown";
}

std::optional<MetricReport> final_report(std::span<const MetricReport> reports,
                                         const FinalRule& rule, std::string_view metric,
                                         bool larger_is_better) {
  const std::string name(metric);
  const Levels levels = merged(reports, name);
  if (levels.empty()) return std::nullopt;
  switch (rule.value) {
    case FinalValue::first:
      return levels.front();
    case FinalValue::best:
      return best_of(levels, name, larger_is_better);
    case FinalValue::mean_of_last: {
      const auto wanted = static_cast<std::size_t>(std::max(1, rule.levels));
      return mean_of(std::span(levels).last(std::min(wanted, levels.size())));
    }
    case FinalValue::last:
      break;
  }
  return levels.back();
}

}  // namespace tunesmith
