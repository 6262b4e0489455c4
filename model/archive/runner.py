"""The local engine: read the inputs, hand shards to worker processes, enter what they made.

Killed at any moment, the next run takes every shard that is entered, verified by size and hash, and makes the rest.
"""

from collections.abc import Sequence

from warwire.annotations.errors import InputError, WarwireError
from warwire.model.archive.book import Book, Run
from warwire.model.archive.entered import Entered
from warwire.model.archive.interrupts import signals_noted
from warwire.model.archive.options import RunOptions
from warwire.model.archive.plan import Plan
from warwire.model.archive.pool import Pool
from warwire.model.archive.progress import Teller
from warwire.model.archive.seen_ids import SeenIds
from warwire.model.archive.sift import sift
from warwire.model.archive.worker import Halt


class ArchiveStoppedError(WarwireError):
    """The run cannot go on: a full disk, a folder that is gone; what is entered stays."""


def run(plan: Plan, how: RunOptions, shards: Sequence[Entered], seen: SeenIds | None, tell: Teller) -> Run:
    """Make the shards that are missing.

    Args:
        plan: inputs, folder, options.
        how: workers, patience.
        shards: verified ones of earlier runs.
        seen: ids had so far; None keeps duplicates.
        tell: shown where the run stands.

    Raises:
        ArchiveStoppedError: with the reason, after which the same command goes on.
        InputError: the model cannot be loaded, or an input cannot be read as the options ask.
    """
    book = Book(plan, shards, tell)
    with signals_noted() as signals:
        pool = Pool(plan.worker_settings, how.workers, how.patience)
        try:
            tasks = book.tasks(sift(plan, shards, seen))
            for result in pool.run(tasks, signals.came):
                if isinstance(result, Halt):
                    if result.number < 0:
                        raise InputError(result.message)
                    raise ArchiveStoppedError(f"{result.message}; what is done is kept: the same command goes on")
                book.enter(result)
        finally:
            pool.close()
    return book.closed(signals.first)
