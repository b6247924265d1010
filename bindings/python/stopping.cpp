#include "tunesmith/stopping.hpp"

#include <pybind11/stl.h>

#include <array>
#include <utility>

#include "bindings.hpp"
#include "plugins.hpp"
#include "tunesmith/convergence.hpp"
#include "tunesmith/self_check.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* action_doc =
    R"(What a stopping rule wants done, and why.

kind -- "stop_trial": end the trial soon, what it reported counts; "stop_study": begin no further trial and end those
        that run; "notify": let everything run, and record the words as a Notice
trial -- its number, for "stop_trial" and, unless it concerns the whole study, "notify"
reason -- in words a user may read; required

>>> import tunesmith
>>> tunesmith.Action("stop_trial", trial=3, reason="loss 0.71 at 3 is worse than 0.52")
<tunesmith.Action stop_trial 3: loss 0.71 at 3 is worse than 0.52>
)";

constexpr const char* rule_doc =
    R"(Ends trials that are not worth their cost: a fold of the study's log. tunesmith's own come from median_rule and
make_stopping_rule; derive from this class to write one, with name() and on_events(view, news).

An instance serves one study, which calls it from one thread at a time while reports wait: answer soon, and do not call
the study.

>>> import tunesmith
>>> class Cap(tunesmith.StoppingRule):
...     def on_events(self, view, news):
...         return [tunesmith.Action("stop_trial", trial=stored.event.trial, reason="loss is above 1")
...                 for stored in news if stored.event.kind == "reported" and stored.event.value > 1]
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", 0, 1), metric="loss", stopping_rules=[Cap()])
>>> run = study.ask()
>>> study.report(run, 1, 0.5), study.report(run, 2, 1.5)
('keep_going', 'stop')
)";

constexpr const char* name_doc = "For messages and the log; by default the name of the class.";
constexpr const char* on_events_doc =
    "Fed every StoredEvent of the log once, in order, in stretches of any length: the list of "
    "Actions must not depend on how the log is cut. The view shows the log up to the last of "
    "`news`; take from it what does not change, and the course of trials from the events. Actions "
    "on trials that do not run are forgotten.";

constexpr const char* on_time_doc =
    "Called by Study.refresh, which a Tuner calls about every second, for rules that wait for what "
    "does not come: the list of Actions, by default none. `now` is in seconds, counts from an "
    "arbitrary start and never goes back.";

constexpr const char* median_rule_doc =
    R"(Stops a trial whose objective is worse than the median, over completed trials, of their running means up to the
same resource level: SageMaker's early stopping "Auto".

min_trials -- completed trials to compare with before anything is stopped, at least 1
min_levels -- resource levels a trial reports before it may be stopped, at least 1

>>> import tunesmith
>>> tunesmith.median_rule(min_trials=3).name()
'median'
)";

constexpr const char* no_improvement_rule_doc =
    R"(Ends a study whose best (with several objectives: whose front) has not improved for some trials.

trials -- trials that end, in whatever way, without improvement before the study does, at least 1
min_change, min_relative_change -- an improvement is better by this much, and by this share of the best's magnitude

>>> import tunesmith
>>> rule = tunesmith.no_improvement_rule(trials=10, min_relative_change=0.01)
>>> space = tunesmith.Space().add_float("x", 0, 1)
>>> study = tunesmith.tune(lambda p: 1.0, space, 100, stopping_rules=[rule])
>>> study.why_spent
'stop requested: no_improvement: value has not improved on the 1 of trial 0 in 10 trials'
)";

constexpr const char* convergence_rule_doc =
    R"(Ends a study when its strategy's model sees nothing left to gain, by Trial.outlook: the regret bound is within the
noise, or within the tolerance while fifty further trials are together not expected to gain that much.

tolerance -- what is not worth another trial, in the objective's own unit; None: 1 % of what the study has gained so
             far, from the median of its first min_trials values to its best
patience -- suggestions in a row that promise no more, at least 1
min_trials -- feasible trials before anything ends, at least 2

>>> import tunesmith
>>> space = tunesmith.Space().add_float("x", -1, 2)
>>> study = tunesmith.tune(lambda p: p["x"] ** 2, space, 100, stopping_rules=[tunesmith.convergence_rule()])
>>> len(study.trials) < 50, study.best.value < 0.01
(True, True)
)";

constexpr const char* self_check_rule_doc =
    R"(Watches over rules that stop trials by their objective: some of the trials they call for run on, and Notices tell
what came of them; while early values do not order trials as final ones do, nothing is stopped, and a Notice says so.

rules -- the StoppingRules to watch over; they are not given to the study themselves
share -- share of the trials to be stopped that run on, 0 to 1
least_correlation -- Kendall's rank correlation below which nothing is stopped, -1 to 1
min_trials -- completed trials before the correlation is judged, at least 3

>>> import tunesmith
>>> tunesmith.self_check_rule([tunesmith.median_rule()], share=0.1).name()
'self_check'
)";

constexpr const char* stopping_rules_doc =
    R"(The rules that make_stopping_rule knows by name, as search_strategies() lists strategies.

>>> import tunesmith
>>> "median" in [rule["name"] for rule in tunesmith.stopping_rules()]
True
)";

constexpr const char* make_stopping_rule_doc =
    R"(A rule by its name in stopping_rules(), with its options. Raises Error with every mistake.

>>> import tunesmith
>>> tunesmith.make_stopping_rule("median", min_trials=3).name()
'median'
)";

constexpr std::array kinds = {std::pair{Action::Kind::stop_trial, "stop_trial"},
                              std::pair{Action::Kind::stop_study, "stop_study"},
                              std::pair{Action::Kind::notify, "notify"},
                              std::pair{Action::Kind::pause_trial, "pause_trial"}};

const char* word_of(Action::Kind kind) {
  for (const auto& [known, word] : kinds) {
    if (known == kind) return word;
  }
  throw py::value_error("an action of an unknown kind");
}

Action make_action(const std::string& kind, TrialId trial, std::string reason) {
  for (const auto& [known, word] : kinds) {
    if (kind == word) return {.kind = known, .trial = trial, .reason = std::move(reason)};
  }
  throw py::value_error("kind is \"stop_trial\", \"stop_study\" or \"notify\", not \"" + kind +
                        "\"");
}

/// A user's class as the study sees it.
class PythonStoppingRule final : public StoppingRule {
 public:
  explicit PythonStoppingRule(HeldObject object) : object_(std::move(object)) {}

  std::string name() const override {
    return with_gil(
        [&] { return answer_as<std::string>(object_.get().attr("name")(), "name()", "a str"); });
  }

  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    return with_gil([&] {
      py::list events;
      for (const StoredEvent& event : news) events.append(event);
      return answer_as<std::vector<Action>>(object_.get().attr("on_events")(view, events),
                                            "on_events()", "a list of tunesmith.Action");
    });
  }

  std::vector<Action> on_time(Seconds now) override {
    return with_gil([&] {
      return answer_as<std::vector<Action>>(object_.get().attr("on_time")(now.count()), "on_time()",
                                            "a list of tunesmith.Action");
    });
  }

 private:
  HeldObject object_;
};

}  // namespace

std::shared_ptr<StoppingRule> stopping_rule_from(const py::object& object) {
  return plugin_from<PythonStoppingRule, StoppingRule>(object, "a tunesmith.StoppingRule");
}

void bind_stopping(py::module_& module) {
  auto action =
      py::class_<Action>(module, "Action", action_doc)
          .def(py::init(&make_action), "kind"_a, py::kw_only(), "trial"_a = -1, "reason"_a)
          .def_property_readonly("kind", [](const Action& self) { return word_of(self.kind); })
          .def_readonly("trial", &Action::trial)
          .def_readonly("reason", &Action::reason)
          .def("__repr__", [](const Action& self) {
            return std::string("<tunesmith.Action ") + word_of(self.kind) +
                   (self.trial < 0 ? "" : " " + std::to_string(self.trial)) + ": " + self.reason +
                   ">";
          });
  publish(action);

  auto rule = py::class_<PyStoppingRule>(module, "StoppingRule", rule_doc)
                  .def(py::init<>())
                  .def(
                      "name",
                      [](const py::object& self) {
                        const auto& plugin = self.cast<const PyStoppingRule&>();
                        return plugin.native ? plugin.native->name() : class_name(self);
                      },
                      name_doc)
                  .def(
                      "on_events",
                      [](const PyStoppingRule& self, const StudyView& view,
                         const std::vector<StoredEvent>& news) {
                        StoppingRule& native = native_of(self, "on_events");
                        const py::gil_scoped_release release;
                        return native.on_events(view, news);
                      },
                      "view"_a, "news"_a, on_events_doc)
                  .def(
                      "on_time",
                      [](const PyStoppingRule& self, double now) -> std::vector<Action> {
                        if (!self.native) return {};
                        const py::gil_scoped_release release;
                        return self.native->on_time(Seconds(now));
                      },
                      "now"_a, on_time_doc);
  publish(rule);

  module.def(
      "median_rule",
      [](int min_trials, int min_levels) {
        return PyStoppingRule{median_rule({.min_trials = min_trials, .min_levels = min_levels})};
      },
      py::kw_only(), "min_trials"_a = MedianRuleOptions{}.min_trials,
      "min_levels"_a = MedianRuleOptions{}.min_levels, median_rule_doc);
  module.def(
      "no_improvement_rule",
      [](int trials, double min_change, double min_relative_change) {
        return PyStoppingRule{no_improvement_rule({.trials = trials,
                                                   .min_change = min_change,
                                                   .min_relative_change = min_relative_change})};
      },
      py::kw_only(), "trials"_a = NoImprovementRuleOptions{}.trials, "min_change"_a = 0.0,
      "min_relative_change"_a = 0.0, no_improvement_rule_doc);
  module.def(
      "convergence_rule",
      [](std::optional<double> tolerance, int patience, int min_trials) {
        return PyStoppingRule{convergence_rule(
            {.tolerance = tolerance, .patience = patience, .min_trials = min_trials})};
      },
      py::kw_only(), "tolerance"_a = py::none(), "patience"_a = ConvergenceRuleOptions{}.patience,
      "min_trials"_a = ConvergenceRuleOptions{}.min_trials, convergence_rule_doc);
  module.def(
      "self_check_rule",
      [](const py::iterable& rules, double share, double least_correlation, int min_trials) {
        std::vector<std::shared_ptr<StoppingRule>> natives;
        for (const py::handle given : rules)
          natives.push_back(stopping_rule_from(py::reinterpret_borrow<py::object>(given)));
        return PyStoppingRule{self_check_rule(
            std::move(natives),
            {.share = share, .least_correlation = least_correlation, .min_trials = min_trials})};
      },
      "rules"_a, py::kw_only(), "share"_a = SelfCheckOptions{}.share,
      "least_correlation"_a = SelfCheckOptions{}.least_correlation,
      "min_trials"_a = SelfCheckOptions{}.min_trials, self_check_rule_doc);
  module.def(
      "make_stopping_rule",
      [](const std::string& name, const py::kwargs& options) {
        return PyStoppingRule{make_stopping_rule(name, json_of(options))};
      },
      "name"_a, make_stopping_rule_doc);
  module.def(
      "stopping_rules", [] { return list_of(stopping_rules()); }, stopping_rules_doc);
  for (const char* name : {"median_rule", "no_improvement_rule", "convergence_rule",
                           "self_check_rule", "make_stopping_rule", "stopping_rules"})
    publish(module.attr(name));
}

}  // namespace tunesmith::python
