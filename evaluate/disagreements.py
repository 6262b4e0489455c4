"""Where two annotations of one text differ, to be read and settled: spans and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from warwire.annotations.document import Document, Event, Span
from warwire.annotations.labels import ROLES
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuples import align

CONTEXT: Final = 40
"""Code points of text shown on either side of a disagreement."""

Kind = Literal["only first", "only second", "label", "boundary"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of one annotator with its text; offsets are code points, end exclusive."""

    start: int
    end: int
    label: str
    surface: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place where the annotators' spans differ.

    `kind` is "label" where overlapping spans differ in their labels (and perhaps in their ends), "boundary" where
    they differ in their ends alone. `context` shows the text around, the disputed part in brackets.
    """

    document: str
    kind: Kind
    first: Mention | None
    second: Mention | None
    context: str


@dataclass(frozen=True, slots=True)
class EventDisagreement:
    """An event that one annotator alone has, or one that both have with other arguments or another status.

    `first` and `second` are what each says of it in words, as "target=bridge status=planned", None where the
    annotator has no such event; of two events only what differs is told.
    """

    document: str
    type: str
    trigger: str
    first: str | None
    second: str | None


def disagreements(pair: Pair) -> tuple[Disagreement, ...]:
    """Where the spans of one text differ, in the order of the text, each span in one disagreement at most.

    Of the spans that overlap, those with the same ends are set against each other first, then those with the same
    label, then the others from the left.
    """
    theirs = {_place(span): span for span in pair.predicted.spans}
    agreed = {_place(span) for span in pair.gold.spans} & theirs.keys()
    left = {_place(span): span for span in pair.gold.spans if _place(span) not in agreed}
    right = {place: span for place, span in theirs.items() if place not in agreed}
    joined: list[tuple[Span | None, Span | None]] = []
    overlapping = [(one, other) for one in left.values() for other in right.values() if one.overlaps(other)]
    for one, other in sorted(overlapping, key=_closeness):
        if _place(one) in left and _place(other) in right:
            joined.append((left.pop(_place(one)), right.pop(_place(other))))
    joined += [(span, None) for span in left.values()]
    joined += [(None, span) for span in right.values()]
    return tuple(_disagreement(pair.gold, *spans) for spans in sorted(joined, key=_extent))


def event_disagreements(pair: Pair) -> tuple[EventDisagreement, ...]:
    """Where the events of one text differ, aligned as the tuple scores align them."""
    joined = align(pair.gold, pair.predicted)
    found = [_event_difference(pair, one.gold, one.predicted) for one in joined]
    both = {id(event) for one in joined for event in (one.gold, one.predicted)}
    for document in (pair.gold, pair.predicted):
        for event in document.events:
            if id(event) not in both:
                told = " ".join(_told(document, event, (*ROLES, "status"))) or "no argument"
                mine = document is pair.gold
                trigger = document.span_by_id()[event.trigger].surface(document.text)
                sides = (told, None) if mine else (None, told)
                found.append(EventDisagreement(document.id, event.type, trigger, *sides))
    return tuple(item for item in found if item is not None)


def _event_difference(pair: Pair, one: Event, other: Event) -> EventDisagreement | None:
    ours, theirs = _fillers(pair.gold, one), _fillers(pair.predicted, other)
    differing = [role for role in (*ROLES, "status") if ours.get(role) != theirs.get(role)]
    if not differing:
        return None
    trigger = pair.gold.span_by_id()[one.trigger].surface(pair.gold.text)
    first, second = _told(pair.gold, one, differing), _told(pair.predicted, other, differing)
    return EventDisagreement(pair.gold.id, one.type, trigger, " ".join(first) or "–", " ".join(second) or "–")


def _fillers(document: Document, event: Event) -> dict[str, tuple[str, ...]]:
    spans = document.span_by_id()
    found: dict[str, tuple[str, ...]] = {"status": (event.status,)}
    for role in ROLES:
        texts = sorted(
            spans[argument.span].surface(document.text).casefold()
            for argument in event.arguments
            if argument.role == role
        )
        if texts:
            found[role] = tuple(texts)
    return found


def _told(document: Document, event: Event, names: Sequence[str]) -> list[str]:
    found = _fillers(document, event)
    return [f"{name}={', '.join(found[name])}" for name in names if name in found]


def _place(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _closeness(spans: tuple[Span, Span]) -> tuple[bool, bool, int]:
    # Flat spans overlap in disjoint stretches, whose starts order them the same way for either annotator.
    one, other = spans
    same_ends = (one.start, one.end) == (other.start, other.end)
    return not same_ends, one.label != other.label, max(one.start, other.start)


def _extent(spans: tuple[Span | None, Span | None]) -> tuple[int, int]:
    there = [span for span in spans if span is not None]
    return min(span.start for span in there), max(span.end for span in there)


def _disagreement(document: Document, one: Span | None, other: Span | None) -> Disagreement:
    start, end = _extent((one, other))
    first, second = _mention(document, one), _mention(document, other)
    return Disagreement(document.id, _kind(one, other), first, second, _context(document.text, start, end))


def _kind(one: Span | None, other: Span | None) -> Kind:
    if other is None:
        return "only first"
    if one is None:
        return "only second"
    return "boundary" if one.label == other.label else "label"


def _mention(document: Document, span: Span | None) -> Mention | None:
    return None if span is None else Mention(span.start, span.end, span.label, span.surface(document.text))


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    shown = (
        f"{'…' if start > CONTEXT else ''}{before}[{text[start:end]}]{after}{'…' if end + CONTEXT < len(text) else ''}"
    )
    return " ".join(shown.split())
