"""What is entered of a run and what is on its way: a shard counts from the moment that its entry is written."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warwire.model.archive.entered import Entered, entered
from warwire.model.archive.incoming import Article, Damage
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.manifest import ShardEntry, append_timing, write_entry
from warwire.model.archive.plan import Plan
from warwire.model.archive.progress import Size, Standing, Teller, share_read
from warwire.model.archive.sift import Sifted
from warwire.model.archive.worker import Made, Task

_SHOWN: Final = 40
"""Characters of a date that is not understood."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to.

    Attributes:
        shards: all that there are now.
        documents: read or rejected in this run alone.
        seconds: of the run.
        stages: seconds of its workers together, by stage.
        signal: the one that ended it early, or 0.
    """

    shards: tuple[Entered, ...]
    documents: int
    seconds: float
    stages: Mapping[str, float]
    signal: int


def entry_of(sifted: Sifted, made: Made) -> ShardEntry:
    """The entry of a shard: what came in, what became of it, what was written."""
    shard = sifted.shard
    rejections = (*sifted.rejections, *made.rejections)
    order = {item.origin: i for i, item in enumerate(shard.items) if not isinstance(item, Damage)}
    lost = {rejection.origin for rejection in made.rejections}
    unread = [date for article in sifted.articles if (date := _unread_date(article)) and article.origin not in lost]
    return ShardEntry(
        number=shard.number,
        start=shard.start,
        end=shard.end,
        documents=shard.documents,
        tagged=made.tagged,
        rejected=tuple(sorted(rejections, key=lambda rejection: order[rejection.origin])),
        damages=sifted.damages,
        files=made.files,
        words=made.words,
        spans=made.spans,
        events=made.events,
        unread_dates=len(unread),
        unread_date=unread[0][:_SHOWN] if unread else None,
    )


def _unread_date(article: Article) -> str | None:
    """What the document says for its date, where that is not understood and it has none."""
    raw: str | None = article.document.extra.get("date_raw")
    return raw if article.document.date is None else None


class Book:
    """What is entered so far, and what is on its way."""

    def __init__(self, plan: Plan, shards: Sequence[Entered], tell: Teller) -> None:
        self._out, self._tell = plan.out, tell
        self._shards = list(shards)
        self._sizes = [size_of(file) for file in plan.files]
        self._words: Counter[int] = Counter()
        for shard in shards:
            self._words[shard.end.file] += shard.words
        self._begun: dict[int, Sifted] = {}
        self._stages: dict[str, float] = {}
        self._start = time.monotonic()
        self._before = sum(shard.documents for shard in shards)
        self._documents = self._before
        self._rejected = self._before - sum(shard.tagged for shard in shards)

    def tasks(self, shards: Iterator[Sifted]) -> Iterator[Task]:
        """The tasks of the shards, each noted down as begun."""
        for sifted in shards:
            self._begun[sifted.shard.number] = sifted
            yield Task(sifted.shard.number, sifted.articles)

    def enter(self, made: Made) -> None:
        """Write a shard's entry: from now on it counts."""
        self.enter_entry(entry_of(self._begun.pop(made.number), made), made.seconds)

    def enter_entry(self, entry: ShardEntry, seconds: Mapping[str, float]) -> None:
        """Write an entry that is made already."""
        write_entry(self._out, entry)
        if seconds:
            append_timing(self._out, {"shard": entry.number, **{k: round(v, 4) for k, v in seconds.items()}})
        self._shards.append(entered(entry))
        for stage, spent in seconds.items():
            self._stages[stage] = self._stages.get(stage, 0.0) + spent
        self._documents += entry.documents
        self._rejected += len(entry.rejected)
        self._words[entry.end.file] += entry.words
        now, at = self._documents - self._before, entry.end.file
        self._tell(Standing(self._documents, self._rejected, now, share_read(self._sizes, at, self._words[at])))

    def closed(self, signal: int) -> Run:
        """The run as it ended."""
        shards = tuple(sorted(self._shards, key=lambda shard: shard.number))
        return Run(shards, self._documents - self._before, time.monotonic() - self._start, self._stages, signal)


def size_of(file: InputFile) -> Size:
    """A file's size as progress takes it."""
    return Size(max(file.size, 0), file.kind, file.name.endswith((".gz", ".zst")))
