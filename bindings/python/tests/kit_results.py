"""What the tests of the conformance kits share."""


def broken_checks(result):
    assert not result.holds
    assert all(promise.check in result.checks and promise.what for promise in result.broken)
    assert "BROKEN" in result.report()
    return {promise.check for promise in result.broken}
