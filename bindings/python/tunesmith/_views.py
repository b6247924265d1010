"""What studies, trials and spaces have for notebooks and pandas. Here only the names: what they need is imported when used."""

from ._tunesmith import Space, Study, StudyView, Trial


def to_pandas(self, reports=False):
    """A pandas frame with one row per trial: number, state, value, metrics_*, params_*, duration (seconds). Or (reports)
    one row per report and metric: number, resource, metric, value.

    Needs pandas: pip install 'tunesmith[pandas]'.

    >>> import tunesmith
    >>> study = tunesmith.Study("s", tunesmith.Space().add_int("n", 3, 3), metric="loss", strategy="random")
    >>> _ = study.tell(study.ask(), 0.5)
    >>> frame = study.to_pandas()  # doctest: +SKIP
    >>> frame.loc[0, "params_n"], frame.loc[0, "value"]  # doctest: +SKIP
    (3, 0.5)
    """
    from . import _frames

    return _frames.frame(self, reports)


def _table_of(kind):
    def _repr_html_(self):
        from . import _html

        return getattr(_html, kind)(self)

    return _repr_html_


Study.to_pandas = StudyView.to_pandas = to_pandas
Study._repr_html_ = StudyView._repr_html_ = _table_of("study")
Trial._repr_html_ = _table_of("trial")
Space._repr_html_ = _table_of("space")
