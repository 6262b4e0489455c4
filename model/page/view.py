"""What the page shows of a document: blocks of text in pieces, each block with the events whose triggers it holds.

The page's template reads these types and nothing else. Every text in them is plain; the template escapes it.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from warwire.annotations.document import Document, Event, Span
from warwire.model.sentences import split_sentences

ROLE_WORDS: Final = {
    "agent": "who",
    "target": "whom",
    "weapon": "with",
    "count": "how many",
    "place": "where",
    "origin": "from",
    "time": "when",
    "speaker": "says",
}
"""Roles in words, in the order in which a card shows them."""

_LONGEST_BLOCK: Final = 2500  # code points: a text without paragraphs is cut at the ends of sentences
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: outside of all spans (`number` is None), or one span with the numbers of its events."""

    text: str
    number: int | None = None
    label: str = ""
    is_trigger: bool = False
    events: str = ""


@dataclass(frozen=True, slots=True)
class Filler:
    """One argument: its words, and what they come to (`at least seven` is `≥ 7`), empty where unknown."""

    text: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A role of an event in words, with its fillers."""

    word: str
    fillers: tuple[Filler, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """An event: `arguments` pairs span numbers with role words for the page's script (`4:who;7:where`), `cue` is the
    trigger's span number."""

    number: int
    id: str
    type: str
    status: str
    trigger: str
    cue: int | None
    slots: tuple[Slot, ...]
    arguments: str
    flags: tuple[str, ...]
    channel: str
    score: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a part of a long one, with the cards of the triggers in it."""

    pieces: tuple[Piece, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One document; `number` counts from 1 over the page."""

    number: int
    name: str
    id: str
    date: str
    spans: int
    events: int
    blocks: tuple[Block, ...]


def article_of(document: Document, number: int) -> Article:
    """What the page shows of a document."""
    spans = _side_by_side(document.spans)
    numbers = {span.id: i for i, span in enumerate(spans, 1)}
    used = _events_by_span(document)
    surfaces = {span.id: shown(span.surface(document.text)) for span in document.spans}
    labels = {span.id: span.label for span in document.spans}
    starts = {span.id: span.start for span in document.spans}
    waiting = deque(sorted(enumerate(document.events, 1), key=lambda item: starts[item[1].trigger]))
    blocks = []
    for start, end, inside in _blocks(document.text, spans):
        cards = []
        while waiting and starts[waiting[0][1].trigger] < end:
            cards.append(_card(*waiting.popleft(), numbers, surfaces, labels))
        pieces = tuple(_pieces(document.text, start, end, inside, numbers, used))
        blocks.append(Block(pieces, tuple(cards)))
    return Article(
        number=number,
        name=shown(document.title or document.id),
        id=shown(document.id),
        date=shown(document.date or ""),
        spans=len(document.spans),
        events=len(document.events),
        blocks=tuple(blocks),
    )


def shown(text: str) -> str:
    """The text without control and direction characters, which no HTML may hold or which reorder what is around."""
    return _CONTROLS.sub("", text)


def _side_by_side(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; of two that overlap, the first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return kept


def _events_by_span(document: Document) -> dict[str, list[int]]:
    used: dict[str, list[int]] = {}
    for number, event in enumerate(document.events, 1):
        for span in dict.fromkeys((event.trigger, *(argument.span for argument in event.arguments))):
            used.setdefault(span, []).append(number)
    return used


def _blocks(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, list[Span]]]:
    """Start, end and spans of each block; blocks that a span joins are one."""
    waiting = deque(spans)
    first: int | None = None
    inside: list[Span] = []
    for start, end in _bounds(text):
        while waiting and waiting[0].start < end:
            inside.append(waiting.popleft())
        first = start if first is None else first
        if not inside or inside[-1].end <= end:
            yield first, end, inside
            first, inside = None, []


def _bounds(text: str) -> list[tuple[int, int]]:
    """Where paragraphs begin and end; long ones are cut between sentences."""
    bounds: list[tuple[int, int]] = []
    last = -1
    for sentence in split_sentences(text).items:
        if sentence.paragraph == last and sentence.end - bounds[-1][0] <= _LONGEST_BLOCK:
            bounds[-1] = (bounds[-1][0], sentence.end)
        else:
            bounds.append((sentence.start, sentence.end))
        last = sentence.paragraph
    return bounds


def _pieces(
    text: str,
    start: int,
    end: int,
    spans: Iterable[Span],
    numbers: Mapping[str, int],
    used: Mapping[str, Sequence[int]],
) -> Iterator[Piece]:
    position = start
    for span in spans:
        if span.start > position:
            yield Piece(shown(text[position : span.start]))
        events = " ".join(map(str, used.get(span.id, ())))
        yield Piece(shown(span.surface(text)), numbers[span.id], span.label, span.is_trigger, events)
        position = span.end
    if position < end:
        yield Piece(shown(text[position:end]))


def _card(
    number: int,
    event: Event,
    numbers: Mapping[str, int],
    surfaces: Mapping[str, str],
    labels: Mapping[str, str],
) -> Card:
    slots = []
    for role, word in ROLE_WORDS.items():
        values = (event.normalised or {}).get(role, ())
        fillers = event.fillers(role)
        if fillers:
            known = values if len(values) == len(fillers) else ({},) * len(fillers)
            slots.append(
                Slot(
                    word,
                    tuple(
                        Filler(surfaces[span], labels[span], shown(_meaning(role, value, surfaces[span])))
                        for span, value in zip(fillers, known, strict=True)
                    ),
                )
            )
    pairs = [(argument.span, ROLE_WORDS[argument.role]) for argument in event.arguments if argument.span in numbers]
    return Card(
        number=number,
        id=shown(event.id),
        type=event.type,
        status="" if event.status == "asserted" else event.status,
        trigger=surfaces[event.trigger],
        cue=numbers.get(event.trigger),
        slots=tuple(slots),
        arguments=";".join(f"{numbers[span]}:{word}" for span, word in pairs),
        flags=tuple(map(shown, event.flags)),
        channel=shown(event.channel or ""),
        score="" if event.score is None else f"{event.score:.0%}",
    )


def _meaning(role: str, value: Mapping[str, Any], surface: str) -> str:
    """What a value comes to, empty where that is no more than its words."""
    if role == "count":
        found = _range(value)
    elif role == "time":
        found = " – ".join(dict.fromkeys(end for end in (value.get("start"), value.get("end")) if end))
    elif role in {"place", "origin"}:
        found = ", ".join(part for part in (value.get("name"), value.get("country")) if part)
    elif role == "weapon":
        found = ", ".join(part for part in (value.get("model"), (value.get("class") or "").replace("_", " ")) if part)
    else:
        found = ", ".join(part for part in (value.get("kind"), value.get("side")) if part)
    return "" if found.casefold() == surface.casefold() else found


def _range(value: Mapping[str, Any]) -> str:
    low, high = value.get("min"), value.get("max")
    if low is None and high is None:
        return ""
    if high is None:
        return f"≥ {low:,}"
    if not low and value.get("bound") in {"at_most", "less_than"}:
        return f"≤ {high:,}"
    sign = "≈ " if value.get("bound") == "about" else ""
    return f"{sign}{high:,}" if low == high else f"{sign}{low or 0:,} – {high:,}"
