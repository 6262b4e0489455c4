"""The ids that an archive has had, in a file beside it: memory does not grow with the number of documents.

The file is a convenience. It holds nothing that the inputs do not say, and is made again by reading them when it is
missing or damaged.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from warwire.model.archive.shards import OutputError

FILE: Final = "ids.sqlite"
_TABLES: Final = (
    "create table if not exists ids (id blob primary key, shard integer not null) without rowid",
    "create table if not exists shards (shard integer primary key)",
)


class SeenIds:
    """A set of ids, each with the shard that has it first."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def shards(self) -> set[int]:
        """The shards whose ids are here."""
        return {shard for (shard,) in self._connection.execute("select shard from shards")}

    def forget_all_but(self, shards: Collection[int]) -> None:
        """Take out the ids of other shards: they are about to be read again."""
        with self._connection:
            for shard in self.shards() - set(shards):
                for table in ("ids", "shards"):
                    self._connection.execute(f"delete from {table} where shard = ?", (shard,))

    def add(self, ids: Iterable[str], shard: int) -> list[bool]:
        """Whether each id is new, in order; the new ones now belong to the shard, on disk.

        Raises:
            sqlite3.OperationalError: they cannot be written; `open_seen_ids` makes it an OutputError.
        """
        add = "insert or ignore into ids values (?, ?)"
        with self._connection:
            self._connection.execute("insert or ignore into shards values (?)", (shard,))
            return [self._connection.execute(add, (_key(name), shard)).rowcount == 1 for name in ids]


@contextmanager
def open_seen_ids(folder: Path) -> Iterator[SeenIds]:
    """The ids kept in a folder; a damaged file is replaced by an empty one.

    Raises:
        OutputError: the file cannot be written, then or later.
    """
    connection: sqlite3.Connection | None = None
    try:
        try:
            connection = _connect(folder / FILE)
        except sqlite3.DatabaseError:
            remove_seen_ids(folder)
            connection = _connect(folder / FILE)
        yield SeenIds(connection)
    except sqlite3.OperationalError as error:
        raise OutputError(f"{folder / FILE}: cannot be written: {error}; is the disk full?") from None
    finally:
        if connection is not None:
            connection.close()


def remove_seen_ids(folder: Path) -> None:
    """Take the file away."""
    for name in (FILE, f"{FILE}-journal"):
        (folder / name).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        for table in _TABLES:
            connection.execute(table)
        if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _key(name: str) -> bytes:
    # 96 bits: that any two of a thousand million ids share a key has odds of one in a hundred thousand million.
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).digest()
