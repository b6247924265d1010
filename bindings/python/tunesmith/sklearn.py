"""Cross-validated search for scikit-learn, in the place of RandomizedSearchCV."""

from __future__ import annotations

import copyreg
import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Optional, Union

import numpy
from joblib import effective_n_jobs
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import check_random_state

from . import Space, Study, TrialResult, make_stopping_rule, search_strategies
from ._distributions import Distributions

__all__ = ["TunesmithSearchCV"]


def _space_of(json: str) -> Space:
    return Space.from_json(json)


# So that scikit-learn can clone and pickle a search over a Space.
copyreg.pickle(Space, lambda space: (_space_of, (space.to_json(),)))


class TunesmithSearchCV(BaseSearchCV):  # type: ignore[misc]
    """Cross-validated search whose candidates a tunesmith study suggests; else as RandomizedSearchCV.

    estimator, n_iter, scoring, n_jobs, refit, cv, verbose, pre_dispatch, random_state, error_score,
    return_train_score -- as for RandomizedSearchCV
    param_distributions -- a tunesmith.Space, whose parameters are the estimator's; or, as for RandomizedSearchCV, a
                           dict of lists and scipy distributions, or a list of such dicts
    strategy -- name of one of tunesmith.search_strategies(): "auto", "random", "bayesian", ..., or "asha" and the like,
                which spend folds
    strategy_options -- its options, a dict
    early_stopping -- None: every candidate is evaluated on every fold. Name of one of tunesmith.stopping_rules(), e.g.
                      "wilcoxon", or a dict with its "name" and options: folds are evaluated one after the other, and
                      a candidate that is bad on the first ones gets no more. A failed fold ends its candidate, too.

    What is tuned is the mean score over folds; with several metrics that which refit names, else the first. The
    attributes after fit are RandomizedSearchCV's, and study_, the Study with all trials, which is not pickled. In
    cv_results_ the column "trial" has each candidate's trial; a candidate that was ended early has NaN where it was not
    evaluated, means over the folds that it had, and the last rank. As many candidates are evaluated at once as n_jobs
    has use for, so that, but for "random" and the like, what is suggested depends on n_jobs; with the same n_jobs an
    int as random_state gives the same search.

    Raises what RandomizedSearchCV does; TypeError for a distribution that is neither a list nor has a ppf;
    tunesmith.Error for a space, strategy or rule that is wrong; ImportError without the package scikit-learn.

    >>> from scipy.stats import loguniform
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> from tunesmith.sklearn import TunesmithSearchCV
    >>> X, y = load_iris(return_X_y=True)
    >>> search = TunesmithSearchCV(
    ...     SVC(), {"C": loguniform(1e-2, 1e3), "kernel": ["linear", "rbf"]}, n_iter=12, cv=3, random_state=0
    ... ).fit(X, y)
    >>> bool(search.best_score_ > 0.97), search.best_estimator_.C == search.best_params_["C"]
    (True, True)
    """

    n_splits_: int

    def __init__(
        self,
        estimator: Any,
        param_distributions: Any,
        *,
        n_iter: int = 10,
        scoring: Any = None,
        n_jobs: Optional[int] = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: Any = "2*n_jobs",
        random_state: Any = None,
        error_score: Any = numpy.nan,
        return_train_score: bool = False,
        strategy: str = "auto",
        strategy_options: Optional[Mapping[str, Any]] = None,
        early_stopping: Union[str, Mapping[str, Any], None] = None,
    ) -> None:
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_distributions = param_distributions
        self.n_iter = n_iter
        self.random_state = random_state
        self.strategy = strategy
        self.strategy_options = strategy_options
        self.early_stopping = early_stopping

    def fit(self, X: Any, y: Any = None, **params: Any) -> TunesmithSearchCV:
        """Searches, and fits the best candidate on everything, if refit says so."""
        self._outcomes: list[Any] = []
        self._results: dict[str, Any] = {}
        try:
            super().fit(X, y, **params)
        finally:
            del self._outcomes, self._results
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "study_"}

    def _run_search(self, evaluate_candidates: Callable[..., Any]) -> None:
        splits = self.n_splits_
        try:
            candidates = _Search(self, evaluate_candidates).run()
        finally:
            self.n_splits_ = splits
        self._results.clear()
        self._results.update(self._table(candidates, splits))

    def _format_results(self, params: Any, splits: int, outcomes: list[Any], more: Any = None) -> dict[str, Any]:
        """Called after each batch with everything so far; the table is made at the end."""
        self._outcomes = outcomes
        return self._results

    def _table(self, candidates: list[_Candidate], splits: int) -> dict[str, Any]:
        scored = next(outcome for one in candidates for outcome in one.folds.values() if outcome is not None)
        missing = {key: _nan_like(value) for key, value in scored.items()}
        outcomes = [one.folds.get(fold) or missing for one in candidates for fold in range(splits)]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "One or more of the (test|train) scores", UserWarning)
            table: dict[str, Any] = super()._format_results(
                [one.params for one in candidates], splits, outcomes, {"trial": [one.number for one in candidates]}
            )
        short = numpy.array([len(one.folds) < splits for one in candidates])
        for name in [name for name in table if name.startswith("mean_")]:
            kind = name[len("mean_") :]
            per_fold = [
                [_value_of(outcome, kind) for outcome in one.folds.values() if outcome is not None] or [numpy.nan]
                for one in candidates
            ]
            for row in numpy.flatnonzero(short):
                table[name][row] = numpy.mean(per_fold[row])
                table[f"std_{kind}"][row] = numpy.std(per_fold[row])
        if short.all():
            for name in [name for name in table if name.startswith("rank_")]:
                table[name] = _ranks(table["mean_" + name[len("rank_") :]], [len(one.folds) for one in candidates])
        return table


class _Candidate:
    def __init__(self, run: Any, params: dict[str, Any]) -> None:
        self.run = run
        self.number: int = run.number
        self.params = params
        # By fold; None where fitting failed.
        self.folds: dict[int, Optional[dict[str, Any]]] = {}


class _Folds:
    """Some of the folds of a splitter, which is asked once: some splitters answer differently each time."""

    def __init__(self, splitter: Any) -> None:
        self._splitter = splitter
        self._splits: Optional[list[Any]] = None
        self.chosen: list[int] = []

    def split(self, X: Any, y: Any = None, **params: Any) -> list[Any]:
        if self._splits is None:
            self._splits = list(self._splitter.split(X, y, **params))
        return [self._splits[fold] for fold in self.chosen]


class _Search:
    def __init__(self, owner: TunesmithSearchCV, evaluate_candidates: Callable[..., Any]) -> None:
        self._owner = owner
        self._evaluate = evaluate_candidates
        self._splits: int = owner.n_splits_
        self._distributions = Distributions(owner.param_distributions)
        self._study = owner.study_ = self._make_study()
        self._study.set_budget(max_trials=owner.n_iter)
        self._folds = _Folds(owner._checked_cv_orig)
        self._candidates: dict[int, _Candidate] = {}
        self._failure: Optional[ValueError] = None

    def run(self) -> list[_Candidate]:
        jobs = effective_n_jobs(self._owner.n_jobs)
        at_once = jobs if self._by_folds else math.ceil(jobs / self._splits)
        open_ones: list[_Candidate] = []
        while True:
            while len(open_ones) < at_once and (run := self._study.ask()) is not None:
                one = self._candidates.setdefault(
                    run.number, _Candidate(run, self._distributions.decode(run.params))
                )
                one.run = run
                open_ones.append(one)
            if not open_ones:
                break
            open_ones = self._advance(open_ones)
        candidates = list(self._candidates.values())
        if self._failure is not None and all(
            outcome is None for one in candidates for outcome in one.folds.values()
        ):
            raise self._failure
        if len(candidates) < self._owner.n_iter:
            warnings.warn(
                f"The space has {len(candidates)} configurations, fewer than n_iter={self._owner.n_iter}.",
                UserWarning,
                stacklevel=4,
            )
        return candidates

    def _make_study(self) -> Study:
        owner = self._owner
        rule = owner.early_stopping
        named = {"name": rule} if isinstance(rule, str) else dict(rule or {})
        self._rule = named.get("name")
        rules = [make_stopping_rule(**named)] if named else []
        options = dict(owner.strategy_options or {})
        known = [option["name"] for strategy in search_strategies() if strategy["name"] == owner.strategy
                 for option in strategy["options"]]  # fmt: skip
        spends_folds = "max_resource" in known
        if spends_folds:
            options.setdefault("max_resource", self._splits)
        self._by_folds = bool(rules) or spends_folds
        return Study(
            "search",
            self._distributions.space,
            metric="score",
            goal="maximize",
            strategy=owner.strategy,
            stopping_rules=rules,
            seed=int(check_random_state(owner.random_state).randint(2**31 - 1)),
            **options,
        )

    def _advance(self, open_ones: list[_Candidate]) -> list[_Candidate]:
        """Evaluates a batch; returns the candidates that go on."""
        if not self._by_folds:
            self._run_folds(open_ones, list(range(self._splits)))
        for fold in sorted({len(one.folds) for one in open_ones}) if self._by_folds else ():
            self._run_folds([one for one in open_ones if len(one.folds) == fold], [fold])
        return [one for one in open_ones if not self._told(one)]

    def _run_folds(self, candidates: list[_Candidate], folds: list[int]) -> None:
        owner = self._owner
        owner.n_splits_ = len(folds)
        self._folds.chosen = folds
        before = len(owner._outcomes)
        try:
            self._evaluate([one.params for one in candidates], self._folds)
            outcomes = owner._outcomes[before:]
        except ValueError as error:
            # Said of a search, where all its fits fail; here it may be one bad candidate.
            if owner.error_score == "raise" or "fits failed" not in str(error):
                raise
            self._failure = error
            outcomes = [None] * (len(candidates) * len(folds))
        pairs = [(one, fold) for one in candidates for fold in folds]
        for (one, fold), outcome in zip(pairs, outcomes):
            one.folds[fold] = outcome

    def _told(self, one: _Candidate) -> bool:
        """Tells the study of the last fold; whether the candidate is over, for now or for good."""
        scores = [self._score(outcome) for outcome in one.folds.values()]
        if not all(map(math.isfinite, scores)):
            self._study.fail(one.run, "a fold failed, or has no finite score")
            return True
        mean = float(numpy.mean(scores))
        if not self._by_folds:
            self._study.tell(one.run, mean)
            return True
        # The signed-rank test compares folds; everything else wants the best estimate so far.
        told = scores[-1] if self._rule == "wilcoxon" else mean
        decision = self._study.report(one.run, len(scores), told)
        if decision != "keep_going" and len(scores) < self._splits:
            reason = f"asked to {decision}"
            self._study.tell(one.run, TrialResult("paused" if decision == "pause" else "stopped", reason))
            return True
        if len(scores) < min(self._splits, one.run.until):
            return False
        self._study.tell(one.run, mean)
        return True

    def _score(self, outcome: Optional[dict[str, Any]]) -> float:
        if outcome is None:
            return math.nan
        scores = outcome["test_scores"]
        if not isinstance(scores, dict):
            return float(scores)
        named = self._owner.refit
        return float(scores[named] if isinstance(named, str) else next(iter(scores.values())))


def _value_of(outcome: dict[str, Any], kind: str) -> float:
    """Of one fold, by a column's name: fit_time, score_time, test_score, train_accuracy, ..."""
    if kind in outcome:
        return float(outcome[kind])
    when, metric = kind.split("_", 1)
    scores = outcome[f"{when}_scores"]
    return float(scores[metric] if isinstance(scores, dict) else scores)


def _nan_like(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: numpy.nan for name in value}
    return numpy.nan if isinstance(value, float) else value


def _ranks(means: Any, folds: list[int]) -> Any:
    """Where no candidate has all folds, those with most of them come first."""
    order = sorted(range(len(folds)), key=lambda row: (-folds[row], -numpy.nan_to_num(means[row], nan=-math.inf)))
    ranks = numpy.empty(len(folds), dtype=numpy.int32)
    ranks[order] = numpy.arange(1, len(folds) + 1)
    return ranks
