#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

constexpr double odd = std::numeric_limits<double>::quiet_NaN();

/// Feeds reports by hand; trials are numbered as they come.
class Course {
 public:
  explicit Course(AshaSearchOptions options = {}, Goal goal = Goal::minimize)
      : builder_(problem_with(goal)), asha_(asha_search(options)) {
    for (int i = 0; i < 64; ++i) builder_.add({});
  }

  /// Whether the trial is stopped.
  bool report(TrialId trial, double level, double value) {
    return feed({.kind = EventKind::reported,
                 .trial = trial,
                 .attempt = 1,
                 .resource = level,
                 .value = value,
                 .metric = "loss"});
  }
  bool feed(const Event& event) {
    const StoredEvent stored{++sequence_, event};
    const auto actions = asha_->on_events(builder_.view(), {&stored, 1});
    for (const Action& action : actions) {
      CHECK(action.kind == Action::Kind::stop_trial);
      CHECK(action.trial == event.trial);
      CHECK_FALSE(action.reason.empty());
    }
    return !actions.empty();
  }

  static Problem problem_with(Goal goal) {
    Problem problem = test::problem_of(test::mixed_space());
    problem.objectives = {{.metric = "loss", .goal = goal}};
    return problem;
  }

 private:
  ViewBuilder builder_;
  std::shared_ptr<SearchStrategy> asha_;
  Sequence sequence_ = 0;
};

/// The rule as it is written: all values of the rung sorted.
bool stops(const std::vector<double>& rung, double rank, std::size_t eta) {
  if (rung.size() < eta) return false;
  std::vector<double> sorted = rung;
  std::sort(sorted.begin(), sorted.end());
  return rank > sorted[(rung.size() + eta - 1) / eta - 1];
}

}  // namespace

TEST_CASE("ASHA stops who is not among the best third, as worked out by hand") {
  Course course;
  struct Row {
    TrialId trial;
    double level, value;
    bool stopped;
  };
  const std::vector<Row> table = {
      {0, 1, 5.0, false},   // fewer than three
      {1, 1, 6.0, false},   // fewer than three
      {2, 1, 5.5, true},    // of 3 one goes on: 5
      {3, 1, 5.2, false},   // of 4 two go on: 5, 5.2
      {4, 1, 5.2, false},   // a tie with the second
      {5, 1, 5.3, true},    // of 6 two go on
      {0, 2, 9.0, false},   // no rung
      {0, 3, 3.0, false},   // fewer than three
      {3, 3, 4.0, false},   // fewer than three
      {4, 3, 3.5, true},    // of 3 one goes on: 3
      {6, 1, odd, true},    // worst of all
      {7, 4, 1.0, false},   // jumps over 1 and 3, best at both
      {7, 3, 99.0, false},  // late: the rung has its value
      {8, 1, 5.2, false},   // of 9 three go on: 1, 5, 5.2; ties run on
  };
  for (const Row& row : table) {
    INFO("trial " << row.trial << " at " << row.level << ": " << row.value);
    CHECK(course.report(row.trial, row.level, row.value) == row.stopped);
  }
}

TEST_CASE("ASHA's decisions are those of sorting, for both goals and any order of reports") {
  for (const Goal goal : {Goal::minimize, Goal::maximize}) {
    for (const std::int64_t eta : {2, 3, 4}) {
      RandomStream random(static_cast<std::uint64_t>(eta), 0, "asha test");
      Course course({.min_resource = 2, .max_resource = 100, .eta = eta}, goal);
      std::map<double, std::vector<double>> rungs;
      for (double level = 2; level < 100; level *= static_cast<double>(eta)) rungs[level];
      std::map<TrialId, std::set<double>> entered;
      int stopped = 0;
      for (int i = 0; i < 1500; ++i) {
        const auto trial = static_cast<TrialId>(random.below(64));
        const auto level = static_cast<double>(1 + random.below(110));
        double value = static_cast<double>(random.below(50));
        if (random.below(20) == 0) value = odd;
        const double rank =
            std::isnan(value) ? HUGE_VAL : (goal == Goal::minimize ? value : -value);
        bool expected = false;
        for (auto& [rung, values] : rungs) {
          if (level < rung || !entered[trial].insert(rung).second) continue;
          values.push_back(rank);
          expected = expected || stops(values, rank, static_cast<std::size_t>(eta));
        }
        REQUIRE(course.report(trial, level, value) == expected);
        stopped += expected;
      }
      CHECK(stopped > 10);
    }
  }
}

TEST_CASE("What a failed trial reported counts as worst") {
  Course course;
  CHECK_FALSE(course.report(0, 1, 1.0));
  CHECK_FALSE(course.report(1, 1, 2.0));
  course.feed({.kind = EventKind::finished,
               .trial = 0,
               .attempt = 1,
               .value = static_cast<double>(Outcome::failed)});
  CHECK_FALSE(course.report(2, 1, 1.5));  // of 3 the best
  CHECK_FALSE(course.report(3, 3, 1.9));  // of 4 two go on
  CHECK(course.report(4, 1, 1.95));       // of 5 two go on: 1.5, 1.9
}

TEST_CASE("Brackets begin at higher rungs, each with a third of the trials") {
  const auto asha = asha_search({.type = AshaType::promotion, .max_resource = 81, .brackets = 3});
  const StudyView view = ViewBuilder(Course::problem_with(Goal::minimize)).view();
  std::map<double, int> begun;
  for (const Suggestion& one : asha->suggest(view, 1300)) {
    CHECK(one.resumable);
    ++begun[one.until];
  }
  REQUIRE(begun.size() == 3);
  CHECK(std::abs(begun[1] - 900) < 60);
  CHECK(std::abs(begun[3] - 300) < 60);
  CHECK(std::abs(begun[9] - 100) < 40);
}

TEST_CASE("ASHA by promotion resumes the best that wait, the highest rung first") {
  const auto asha = asha_search({.type = AshaType::promotion, .max_resource = 9});
  ViewBuilder builder(Course::problem_with(Goal::minimize));
  const auto paused = [&](double until, std::vector<double> values) {
    Trial& trial = builder.end(builder.add({.until = until}), TrialState::paused);
    double level = 1;
    for (const double value : values) {
      trial.reports.push_back({.resource = level, .metrics = {{"loss", value}}});
      level *= 3;
    }
    return trial.id;
  };
  paused(1, {5});
  paused(1, {4});
  CHECK_FALSE(asha->suggest(builder.view(), 1)[0].resume);  // of 2 none
  const TrialId third = paused(1, {3});
  auto next = asha->suggest(builder.view(), 2);
  REQUIRE(next.size() == 2);
  CHECK(next[0].resume == third);
  CHECK(next[0].until == 3);
  CHECK(next[0].resumable);
  CHECK_FALSE(next[1].resume);
  CHECK(next[1].until == 1);
  paused(3, {2, 2});
  paused(3, {2, 1});
  const TrialId high = paused(3, {2, 0.5});
  next = asha->suggest(builder.view(), 2);
  REQUIRE(next.size() == 2);
  CHECK(next[0].resume == high);
  CHECK(next[0].until == 9);
  CHECK_FALSE(next[0].resumable);
  CHECK_FALSE(next[1].resume);  // the two best of the lowest rung went on
  paused(1, {odd});
  paused(1, {});
  paused(1, {});  // of 9 three, which have gone on
  CHECK_FALSE(asha->suggest(builder.view(), 2)[1].resume);
}

TEST_CASE("Mistakes in ASHA's options are all told") {
  try {
    make_search("asha", R"({"eta": 1, "max_resource": -1, "type": "x", "searcher": {"name": "tpe",
                            "candidates": 0}})");
    FAIL("no error");
  } catch (const Error& error) {
    std::set<std::string> paths;
    for (const Mistake& mistake : error.mistakes()) paths.insert(mistake.path);
    CHECK(paths == std::set<std::string>{"/eta", "/max_resource", "/type", "/searcher"});
  }
  CHECK_THROWS_AS(make_search("asha", R"({"min_resource": 9, "max_resource": 3})"), Error);
  CHECK_THROWS_AS(asha_search({.eta = 1}), Error);
  CHECK(make_search("asha", R"({"searcher": "sobol", "brackets": 2})")->name() == "asha");
}
