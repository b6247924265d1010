#include "cli/board.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "support/catch.hpp"
#include "views.hpp"

namespace tunesmith::cli {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_fits(const std::vector<std::string>& lines, ScreenSize size) {
  CHECK(static_cast<int>(lines.size()) < std::max(2, size.height));
  for (const std::string& line : lines) {
    INFO(line);
    CHECK(display_width(line) < std::max(2, size.width));
    CHECK(printable(line) == line);
  }
}

Board board_of(const StudyView& view) {
  return {.view = view,
          .name = "job",
          .now = system_clock()->wall(),
          .elapsed = Seconds(83),
          .time_left = Seconds(130)};
}

}  // namespace

TEST_CASE("board: a study without trials") {
  const Study study = test::study_of(2, "x", {.max_trials = 20});
  const StudyView view = study.view();
  const auto lines = render_board(board_of(view), {});
  check_fits(lines, {});
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "job: minimize loss");
  CHECK(lines[1] == "trials 0/20 done, 1:23, about 2:10 left");
  CHECK(lines[2] == "no result yet");
}

TEST_CASE("board: the mean of repetitions is named so") {
  Study study = test::study_of(1, "x", {.max_trials = 20});
  study.tell(*study.ask(), 0.5);
  study.replicate(0);
  study.tell(*study.ask(), 0.25);
  const StudyView view = study.view();
  CHECK(render_board(board_of(view), {})[2] == "best: loss 0.375 (mean, trial 0)");
}

TEST_CASE("board: the best first, then what runs, then the others by value, then failures") {
  Study study = test::study_of(2, "x", {.max_trials = 20});
  for (const double value : {0.5, 0.2, 0.9}) study.tell(*study.ask(), value);
  study.fail(*study.ask(), "exit status 1: no module named torch");
  const TrialRun running = *study.ask();
  study.report(running, 1, {{"loss", 0.7}});
  const StudyView view = study.view();
  CHECK(ranked(view) == std::vector<TrialId>{1, 4, 0, 2, 3});

  const auto lines = render_board(board_of(view), {});
  check_fits(lines, {});
  REQUIRE(lines.size() == 11);
  CHECK(lines[1] == "trials 4/20 done, 1 running, 1 failed, 1:23, about 2:10 left");
  CHECK(lines[2] == "best: loss 0.2 (trial 1)");
  for (const char* title : {"trial", "state", "loss", "time", "x0", "x1"}) {
    CHECK(contains(lines[4], title));
  }
  CHECK_FALSE(contains(lines[4], "epochs"));
  CHECK(contains(lines[5], "*1  completed   0.2"));
  CHECK(contains(lines[6], "4  running     0.7"));
  CHECK(contains(lines[9], "3  failed        -"));
  CHECK(lines[10] == "trial 3 failed: exit status 1: no module named torch");
}

TEST_CASE("board: no screen breaks, whatever its size and the names") {
  Study study = test::study_of(40, "a-rather-long-parameter-name-漢字-", {});
  for (int i = 0; i < 60; ++i) {
    const TrialRun run = *study.ask();
    if (i % 7 == 0) {
      study.fail(run, "Traceback\n\x1b[2J" + std::string(500, 'x'));
    } else if (i % 5 != 0) {
      study.tell(run, i * 1e-300);
    }
  }
  const StudyView view = study.view();
  Board board = board_of(view);
  board.name = "name\x07\nwith control characters " + std::string(200, 'y');
  board.stopping = true;
  for (const ScreenSize size : {ScreenSize{80, 24}, ScreenSize{20, 5}, ScreenSize{1, 1},
                                ScreenSize{2, 2}, ScreenSize{200, 10}, ScreenSize{79, 100}}) {
    INFO(size.width << "x" << size.height);
    check_fits(render_board(board, size), size);
  }
  const auto lines = render_board(board, {80, 24});
  CHECK(lines.size() == 23);
  CHECK(contains(lines[lines.size() - 3], "more"));
  CHECK(contains(lines[4], "+"));
}

TEST_CASE("board: one line for a trial that has ended") {
  Study study = test::study_of(1, "x", {.max_trials = 4});
  study.tell(*study.ask(), 0.25);
  study.fail(*study.ask(), "exit status 2\nbad");
  const StudyView view = study.view();
  const std::string good = finished_line(board_of(view), view.trial(0));
  CHECK(contains(good, "[1:23] trial 0 completed loss 0.25 (best so far), x0="));
  CHECK(contains(good, "2/4 done"));
  CHECK_FALSE(contains(good, "epochs"));
  CHECK(contains(finished_line(board_of(view), view.trial(1)), "failed: exit status 2, "));
}

}  // namespace tunesmith::cli
