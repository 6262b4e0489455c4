"""More training text from the same documents: mentions exchanged within a label, and the looks of scraped text.

A copy of a document keeps its wording and its triggers, while some of its weapons, counts, places, people, parties and
times become those of other training documents or names from gazetteers, so that a tagger has to read the context.
Deterministic by seed.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.annotations.errors import InputError
from warwire.annotations.labels import ARGUMENT_LABELS
from warwire.train.config import Augment

_STRAIGHT: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_CURLY: Final = str.maketrans({"'": "’"})
_COPY_MARK: Final = "~"
_SHORT: Final = 4
"""Letters up to which a word in capitals is an abbreviation, not a dateline."""
_WITHOUT_COMMAS: Final = 0.1
_OTHER_QUOTES: Final = 1 / 3
_OTHER_CASE: Final = 0.04
_DATELINE: Final = 0.15
_DATELINES: Final = (
    ("", " - "),
    ("", " — "),
    ("", " (AP) — "),
    ("", ", May 4 (Reuters) - "),
    ("", ": "),
    ("By staff\n\n", " -- "),
)

_HEAD: Final = re.compile(
    r" (?:provinces?|districts?|regions?|oblast|governorate|county|counties|state|city|town|village|valley"
    r"|neighbou?rhoods?|quarter|suburb|camp|refugee camp|crossing|airport|air ?base)$",
    re.IGNORECASE,
)
"""The kind of place that a name is followed by, which belongs to the name."""
_NEW_HEADS: Final = ("province", "district", "region", "neighborhood", "neighbourhood", "city", "governorate", "camp")
_NEW_HEAD: Final = 0.12
_PERSON: Final = re.compile(r"[A-Z][\w'’.-]+(?: (?:al-|de |bin |ibn |van )?[A-Z][\w'’.-]+){1,2}")
_DEMONYM: Final = re.compile(r"[A-Z][a-z]+(?:an|i|ish|ese|ch)")
_ARTICLE: Final = re.compile(r"\bthe $", re.IGNORECASE)

Kind = tuple[str, bool, str]
"""Label, whether the mention begins with a capital letter, and how it stands: `article` behind *the*, `person`,
`demonym`, or empty."""

Pools = Mapping[Kind, Sequence[str]]
"""Surfaces by kind, so that what takes the place of a mention fits the words around it."""

Gazetteers = Mapping[str, Sequence[str]]
"""Names by label."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What stands in for a mention: with `probability` another one of its label, of these `from_gazetteer` a name."""

    pools: Pools
    gazetteers: Gazetteers
    probability: float
    from_gazetteer: float

    def surface(self, kind: Kind, surface: str, source: random.Random) -> str:
        """The surface itself or another one of its kind, in capitals where it was in capitals."""
        if source.random() >= self.probability:
            return surface
        names = self.gazetteers.get(kind[0], ()) if _takes_names(kind) else ()
        pool = names if names and source.random() < self.from_gazetteer else self.pools.get(kind, ())
        if not pool:
            return surface
        other = source.choice(pool)
        if kind[0] == "PLACE" and kind[1]:
            other = _with_head(other, surface, source)
        return other.upper() if len(surface) > _SHORT and surface.isupper() else other


def kind_of(label: str, surface: str, before: str) -> Kind:
    """The kind of a mention, `before` being the text in front of it."""
    capital = surface[0].isupper()
    if _ARTICLE.search(before):
        return label, capital, "article"
    if label == "SPEAKER" and _PERSON.fullmatch(surface):
        return label, capital, "person"
    if label == "ACTOR" and _DEMONYM.fullmatch(surface):
        return label, capital, "demonym"
    return label, capital, ""


def _takes_names(kind: Kind) -> bool:
    label, capital, stands = kind
    return capital and (stands == "person" if label == "SPEAKER" else stands != "demonym")


def _with_head(other: str, surface: str, source: random.Random) -> str:
    """The other place with the head of the surface; one without a head gets one now and then."""
    if _HEAD.search(other):
        return other
    if head := _HEAD.search(surface):
        return other + head[0]
    return f"{other} {source.choice(_NEW_HEADS)}" if source.random() < _NEW_HEAD else other


def augment(documents: Sequence[Document], options: Augment, seed: int) -> list[Document]:
    """The documents followed by their copies, whose events are left out.

    Raises:
        InputError: the folder of gazetteers holds none.
    """
    gazetteers = read_gazetteers(Path(options.gazetteers)) if options.gazetteers else {}
    exchange = Exchange(surface_pools(documents), gazetteers, options.exchange, options.from_gazetteer)
    result = list(documents)
    for number in range(1, options.copies + 1):
        for document in documents:
            source = random.Random(f"{seed}/{number}/{document.id}")
            result.append(_copy(document, f"{document.id}{_COPY_MARK}{number}", exchange, source))
    return result


def read_gazetteers(folder: Path) -> Gazetteers:
    """The names in files `LABEL.txt`, one a line.

    Raises:
        InputError: there is no such file.
    """
    files = [folder / f"{label}.txt" for label in ARGUMENT_LABELS if (folder / f"{label}.txt").is_file()]
    if not files:
        raise InputError(f"{folder}: no gazetteer such as PLACE.txt in this folder (named under 'augment')")
    return {path.stem: [name for name in path.read_text(encoding="utf-8").split("\n") if name] for path in files}


def surface_pools(documents: Sequence[Document]) -> Pools:
    """Every surface of the argument spans once, sorted."""
    pools: dict[Kind, set[str]] = {}
    for document in documents:
        for span in document.spans:
            if span.label in ARGUMENT_LABELS:
                surface = span.surface(document.text)
                pools.setdefault(_kind(document, span), set()).add(surface)
    return {key: sorted(surfaces) for key, surfaces in pools.items()}


def _kind(document: Document, span: Span) -> Kind:
    before = document.text[max(0, span.start - len("the ") - 1) : span.start]
    return kind_of(span.label, span.surface(document.text), before)


def _copy(document: Document, name: str, exchange: Exchange, source: random.Random) -> Document:
    drop_commas = source.random() < _WITHOUT_COMMAS
    parts, spans = _dateline(document, exchange, source)
    position, length = 0, sum(map(len, parts))
    for span in sorted(document.spans, key=lambda s: s.start):
        gap = _gap(document.text[position : span.start], drop_commas)
        surface = span.surface(document.text)
        if span.label in ARGUMENT_LABELS:
            surface = exchange.surface(_kind(document, span), surface, source)
        start = length + len(gap)
        length = start + len(surface)
        parts += [gap, surface]
        spans.append(replace(span, start=start, end=length))
        position = span.end
    parts.append(_gap(document.text[position:], drop_commas))
    return Document(name, _restyle("".join(parts), source), document.date, document.title, tuple(spans))


def _dateline(document: Document, exchange: Exchange, source: random.Random) -> tuple[list[str], list[Span]]:
    """A dateline of another city, now and then, for a text that does not begin with a place."""
    cities = exchange.gazetteers.get("PLACE", ())
    begins = min((span.start for span in document.spans if span.label == "PLACE"), default=1)
    if not cities or not begins or source.random() >= _DATELINE:
        return [], []
    city, (before, after) = source.choice(cities).upper(), source.choice(_DATELINES)
    span = Span("dateline", len(before), len(before) + len(city), "PLACE")
    return [before, city, after], [span]


def _gap(text: str, drop_commas: bool) -> str:
    return text.replace(",", "") if drop_commas else text


def _restyle(text: str, source: random.Random) -> str:
    """Other quotation marks in a third of the copies, other case in some; one character always becomes one."""
    draw = source.random()
    if draw < _OTHER_QUOTES / 2:
        text = text.translate(_STRAIGHT)
    elif draw < _OTHER_QUOTES:
        text = text.translate(_CURLY)
    draw = source.random()
    other = text.lower() if draw < _OTHER_CASE / 2 else text.upper() if draw < _OTHER_CASE else text
    return other if len(other) == len(text) else text


def dropped_tokens(
    rows: Sequence[Sequence[int]], unknown: int, keep: frozenset[int], share: float
) -> Iterator[list[int]]:
    """Rows of token ids in which a share of the tokens is replaced by the unknown token; special tokens stay.

    Draws from torch's generator, which the caller seeds by epoch and window: a resumed run sees the same tokens.
    """
    import torch

    for row in rows:
        drawn = torch.rand(len(row)).tolist()
        yield [unknown if d < share and i not in keep else i for d, i in zip(drawn, row, strict=True)]
