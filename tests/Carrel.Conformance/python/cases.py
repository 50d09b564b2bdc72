"""Cases in the order they stand in a program; each prints one line, which the test of that name reads."""

import functools
import time
import traceback

_cases = []


def case(name):
    """Registers a function as the case of that name."""

    def register(function):
        _cases.append((name, function))
        return function

    return register


def run():
    """Runs every case, also after one that failed: cases that need what it made fail with their own words."""
    for name, function in _cases:
        begun = time.monotonic()
        try:
            function()
            print(f"ok {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        except Exception as fault:
            text = " | ".join(str(fault).splitlines()) or type(fault).__name__
            print(f"not ok {name}: {type(fault).__name__}: {text}", flush=True)
            traceback.print_exc()


def equal(actual, expected):
    """Asserts equality and says what was found instead."""
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, found {actual!r}")


def refused(call, kind, code):
    """Asserts that a call is refused with this class of the SDK and this code, and returns the refusal."""
    try:
        call()
    except kind as refusal:
        found = getattr(getattr(refusal, "error", None), "code", None)
        equal(found, code)
        return refusal
    raise AssertionError(f"expected {kind.__name__} with {code}, but the call was accepted")


@functools.cache
def unique():
    """A suffix of letters, so that names of two runs differ."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(time.time_ns())[-8:])
