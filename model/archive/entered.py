"""What a run remembers of the shards that are entered: sums and places, not every rejection."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from warwire.model.archive.incoming import Damage
from warwire.model.archive.manifest import Position, ShardEntry


@dataclass(frozen=True, slots=True)
class Entered:
    """A shard in a few numbers; `codes` are the kinds of its rejections, `end` is where the next shard begins.

    `unread_date` is the first of its dates that are not understood.
    """

    number: int
    end: Position
    documents: int
    tagged: int
    words: int
    spans: int
    events: int
    codes: tuple[tuple[str, int], ...]
    damages: tuple[Damage, ...]
    unread_dates: int
    unread_date: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over shards: every document that came in was either read or rejected; `codes` by number of rejections.

    `unread_date` is the first of the dates that are not understood.
    """

    documents: int
    tagged: int
    words: int
    spans: int
    events: int
    codes: tuple[tuple[str, int], ...]
    damages: tuple[Damage, ...]
    unread_dates: int
    unread_date: str | None

    @property
    def rejected(self) -> int:
        """Documents that were not read."""
        return self.documents - self.tagged


def entered(entry: ShardEntry) -> Entered:
    """A shard's numbers."""
    codes = Counter(rejection.code for rejection in entry.rejected)
    unread = entry.unread_dates, entry.unread_date
    numbers = entry.documents, entry.tagged, entry.words, entry.spans, entry.events
    return Entered(entry.number, entry.end, *numbers, tuple(codes.items()), entry.damages, *unread)


def totals(shards: Iterable[Entered]) -> Totals:
    """The sums over shards, in the order of their numbers."""
    ordered = sorted(shards, key=lambda shard: shard.number)
    codes: Counter[str] = Counter()
    for shard in ordered:
        codes.update(dict(shard.codes))
    return Totals(
        sum(shard.documents for shard in ordered),
        sum(shard.tagged for shard in ordered),
        sum(shard.words for shard in ordered),
        sum(shard.spans for shard in ordered),
        sum(shard.events for shard in ordered),
        tuple(codes.most_common()),
        tuple(damage for shard in ordered for damage in shard.damages),
        sum(shard.unread_dates for shard in ordered),
        next((shard.unread_date for shard in ordered if shard.unread_date is not None), None),
    )
