"""Studies whose space is learned from the objective: the manners of Optuna on the engine of tunesmith.

The core's study always has a declared space. What a trial asks for beyond it is drawn at random and kept with the trial;
when a trial that brought something new has ended, a new study with the larger space takes over: the earlier trials are
told to it with all their reports, and the old one is removed. The space follows from the log alone, so that a process
that dies anywhere leaves a study which opens.
"""

import collections
import json
import threading

from . import _growth, _log
from ._dynamic_trial import DynamicTrial, TrialRecord
from ._vocabulary import Vocabulary, label_of
from ._tunesmith import Error, SearchStrategy, Space, StoppingRule, Study, TrialResult, make_stopping_rule
from ._tunesmith import open_store, read_study


class DynamicStudy:
    """Made by create_study; usable from any thread.

    name, seed
    space -- what is known of the space by now; core -- the Study that holds the trials at present

    >>> import tunesmith
    >>> study = tunesmith.create_study(direction="maximize", strategy="random")
    >>> study.optimize(lambda trial: trial.suggest_int("n", 1, 3), n_trials=3)
    >>> study.best_params
    {'n': 3}
    """

    def __init__(self, name, directions, strategy, options, search, stopping_rules, seed, store):
        self._name = name
        self._seed = seed
        self._objectives = {
            "value" if len(directions) == 1 else f"value_{i}": goal for i, goal in enumerate(directions)
        }
        self._metrics = list(self._objectives)
        self._made = (strategy, options, search, stopping_rules)
        self._store = open_store(store) if isinstance(store, str) else store
        # Taken in this order: one ask at a time, and whatever touches the core or the running trials.
        self._asking = threading.Lock()
        self._state = threading.RLock()
        self._live = {}
        self._queue = collections.deque()
        self._words = Vocabulary()
        self._surprises, self._next_look = 0, 1
        self._interrupted = self._stopped = False
        self._open()

    # The core's study ---------------------------------------------------------------------------------------------------

    def _stored(self):
        """The (generation, key) pairs of this study in its store."""
        found = []
        for info in self._store.list():
            head, mark, number = info.name.rpartition("#")
            if info.name == self.name:
                found.append((0, info.key))
            elif mark and head == self.name and number.isdigit():
                found.append((int(number), info.key))
        return sorted(found)

    def _name_of(self, generation):
        return f"{self.name}#{generation}" if generation else self.name

    def _open(self):
        # The former study goes when its successor is complete: where there are two, the later one is not.
        found = self._stored()
        for _, key in found[1:]:
            self._store.remove(key)
        self._generation = found[0][0] if found else 0
        space = Space()
        if found:
            space = read_study(self._store, self._name_of(self._generation)).problem.space
        self._take(self._make(self._generation, space))
        self._left_open = self._core.open_runs()
        if found:
            self._grow()

    def _make(self, generation, space):
        strategy, options, search, rules = self._made
        made = []
        for rule in rules:
            if isinstance(rule, str):
                rule = make_stopping_rule(rule)
            elif not isinstance(rule, StoppingRule):
                rule = rule()
            made.append(rule)
        if search is not None:
            options = {"search": search() if not isinstance(search, SearchStrategy) else search}
        else:
            options = {"strategy": strategy, **options}
        return Study(
            self._name_of(generation),
            space,
            objectives=self._objectives,
            stopping_rules=made,
            seed=self.seed,
            store=self._store,
            **options,
        )

    def _grow(self):
        """Lets a study with a larger space take over, where the log tells of one."""
        with self._asking, self._state:
            trials = self._core.trials
            space, traces = _growth.larger_space(trials, self._words.forms)
            self._surprises = 0
            if space.to_json() == self._space_text:
                self._next_look *= 2
                return
            former = self._stored()[0][1]
            self._generation += 1
            core = self._make(self._generation, space)
            left_open = {run.number for run in self._left_open}
            runs = _growth.retell(core, trials, traces, self._live)
            self._left_open = [run for run in runs if run.number in left_open]
            self._take(core)
            self._store.remove(former)
            _log.info("%s: %d parameters are known now", self.name, len(self._words.forms))

    def _take(self, core):
        self._core = core
        self._space_text = core.problem.space.to_json()
        self._words.forms = _growth.forms_of(core.problem.space)
        self._next_look = 1

    # Ask and tell --------------------------------------------------------------------------------------------------------

    def ask(self):
        """The next trial, a DynamicTrial: ask it for parameters, then tell what it reached. None where there is none now.

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> trial = study.ask()
        >>> study.tell(trial, trial.suggest_float("x", 0, 1)).state
        'completed'
        """
        with self._asking:
            core, fixed = self._core, None
            if self._left_open:
                run = core.restart(self._left_open.pop(0), "its process ended")
            else:
                if self._queue:
                    fixed = self._queue.popleft()
                if not self._words.forms:
                    core.enqueue({})
                elif fixed is not None:
                    known = {name: label_of(value) for name, value in fixed.items()}
                    core.enqueue(_growth.complete(core.problem.space, known, self.seed, len(core.view())))
                run = core.ask()
                if run is None:
                    return None
            trial = DynamicTrial(self, core, run, fixed)
            self._live[trial.number] = trial
            return trial

    def tell(self, trial, values=None, *, state=None, reason=""):
        """Ends a trial of ask; returns its TrialRecord.

        values -- the objective; with several a sequence; or a dict of metrics; None: what was reported
        state -- "completed" (the default), "stopped", "failed" or "infeasible"

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> study.tell(study.ask(), state="failed", reason="out of memory").reason
        'out of memory'
        """
        metrics = None if values is None else self._measured(values)
        self._tell(trial, TrialResult(state or "completed", reason, metrics))
        return self._record(trial.number)

    def _measured(self, values):
        if isinstance(values, dict):
            return values
        if len(self._metrics) == 1:
            return {self._metrics[0]: float(values)}
        if len(values) != len(self._metrics):
            raise ValueError(f"{len(values)} values for {len(self._metrics)} objectives")
        return {name: float(value) for name, value in zip(self._metrics, values)}

    def _report(self, trial, step, metrics):
        with self._state:
            return trial._core.report(trial._run, step, metrics)

    def _tell(self, trial, result):
        with self._state:
            if self._live.get(trial.number) is not trial:
                return  # it was given up already
            extra = trial._extra()
            if extra:
                trial._core.started(trial._run, json.dumps(extra))
            trial._core.tell(trial._run, result)
            del self._live[trial.number]
            grows = trial._new is not None
            if not grows and "params" in extra:
                self._surprises += 1
                grows = self._surprises >= self._next_look
        if grows:
            self._grow()

    def enqueue_trial(self, params):
        """Puts parameters in line, all or some of them; what is missing is drawn. Kept in this process alone until asked.

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> study.enqueue_trial({"x": 0.25})
        >>> study.ask().suggest_float("x", 0, 1)
        0.25
        """
        self._queue.append(dict(params))

    # Reading -------------------------------------------------------------------------------------------------------------

    @property
    def name(self):
        return self._name

    @property
    def seed(self):
        return self._seed

    @property
    def core(self):
        return self._core

    @property
    def space(self):
        return self._core.problem.space

    @property
    def directions(self):
        """ "minimize" or "maximize" by objective."""
        return list(self._objectives.values())

    @property
    def trials(self):
        """All trials as TrialRecords, by number."""
        return [TrialRecord(trial, self._metrics, self._words.objects) for trial in self._core.trials]

    def _record(self, number):
        return TrialRecord(self._core.view().trial(number), self._metrics, self._words.objects)

    @property
    def best_trial(self):
        """The TrialRecord with the best (first) objective. Raises ValueError where no trial has completed."""
        best = self._core.best
        if best is None:
            raise ValueError("no trial has completed")
        return TrialRecord(best, self._metrics, self._words.objects)

    @property
    def best_trials(self):
        """With several objectives: the TrialRecords that no other one beats in all of them."""
        return [TrialRecord(trial, self._metrics, self._words.objects) for trial in self._core.front]

    @property
    def best_value(self):
        """The objective of best_trial."""
        return self.best_trial.value

    @property
    def best_params(self):
        """The parameters of best_trial."""
        return self.best_trial.params

    def trials_dataframe(self):
        """One row per trial, with the columns of Optuna's; needs pandas.

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> study.optimize(lambda trial: trial.suggest_int("n", 3, 3), n_trials=1)
        >>> study.trials_dataframe().loc[0, "params_n"]  # doctest: +SKIP
        3
        """
        from . import _frames

        return _frames.optuna_frame(self)

    def to_pandas(self, reports=False):
        """One row per trial, or (reports) one per report and metric; needs pandas. See Study.to_pandas."""
        from . import _frames

        return _frames.frame(self, reports)

    def _repr_html_(self):
        from . import _html

        return _html.study(self)

    def __repr__(self):
        return f"<tunesmith.DynamicStudy {self.name!r}, {len(self._core.view())} trials>"

    # Running -------------------------------------------------------------------------------------------------------------

    def stop(self):
        """Lets optimize end when the trials that run have ended; for callbacks and objectives.

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> study.optimize(lambda trial: study.stop() or 1.0, n_trials=5)
        >>> len(study.trials)
        1
        """
        self._stopped = True

    def optimize(
        self, objective, n_trials=None, *, timeout=None, n_jobs=1, catch=(), callbacks=(), show_progress_bar=False
    ):
        """Runs trials of objective(trial), which returns the value (or values, or a dict of metrics).

        n_trials -- how many more; timeout -- seconds after which none is begun; both None: until stop() or Ctrl-C
        n_jobs -- threads; -1: one per core
        catch -- exceptions that only fail their trial; any other one does that too and is passed on
        callbacks -- called with (study, record) when a trial has ended
        show_progress_bar -- with the best value so far; by tqdm where it is installed

        An objective that raises TrialStopped makes the trial stopped: what it reported counts. Ctrl-C gives up the trials
        that run; they are the first ones of the next optimize.

        >>> import tunesmith
        >>> study = tunesmith.create_study(seed=2)
        >>> def objective(trial):
        ...     x = trial.suggest_float("x", -3, 3)
        ...     if trial.suggest_categorical("shape", ["line", "bowl"]) == "line":
        ...         return 2 + x
        ...     return (x - trial.suggest_float("centre", 0, 1)) ** 2
        >>> study.optimize(objective, n_trials=30)
        >>> study.best_value < 0.5
        True
        """
        from . import _optimize

        _optimize.run(self, objective, n_trials, timeout, n_jobs, catch, callbacks, show_progress_bar)


def create_study(
    *,
    direction=None,
    directions=None,
    study_name="study",
    storage="memory:",
    strategy="auto",
    search=None,
    stopping_rules=("median",),
    seed=0,
    **options,
):
    """A DynamicStudy: no space is declared, trials ask for parameters as they need them. A name that the store holds
    already goes on where it ended; by one process at a time.

    direction -- "minimize" (the default) or "maximize"; or directions -- one per objective
    storage -- "memory:", "sqlite:FILE" (also Optuna's "sqlite:///FILE") or a Store
    strategy, options -- as Study's; or search -- a SearchStrategy, or a function that makes one
    stopping_rules -- names of rules, or functions that make one
    seed -- everything random follows from it

    Raises Error with every mistake.

    >>> import tunesmith
    >>> study = tunesmith.create_study(study_name="bowl", strategy="tpe", seed=1)
    >>> study.optimize(lambda trial: trial.suggest_float("x", -3, 3) ** 2, n_trials=20)
    >>> study.best_value < 0.5
    True
    """
    if direction is not None and directions is not None:
        raise TypeError("give either direction or directions")
    goals = list(directions) if directions is not None else [direction or "minimize"]
    if isinstance(storage, str) and storage.startswith("sqlite:///"):
        storage = "sqlite:" + storage[len("sqlite:///") :]
    for rule in stopping_rules:
        if isinstance(rule, StoppingRule):
            raise Error("invalid_argument", "a stopping rule serves one study alone: give a function that makes it")
    return DynamicStudy(study_name, goals, strategy, options, search, tuple(stopping_rules), seed, storage)


for _item in (DynamicStudy, create_study):
    _item.__module__ = "tunesmith"
