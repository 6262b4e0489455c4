"""One shard through the whole path, each document on its own: a fault costs the document that has it, never others.

articles ─► spans, many together ─► events, one by one ─► documents and rejections

A long article goes its own way (`long_reading`).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.model.archive.incoming import LONG, Article, Rejection
from warwire.model.archive.long_document import LongDocument
from warwire.model.archive.long_reading import StageError, read_long
from warwire.model.archive.sections import grouped
from warwire.model.assemble import assemble
from warwire.model.extractor import SCHEMA_VERSION, Extractor

_TOGETHER: Final = 256
_CHARACTERS_TOGETHER: Final = LONG
"""Documents and code points tagged at once: enough that windows of similar length meet, little enough for memory."""

Watch = Callable[[int], None]
"""Told the index of the article that is worked on alone, -1 while several are."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a shard's articles: every one is in exactly one of the two; seconds by stage."""

    documents: tuple[Document | LongDocument, ...]
    rejections: tuple[Rejection, ...]
    seconds: dict[str, float]


def read_articles(
    articles: Sequence[Article], extractor: Extractor, watch: Watch = lambda index: None, *, apart: bool = False
) -> Outcome:
    """The documents of the articles, in their order, and a rejection for each one that fails.

    Args:
        articles: a shard's.
        extractor: the model and the postprocessor.
        watch: told where the work stands.
        apart: tag every article on its own, to find out which one ends the process.
    """
    seconds = {"tag": 0.0, "assemble": 0.0}
    documents: list[Document | LongDocument] = []
    rejections: list[Rejection] = []
    for first, group in _groups(articles, 1 if apart else _TOGETHER):
        watch(first if len(group) == 1 else -1)
        if group[0].sections:
            _sort(_read_long(group[0], extractor, seconds), documents, rejections)
            continue
        start = time.perf_counter()
        tagged = _tag(group, extractor)
        seconds["tag"] += time.perf_counter() - start
        start = time.perf_counter()
        for index, (article, spans) in enumerate(zip(group, tagged, strict=True), first):
            if isinstance(spans, Rejection):
                rejections.append(spans)
                continue
            watch(index)
            _sort(_assemble(article, spans, extractor), documents, rejections)
        seconds["assemble"] += time.perf_counter() - start
    watch(-1)
    return Outcome(tuple(documents), tuple(rejections), seconds)


def _sort(
    found: Document | LongDocument | Rejection,
    documents: list[Document | LongDocument],
    rejections: list[Rejection],
) -> None:
    if isinstance(found, Rejection):
        rejections.append(found)
    else:
        documents.append(found)


def _groups(articles: Sequence[Article], most: int) -> Iterator[tuple[int, Sequence[Article]]]:
    """Neighbours that are tagged together, with the index of the first; a long article is alone."""
    first = 0
    for alone, run in groupby(articles, key=lambda article: bool(article.sections)):
        held = list(run)
        sizes = [_CHARACTERS_TOGETHER if alone else article.characters for article in held]
        for group in grouped(sizes, _CHARACTERS_TOGETHER, 1 if alone else most):
            yield first, held[group.start : group.stop]
            first += len(group)


def _read_long(article: Article, extractor: Extractor, seconds: dict[str, float]) -> LongDocument | Rejection:
    try:
        return read_long(_head(article, extractor), article.sections, extractor, seconds)
    except StageError as error:
        return failure(article, error.stage, error.cause)


def _tag(group: Sequence[Article], extractor: Extractor) -> list[tuple[Span, ...] | Rejection]:
    try:
        return list(extractor.tagger.tag([article.document.text for article in group]))
    except Exception as error:
        if len(group) == 1:
            return [failure(group[0], "tag", error)]
    # One of them fails: those that do are found one by one, the others are then tagged together again, so that what
    # is found in them does not depend on how the bad ones were found.
    alone = [_tag([article], extractor)[0] for article in group]
    good = [article for article, found in zip(group, alone, strict=True) if not isinstance(found, Rejection)]
    if len(good) == len(group):
        return alone
    again = iter(_tag(good, extractor) if good else [])
    return [found if isinstance(found, Rejection) else next(again) for found in alone]


def _assemble(article: Article, spans: tuple[Span, ...], extractor: Extractor) -> Document | Rejection:
    try:
        return assemble(replace(_head(article, extractor), spans=spans), extractor.vague)
    except Exception as error:
        return failure(article, "assemble", error)


def _head(article: Article, extractor: Extractor) -> Document:
    """The article's document as it is written, before anything is found in it."""
    origin = {"file": article.origin.file, "number": article.origin.number}
    extra = {**article.document.extra, "origin": origin, "schema_version": SCHEMA_VERSION, "model": extractor.model}
    return replace(article.document, spans=(), events=(), extra=extra)


def failure(article: Article, stage: str, error: BaseException) -> Rejection:
    """The rejection of an article at which a stage failed."""
    message = " ".join(str(error).split())[:300]
    reason = f"{type(error).__name__}: {message}; please report this article" if message else type(error).__name__
    code = "out-of-memory" if isinstance(error, MemoryError) else "failed"
    return Rejection(article.origin, stage, code, reason, article.document.id, article.excerpt)
