#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "trial/configuration_json.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/simulated_executor.hpp"

namespace tunesmith {
namespace {

/// A coordinate of a parameter that the configuration does not have.
const double absent = std::nan("");

/// Preconditions: Space::check(configuration) is empty.
std::vector<double> point_of(const Space& space, const Configuration& configuration) {
  std::vector<double> point = space.encode(configuration);
  std::size_t i = 0;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    if (!configuration.contains(parameter.name)) point[i] = absent;
    ++i;
  }
  return point;
}

/// Values of a metric as reports have them: a number, or the words that stand for what JSON lacks.
std::optional<double> metric_value(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json == "nan") return std::nan("");
  if (json == "inf") return HUGE_VAL;
  if (json == "-inf") return -HUGE_VAL;
  return {};
}

/// A line of a file of curves.
struct Row {
  Configuration configuration = {};
  SimulatedReport report = {};
};

std::optional<Row> read_row(const Json& json, const std::string& path,
                            std::vector<Mistake>& mistakes) {
  const std::size_t before = mistakes.size();
  ObjectReader object(json, path, mistakes);
  Row row;
  if (object.is_object()) {
    if (const Json* values = object.require("parameters", "the parameters by name"))
      row.configuration = read_configuration(*values, object.path("parameters"), mistakes);
    if (object.require("level", "a number, e.g. the epoch"))
      row.report.resource = object.number("level").value_or(0);
    if (object.require("seconds", "seconds since the trial began"))
      row.report.elapsed = Seconds(object.number("seconds", 0, 1e15).value_or(0));
    object.require("metrics", "the metrics by name");
    if (const Json* metrics = object.object("metrics")) {
      for (const auto& [name, json_value] : metrics->items()) {
        if (const auto value = metric_value(json_value)) {
          row.report.metrics[name] = *value;
        } else {
          mistakes.push_back({object.path("metrics") + pointer_step(name),
                              "is " + json_kind(json_value),
                              "a number, or \"nan\", \"inf\", \"-inf\""});
        }
      }
    }
    object.finish();
  }
  if (mistakes.size() != before) return {};
  return row;
}

/// Puts the mistakes of one configuration below its path.
void append(std::vector<Mistake>& mistakes, const std::string& path, std::vector<Mistake> found) {
  for (Mistake& mistake : found) {
    mistake.path = path + mistake.path;
    mistakes.push_back(std::move(mistake));
  }
}

/// Nothing where the report follows on the last.
std::string out_of_order(const SimulatedCurve& curve, const SimulatedReport& report) {
  if (curve.reports.empty()) return {};
  const SimulatedReport& last = curve.reports.back();
  if (report.resource <= last.resource)
    return "level " + number_text(report.resource) + " comes after level " +
           number_text(last.resource);
  if (report.elapsed < last.elapsed)
    return "the seconds at level " + number_text(report.resource) + " are fewer than before";
  return {};
}

}  // namespace

struct RecordedCurves::Impl {
  Space space;
  std::vector<RecordedTrial> trials;
  std::vector<std::vector<double>> points;
  /// Per coordinate.
  std::vector<bool> unordered;

  double distance(const std::vector<double>& a, const std::vector<double>& b) const {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (std::isnan(a[i]) || std::isnan(b[i])) {
        if (std::isnan(a[i]) != std::isnan(b[i])) sum += 1;
      } else if (unordered[i]) {
        if (a[i] != b[i]) sum += 1;
      } else {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
    }
    return sum;
  }
};

RecordedCurves::RecordedCurves(Space space, std::vector<RecordedTrial> trials) {
  auto impl = std::make_shared<Impl>();
  if (trials.empty()) throw Error(ErrorCode::invalid_argument, "there are no recorded trials");
  std::vector<Mistake> mistakes = space.validate();
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  for (std::size_t i = 0; i < trials.size(); ++i) {
    RecordedTrial& trial = trials[i];
    trial.configuration = space.conform(trial.configuration);
    append(mistakes, pointer_step(i), space.check(trial.configuration));
    SimulatedCurve so_far;
    for (const SimulatedReport& report : trial.curve.reports) {
      if (const std::string wrong = out_of_order(so_far, report); !wrong.empty()) {
        mistakes.push_back({pointer_step(i), wrong, "rising levels"});
        break;
      }
      so_far.reports = {report};
    }
    if (mistakes.empty()) impl->points.push_back(point_of(space, trial.configuration));
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type != ParameterType::fixed)
      impl->unordered.push_back(parameter.type == ParameterType::categorical);
  }
  impl->space = std::move(space);
  impl->trials = std::move(trials);
  impl_ = std::move(impl);
}

RecordedCurves RecordedCurves::from_json_lines(Space space, std::string_view text) {
  std::vector<Mistake> mistakes;
  std::vector<RecordedTrial> trials;
  std::map<std::string, std::size_t> known;  // by configuration
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string path = pointer_step(++number);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::vector<Mistake> syntax;
    const Json json = parse_json(line, syntax);
    append(mistakes, path, std::move(syntax));
    if (json.is_discarded()) continue;
    std::optional<Row> row = read_row(json, path, mistakes);
    if (!row) continue;
    row->configuration = space.conform(row->configuration);
    const auto [place, is_new] = known.emplace(row->configuration.to_json(), trials.size());
    if (is_new) {
      append(mistakes, path + "/parameters", space.check(row->configuration));
      trials.push_back({.configuration = std::move(row->configuration)});
    }
    SimulatedCurve& curve = trials[place->second].curve;
    if (const std::string wrong = out_of_order(curve, row->report); !wrong.empty()) {
      mistakes.push_back({path, wrong, "the levels of a trial in rising order"});
      continue;
    }
    curve.reports.push_back(std::move(row->report));
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  return RecordedCurves(std::move(space), std::move(trials));
}

const std::vector<RecordedTrial>& RecordedCurves::trials() const noexcept { return impl_->trials; }

const RecordedTrial& RecordedCurves::nearest(const Configuration& configuration) const {
  const Configuration conformed = impl_->space.conform(configuration);
  std::vector<Mistake> mistakes = impl_->space.check(conformed);
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  const std::vector<double> point = point_of(impl_->space, conformed);
  std::size_t best = 0;
  double least = HUGE_VAL;
  for (std::size_t i = 0; i < impl_->points.size(); ++i) {
    const double distance = impl_->distance(point, impl_->points[i]);
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return impl_->trials[best];
}

SimulatedObjective RecordedCurves::objective() const {
  return [curves = *this](const Configuration& configuration) {
    return curves.nearest(configuration).curve;
  };
}

}  // namespace tunesmith
