"""Preemption: a run that is asked to stop finishes its step, saves and ends, to be continued by the same command.

Schedulers send SIGTERM (and some SIGUSR1 beforehand), wait a while, then kill.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from warwire.annotations.errors import WarwireError
from warwire.train.processes import is_main, processes

RESUMABLE: Final = 75
"""Exit code of a run that stopped on request and goes on by the same command (EX_TEMPFAIL of sysexits.h)."""

_SIGNALS: Final = (signal.SIGTERM, signal.SIGUSR1)
_ECHO_SECONDS: Final = 2.0
"""A launcher passes on what its processes have got already; what comes within so many seconds is the same request."""


class PreemptedError(WarwireError):
    """The run was asked to stop and has stopped."""

    exit_code = RESUMABLE


class StopRequest:
    """Whether somebody has asked the run to stop.

    While there is something to finish (`saves` is up) the first signal is only noted; at any other time it ends the
    run at once, as a second one always does.
    """

    def __init__(self) -> None:
        self.made = False
        self.saves = False
        self._at = 0.0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """The signal handler."""
        name, now = signal.Signals(number).name, time.monotonic()
        if self.made:
            if processes() > 1 and now - self._at < _ECHO_SECONDS:
                return
            _write(f"{name} again: stopping at once; the last checkpoint stays")
            os._exit(RESUMABLE)
        self.made, self._at = True, now
        if not self.saves:
            if not is_main():
                raise SystemExit(RESUMABLE)
            raise PreemptedError(f"{name}: stopped outside of training; the same command goes on")
        _write(f"{name}: finishing the step, saving, then stopping; once more stops at once")


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Catch SIGTERM and SIGUSR1 within the block; outside the main thread, where none arrive, do nothing."""
    request = StopRequest()
    try:
        before = {number: signal.signal(number, request) for number in _SIGNALS}
    except ValueError:
        before = {}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(message: str) -> None:
    """One line on standard error by a plain system call: a handler may have interrupted a buffered write."""
    if is_main():
        os.write(2, f"warwire: {message}\n".encode())
