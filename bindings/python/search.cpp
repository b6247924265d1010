#include "tunesmith/search.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"
#include "plugins.hpp"
#include "tunesmith/instruction_set.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* suggestion_doc =
    R"(What a strategy proposes to evaluate next: a new trial, or more of one that is paused.

params -- a dict of parameters; ints where floats are meant become floats; of a resumed trial left out
until -- resource level up to which it is to run; infinity: to its own end
replicate_of -- number of a trial that it repeats on purpose
note -- why, in words a user may read
state -- comes back as Trial.strategy_state: the only memory a strategy has beside the trials
outlook -- an Outlook, where a model of the one objective tells what is still to be gained
resumable -- at a finite `until` the trial is paused instead of over
resume -- number of a paused trial that goes on, up to a higher `until`, instead of a new one
retire -- number of a paused trial that is never to be resumed; nothing else is set then but `note`

>>> import tunesmith
>>> tunesmith.Suggestion({"lr": 0.1}, note="a guess")
<tunesmith.Suggestion {'lr': 0.1}>
)";

constexpr const char* strategy_doc =
    R"(Proposes what to try next. tunesmith's own come from auto_search, random_search, grid_search, bayesian_search, tpe_search
and others, and from make_search; derive from this class to write one, with name() and suggest(view, count).

One that defines on_events(view, news), too, is fed every StoredEvent of the log as stopping rules are, and answers with
a list of Actions ("pause_trial" among them); suggest() must not depend on it. Trials may run in pieces: see Suggestion.

A strategy is a pure function of the view: two calls with equal views give equal answers, in any process, so take no
clock and no generator that lives on; draw from random.Random(f"{view.problem.seed} {number}") or the like.

>>> import tunesmith
>>> class Halving(tunesmith.SearchStrategy):
...     def suggest(self, view, count):
...         space = view.problem.space
...         return [tunesmith.Suggestion(space.decode([0.5 ** (len(view) + i)])) for i in range(count)]
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", 0, 1), metric="loss", search=Halving())
>>> [study.ask().params["x"] for _ in range(3)]
[1.0, 0.5, 0.25]
)";

constexpr const char* name_doc = "For messages and the log; by default the name of the class.";
constexpr const char* suggest_doc =
    "Up to `count` (at least 1) Suggestions, numbered from len(view) on: all inside the space, "
    "keeping its constraints, none equal to one that the view has (whatever its state) or to each "
    "other, unless replicate_of is set. Fewer: wait for results. None while no trial runs: the "
    "space is exhausted.";

constexpr const char* random_search_doc =
    R"(Independent draws, uniform on the scaled ranges; every other one by the priors, where parameters have them.

>>> import tunesmith
>>> tunesmith.random_search().name()
'random'
)";

constexpr const char* sobol_search_doc =
    R"(Scrambled Sobol points, which cover the space more evenly than independent draws, however many there will be.

>>> import tunesmith
>>> tunesmith.sobol_search().name()
'sobol'
)";

constexpr const char* latin_hypercube_search_doc =
    R"(Latin hypercube samples: one point in every slice of every range.

points -- how many share out a range; 0: as many as the budget has trials, 100 where it has no such bound

>>> import tunesmith
>>> tunesmith.latin_hypercube_search(points=20).name()
'latin_hypercube'
)";

constexpr const char* grid_search_doc =
    R"(Every configuration of a finite space once, the last parameter varying fastest. A study raises Error where a
parameter has infinitely many values.

>>> import tunesmith
>>> space = tunesmith.Space().add_int("a", 1, 2).add_int("b", 1, 2)
>>> study = tunesmith.Study("s", space, metric="loss", search=tunesmith.grid_search())
>>> [tuple(study.ask().params.values()) for _ in range(4)]
[(1, 1), (1, 2), (2, 1), (2, 2)]
)";

constexpr const char* auto_search_doc =
    R"(The default: chooses for each suggestion, by space, objectives and history, and says so in its note. Bayesian while
a model is worth its cost; later CMA-ES for numbers, TPE for choices, evolution for several objectives.

>>> import tunesmith
>>> tunesmith.auto_search().name()
'auto'
)";

constexpr const char* bayesian_search_doc =
    R"(Gaussian-process Bayesian optimisation: Matern-5/2, log expected improvement, pending trials by fantasies.

initial_trials -- trials before the model takes over; 0: chosen from dimension and budget

>>> import tunesmith
>>> tunesmith.bayesian_search().name()
'bayesian'
)";

constexpr const char* tpe_search_doc =
    R"(Tree-structured Parzen estimators, multivariate: a density of the best tenth of the trials over one of the others.
Cheap, at home in conditional spaces, and bears thousands of trials.

initial_trials -- ended trials before the model takes over; 0: 10
candidates -- draws of which the best becomes the suggestion

>>> import tunesmith
>>> tunesmith.tpe_search(candidates=48).name()
'tpe'
)";

constexpr const char* cma_es_search_doc =
    R"(CMA-ES with margin for ints and steps, categorical distributions and restarts; for budgets of many times 100 trials.

population -- results that make a generation, at least 4, doubled with each restart; 0: 4 + 3 ln d for d parameters

>>> import tunesmith
>>> tunesmith.cma_es_search().name()
'cma_es'
)";

constexpr const char* evolution_search_doc =
    R"(Evolution by mutation and selection, for huge discrete and conditional spaces: regularised evolution for one
objective, NSGA-II or NSGA-III for several.

population -- trials that parents are chosen from, at least 4; 0: a fifth of the trials, at least 10

>>> import tunesmith
>>> tunesmith.evolution_search().name()
'evolution'
)";

constexpr const char* make_search_doc =
    R"(A strategy by its name in search_strategies(), with its options. Raises Error with every mistake.

>>> import tunesmith
>>> tunesmith.make_search("bayesian", initial_trials=5).name()
'bayesian'
)";

constexpr const char* instruction_sets_doc =
    R"(Names of the instruction sets that this processor has and the model-based strategies are compiled for, slowest first.

>>> import tunesmith
>>> tunesmith.instruction_sets()[0]
'generic'
)";

constexpr const char* instruction_set_doc =
    R"(The instruction set in use: the last of instruction_sets(), unless another was pinned.

>>> import tunesmith
>>> tunesmith.instruction_set() in tunesmith.instruction_sets()
True
)";

constexpr const char* set_instruction_set_doc =
    R"(Pins an instruction set for the whole process, as for suggestions that are to be computed again elsewhere: see
Trial.instruction_set. Raises ValueError where this processor does not have it. Call it before the first suggestion.

>>> import tunesmith
>>> in_use = tunesmith.instruction_set()
>>> tunesmith.set_instruction_set("generic")
>>> tunesmith.instruction_set()
'generic'
>>> tunesmith.set_instruction_set(in_use)
)";

constexpr const char* search_strategies_doc =
    R"(The strategies that Study takes by name: a list of dicts with name, summary and options, a list of dicts with
name, type, default (as JSON text) and text. The options are keyword arguments of Study, tune and make_search.

>>> import tunesmith
>>> [o["name"] for s in tunesmith.search_strategies() if s["name"] == "bayesian" for o in s["options"]]
['initial_trials']
)";

/// A user's class as the study sees it.
class PythonSearch final : public SearchStrategy {
 public:
  /// With the GIL.
  explicit PythonSearch(HeldObject object)
      : object_(std::move(object)), follows_(py::hasattr(object_.get(), "on_events")) {}

  std::string name() const override {
    return with_gil(
        [&] { return answer_as<std::string>(object_.get().attr("name")(), "name()", "a str"); });
  }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    return with_gil([&] {
      const py::object answer = object_.get().attr("suggest")(view, count);
      auto suggestions =
          answer_as<std::vector<Suggestion>>(answer, "suggest()", "a list of tunesmith.Suggestion");
      for (Suggestion& suggestion : suggestions) {
        if (suggestion.resume || suggestion.retire) continue;
        suggestion.configuration = view.problem().space.conform(suggestion.configuration);
      }
      return suggestions;
    });
  }

  bool follows_events() const noexcept override { return follows_; }

  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    return with_gil([&] {
      py::list events;
      for (const StoredEvent& event : news) events.append(event);
      return answer_as<std::vector<Action>>(object_.get().attr("on_events")(view, events),
                                            "on_events()", "a list of tunesmith.Action");
    });
  }

 private:
  HeldObject object_;
  bool follows_;
};

PySearch own(std::shared_ptr<SearchStrategy> strategy) { return {std::move(strategy)}; }

void bind_suggestion(py::module_& module) {
  auto suggestion =
      py::class_<Suggestion>(module, "Suggestion", suggestion_doc)
          .def(py::init([](const py::dict& parameters, double until,
                           std::optional<TrialId> replicate_of, std::string note, std::string state,
                           const std::optional<Outlook>& outlook, bool resumable,
                           std::optional<TrialId> resume, std::optional<TrialId> retire) {
                 return Suggestion{configuration_from(parameters),
                                   until,
                                   replicate_of,
                                   std::move(note),
                                   std::move(state),
                                   outlook,
                                   resumable,
                                   resume,
                                   retire};
               }),
               "params"_a = py::dict(), py::kw_only(), "until"_a = run_to_end,
               "replicate_of"_a = py::none(), "note"_a = "", "state"_a = "",
               "outlook"_a = py::none(), "resumable"_a = false, "resume"_a = py::none(),
               "retire"_a = py::none())
          .def_property_readonly(
              "params", [](const Suggestion& self) { return to_python(self.configuration); })
          .def_readonly("until", &Suggestion::until)
          .def_readonly("replicate_of", &Suggestion::replicate_of)
          .def_readonly("note", &Suggestion::note)
          .def_readonly("state", &Suggestion::state)
          .def_readonly("outlook", &Suggestion::outlook)
          .def_readonly("resumable", &Suggestion::resumable)
          .def_readonly("resume", &Suggestion::resume)
          .def_readonly("retire", &Suggestion::retire)
          .def("__repr__", [](const Suggestion& self) {
            if (self.resume)
              return "<tunesmith.Suggestion resume " + std::to_string(*self.resume) + ">";
            if (self.retire)
              return "<tunesmith.Suggestion retire " + std::to_string(*self.retire) + ">";
            return "<tunesmith.Suggestion " + std::string(py::repr(to_python(self.configuration))) +
                   ">";
          });
  publish(suggestion);
}

}  // namespace

std::shared_ptr<SearchStrategy> search_from(const py::object& object) {
  return plugin_from<PythonSearch, SearchStrategy>(object, "a tunesmith.SearchStrategy");
}

void bind_search(py::module_& module) {
  bind_suggestion(module);
  auto strategy = py::class_<PySearch>(module, "SearchStrategy", strategy_doc)
                      .def(py::init<>())
                      .def(
                          "name",
                          [](const py::object& self) {
                            const auto& plugin = self.cast<const PySearch&>();
                            return plugin.native ? plugin.native->name() : class_name(self);
                          },
                          name_doc)
                      .def(
                          "suggest",
                          [](const PySearch& self, const StudyView& view, int count) {
                            if (count < 1) throw py::value_error("count must be at least 1");
                            SearchStrategy& native = native_of(self, "suggest");
                            const py::gil_scoped_release release;
                            return native.suggest(view, count);
                          },
                          "view"_a, "count"_a = 1, suggest_doc);
  publish(strategy);

  module.def(
      "random_search", [] { return own(random_search()); }, random_search_doc);
  module.def(
      "sobol_search", [] { return own(sobol_search()); }, sobol_search_doc);
  module.def(
      "latin_hypercube_search",
      [](int points) { return own(latin_hypercube_search({.points = points})); }, py::kw_only(),
      "points"_a = 0, latin_hypercube_search_doc);
  module.def(
      "grid_search", [] { return own(grid_search()); }, grid_search_doc);
  module.def(
      "auto_search", [] { return own(auto_search()); }, auto_search_doc);
  module.def(
      "bayesian_search",
      [](int initial_trials) { return own(bayesian_search({.initial_trials = initial_trials})); },
      py::kw_only(), "initial_trials"_a = 0, bayesian_search_doc);
  module.def(
      "tpe_search",
      [](int initial_trials, int candidates) {
        return own(tpe_search({.initial_trials = initial_trials, .candidates = candidates}));
      },
      py::kw_only(), "initial_trials"_a = 0, "candidates"_a = 24, tpe_search_doc);
  module.def(
      "cma_es_search",
      [](int population) { return own(cma_es_search({.population = population})); }, py::kw_only(),
      "population"_a = 0, cma_es_search_doc);
  module.def(
      "evolution_search",
      [](int population) { return own(evolution_search({.population = population})); },
      py::kw_only(), "population"_a = 0, evolution_search_doc);
  module.def(
      "make_search",
      [](const std::string& name, const py::kwargs& options) {
        return own(make_search(name, json_of(options)));
      },
      "name"_a, make_search_doc);
  module.def(
      "search_strategies", [] { return list_of(search_strategies()); }, search_strategies_doc);
  module.def("instruction_sets", &instruction_sets, instruction_sets_doc);
  module.def("instruction_set", &instruction_set, instruction_set_doc);
  module.def(
      "set_instruction_set",
      [](const std::string& name) {
        if (!set_instruction_set(name))
          throw py::value_error("this processor does not have \"" + name + "\"");
      },
      "name"_a, set_instruction_set_doc);
  for (const char* name :
       {"auto_search", "random_search", "sobol_search", "latin_hypercube_search", "grid_search",
        "bayesian_search", "tpe_search", "cma_es_search", "evolution_search", "make_search",
        "search_strategies", "instruction_sets", "instruction_set", "set_instruction_set"})
    publish(module.attr(name));
}

}  // namespace tunesmith::python
