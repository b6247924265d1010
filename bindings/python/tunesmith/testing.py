"""Kits that hold your own executor or store to its contract, whatever runs your tests.

>>> import tunesmith
>>> from tunesmith.testing import check_store
>>> result = check_store(lambda: tunesmith.open_store("memory:"))
>>> assert result.holds, result.report()
"""

from ._tunesmith import (
    BrokenPromise,
    Conformance,
    check_executor,
    check_store,
    conformance_problem,
    conformance_trial,
)

__all__ = [
    "BrokenPromise",
    "Conformance",
    "check_executor",
    "check_store",
    "conformance_problem",
    "conformance_trial",
]
