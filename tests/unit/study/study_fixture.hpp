#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tunesmith/search.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith {

/// A strategy made of a function.
class FakeSearch final : public SearchStrategy {
 public:
  using Function = std::function<std::vector<Suggestion>(const StudyView& view, int count)>;
  explicit FakeSearch(Function function) : function_(std::move(function)) {}

  std::string name() const override { return "fake"; }
  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    return function_(view, count);
  }

 private:
  Function function_;
};

/// Suggests x = number of the trial / 1024.
inline std::shared_ptr<SearchStrategy> counting_search() {
  return std::make_shared<FakeSearch>([](const StudyView& view, int) {
    Suggestion suggestion;
    suggestion.configuration = {{"x", static_cast<double>(view.size()) / 1024}};
    return std::vector<Suggestion>{suggestion};
  });
}

/// One float x in [0, 64], one objective "loss" to be minimised.
inline Problem one_objective() {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 64});
  problem.objectives = {{.metric = "loss"}};
  return problem;
}

class FakeClock final : public Clock {
 public:
  Seconds monotonic() const override { return Seconds(now); }
  Timestamp wall() const override { return now; }
  double now = 1000;
};

/// A study of its own with a clock that stands still.
inline StudyOptions options() {
  return {.problem = one_objective(),
          .search = counting_search(),
          .store = open_store("memory:"),
          .clock = std::make_shared<FakeClock>()};
}

/// The error that a call throws; executor_failed where it throws none.
template <class Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::executor_failed, "nothing was thrown"};
}

}  // namespace tunesmith
