"""Studies of Optuna into tunesmith and back; needs optuna: pip install 'tunesmith[optuna]'.

>>> import tunesmith, tunesmith.optuna
>>> study = tunesmith.create_study(strategy="random")
>>> study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=5)
>>> written = tunesmith.optuna.export_study(study, "for_the_dashboard.db")  # doctest: +SKIP
"""

import datetime
import os

from . import _growth
from ._dynamic_study import create_study

__all__ = ["export_study", "import_study"]

_TO_OPTUNA = {"completed": "COMPLETE", "stopped": "PRUNED", "failed": "FAIL", "infeasible": "FAIL", "lost": "FAIL"}
_FROM_OPTUNA = {"COMPLETE": "completed", "PRUNED": "stopped", "FAIL": "failed"}


def _optuna():
    try:
        import optuna
    except ImportError as error:
        raise ImportError("this needs optuna: pip install 'tunesmith[optuna]'") from error
    return optuna


def _storage(given):
    """What Optuna takes for a storage, from its URL, its object, or the path of a SQLite or journal file."""
    if not isinstance(given, (str, os.PathLike)) or "://" in os.fspath(given):
        return given
    path = os.fspath(given)
    sqlite = os.path.splitext(path)[1] in (".db", ".sqlite", ".sqlite3")
    if os.path.exists(path):
        with open(path, "rb") as file:
            sqlite = file.read(15) == b"SQLite format 3"
    if sqlite:
        return "sqlite:///" + path
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return JournalStorage(JournalFileBackend(path))


def import_study(study, *, study_name=None, storage="memory:", **options):
    """A DynamicStudy that knows what a study of Optuna found: values, parameters, reports and user attributes of all trials
    that have ended, in their order. It goes on from there.

    study -- an optuna.Study, or where it is stored: Optuna's URL, or the path of its SQLite or journal file
    study_name -- its name, where several are stored together; the new one has the same
    storage -- of the new study; options -- of create_study, e.g. strategy and seed

    >>> import tunesmith.optuna
    >>> study = tunesmith.optuna.import_study("optuna.db", strategy="tpe")  # doctest: +SKIP
    >>> study.optimize(objective, n_trials=10)  # doctest: +SKIP
    """
    optuna = _optuna()
    if not isinstance(study, optuna.study.Study):
        study = optuna.load_study(study_name=study_name, storage=_storage(study))
    directions = ["maximize" if way.name == "MAXIMIZE" else "minimize" for way in study.directions]
    made = create_study(directions=directions, study_name=study.study_name, storage=storage, **options)
    if made.trials:
        raise ValueError(f"{study.study_name} has trials already in {storage}")
    for trial in study.trials:
        state = _FROM_OPTUNA.get(trial.state.name)
        if state is None:
            continue
        made.enqueue_trial(trial.params)
        ours = made.ask()
        for name, distribution in trial.distributions.items():
            _ask_for(ours, name, distribution)
        for step, value in sorted(trial.intermediate_values.items()):
            ours.report(value, step)
        for key, value in trial.user_attrs.items():
            ours.set_user_attr(key, value)
        if trial.datetime_start and trial.datetime_complete:
            # Optuna keeps local time without a zone.
            ours._times = [trial.datetime_start.timestamp(), trial.datetime_complete.timestamp()]
        values = None
        if state == "completed":
            values = trial.values if len(directions) > 1 else trial.values[0]
        made.tell(ours, values, state=state, reason="" if state == "completed" else f"{trial.state.name} in Optuna")
    return made


def _ask_for(trial, name, distribution):
    kind = type(distribution).__name__
    if kind == "CategoricalDistribution":
        trial.suggest_categorical(name, distribution.choices)
    elif kind == "IntDistribution":
        trial.suggest_int(name, distribution.low, distribution.high, step=distribution.step, log=distribution.log)
    else:
        trial.suggest_float(name, distribution.low, distribution.high, step=distribution.step, log=distribution.log)


def export_study(study, storage, *, study_name=None):
    """Writes a study where Optuna and optuna-dashboard read it; returns the optuna.Study.

    study -- a DynamicStudy, a Study or a StudyView; trials that have ended or run are written
    storage -- Optuna's URL, or a path: SQLite for .db, .sqlite and .sqlite3, else Optuna's journal
    study_name -- by default the study's

    What Optuna has no word for: a reverse_log scale becomes linear, ordinal choices become categorical, trials that
    were infeasible or lost become failed.

    >>> import tunesmith.optuna
    >>> tunesmith.optuna.export_study(study, "for_the_dashboard.db")  # doctest: +SKIP
    """
    optuna = _optuna()
    core = getattr(study, "core", study)
    problem = core.problem
    name = study_name or getattr(study, "name", "study")
    written = optuna.create_study(
        study_name=name, directions=list(problem.objectives.values()), storage=_storage(storage)
    )
    parameters = {parameter.name: parameter for parameter in problem.space.parameters}
    trials = []
    for trial in core.trials:
        state = _TO_OPTUNA.get(trial.state)
        if state is None:
            continue
        extra = _growth.extra_of(trial) if core is not study else {}
        params = extra.get("params", trial.params)
        values = [trial.metrics.get(metric) for metric in problem.objectives]
        objective = next(iter(problem.objectives))
        frozen = optuna.trial.create_trial(
            state=optuna.trial.TrialState[state],
            params=params,
            distributions={
                key: _distribution(optuna.distributions, parameters[key], value) for key, value in params.items()
            },
            values=values if state == "COMPLETE" else None,
            intermediate_values={
                int(resource): metrics[objective] for resource, metrics in trial.reports if objective in metrics
            },
            user_attrs=extra.get("user_attrs", {}),
            system_attrs={"tunesmith:reason": trial.reason} if trial.reason else {},
        )
        started, ended = extra.get("times") or (trial.started, trial.ended)
        frozen.datetime_start = datetime.datetime.fromtimestamp(started)
        frozen.datetime_complete = datetime.datetime.fromtimestamp(ended)
        trials.append(frozen)
    written.add_trials(trials)
    return written


def _distribution(distributions, parameter, value):
    if parameter.type == "float":
        # A define-by-run objective may have asked for a wider range than at first.
        low, high = min(parameter.min, value), max(parameter.max, value)
        log = parameter.scale == "log"
        return distributions.FloatDistribution(low, high, log=log, step=None if log else parameter.step)
    if parameter.type == "int":
        low, high, step = min(parameter.min, value), max(parameter.max, value), parameter.step or 1
        log = parameter.scale == "log" and step == 1
        return distributions.IntDistribution(low, high, log=log, step=step if not log else 1)
    return distributions.CategoricalDistribution(parameter.choices)
