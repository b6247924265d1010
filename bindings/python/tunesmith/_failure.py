"""How an exception of a user's code reads as the reason of a failed trial."""


def words(error: BaseException) -> str:
    """The exception in one line, then where it was raised."""
    import traceback  # not cheap, and mostly not needed

    # The last entry is the message; a SyntaxError has others before it.
    head = traceback.format_exception_only(type(error), error)[-1].strip().split("\n")[0]
    return head + "\n" + "".join(traceback.format_exception(type(error), error, error.__traceback__)).strip()
