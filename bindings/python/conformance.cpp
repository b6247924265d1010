#include "tunesmith/testing/conformance.hpp"

#include <pybind11/stl.h>

#include <utility>

#include "bindings.hpp"
#include "objective.hpp"
#include "plugins.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* conformance_doc =
    R"(What a kit has found.

holds -- whether every promise is kept
checks -- names of what was looked at, in order
broken -- the BrokenPromises, at most a few per check

>>> import tunesmith
>>> from tunesmith.testing import check_store
>>> result = check_store(lambda: tunesmith.open_store("memory:"))
>>> result.holds, result.broken
(True, [])
)";

constexpr const char* report_doc =
    "A line per check; under those that broke, what was seen. For people.";

constexpr const char* broken_doc =
    R"(A promise that was not kept: check (the name of the check) and what (was seen, with the case it was seen in).

>>> import tunesmith
>>> from tunesmith.testing import check_strategy
>>> class Stubborn(tunesmith.SearchStrategy):
...     def suggest(self, view, count):
...         return [tunesmith.Suggestion(view.problem.space.decode([0.5] * view.problem.space.dimension))]
>>> result = check_strategy(Stubborn, trials=5, longest_history=10)
>>> result.holds, type(result.broken[0]).__name__
(False, 'BrokenPromise')
)";

constexpr const char* check_strategy_doc =
    R"(Holds a SearchStrategy to its contract: bounds, constraints, conditions, determinism, order of ends, resumption and
recomputation, no duplicates, exhaustion, failures, extreme values and shapes of spaces. Returns a Conformance.

make -- returns a new instance each time, as another process would make it; the class itself will do
trials -- length of the studies that are searched from start to end
longest_history -- length of the longest history that suggestions are made from
patience -- the longest, in seconds, that one call may take

A strategy for finite spaces alone says so by raising Error("invalid_space"), and is then checked on those.

>>> import tunesmith
>>> from tunesmith.testing import check_strategy
>>> check_strategy(tunesmith.random_search, trials=5, longest_history=10).holds
True
)";

constexpr const char* check_stopping_rule_doc =
    R"(Holds a StoppingRule to its contract: independence of how the log is cut, determinism, actions on trials that run,
with a reason, and odd courses. Returns a Conformance.

make -- returns a new instance each time
patience -- the longest, in seconds, that one call may take

>>> import tunesmith
>>> from tunesmith.testing import check_stopping_rule
>>> check_stopping_rule(tunesmith.median_rule).holds
True
)";

constexpr const char* check_executor_doc =
    R"(Holds a TrialExecutor to its contract: every attempt ends once, as it should and with its reports before; stop
requests, capacity, restarts, recovery, and an end that leaves nothing running. Returns a Conformance.

make -- called with a capacity; returns a new executor whose trials behave as conformance_trial does, at least that many
        at once
again -- returns a second executor on the place of the one that make gave last and that is gone, as the next session would
         make it; None for executors that leave nothing behind
patience -- the longest, in seconds, that a trial may take to begin, to end or to be heard of

>>> import tunesmith
>>> from tunesmith.testing import check_executor, conformance_trial
>>> def make(capacity):
...     return tunesmith.thread_pool_executor(conformance_trial, max_parallel=capacity)
>>> check_executor(make).holds
True
)";

constexpr const char* check_store_doc =
    R"(Holds a Store to its contract: compare-and-swap, fencing, all or nothing, order, paging, bit-exact values, odd names,
leases, waiting, concurrent writers and readers, reopening, removal, and damage that is found and said. Returns a
Conformance.

make -- returns a new, empty store each time, independent of the others
reopen -- returns a second object on the place of the store that make gave last, as another process would open it; None
          for stores without a place
damage -- called with 0, 1, ...: does that kind of damage to the place while no object has it open, and returns whether
          there was one; None: damage is not checked
patience -- the longest, in seconds, that one call may take

>>> import tunesmith
>>> from tunesmith.testing import check_store
>>> check_store(lambda: tunesmith.open_store("memory:")).holds
True
)";

constexpr const char* conformance_trial_doc =
    R"(How the trials of check_executor behave, by params["behaviour"]: "complete" reports `loss` = 1 / level at levels
1 ... params["levels"] and completes; "fail" reports one level, then fails; "wait" reports one level and then waits until
it is asked to stop; "silent" completes without a report; "nan" reports `loss` = NaN at level 1 and completes. An objective for thread_pool_executor; in executors of your own `reporter` may be any object with a
method report(resource, metrics) that answers "keep_going" or "stop". Returns a TrialResult.

>>> import tunesmith
>>> from tunesmith.testing import conformance_trial
>>> space = tunesmith.Space().add_fixed("behaviour", "complete").add_fixed("levels", 4)
>>> study = tunesmith.Study("s", space, metric="loss", strategy="grid")
>>> tunesmith.Tuner(study, tunesmith.thread_pool_executor(conformance_trial)).run().view.best.value
0.25
)";

constexpr const char* conformance_problem_doc =
    R"(The Problem of check_executor's trials: a categorical "behaviour" and an int "levels".

>>> from tunesmith.testing import conformance_problem
>>> [parameter.name for parameter in conformance_problem().space.parameters]
['behaviour', 'levels']
)";

/// A Python function that makes plug-ins, for the threads of a kit.
template <class Contract>
std::function<std::shared_ptr<Contract>()> maker(
    const py::object& make, std::shared_ptr<Contract> (*from)(const py::object&)) {
  if (make.is_none()) return {};
  return [make = HeldObject(make), from] { return with_gil([&] { return from(make.get()()); }); };
}

/// An object of the user's that takes a trial's reports.
class ReportListener final : public TrialSink {
 public:
  explicit ReportListener(HeldObject object) : object_(std::move(object)) {}

  Decision report(const TrialRun&, double resource, const Metrics& metrics) override {
    return with_gil([&] {
      const py::object answer = object_.get().attr("report")(resource, metrics);
      return decision_from(answer_as<std::string>(answer, "report()", "a str"));
    });
  }
  void finish(const TrialRun&, const TrialResult&) override {}

 private:
  HeldObject object_;
};

PyResult conformance_trial(const TrialRun& run, const py::object& reporter) {
  const bool own = py::isinstance<PyReporter>(reporter);
  const auto listener = own ? nullptr : std::make_shared<ReportListener>(HeldObject(reporter));
  const TrialReporter line =
      own ? reporter.cast<const PyReporter&>().reporter : TrialReporter(listener, run);
  const py::gil_scoped_release release;
  return {testing::conformance_trial(run, line), std::nullopt};
}

testing::Conformance check_executor(const py::object& make, const py::object& again,
                                    double patience) {
  const auto kept = std::make_shared<KeptException>();
  testing::ExecutorKit kit{
      .make =
          [make = HeldObject(make), kept](int capacity) {
            return with_gil([&] { return executor_from(make.get()(capacity), kept); });
          },
      .patience = Seconds(patience)};
  if (!again.is_none()) {
    kit.again = [again = HeldObject(again), kept] {
      return with_gil([&] { return executor_from(again.get()(), kept); });
    };
  }
  const py::gil_scoped_release release;
  testing::Conformance result = testing::check_executor(kit);
  // request_stop, discard and close have nobody to raise to.
  result.checks.emplace_back("nothing raised");
  try {
    kept->rethrow();
  } catch (const std::exception& raised) {
    result.broken.push_back({.check = result.checks.back(), .what = raised.what()});
  }
  return result;
}

testing::Conformance check_store(const py::object& make, const py::object& reopen,
                                 const py::object& damage, double patience) {
  testing::StoreKit kit{.make = maker(make, &store_from),
                        .reopen = maker(reopen, &store_from),
                        .patience = Seconds(patience)};
  if (!damage.is_none()) {
    kit.damage = [damage = HeldObject(damage)](int number) {
      return with_gil([&] { return answer_as<bool>(damage.get()(number), "damage()", "a bool"); });
    };
  }
  const py::gil_scoped_release release;
  return testing::check_store(kit);
}

void bind_results(py::module_& module) {
  auto broken =
      py::class_<testing::BrokenPromise>(module, "BrokenPromise", broken_doc)
          .def_readonly("check", &testing::BrokenPromise::check)
          .def_readonly("what", &testing::BrokenPromise::what)
          .def("__repr__", [](const testing::BrokenPromise& self) {
            return "<tunesmith.testing.BrokenPromise " + self.check + ": " + self.what + ">";
          });
  auto conformance = py::class_<testing::Conformance>(module, "Conformance", conformance_doc)
                         .def_property_readonly("holds", &testing::Conformance::holds)
                         .def_readonly("checks", &testing::Conformance::checks)
                         .def_readonly("broken", &testing::Conformance::broken)
                         .def("report", &testing::Conformance::report, report_doc)
                         .def("__repr__", [](const testing::Conformance& self) {
                           return "<tunesmith.testing.Conformance " +
                                  std::to_string(self.checks.size()) + " checks, " +
                                  std::to_string(self.broken.size()) + " broken promises>";
                         });
}

}  // namespace

void bind_conformance(py::module_& module) {
  bind_results(module);
  module.def(
      "check_strategy",
      [](const py::object& make, int trials, int longest_history, double patience) {
        const testing::StrategyKit kit{.make = maker(make, &search_from),
                                       .trials = trials,
                                       .longest_history = longest_history,
                                       .patience = Seconds(patience)};
        const py::gil_scoped_release release;
        return testing::check_strategy(kit);
      },
      "make"_a, py::kw_only(), "trials"_a = testing::StrategyKit{}.trials,
      "longest_history"_a = testing::StrategyKit{}.longest_history,
      "patience"_a = testing::StrategyKit{}.patience.count(), check_strategy_doc);
  module.def(
      "check_stopping_rule",
      [](const py::object& make, double patience) {
        const testing::StoppingRuleKit kit{.make = maker(make, &stopping_rule_from),
                                           .patience = Seconds(patience)};
        const py::gil_scoped_release release;
        return testing::check_stopping_rule(kit);
      },
      "make"_a, py::kw_only(), "patience"_a = testing::StoppingRuleKit{}.patience.count(),
      check_stopping_rule_doc);
  module.def("check_executor", &check_executor, "make"_a, py::kw_only(), "again"_a = py::none(),
             "patience"_a = testing::ExecutorKit{}.patience.count(), check_executor_doc);
  module.def("check_store", &check_store, "make"_a, py::kw_only(), "reopen"_a = py::none(),
             "damage"_a = py::none(), "patience"_a = testing::StoreKit{}.patience.count(),
             check_store_doc);
  module.def("conformance_trial", &conformance_trial, "run"_a, "reporter"_a, conformance_trial_doc);
  module.def("conformance_problem", &testing::conformance_problem, conformance_problem_doc);
  for (const char* name :
       {"BrokenPromise", "Conformance", "check_strategy", "check_stopping_rule", "check_executor",
        "check_store", "conformance_trial", "conformance_problem"})
    publish(module.attr(name), "tunesmith.testing");
}

}  // namespace tunesmith::python
