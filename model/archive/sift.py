"""A shard's items told apart: articles to read, rejections, faults of files; later documents of an id are rejected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from warwire.model.archive.cut import Finished, ShardInput, cut
from warwire.model.archive.entered import Entered
from warwire.model.archive.incoming import LONG, Article, Damage, Incoming, Rejection
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.options import ArchiveOptions
from warwire.model.archive.plan import Plan
from warwire.model.archive.readers.reading import read_file
from warwire.model.archive.sections import SECTION
from warwire.model.archive.seen_ids import SeenIds


@dataclass(frozen=True, slots=True)
class Sifted:
    """A shard's items told apart: articles to read, rejections so far, faults of files that are new."""

    shard: ShardInput
    articles: tuple[Article, ...]
    rejections: tuple[Rejection, ...]
    damages: tuple[Damage, ...]


def sift(plan: Plan, shards: Sequence[Entered], seen: SeenIds | None) -> Iterator[Sifted]:
    """The shards that have still to be made, with duplicates rejected and each fault of a file told once.

    Faults met before any file was opened are told with the first shard.
    """
    made = {shard.number: shard for shard in shards}
    finished = {shard.number: Finished(shard.end, shard.documents) for shard in shards}
    told: set[Damage] = set()
    if seen is not None:
        seen.forget_all_but(finished)
        if not seen.shards() >= finished.keys():
            # The file of ids is gone: the inputs are read again to fill it, and shards that are there are left.
            seen.forget_all_but(())
            finished = {}
    reader = partial(read_items, plan.options)
    for shard in cut(plan.files, reader, plan.options.limits, finished, plan.options.documents):
        for number in [number for number in made if number < shard.number]:
            told.update(made.pop(number).damages)
        sifted = _sift(shard, seen, told, () if shard.number else plan.damages, plan.options.longest)
        told |= set(sifted.damages)
        if shard.number not in made:
            yield sifted


def read_items(options: ArchiveOptions, file: InputFile, start: int) -> Iterator[Incoming]:
    """The items of a file after a record, as the options say; long texts are packed."""
    for item in read_file(file, options.read, start):
        yield item.packed(LONG, SECTION) if isinstance(item, Article) else item


def _sift(
    shard: ShardInput, seen: SeenIds | None, told: set[Damage], before: tuple[Damage, ...], longest: int
) -> Sifted:
    articles, rejections = told_apart(shard.items, longest)
    damages = dict.fromkeys((*before, *(item for item in shard.items if isinstance(item, Damage))))
    if seen is not None:
        new = seen.add([article.document.id for article in articles], shard.number)
        rejections += [duplicate(article) for article, first in zip(articles, new, strict=True) if not first]
        articles = [article for article, first in zip(articles, new, strict=True) if first]
    return Sifted(shard, tuple(articles), tuple(rejections), tuple(item for item in damages if item not in told))


def told_apart(items: Sequence[Incoming], longest: int) -> tuple[list[Article], list[Rejection]]:
    """The articles among the items, and the rejections, with those of articles of more than `longest` code points."""
    articles = [item for item in items if isinstance(item, Article)]
    rejections = [item for item in items if isinstance(item, Rejection)]
    rejections += [_too_long(article, longest) for article in articles if article.characters > longest]
    return [article for article in articles if article.characters <= longest], rejections


def _too_long(article: Article, longest: int) -> Rejection:
    reason = (
        f"{article.characters:,} characters, more than {longest:,}: split it into articles, or raise --max-characters"
    )
    return Rejection(article.origin, "read", "too-long", reason, article.document.id, article.excerpt)


def duplicate(article: Article) -> Rejection:
    """The rejection of an article whose id another one has had."""
    name = article.document.id
    reason = "another document has this id; --duplicates keep reads both"
    return Rejection(article.origin, "read", "duplicate-id", reason, name, article.excerpt)
