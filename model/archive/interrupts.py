"""Signals that ask a run to stop: it finishes what it has in hand first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Signals:
    """The first signal that asked to stop, 0 for none."""

    first: int = 0

    def came(self) -> bool:
        """Whether one has come."""
        return self.first != 0


@contextmanager
def signals_noted() -> Iterator[Signals]:
    """The first SIGINT or SIGTERM lets the shards in hand be finished; the second ends the run at once."""
    state = Signals()

    def note(number: int, frame: FrameType | None) -> None:
        if state.first:
            raise SystemExit(128 + number)
        state.first = number

    asked = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, note) for number in asked]
    try:
        yield state
    finally:
        for number, handler in zip(asked, before, strict=True):
            signal.signal(number, handler)
