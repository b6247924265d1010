import faulthandler
import signal

import pytest

# A run in the background of a shell begins with SIGINT ignored; tests send it to themselves.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def watchdog():
    """A dead-lock ends the run with the stacks of all threads."""
    faulthandler.dump_traceback_later(120, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
