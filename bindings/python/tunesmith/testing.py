"""Kits that hold your own strategy, stopping rule, executor or store to its contract, whatever runs your tests.

>>> import tunesmith
>>> from tunesmith.testing import check_strategy
>>> result = check_strategy(tunesmith.random_search, trials=5, longest_history=10)
>>> assert result.holds, result.report()
"""

from ._tunesmith import (
    BrokenPromise,
    Conformance,
    check_executor,
    check_stopping_rule,
    check_store,
    check_strategy,
    conformance_problem,
    conformance_trial,
)

__all__ = [
    "BrokenPromise",
    "Conformance",
    "check_executor",
    "check_stopping_rule",
    "check_store",
    "check_strategy",
    "conformance_problem",
    "conformance_trial",
]
