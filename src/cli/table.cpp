#include "cli/table.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "cli/board.hpp"
#include "cli/text.hpp"
#include "core/json.hpp"
#include "core/numbers.hpp"

namespace tunesmith::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Objectives and constraints first, then what else was measured.
std::vector<std::string> metric_names(const StudyView& view) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const Objective& objective : view.problem().objectives) add(objective.metric);
  for (const Objective& objective : view.problem().objectives)
    if (!objective.standard_error.empty()) add(objective.standard_error);
  for (const OutcomeConstraint& constraint : view.problem().constraints) add(constraint.metric);
  for (const MetricDefinition& definition : view.problem().metrics) add(definition.name);
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    for (const auto& [name, value] : view.trial(id).metrics) add(name);
  }
  return names;
}

std::string value_text(const Value* value) { return value == nullptr ? "" : to_text(*value); }

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

Json json_number(double value) {
  if (std::isfinite(value)) return value;
  return number_text(value);
}

Json json_metrics(const Metrics& metrics) {
  Json object = Json::object();
  for (const auto& [name, value] : metrics) object[name] = json_number(value);
  return object;
}

Json json_configuration(const Configuration& configuration) {
  Json object = Json::object();
  for (const auto& [name, value] : configuration.values()) {
    std::visit([&object, &key = name](const auto& held) { object[key] = held; }, value);
  }
  return object;
}

}  // namespace

std::string trials_table(const StudyView& view) {
  const std::vector<std::string> metrics = metric_names(view);
  Rows rows(1);
  rows[0] = {"trial", "state"};
  for (const std::string& name : metrics) rows[0].push_back(printable(name));
  rows[0].emplace_back("time");
  std::vector<std::string> names;
  for (const Parameter& parameter : view.problem().space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    names.push_back(parameter.name);
    rows[0].push_back(printable(parameter.name));
  }
  rows[0].emplace_back("reason");
  const Timestamp now = system_clock()->wall();
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    std::vector<std::string> row = {std::to_string(id), to_string(trial.state)};
    for (const std::string& name : metrics) {
      const auto value = latest_value(trial, name);
      row.push_back(value ? short_number(*value) : "-");
    }
    row.push_back(duration_text(duration_of(trial, now)));
    for (const std::string& name : names) {
      row.push_back(printable(value_text(trial.configuration.find(name))));
    }
    row.push_back(first_line(trial.reason));
    rows.push_back(std::move(row));
  }
  std::string text;
  std::vector<int> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], display_width(row[c]));
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool last = c + 1 == row.size();
      line += (c > 0 ? "  " : "") + (last ? row[c] : padded(row[c], widths[c]));
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string trials_csv(const StudyView& view) {
  const std::vector<std::string> metrics = metric_names(view);
  std::string text = "trial,state,origin,attempt,started,ended";
  for (const std::string& name : metrics) text += "," + csv_field("metrics." + name);
  for (const Parameter& parameter : view.problem().space.parameters()) {
    text += "," + csv_field("parameters." + parameter.name);
  }
  text += ",reason\r\n";
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    text += std::to_string(id) + "," + to_string(trial.state) + "," + to_string(trial.origin) +
            "," + std::to_string(trial.attempt) + "," + number_text(trial.started) + "," +
            (is_final(trial.state) ? number_text(trial.ended) : "");
    for (const std::string& name : metrics) {
      const auto it = trial.metrics.find(name);
      text += "," + (it == trial.metrics.end() ? "" : number_text(it->second));
    }
    for (const Parameter& parameter : view.problem().space.parameters()) {
      text += "," + csv_field(value_text(trial.configuration.find(parameter.name)));
    }
    text += "," + csv_field(trial.reason) + "\r\n";
  }
  return text;
}

std::string trials_json(const StudyView& view) {
  Json list = Json::array();
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    Json entry = {{"trial", id},
                  {"state", to_string(trial.state)},
                  {"origin", to_string(trial.origin)},
                  {"attempt", trial.attempt},
                  {"configuration", json_configuration(trial.configuration)},
                  {"metrics", json_metrics(trial.metrics)}};
    Json reports = Json::array();
    for (const auto& report : trial.reports) {
      reports.push_back(
          {{"resource", json_number(report.resource)}, {"metrics", json_metrics(report.metrics)}});
    }
    entry["reports"] = std::move(reports);
    entry["started"] = trial.started;
    if (is_final(trial.state)) entry["ended"] = trial.ended;
    if (!trial.reason.empty()) entry["reason"] = trial.reason;
    if (!trial.note.empty()) entry["note"] = trial.note;
    if (trial.outlook) {
      entry["outlook"] = {{"expected_gain", trial.outlook->expected_gain},
                          {"regret_bound", trial.outlook->regret_bound},
                          {"noise", trial.outlook->noise}};
    }
    if (trial.replicate_of) entry["replicate_of"] = *trial.replicate_of;
    list.push_back(std::move(entry));
  }
  return json_pretty(list) + "\n";
}

}  // namespace tunesmith::cli
