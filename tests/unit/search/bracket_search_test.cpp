#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

/// Runs trials whose value at any level is their number modulo 10, all at once or one by one.
class Course {
 public:
  explicit Course(std::shared_ptr<SearchStrategy> search)
      : search_(std::move(search)), builder_(test::problem_of(test::mixed_space())) {}

  /// Takes so many suggestions as trials that run.
  std::vector<Suggestion> ask(int count) {
    auto all = search_->suggest(builder_.view(), count);
    for (const Suggestion& one : all) {
      if (one.retire) {
        builder_.end(*one.retire, TrialState::stopped);
      } else if (one.resume) {
        builder_.end(*one.resume, TrialState::running).until = one.until;
        running_.insert(*one.resume);
      } else {
        running_.insert(builder_.add(one));
      }
    }
    return all;
  }
  void arrive(TrialId id, double last = 9) {
    const double until = builder_.trials()[static_cast<std::size_t>(id)].until;
    Trial& trial = builder_.end(id, until < last ? TrialState::paused : TrialState::completed);
    trial.reports.push_back({.resource = until, .metrics = {{metric(), value(id)}}});
    if (until >= last) trial.metrics = {{metric(), value(id)}};
    running_.erase(id);
  }
  void fail(TrialId id) {
    builder_.fail(id);
    running_.erase(id);
  }
  void arrive_all() {
    for (const TrialId id : std::set<TrialId>(running_)) arrive(id);
  }
  const std::set<TrialId>& running() const { return running_; }
  const ViewBuilder& builder() const { return builder_; }

 private:
  static double value(TrialId id) { return static_cast<double>(id % 10); }
  std::string metric() const { return builder_.view().problem().objectives.front().metric; }

  std::shared_ptr<SearchStrategy> search_;
  ViewBuilder builder_;
  std::set<TrialId> running_;
};

std::vector<TrialId> resumed(const std::vector<Suggestion>& all) {
  std::vector<TrialId> ids;
  for (const Suggestion& one : all)
    if (one.resume) ids.push_back(*one.resume);
  return ids;
}

}  // namespace

TEST_CASE("Hyperband's brackets by turns, worked out by hand for 9 levels") {
  // 9 at 1, 3 at 3, 1 at 9; 5 at 3, 1 at 9; 3 at 9.
  Course course(hyperband_search({.max_resource = 9}));
  const auto begun = course.ask(18);
  REQUIRE(begun.size() == 18);
  for (std::size_t i = 0; i < begun.size(); ++i) {
    INFO(i);
    const double expected = i < 9 ? 1 : i < 14 ? 3 : i < 17 ? 9 : 1;
    CHECK(begun[i].until == expected);
    CHECK(begun[i].resumable == (expected < 9));
  }
  for (TrialId id = 0; id < 8; ++id) course.arrive(id);
  CHECK(resumed(course.ask(1)).empty());  // the ninth still runs: a worker begins another trial
  CHECK(course.builder().trials().size() == 19);
  course.arrive(8);
  const auto next = course.ask(4);
  CHECK(resumed(next) == std::vector<TrialId>{0, 1, 2});
  std::set<TrialId> retired;
  for (const Suggestion& one : next)
    if (one.retire) retired.insert(*one.retire);
  CHECK(retired == std::set<TrialId>{3, 4, 5, 6, 7, 8});
  for (const TrialId id : {0, 1, 2}) course.arrive(id);
  const auto last = course.ask(1);
  REQUIRE(resumed(last) == std::vector<TrialId>{0});
  CHECK(std::find_if(last.begin(), last.end(), [](const Suggestion& one) {
          return one.resume && one.until == 9 && !one.resumable;
        }) != last.end());
}

TEST_CASE("Failed trials count as worst and do not hold a rung up") {
  Course course(successive_halving_search({.max_resource = 9}));
  course.ask(9);
  course.fail(0);
  course.fail(1);
  for (TrialId id = 2; id < 9; ++id) course.arrive(id);
  CHECK(resumed(course.ask(3)) == std::vector<TrialId>{2, 3, 4});
}

TEST_CASE("Successive halving fills bracket after bracket, also for one worker") {
  Course course(successive_halving_search({.max_resource = 9}));
  std::map<TrialId, double> highest;
  // A bracket is 9 + 3 + 1 pieces.
  for (int piece = 0; piece < 26; ++piece) {
    course.ask(1);
    REQUIRE(course.running().size() == 1);
    course.arrive_all();
  }
  for (const Trial& trial : course.builder().trials()) highest[trial.id] = trial.until;
  REQUIRE(highest.size() == 18);
  CHECK(std::count_if(highest.begin(), highest.end(),
                      [](const auto& one) { return one.second == 9; }) == 2);
  CHECK(std::count_if(highest.begin(), highest.end(),
                      [](const auto& one) { return one.second == 3; }) == 4);
  // Of 9 to 17 the best three are 10, 11 and 12.
  CHECK(highest[10] == 9);
}

TEST_CASE("What a fresh instance suggests is what one that followed suggests") {
  const auto kept = hyperband_search({.max_resource = 9});
  Course course(kept);
  for (int step = 0; step < 30; ++step) {
    const StudyView view = course.builder().view();
    const auto a = kept->suggest(view, 3);
    const auto b = hyperband_search({.max_resource = 9})->suggest(view, 3);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CHECK(a[i].configuration == b[i].configuration);
      CHECK(a[i].resume == b[i].resume);
      CHECK(a[i].retire == b[i].retire);
      CHECK(a[i].until == b[i].until);
    }
    course.ask(2);
    if (step % 2 == 1) course.arrive_all();
  }
}

TEST_CASE("PASHA goes no higher while two rungs agree") {
  // The values are the same at all levels: they agree for ever.
  Course agreeing(pasha_search({.max_resource = 27}));
  for (int step = 0; step < 60; ++step) {
    agreeing.ask(1);
    for (const TrialId id : std::set<TrialId>(agreeing.running())) agreeing.arrive(id, 27);
  }
  double highest = 0;
  for (const Trial& trial : agreeing.builder().trials()) highest = std::max(highest, trial.until);
  CHECK(highest == 3);
}

TEST_CASE("PASHA's highest rung rises when two rungs disagree") {
  const Problem problem = test::problem_of(test::mixed_space());
  const std::string metric = problem.objectives.front().metric;
  const double sign = problem.objectives.front().goal == Goal::minimize ? 1 : -1;
  for (const bool disagree : {false, true}) {
    ViewBuilder builder(problem);
    for (int i = 0; i < 12; ++i) {
      const bool high = i < 3;
      Trial& trial = builder.end(builder.add({.until = high ? 3.0 : 1.0}), TrialState::paused);
      trial.reports.push_back({.resource = 1, .metrics = {{metric, sign * i}}});
      const double later = disagree ? 3 - i : i;
      if (high) trial.reports.push_back({.resource = 3, .metrics = {{metric, sign * later}}});
    }
    const auto next = pasha_search({.max_resource = 27})->suggest(builder.view(), 1);
    REQUIRE(next.size() == 1);
    INFO(disagree);
    // The best at 3, where they disagree; else the fourth best at 1.
    CHECK(next[0].resume == TrialId{disagree ? 2 : 3});
    CHECK(next[0].until == (disagree ? 9 : 3));
  }
}
