"""The stream of an archive's records, cut into shards.

Where a shard begins and ends depends on the inputs and the limits alone, so that every run cuts alike, and a resumed
one can jump over the shards that are there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from warwire.model.archive.incoming import Article, Damage, Incoming
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.manifest import Position

Reader = Callable[[InputFile, int], Iterator[Incoming]]
"""The items of a file whose record numbers are above the one given."""


@dataclass(frozen=True, slots=True)
class ShardLimits:
    """Where a shard ends: at so many documents (rejected ones counted) or code points, whichever comes first."""

    documents: int = 500
    characters: int = 4_000_000


@dataclass(frozen=True, slots=True)
class ShardInput:
    """The items between two positions of the inputs, in order."""

    number: int
    start: Position
    end: Position
    items: tuple[Incoming, ...]

    @property
    def documents(self) -> int:
        """How many documents came in, rejected ones counted."""
        return sum(not isinstance(item, Damage) for item in self.items)


@dataclass(frozen=True, slots=True)
class Finished:
    """A shard that need not be made: where it ends and how many documents came into it."""

    end: Position
    documents: int


def cut(
    files: Sequence[InputFile],
    reader: Reader,
    limits: ShardLimits,
    finished: Mapping[int, Finished],
    documents: int | None = None,
) -> Iterator[ShardInput]:
    """The shards that have still to be made, in order.

    A document that does not fit beside others makes a shard of its own, which then keeps nobody waiting.

    Args:
        files: the inputs.
        reader: opens one of them.
        limits: of a shard.
        finished: shards that are there, by number; what they hold is not read again.
        documents: stop after so many.
    """
    position, number, taken = Position(0, 0), 0, 0
    while True:
        while number in finished:
            position, taken = finished[number].end, taken + finished[number].documents
            number += 1
        left = None if documents is None else documents - taken
        for shard in _cut_from(files, reader, limits, position, number, left):
            yield shard
            position, number, taken = shard.end, shard.number + 1, taken + shard.documents
            if number in finished:
                break
        else:
            return


@dataclass(slots=True)
class _Open:
    """A shard that is being filled."""

    number: int
    start: Position
    end: Position
    items: list[Incoming] = field(default_factory=list)
    documents: int = 0
    characters: int = 0

    def add(self, item: Incoming, end: Position) -> None:
        self.items.append(item)
        self.end = end
        if not isinstance(item, Damage):
            self.documents += 1
        if isinstance(item, Article):
            self.characters += item.characters

    def closed(self) -> ShardInput:
        return ShardInput(self.number, self.start, self.end, tuple(self.items))


def _cut_from(
    files: Sequence[InputFile],
    reader: Reader,
    limits: ShardLimits,
    position: Position,
    number: int,
    left: int | None,
) -> Iterator[ShardInput]:
    shard = _Open(number, position, position)
    for item, end in positioned(files, reader, position):
        if item is None:
            shard.end = end
            continue
        counts = not isinstance(item, Damage)
        if counts and left == 0:
            break
        size = item.characters if isinstance(item, Article) else 0
        if counts and shard.documents and _full(shard, limits, size):
            yield shard.closed()
            shard = _Open(shard.number + 1, shard.end, shard.end)
        shard.add(item, end)
        if counts and left is not None:
            left -= 1
    if shard.items:
        yield shard.closed()


def _full(shard: _Open, limits: ShardLimits, size: int) -> bool:
    return shard.documents >= limits.documents or shard.characters + size > limits.characters


def positioned(
    files: Sequence[InputFile], reader: Reader, start: Position
) -> Iterator[tuple[Incoming | None, Position]]:
    """The items with the position after each; None at the end of a file."""
    for index in range(start.file, len(files)):
        at = Position(index, start.number if index == start.file else 0)
        for item in reader(files[index], at.number):
            if not isinstance(item, Damage):
                at = Position(index, item.origin.number)
            yield item, at
        yield None, Position(index + 1, 0)
