"""The same job on a Ray cluster: Ray Data streams the plan of shards to actors, each of which holds a model.

    inputs ─► plan of shards (driver) ─► Ray Data ─► actors: read, tag, write ─► entries (driver)

The driver reads the inputs once to cut them, and sends out positions, not texts: an actor reads its shards' parts of
the inputs itself, going on from its last one where it can. Inputs and output have to be where every node sees them.
Each actor keeps its model in a process of its own, so that an article that ends the process costs that process, not the
actor, and is found and rejected as on one machine; an actor that is lost with its node is replaced, and Ray Data gives
its shards to others.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.archive.book import Book, Run, entry_of
from warwire.model.archive.cut import ShardInput, positioned
from warwire.model.archive.entered import Entered
from warwire.model.archive.incoming import Damage, Incoming, Origin
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.interrupts import signals_noted
from warwire.model.archive.manifest import Position, ShardEntry
from warwire.model.archive.options import RunOptions
from warwire.model.archive.plan import Plan
from warwire.model.archive.pool import Pool
from warwire.model.archive.progress import Teller
from warwire.model.archive.runner import ArchiveStoppedError
from warwire.model.archive.seen_ids import SeenIds
from warwire.model.archive.sift import Sifted, duplicate, read_items, sift, told_apart
from warwire.model.archive.worker import Halt, Task

_CORES_AN_ACTOR: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A shard by its place in the inputs; `duplicates` are the documents whose ids came before."""

    number: int
    start: Position
    end: Position
    duplicates: tuple[Origin, ...]
    damages: tuple[Damage, ...]


def run_on_ray(plan: Plan, how: RunOptions, shards: Sequence[Entered], seen: SeenIds | None, tell: Teller) -> Run:
    """Make the missing shards on the cluster that Ray is connected to (RAY_ADDRESS), or one on this machine.

    Raises:
        ArchiveStoppedError, InputError: as `runner.run`.
        MissingExtraError: Ray is not installed.
    """
    try:
        import ray
    except ModuleNotFoundError:
        raise MissingExtraError("ray", "ray") from None
    book = Book(plan, shards, tell)
    with signals_noted() as signals:
        parts = [_part(sifted) for sifted in sift(plan, shards, seen)]
        if parts and not signals.came():
            _connect(ray)
            for entry in _entries(ray, parts, ShardMaker.arguments(plan, how), how.workers):
                book.enter_entry(entry, {})
                if signals.came():
                    break
    return book.closed(signals.first)


def _connect(ray: Any) -> None:
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if not ray.is_initialized():
        ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)


def _entries(ray: Any, parts: Sequence[Part], arguments: Mapping[str, Any], actors: int) -> Iterator[ShardEntry]:
    """The entries of the parts, in the order in which they are made."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    rows = [{"part": msgspec.json.encode(part).decode()} for part in parts]
    made = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        ShardMaker,
        fn_constructor_kwargs=arguments,
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=min(actors, len(parts))),
        num_cpus=_CORES_AN_ACTOR,
    )
    for row in made.iter_rows():
        result = json.loads(row["made"])
        if "halt" in result:
            if result["number"] < 0:
                raise InputError(result["halt"])
            raise ArchiveStoppedError(f"{result['halt']}; what is done is kept: the same command goes on")
        yield msgspec.convert(result["entry"], ShardEntry)


def _absolute(file: InputFile) -> InputFile:
    return file if "://" in file.address else replace(file, address=str(Path(file.address).resolve()))


def _part(sifted: Sifted) -> Part:
    shard = sifted.shard
    duplicates = tuple(found.origin for found in sifted.rejections if found.code == "duplicate-id")
    return Part(shard.number, shard.start, shard.end, duplicates, sifted.damages)


class ShardMaker:
    """What a Ray actor does: takes parts, makes their shards, gives back their entries."""

    def __init__(self, plan: Plan, patience: float) -> None:
        self._plan = plan
        self._pool = Pool(plan.worker_settings, 1, patience)
        self._cursor: Iterator[tuple[Incoming | None, Position]] = iter(())
        self._at: Position | None = None

    @staticmethod
    def arguments(plan: Plan, how: RunOptions) -> Mapping[str, Any]:
        """What the actors are built with: paths are made absolute, since actors have folders of their own."""
        model = plan.options.model
        options = replace(plan.options, model=model.resolve() if model else None)
        here = Plan(plan.out.resolve(), tuple(map(_absolute, plan.files)), plan.damages, options)
        return {"plan": here, "patience": how.patience}

    def __call__(self, batch: Mapping[str, Any]) -> Mapping[str, Any]:
        """The entries of a batch of parts, as JSON."""
        parts = [msgspec.json.decode(text, type=Part) for text in batch["part"]]
        return {"made": [json.dumps(self._make(part)) for part in parts]}

    def _make(self, part: Part) -> dict[str, Any]:
        sifted = self._read(part)
        result = next(iter(self._pool.run(iter([Task(part.number, sifted.articles)]))))
        if isinstance(result, Halt):
            return {"halt": result.message, "number": result.number}
        return {"entry": msgspec.to_builtins(entry_of(sifted, result))}

    def _read(self, part: Part) -> Sifted:
        items = tuple(self._items(part))
        shard = ShardInput(part.number, part.start, part.end, items)
        again = frozenset(part.duplicates)
        articles, rejections = told_apart(items, self._plan.options.longest)
        rejections += [duplicate(article) for article in articles if article.origin in again]
        kept = tuple(article for article in articles if article.origin not in again)
        return Sifted(shard, kept, tuple(rejections), part.damages)

    def _items(self, part: Part) -> Iterator[Incoming]:
        """The items between the part's ends; the open file goes on to be read where the last part ended."""
        if self._at != part.start:
            self._cursor = positioned(self._plan.files, partial(read_items, self._plan.options), part.start)
        self._at = None
        left = part.end
        for item, end in self._cursor:
            if item is not None:
                yield item
            if end == left:
                break
        self._at = part.end
