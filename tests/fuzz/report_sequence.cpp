// What hosts call, in any order: a study keeps its promises, and its log gives the same study back.
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

StudyOptions options(const std::shared_ptr<Store>& store) {
  Problem problem;
  problem.space.add_int("n", {.min = 1, .max = 12}).add_categorical("c", {"a", "b"});
  problem.objectives = {{.metric = "loss"}};
  return {.name = "fuzzed", .problem = problem, .search = random_search(), .store = store};
}

double value_of(std::uint8_t byte) {
  switch (byte) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return std::numeric_limits<double>::infinity();
    case 2:
      return 1e300;
    default:
      return byte / 16.0 - 4;
  }
}

void compare(const StudyView& a, const StudyView& b) {
  fuzz::require(a.size() == b.size() && a.prefix() == b.prefix(), "the log has another length");
  fuzz::require(a.best() == b.best(), "another trial is the best");
  for (TrialId id = 0; id < static_cast<TrialId>(a.size()); ++id) {
    const Trial& x = a.trial(id);
    const Trial& y = b.trial(id);
    fuzz::require(x.configuration == y.configuration && x.state == y.state &&
                      x.attempt == y.attempt && x.reason == y.reason &&
                      x.reports.size() == y.reports.size() && x.metrics.size() == y.metrics.size(),
                  "a trial reads back as another one");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const auto store = open_store("memory:");
  std::optional<Study> study(options(store));
  std::vector<TrialRun> runs;
  std::vector<bool> told;
  for (int calls = 0; !bytes.empty() && calls < 300; ++calls) {
    const std::uint8_t what = bytes.next();
    const std::size_t pick = runs.empty() ? 0 : bytes.below(runs.size());
    try {
      if (what < 80 || runs.empty()) {
        if (const Asked run = study->ask()) {
          runs.push_back(*run);
          told.push_back(false);
        }
      } else if (what < 150) {
        study->report(runs[pick], value_of(bytes.next()), {{"loss", value_of(bytes.next())}});
      } else if (what < 210) {
        const auto outcome = static_cast<Outcome>(bytes.below(6));
        const TrialResult result{
            .outcome = outcome, .reason = "fuzz", .metrics = {{"loss", value_of(bytes.next())}}};
        const Told answer = study->tell(runs[pick], result);
        fuzz::require(!told[pick] || answer != Told::accepted, "an attempt is told once");
        told[pick] = told[pick] || answer == Told::accepted;
      } else if (what < 220) {
        runs.push_back(study->restart(runs[pick], "fuzz"));
        told.push_back(false);
        told[pick] = true;
      } else if (what < 230) {
        study->request_stop("fuzz", runs[pick].trial);
      } else if (what < 235) {
        study->replicate(runs[pick].trial);
      } else if (what < 240) {
        study->set_budget({.max_trials = bytes.next() + 1});
      } else if (what < 245) {
        study->enqueue({{"n", std::int64_t{bytes.next()}}, {"c", std::string("a")}});
      } else if (what < 250) {
        study->begin_session("fuzz");
      } else {
        const StudyView before = study->view();
        study.emplace(options(store));
        compare(before, study->view());
      }
    } catch (const Error& error) {
      fuzz::require(error.code() == ErrorCode::invalid_argument ||
                        error.code() == ErrorCode::invalid_space ||
                        error.code() == ErrorCode::invalid_problem,
                    error.what());
    }
  }
  compare(study->view(), read_study(*store, "fuzzed"));
  return 0;
}
