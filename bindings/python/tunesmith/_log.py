"""The package's words to Python's logging, under the name "tunesmith". Silent unless somebody asks to hear them."""

import sys


def is_heard():
    # Who has not imported logging cannot have asked for anything.
    logging = sys.modules.get("logging")
    return logging is not None and logging.getLogger("tunesmith").isEnabledFor(logging.INFO)


def info(words, *values):
    if is_heard():
        sys.modules["logging"].getLogger("tunesmith").info(words, *values)
