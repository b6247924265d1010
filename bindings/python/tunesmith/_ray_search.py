"""tunesmith.ray.TunesmithSearch, in a file of its own for the time that Ray Tune takes to import."""

from __future__ import annotations

import math
import pickle
from typing import Any, Optional, Union

from ray.air.constants import TRAINING_ITERATION
from ray.tune.search import Searcher
from ray.tune.search.sample import Categorical, Domain, Float, Integer, LogUniform, Quantized, Uniform
from ray.tune.search.variant_generator import parse_spec_vars

from . import Event, Precondition, Problem, Space, Store, Study, TrialResult, open_store
from ._choices import Choices

_NAME = "ray tune"
_ALL = 1 << 62


class TunesmithSearch(Searcher):
    """Suggestions by tunesmith for Ray Tune, as a search_alg.

    space -- a tunesmith.Space, with its scales, conditions and constraints; or a config of Tune's: uniform, loguniform,
             randint, lograndint, their quantised forms, and choice, in dicts of dicts; None: the param_space of the
             Tuner. grid_search, sample_from, randn and other functions are refused: a choice is tuned like the rest.
    metric, mode -- what to optimise, and "min" or "max"; None: as TuneConfig says
    strategy -- name of one of tunesmith.search_strategies()
    seed -- the same seed and the same results give the same suggestions
    points_to_evaluate -- configs to begin with
    options -- further arguments of tunesmith.Study, e.g. those of the strategy

    Reports of a trial are kept under their training_iteration; which trials end early is a matter of Tune's
    schedulers. study is the Study behind it. save and restore keep all of it.

    Raises ValueError for a config that has no counterpart, tunesmith.Error for a space, strategy or option that is
    wrong, ImportError without the package ray[tune].

    >>> from ray import tune
    >>> from tunesmith.ray import TunesmithSearch
    >>> search = TunesmithSearch({"lr": tune.loguniform(1e-4, 1e-1)}, metric="loss", mode="min", strategy="random")
    >>> config = search.suggest("a")
    >>> search.on_trial_complete("a", {"loss": 0.5, "training_iteration": 1})
    >>> search.study.best.value, 1e-4 <= config["lr"] <= 1e-1
    (0.5, True)
    """

    def __init__(
        self,
        space: Union[Space, dict[str, Any], None] = None,
        metric: Optional[str] = None,
        mode: Optional[str] = None,
        *,
        strategy: str = "auto",
        seed: int = 0,
        points_to_evaluate: Optional[list[dict[str, Any]]] = None,
        **options: Any,
    ) -> None:
        super().__init__(metric=metric, mode=mode)
        self._arguments: dict[str, Any] = {"strategy": strategy, "seed": seed, **options}
        self._points = list(points_to_evaluate or [])
        self._choices: dict[str, Choices] = {}
        self._constants: dict[str, Any] = {}
        self._space: Optional[Space] = None
        self._study: Optional[Study] = None
        self._store: Optional[Store] = None
        self._runs: dict[str, tuple[int, int]] = {}
        if space is not None:
            self._take_space(space)

    @property
    def study(self) -> Study:
        if self._study is None:
            if self._space is None or self._metric is None or self._mode is None:
                raise RuntimeError(
                    "a space, a metric and a mode are needed: of TunesmithSearch, or as param_space of the Tuner and "
                    "metric and mode of TuneConfig"
                )
            self._open(None)
            for point in self._points:
                self._enqueue(point)
        assert self._study is not None
        return self._study

    def set_search_properties(
        self, metric: Optional[str], mode: Optional[str], config: dict[str, Any], **spec: Any
    ) -> bool:
        if self._space is not None:
            _, domains, grids = parse_spec_vars(config)
            if domains or grids:
                return False
        elif config:
            self._take_space(config)
        self._metric = self._metric or metric
        self._mode = self._mode or mode
        return True

    def suggest(self, trial_id: str) -> Union[dict[str, Any], str, None]:  # type: ignore[override]
        run = self.study.ask()
        if run is None:
            return None if self.study.nothing_now == "waiting" else Searcher.FINISHED
        self._runs[trial_id] = run.number, run.attempt
        flat = {
            name: self._choices[name].value_of(value) if name in self._choices else value
            for name, value in run.params.items()
        }
        return _unflattened({**self._constants, **flat})

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        run = self._run(trial_id)
        if run is not None and self._metric in result:
            self.study.report(run, result[TRAINING_ITERATION], {self._metric: float(result[self._metric])})

    def on_trial_complete(
        self, trial_id: str, result: Optional[dict[str, Any]] = None, error: bool = False
    ) -> None:
        run = self._run(trial_id)
        self._runs.pop(trial_id, None)
        if run is None:
            return
        if error:
            self.study.fail(run, "its trial ended with an error, of which Ray Tune keeps the words")
        elif result is None:
            self.study.tell(run, TrialResult("stopped", "Ray Tune ended it"))
        elif self._metric not in result:
            self.study.fail(run, f'its results have no "{self._metric}"')
        else:
            self.study.tell(run, {self._metric: float(result[self._metric])})

    def get_state(self) -> dict[str, Any]:
        return self.__getstate__()

    def set_state(self, state: dict[str, Any]) -> None:
        self.__setstate__(state)

    def save(self, checkpoint_path: str) -> None:
        with open(checkpoint_path, "wb") as file:
            pickle.dump(self.__getstate__(), file)

    def restore(self, checkpoint_path: str) -> None:
        with open(checkpoint_path, "rb") as file:
            self.__setstate__(pickle.load(file))

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in vars(self).items() if name not in ("_study", "_store", "_space")}
        state["_space"] = None if self._space is None else self._space.to_json()
        state["_log"] = None if self._store is None else _log_of(self._store)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        log, space = state.pop("_log"), state.pop("_space")
        vars(self).update(state)
        self._space = None if space is None else Space.from_json(space)
        self._study = self._store = None
        if log is not None:
            self._open(log)

    def _open(self, log: Optional[tuple[str, list[tuple[Any, ...]]]]) -> None:
        assert self._space is not None and self._metric is not None
        self._store = open_store("memory:")
        if log is not None:
            problem, events = log
            key = self._store.open_study(_NAME, problem).key
            self._store.append(key, [Event(*event) for event in events], Precondition())
        self._study = Study(
            _NAME,
            self._space,
            metric=self._metric,
            goal="maximize" if self._mode == "max" else "minimize",
            store=self._store,
            **self._arguments,
        )

    def _take_space(self, space: Union[Space, dict[str, Any]]) -> None:
        if isinstance(space, Space):
            self._space = space
            return
        constants, domains, grids = parse_spec_vars(space)
        if grids:
            raise ValueError(f"{_name(grids[0][0])} is a grid_search; tunesmith searches a choice")
        in_lists = [_name(path) for path, _ in domains if not all(isinstance(part, str) for part in path)]
        if in_lists:
            raise ValueError(f"{in_lists[0]} is in a list; tunesmith searches what has a name")
        # What is in lists comes from Tune's own copy of the config.
        self._constants = {
            _name(path): value for path, value in constants if all(isinstance(part, str) for part in path)
        }
        self._space = Space()
        for path, domain in sorted(domains, key=lambda item: _name(item[0])):
            self._add(_name(path), domain)

    def _add(self, name: str, domain: Domain) -> None:
        assert self._space is not None
        sampler = domain.get_sampler()  # type: ignore[no-untyped-call]
        step = sampler.q if isinstance(sampler, Quantized) else None
        if isinstance(sampler, Quantized):
            sampler = sampler.sampler
        if isinstance(domain, Categorical):
            self._choices[name] = Choices(domain.categories)
            self._space.add_categorical(name, self._choices[name].labels)
            return
        if not isinstance(domain, (Float, Integer)) or not isinstance(sampler, (Uniform, LogUniform)):
            raise ValueError(f"{name}: tunesmith has nothing like {type(domain).__name__} by {type(sampler).__name__}")
        scale: Any = "log" if isinstance(sampler, LogUniform) else "linear"
        if isinstance(domain, Integer):
            # Tune's upper bound is a value only where the domain is quantised.
            least, most = (domain.lower, domain.upper - 1) if step is None else _multiples(domain, step)
            self._space.add_int(name, int(least), int(most), scale=scale, step=int(step or 1))
        else:
            least, most = (domain.lower, domain.upper) if step is None else _multiples(domain, step)
            self._space.add_float(name, least, most, scale=scale, step=step)

    def _enqueue(self, point: dict[str, Any]) -> None:
        flat = {name: value for name, value in _flattened(point).items() if name not in self._constants}
        labels = {
            name: self._choices[name].label_of(value) if name in self._choices else value
            for name, value in flat.items()
        }
        self.study.enqueue(labels, "a point to evaluate")

    def _run(self, trial_id: str) -> Any:
        key = self._runs.get(trial_id)
        for run in self.study.open_runs() if key else ():
            if (run.number, run.attempt) == key:
                return run
        return None


def _log_of(store: Store) -> tuple[str, list[tuple[Any, ...]]]:
    key = store.list()[0].key
    opened = store.open_study(_NAME, "")
    fields = ("kind", "trial", "attempt", "resource", "value", "time", "metric", "payload")
    events = [stored.event for stored in store.events_since(key, 0, _ALL)]
    return opened.problem_json, [tuple(getattr(event, field) for field in fields) for event in events]


def _name(path: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in path)


def _flattened(config: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in config.items():
        flat.update(_flattened(value, f"{prefix}{name}/") if isinstance(value, dict) else {f"{prefix}{name}": value})
    return flat


def _unflattened(flat: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for name, value in flat.items():
        *folders, last = name.split("/")
        inner = config
        for folder in folders:
            inner = inner.setdefault(folder, {})
        inner[last] = value
    return config


def _multiples(domain: Any, step: float) -> tuple[float, float]:
    """The least and the largest multiple of the step within the bounds, rounding errors aside."""
    slack = 1e-9
    least, most = math.ceil(domain.lower / step - slack) * step, math.floor(domain.upper / step + slack) * step
    if least > most:
        raise ValueError(f"there is no multiple of {step} from {domain.lower} to {domain.upper}")
    return least, most
