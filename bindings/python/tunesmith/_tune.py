"""The shortest way: a function of the parameters in, a study out."""

from . import _failure
from ._tunesmith import Study

# A mistake in the function should be seen at once, not after all trials.
_MAX_FIRST_FAILURES = 3


def tune(function, space, max_trials, *, goal="minimize", seed=0, name="study", store="memory:", **options):
    """Minimises (or maximises) a function of a dict of parameters over a space, in this thread; returns the Study.

    function -- returns the number to be optimised, or a dict of metrics that holds it as "value". An exception makes
                the trial failed; when the first three trials all raise, the last exception is passed on.
    max_trials -- trials in all. Fewer where the space has no more configurations.
    name, store -- with a store of its own file ("sqlite:FILE") the same call continues where an earlier one ended
    The other arguments, e.g. strategy or search, are Study's.

    >>> import tunesmith
    >>> space = tunesmith.Space().add_float("x", -3, 3)
    >>> study = tunesmith.tune(lambda p: (p["x"] - 1) ** 2, space, 20, strategy="random", seed=3)
    >>> len(study.trials), abs(study.best.params["x"] - 1) < 0.5
    (20, True)
    """
    study = Study(name, space, metric="value", goal=goal, seed=seed, store=store, **options)
    study.set_budget(max_trials=max_trials)
    left_open = [study.restart(run, "its process ended") for run in study.open_runs()]
    failures = 0
    succeeded = any(trial.value is not None for trial in study.trials)
    while (run := left_open.pop() if left_open else study.ask()) is not None:
        try:
            value = function(run.params)
        except Exception as error:
            study.fail(run, _failure.words(error))
            failures += 1
            if failures == _MAX_FIRST_FAILURES and not succeeded:
                raise
        else:
            study.tell(run, value)
            succeeded = True
    return study
