"""What the linker learns from: documents with gold spans, and copies of them with spans lost or mistaken.

The copies make the scorer used to a tagger's faults: arguments that it misses, sides taken for speakers.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.document import Document, Event, Span
from warwire.annotations.labels import ROLES, STATUSES
from warwire.model.linking.features import back_off
from warwire.model.linking.layout import lay_out
from warwire.model.linking.rules import link_by_rules
from warwire.model.linking.signals import Signals, signals_of
from warwire.model.sentences import split_sentences

_LOST: Final = {"trigger": 0.04, "argument": 0.07}
_MARKS_LOST: Final = ((r",(?!\d)", 0.25), (r"[\"“”]", 0.25), (r"\n", 0.25))
"""Marks that a copy is without, as texts from archives often are, and in which share of the copies.

A blank stands for a mark, so that offsets stay."""

_CUT_SHARE: Final = 0.25
"""Share of the copies that are cut into their sentences."""

_MISTAKEN: Final = {"SPEAKER": "ACTOR", "ACTOR": "SPEAKER", "TARGET": "ACTOR"}
_MISTAKEN_SHARE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Example:
    """A document's signals with the answers.

    Attributes:
        links: whether each pair's candidate fills each role in some event of the trigger, shape (pairs, roles).
        statuses: index of each trigger's status, -1 where its events differ, shape (triggers,).
    """

    signals: Signals
    links: NDArray[np.float32]
    statuses: NDArray[np.int64]


def examples_of(documents: Iterable[Document], copies: int, seed: int) -> list[Example]:
    """An example of each document and of `copies` copies with faults; documents without a pair are left out."""
    found = []
    for n, document in enumerate(documents):
        for copy in [document, *spoilt_copies(document, copies, seed + n)]:
            example = _example(copy)
            if len(example.signals.rows):
                found.append(example)
    return found


def spoilt_copies(document: Document, copies: int, seed: int) -> list[Document]:
    """Copies of a document with spans and marks lost or mistaken; some are cut into their sentences."""
    chance = random.Random(seed)
    found: list[Document] = []
    for _ in range(copies):
        spoilt = _with_faults(document, chance)
        found += _sentences_of(spoilt) if chance.random() < _CUT_SHARE else [spoilt]
    return found


def vocabulary_of(names: Iterable[Sequence[str]], least: int) -> dict[str, int]:
    """Numbers from 1 for the features that occur at least `least` times, and for what stands for those that don't."""
    counts = Counter(name for of_one in names for name in of_one)
    rare: Counter[str] = Counter()
    for name, count in counts.items():
        if count < least:
            rare[back_off(name)] += count
    kept = {name for of_kind in (counts, rare) for name, count in of_kind.items() if count >= least}
    return {name: i for i, name in enumerate(sorted(kept), 1)}


def _example(document: Document) -> Example:
    layout = lay_out(document)
    signals = signals_of(layout, link_by_rules(layout))
    index = {mention.span.id: mention.index for mention in layout.mentions}
    row_of = {int(trigger): row for row, trigger in enumerate(signals.triggers)}
    position = {(int(r), int(c)): i for i, (r, c) in enumerate(zip(signals.rows, signals.columns, strict=True))}
    links = np.zeros((len(signals.rows), len(ROLES)), dtype=np.float32)
    told: dict[int, set[str]] = {}
    for event in document.events:
        row = row_of[index[event.trigger]]
        told.setdefault(row, set()).add(event.status)
        for argument in event.arguments:
            pair = position.get((row, index[argument.span]))
            if pair is not None:
                links[pair, ROLES.index(argument.role)] = 1
    statuses = np.full(len(signals.triggers), -1, dtype=np.int64)
    for row, names in told.items():
        if len(names) == 1:
            statuses[row] = STATUSES.index(next(iter(names)))
    return Example(signals, links, statuses)


def _sentences_of(document: Document) -> list[Document]:
    """Each sentence as a document, for texts as short as a caption or a headline."""
    parts = []
    for sentence in split_sentences(document.text).items:
        first = sentence.start
        spans = {
            span.id: replace(span, start=span.start - first, end=span.end - first)
            for span in document.spans
            if first <= span.start and span.end <= sentence.end
        }
        events = tuple(_kept_part(event, spans) for event in document.events if event.trigger in spans)
        text = document.text[first : sentence.end]
        parts.append(replace(document, text=text, spans=tuple(spans.values()), events=events))
    return parts


def _with_faults(document: Document, chance: random.Random) -> Document:
    text = document.text
    for marks, share in _MARKS_LOST:
        if chance.random() < share:
            text = re.sub(marks, " ", text)
    document = replace(document, text=text)
    spans: list[Span] = []
    for span in document.spans:
        if chance.random() < _LOST["trigger" if span.is_trigger else "argument"]:
            continue
        if span.label in _MISTAKEN and chance.random() < _MISTAKEN_SHARE:
            span = replace(span, label=_MISTAKEN[span.label])
        spans.append(span)
    kept = {span.id: span for span in spans}
    events = tuple(_kept_part(event, kept) for event in document.events if event.trigger in kept)
    return replace(document, spans=tuple(spans), events=events)


def _kept_part(event: Event, kept: Mapping[str, Span]) -> Event:
    return replace(event, arguments=tuple(argument for argument in event.arguments if argument.span in kept))
