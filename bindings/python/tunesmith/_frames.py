"""Studies as pandas frames."""

from ._growth import extra_of


def _pandas():
    try:
        import pandas
    except ImportError as error:
        raise ImportError("this needs pandas: pip install 'tunesmith[pandas]'") from error
    return pandas


def _rows_of(study):
    """The trials with the parameters that they asked for."""
    core = getattr(study, "core", study)
    for trial in core.trials:
        # An executor's handle may be any text; only a DynamicStudy keeps parameters there.
        extra = extra_of(trial) if core is not study else {}
        yield trial, extra


def frame(self, reports):
    pandas = _pandas()
    if reports:
        rows = [
            (trial.number, resource, metric, value)
            for trial, _ in _rows_of(self)
            for resource, metrics in trial.reports
            for metric, value in metrics.items()
        ]
        return pandas.DataFrame(rows, columns=["number", "resource", "metric", "value"])
    rows = []
    for trial, extra in _rows_of(self):
        started, ended = extra.get("times") or (trial.started, trial.ended)
        row = {"number": trial.number, "state": trial.state, "value": trial.value}
        row.update({f"metrics_{name}": value for name, value in trial.metrics.items()})
        params = extra.get("params")
        row.update({f"params_{name}": value for name, value in (trial.params if params is None else params).items()})
        row["duration"] = None if ended is None else ended - started
        rows.append(row)
    columns = {"number": None, "state": None, "value": None}
    for prefix in ("metrics_", "params_", "duration"):
        columns.update({name: None for row in rows for name in row if name.startswith(prefix)})
    return pandas.DataFrame(rows, columns=list(columns) if rows else ["number", "state", "value", "duration"])


def optuna_frame(study):
    """The columns of Optuna's Study.trials_dataframe."""
    pandas = _pandas()
    rows = []
    for record in study.trials:
        row = {"number": record.number}
        if len(study.directions) == 1:
            row["value"] = record.value
        else:
            row.update({f"values_{i}": value for i, value in enumerate(record.values or [None] * len(study.directions))})
        row["datetime_start"] = pandas.to_datetime(record.started, unit="s")
        row["datetime_complete"] = pandas.to_datetime(record.ended, unit="s")
        row["duration"] = pandas.to_timedelta(record.duration, unit="s")
        row.update({f"params_{name}": value for name, value in record.params.items()})
        row.update({f"user_attrs_{name}": value for name, value in record.user_attrs.items()})
        row["state"] = _STATES.get(record.state, "FAIL")
        rows.append(row)
    frame = pandas.DataFrame(rows)
    last = ["state"] if rows else []
    groups = [[name for name in frame if name.startswith(prefix)] for prefix in ("params_", "user_attrs_")]
    first = [name for name in frame if name not in last and not any(name in group for group in groups)]
    return frame[first + sorted(groups[0]) + sorted(groups[1]) + last]


_STATES = {"completed": "COMPLETE", "stopped": "PRUNED", "running": "RUNNING", "preempted": "WAITING", "paused": "WAITING"}
