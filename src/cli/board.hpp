#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith::cli {

/// What a leaderboard shows.
struct Board {
  const StudyView& view;
  std::string name = {};
  /// For the times of running trials.
  Timestamp now = 0;
  Seconds elapsed{0};
  std::optional<Seconds> time_left = {};
  /// A stop was asked for, and running trials are coming to their end.
  bool stopping = false;
};

struct ScreenSize {
  int width = 80;
  int height = 24;
};

/// The leaderboard: best and running trials first, as many as fit. Always fewer lines than the
/// screen has, each narrower than the screen, all of them printable. O(trials log trials).
std::vector<std::string> render_board(const Board& board, ScreenSize size);

/// The trials in the order in which a person wants them: the best, those that run, the rest by
/// their first objective, then those without a value, the latest first.
std::vector<TrialId> ranked(const StudyView& view);

/// The latest value of a metric: of the trial's result, else of its reports.
std::optional<double> latest_value(const Trial& trial, const std::string& metric);

/// From start to end, or to now.
Seconds duration_of(const Trial& trial, Timestamp now);

/// "7/20 done, 3 running, 1 failed".
std::string counts_text(const StudyView& view);

/// "lr=0.01 optimizer=adam", without the fixed parameters.
std::string searched_text(const StudyView& view, const Trial& trial);

/// One line for a trial that has just ended.
std::string finished_line(const Board& board, const Trial& trial);

}  // namespace tunesmith::cli
