"""The one exception type of the module."""


class Error(Exception):
    """Bad configuration or a broken store. Failed trials, exhausted spaces and spent budgets are values, not errors.

    code -- why, one of "invalid_argument", "invalid_space", "invalid_problem", "invalid_job", "study_mismatch",
            "store_unavailable", "store_corrupt", "store_busy", "executor_failed"
    mistakes -- every Mistake found; empty where the error is about no field

    Stores and executors of your own raise it, Error(code, words), to tell tunesmith what it may act upon.

    >>> import tunesmith
    >>> try:
    ...     tunesmith.Study("s", tunesmith.Space().add_float("lr", 0, 1, scale="log"), metric="loss", strategy="random")
    ... except tunesmith.Error as error:
    ...     print(error.code, [mistake.path for mistake in error.mistakes])
    invalid_space ['/parameters/lr/min']
    """

    def __init__(self, code, words="", mistakes=()):
        super().__init__(words)
        self.code = code
        self.mistakes = list(mistakes)


Error.__module__ = "tunesmith"
