#include "cli/board.hpp"

#include <algorithm>
#include <tuple>

#include "cli/text.hpp"

namespace tunesmith::cli {
namespace {

constexpr int widest_cell = 16;
constexpr int gap = 2;

std::string value_text(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return short_number(*number);
  return printable(to_text(value));
}

struct Column {
  std::string title;
  std::vector<std::string> cells;
  bool right = true;
  int width() const {
    int width = display_width(title);
    for (const std::string& cell : cells) width = std::max(width, display_width(cell));
    return std::min(width, widest_cell);
  }
};

std::vector<Column> columns(const Board& board, const std::vector<TrialId>& rows,
                            const std::optional<TrialId>& best) {
  const StudyView& view = board.view;
  std::vector<Column> list = {{"trial", {}}, {"state", {}, false}};
  for (const Objective& objective : view.problem().objectives) {
    list.push_back({printable(objective.metric), {}});
  }
  list.push_back({"time", {}});
  const std::size_t fixed = list.size();
  std::vector<std::string> names;
  for (const Parameter& parameter : view.problem().space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    names.push_back(parameter.name);
    list.push_back({printable(parameter.name), {}});
  }
  for (const TrialId id : rows) {
    const Trial& trial = view.trial(id);
    list[0].cells.push_back((best == id ? "*" : "") + std::to_string(id));
    list[1].cells.emplace_back(to_string(trial.state));
    for (std::size_t i = 0; i < view.problem().objectives.size(); ++i) {
      const auto value = latest_value(trial, view.problem().objectives[i].metric);
      list[2 + i].cells.push_back(value ? short_number(*value) : "-");
    }
    list[fixed - 1].cells.push_back(duration_text(duration_of(trial, board.now)));
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Value* value = trial.configuration.find(names[i]);
      list[fixed + i].cells.push_back(value != nullptr ? value_text(*value) : "");
    }
  }
  return list;
}

/// The columns side by side, as many as fit; what is left out is counted in the heading.
std::vector<std::string> table(const std::vector<Column>& list, std::size_t rows, int width) {
  const int reserve = 6;  // "  +123…"
  std::size_t shown = 0;
  int used = 0;
  for (const Column& column : list) {
    const int next = used + (shown > 0 ? gap : 0) + column.width();
    const bool last = shown + 1 == list.size();
    if (shown > 0 && next + (last ? 0 : reserve) > width) break;
    used = next;
    ++shown;
  }
  std::vector<std::string> lines(rows + 1);
  for (std::size_t c = 0; c < shown; ++c) {
    const Column& column = list[c];
    const std::string space(c > 0 ? gap : 0, ' ');
    lines[0] += space + padded(column.title, column.width(), column.right);
    for (std::size_t r = 0; r < rows; ++r) {
      lines[r + 1] += space + padded(column.cells[r], column.width(), column.right);
    }
  }
  if (shown < list.size()) lines[0] += "  +" + std::to_string(list.size() - shown) + "…";
  return lines;
}

std::string best_line(const StudyView& view) {
  const auto best = view.best();
  if (!best) return "no result yet";
  std::string line = "best:";
  for (std::size_t i = 0; i < view.problem().objectives.size(); ++i) {
    const auto value = view.mean_objective(*best, i);
    line += " " + printable(view.problem().objectives[i].metric) + " " +
            (value ? short_number(*value) : "-");
  }
  const bool repeated = view.repetitions(*best).size() > 1;
  line += std::string(repeated ? " (mean, trial " : " (trial ") + std::to_string(*best) + ")";
  if (view.problem().objectives.size() > 1) {
    line += ", one of " + std::to_string(view.front().size()) + " on the front";
  }
  if (const auto gain = view.gain()) line += ", gain over the baseline " + short_number(*gain);
  return line;
}

std::optional<std::string> failure_line(const StudyView& view) {
  const Trial* last = nullptr;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    const bool bad = trial.state == TrialState::failed || trial.state == TrialState::lost;
    if (bad && (last == nullptr || trial.ended >= last->ended)) last = &trial;
  }
  if (last == nullptr) return std::nullopt;
  return "trial " + std::to_string(last->id) + " " + to_string(last->state) + ": " +
         first_line(last->reason);
}

}  // namespace

std::optional<double> latest_value(const Trial& trial, const std::string& metric) {
  if (const auto it = trial.metrics.find(metric); it != trial.metrics.end()) return it->second;
  for (auto report = trial.reports.rbegin(); report != trial.reports.rend(); ++report) {
    const auto it = report->metrics.find(metric);
    if (it != report->metrics.end()) return it->second;
  }
  return std::nullopt;
}

Seconds duration_of(const Trial& trial, Timestamp now) {
  const bool ended = is_final(trial.state) && trial.ended > 0;
  return Seconds(std::max(0.0, (ended ? trial.ended : now) - trial.started));
}

std::vector<TrialId> ranked(const StudyView& view) {
  struct Key {
    int group;
    double value;
    TrialId id;
  };
  const auto best = view.best();
  const double sign = view.problem().objectives.front().goal == Goal::minimize ? 1 : -1;
  std::vector<Key> keys;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    const auto value = view.objective(trial);
    if (best == id) {
      keys.push_back({0, 0, id});
    } else if (trial.state == TrialState::running) {
      keys.push_back({1, static_cast<double>(id), id});
    } else if (value && view.feasible(trial)) {
      keys.push_back({2, sign * *value, id});
    } else {
      keys.push_back({3, -static_cast<double>(id), id});
    }
  }
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return std::tie(a.group, a.value, a.id) < std::tie(b.group, b.value, b.id);
  });
  std::vector<TrialId> order;
  for (const Key& key : keys) order.push_back(key.id);
  return order;
}

std::string counts_text(const StudyView& view) {
  const std::int64_t running = view.count(TrialState::running);
  const std::int64_t waiting = view.count(TrialState::preempted);
  std::string text = std::to_string(static_cast<std::int64_t>(view.size()) - running - waiting);
  if (view.budget().max_trials) text += "/" + std::to_string(*view.budget().max_trials);
  text += " done";
  for (const TrialState state : {TrialState::running, TrialState::preempted, TrialState::failed,
                                 TrialState::infeasible, TrialState::lost}) {
    if (view.count(state) > 0) {
      text += ", " + std::to_string(view.count(state)) + " " + to_string(state);
    }
  }
  return text;
}

std::string searched_text(const StudyView& view, const Trial& trial) {
  std::string text;
  for (const auto& [name, value] : trial.configuration.values()) {
    const Parameter* parameter = view.problem().space.find(name);
    if (parameter != nullptr && parameter->type == ParameterType::fixed) continue;
    text += (text.empty() ? "" : " ") + printable(name) + "=" + value_text(value);
  }
  return text;
}

std::string finished_line(const Board& board, const Trial& trial) {
  const StudyView& view = board.view;
  std::string line = "[" + duration_text(board.elapsed) + "] trial " + std::to_string(trial.id) +
                     " " + to_string(trial.state);
  if (trial.state == TrialState::completed || trial.state == TrialState::stopped) {
    for (const Objective& objective : view.problem().objectives) {
      const auto value = latest_value(trial, objective.metric);
      line += " " + printable(objective.metric) + " " + (value ? short_number(*value) : "-");
    }
    if (view.best() == trial.id) line += " (best so far)";
  } else {
    line += ": " + first_line(trial.reason);
  }
  line += ", " + searched_text(view, trial) + ", " + counts_text(view);
  if (board.time_left) line += ", about " + duration_text(*board.time_left) + " left";
  return line;
}

std::vector<std::string> render_board(const Board& board, ScreenSize size) {
  const StudyView& view = board.view;
  const int width = std::max(1, size.width - 1);
  const auto height = static_cast<std::size_t>(std::max(1, size.height - 1));
  std::vector<std::string> head;
  std::string title = printable(board.name) + ":";
  for (const Objective& objective : view.problem().objectives) {
    title += std::string(" ") + to_string(objective.goal) + " " + printable(objective.metric);
  }
  head.push_back(std::move(title));
  std::string progress = "trials " + counts_text(view) + ", " + duration_text(board.elapsed);
  if (board.time_left) progress += ", about " + duration_text(*board.time_left) + " left";
  head.push_back(std::move(progress));
  head.push_back(best_line(view));

  std::vector<std::string> foot;
  if (auto line = failure_line(view)) foot.push_back(std::move(*line));
  if (board.stopping) foot.emplace_back("stopping: running trials are coming to their end");

  std::vector<TrialId> rows = ranked(view);
  const std::size_t taken = head.size() + foot.size() + 3;  // a blank, the heading, "more"
  const std::size_t room = height > taken ? height - taken : 0;
  const std::size_t hidden = rows.size() > room ? rows.size() - room : 0;
  rows.resize(rows.size() - hidden);

  std::vector<std::string> lines = std::move(head);
  if (!rows.empty()) {
    lines.emplace_back();
    for (std::string& line : table(columns(board, rows, view.best()), rows.size(), width)) {
      lines.push_back(std::move(line));
    }
  }
  if (hidden > 0) lines.push_back("… and " + std::to_string(hidden) + " more");
  lines.insert(lines.end(), foot.begin(), foot.end());
  if (lines.size() > height) lines.resize(height);
  for (std::string& line : lines) line = truncated(line, width);
  return lines;
}

}  // namespace tunesmith::cli
