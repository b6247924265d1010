// Pictures of a study that threads hold and read while others report.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

Problem one_objective() {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1});
  problem.objectives = {{.metric = "loss"}};
  return problem;
}

/// All that a picture says of its trials.
std::string text_of(const StudyView& view) {
  std::string text = std::to_string(view.prefix());
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    text += std::string("\n") + to_string(trial.state) + " " + trial.reason +
            (view.stop_requested(id) ? " stopping" : "");
    for (const Report& report : trial.reports)
      text +=
          " " + std::to_string(report.resource) + ":" + std::to_string(report.metrics.at("loss"));
  }
  return text;
}

bool adds_up(const StudyView& view) {
  std::int64_t running = 0;
  std::int64_t events = 0;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    running += trial.state == TrialState::running ? 1 : 0;
    events += 1 + std::ssize(trial.reports) + (is_final(trial.state) ? 1 : 0) +
              (view.stop_requested(id) ? 1 : 0);
    for (std::size_t i = 0; i < trial.reports.size(); ++i)
      if (trial.reports[i].resource != static_cast<double>(i + 1)) return false;
  }
  return view.count(TrialState::running) == running && view.prefix() == events;
}

}  // namespace

TEST_CASE("study: pictures that threads hold stay as they were while others report", "[threads]") {
  Study study({.problem = one_objective(), .search = asha_search({.max_resource = 27})});
  std::atomic<int> at_work = 3;
  std::atomic<int> broken = 0;
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 3; ++worker) {
    threads.emplace_back([&] {
      for (int i = 0; i < 120; ++i) {
        const TrialRun run = *study.ask();
        const double worth = static_cast<double>(run.trial * 37 % 100);
        int level = 0;
        while (study.report(run, ++level, {{"loss", worth + 1.0 / level}}) ==
               Decision::keep_going) {
        }
        study.tell(run, {.outcome = Outcome::stopped});
      }
      --at_work;
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&] {
      while (at_work > 0) {
        const StudyView held = study.view();
        const std::string before = text_of(held);
        study.view();  // one that is given back at once
        if (!adds_up(held) || text_of(held) != before) ++broken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(broken == 0);
  const StudyView last = study.view();
  CHECK(last.size() == 360);
  CHECK(adds_up(last));
  CHECK(last.count(TrialState::stopped) > 100);
}
