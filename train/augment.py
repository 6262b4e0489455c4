"""More training text from the same documents: mentions exchanged within a label, and the looks of scraped text.

A copy of a document keeps its wording and its triggers, while some of its weapons, counts, places, people, parties and
times become those of other training documents, so that a tagger has to read the context. Deterministic by seed.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.annotations.labels import ARGUMENT_LABELS

_STRAIGHT: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_CURLY: Final = str.maketrans({"'": "’"})
_COPY_MARK: Final = "~"

Pools = Mapping[tuple[str, bool], Sequence[str]]
"""Surfaces by label and by whether they begin with a capital letter."""


def augment(documents: Sequence[Document], copies: int, exchange: float, seed: int) -> list[Document]:
    """The documents followed by their copies.

    Args:
        documents: with spans; events are not carried into the copies.
        copies: how many of each document.
        exchange: probability in 0..1 that an argument span gets another surface of its label.
        seed: the same seed gives the same copies.
    """
    pools = surface_pools(documents)
    result = list(documents)
    for number in range(1, copies + 1):
        for document in documents:
            source = random.Random(f"{seed}/{number}/{document.id}")
            result.append(_copy(document, f"{document.id}{_COPY_MARK}{number}", pools, exchange, source))
    return result


def surface_pools(documents: Sequence[Document]) -> Pools:
    """Every surface of the argument spans once, sorted."""
    pools: dict[tuple[str, bool], set[str]] = {}
    for document in documents:
        for span in document.spans:
            if span.label in ARGUMENT_LABELS:
                surface = span.surface(document.text)
                pools.setdefault((span.label, surface[0].isupper()), set()).add(surface)
    return {key: sorted(surfaces) for key, surfaces in pools.items()}


def _copy(document: Document, name: str, pools: Pools, exchange: float, source: random.Random) -> Document:
    drop_commas = source.random() < 0.1
    parts: list[str] = []
    spans: list[Span] = []
    position = length = 0
    for span in sorted(document.spans, key=lambda s: s.start):
        gap = _gap(document.text[position : span.start], drop_commas)
        surface = _surface(span, span.surface(document.text), pools, exchange, source)
        start = length + len(gap)
        length = start + len(surface)
        parts += [gap, surface]
        spans.append(replace(span, start=start, end=length))
        position = span.end
    parts.append(_gap(document.text[position:], drop_commas))
    text = _restyle("".join(parts), source)
    return Document(name, text, document.date, document.title, tuple(spans))


def _surface(span: Span, surface: str, pools: Pools, exchange: float, source: random.Random) -> str:
    pool = pools.get((span.label, surface[0].isupper()), ())
    return source.choice(pool) if pool and source.random() < exchange else surface


def _gap(text: str, drop_commas: bool) -> str:
    return text.replace(",", "") if drop_commas else text


def _restyle(text: str, source: random.Random) -> str:
    """Another style of quotation marks, in a third of the copies; every replacement is one character for one."""
    draw = source.random()
    if draw < 1 / 6:
        return text.translate(_STRAIGHT)
    return text.translate(_CURLY) if draw < 1 / 3 else text


def dropped_tokens(
    rows: Sequence[Sequence[int]], unknown: int, keep: frozenset[int], share: float
) -> Iterator[list[int]]:
    """Rows of token ids in which a share of the tokens is replaced by the unknown token; special tokens stay.

    Draws from torch's generator, whose state a checkpoint holds, so that a resumed run sees the same tokens.
    """
    import torch

    for row in rows:
        drawn = torch.rand(len(row)).tolist()
        yield [unknown if d < share and i not in keep else i for d, i in zip(drawn, row, strict=True)]
