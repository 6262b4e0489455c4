"""A dry run: what the inputs hold, and what reading them would take, from a sample that is really read."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from warwire.model.archive.incoming import Article, Damage, Incoming
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.options import ArchiveOptions
from warwire.model.archive.reading import read_articles
from warwire.model.archive.shards import write_shard
from warwire.model.archive.sift import read_items

_SAMPLE: Final = 200
"""Documents read for the estimate, spread evenly over the inputs as far as these are known while they are counted."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a dry run found: documents and words in the inputs, and from the sample seconds and bytes they would take.

    `seconds` is of one worker; workers share the work.
    """

    files: int
    bytes: int
    documents: int
    rejected: int
    damages: tuple[Damage, ...]
    words: int
    seconds: float
    output_bytes: int
    sampled: int


def estimate(files: Sequence[InputFile], options: ArchiveOptions) -> Estimate:
    """Count the inputs' documents, and read a sample of them with the model."""
    documents = rejected = words = 0
    damages: list[Damage] = []
    sample: list[Article] = []
    step = 1
    for item in _items(files, options):
        if isinstance(item, Damage):
            damages.append(item)
            continue
        documents += 1
        if not isinstance(item, Article):
            rejected += 1
            continue
        words += item.words
        if documents % step == 0:
            sample.append(item)
        if len(sample) == 2 * _SAMPLE:
            sample, step = sample[1::2], step * 2
    seconds, written = _measure(sample, options) if sample else (0.0, 0)
    read = sum(article.words for article in sample)
    factor = words / read if read else 0.0
    size = sum(max(file.size, 0) for file in files)
    found = len(files), size, documents, rejected, tuple(damages), words
    return Estimate(*found, seconds * factor, round(written * factor), len(sample))


def _items(files: Sequence[InputFile], options: ArchiveOptions) -> Iterator[Incoming]:
    taken = 0
    for file in files:
        for item in read_items(options, file, 0):
            taken += not isinstance(item, Damage)
            if options.documents is not None and taken > options.documents:
                return
            yield item


def _measure(sample: Sequence[Article], options: ArchiveOptions) -> tuple[float, int]:
    from warwire.model.extractor import load_extractor

    extractor = load_extractor(options.model, options.back_end, options.device, 1)
    extractor = replace(extractor, vague=options.vague)
    start = time.perf_counter()
    found = read_articles(sample, extractor)
    with tempfile.TemporaryDirectory() as folder:
        files = write_shard(Path(folder), 0, found.documents, options.format)
        return time.perf_counter() - start, sum(file.size for file in files)
