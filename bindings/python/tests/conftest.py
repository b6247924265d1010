import faulthandler

import pytest


@pytest.fixture(autouse=True)
def watchdog():
    """A dead-lock ends the run with the stacks of all threads."""
    faulthandler.dump_traceback_later(120, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
