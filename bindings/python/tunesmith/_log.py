"""The package's words to Python's logging, under the name "tunesmith". Silent unless somebody asks to hear them."""

import sys


def info(words, *values):
    # Who has not imported logging cannot have asked for anything.
    logging = sys.modules.get("logging")
    if logging is not None:
        logger = logging.getLogger("tunesmith")
        if logger.isEnabledFor(logging.INFO):
            logger.info(words, *values)
