"""What a model got wrong in a document, one item an error, to be read and counted.

    missed, spurious    a span that only the gold side, or only the model, has
    label               overlapping spans with different labels (and perhaps other ends)
    boundary            overlapping spans with one label and other ends
    link                the spans are there, and the events made of them are wrong: an argument not linked or linked
                        wrongly, in another role, a trigger without its event or with one too many, another status

What follows from a wrong span is no error of its own: an argument whose span was missed is counted once, as missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from warwire.annotations.document import Document, Event, Span
from warwire.annotations.labels import ROLES
from warwire.evaluate.disagreements import Mention, disagreements
from warwire.evaluate.fillers import fillers_agree, slots_of
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuples import AlignedPair, align

Kind = Literal["missed", "spurious", "label", "boundary", "link"]
What = Literal["span", "argument", "role", "event", "status"]

KINDS: Final[dict[Kind, str]] = {
    "missed": "missed",
    "spurious": "spurious",
    "label": "wrong label",
    "boundary": "wrong boundary",
    "link": "wrong link",
}

_SPAN_KINDS: Final[dict[str, Kind]] = {
    "only first": "missed",
    "only second": "spurious",
    "label": "label",
    "boundary": "boundary",
}
_LONGEST: Final = 60  # characters of a mention quoted in a line


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """An error: its kind, where to mark it (code points), what each side says, and a line to read.

    `gold` and `predicted` are spans for the kinds that concern spans, and texts for links. `label` is the gold label
    where there is one, of a link the event type. `patterns` names what it is an instance of, the general first.
    """

    kind: Kind
    what: What
    start: int
    end: int
    label: str
    words: str
    patterns: tuple[str, ...]
    gold: Mention | str | None = None
    predicted: Mention | str | None = None


def errors_of(pair: Pair, aligned: Sequence[AlignedPair] | None = None) -> tuple[ErrorItem, ...]:
    """The errors of a document in the order of the text; `aligned` are its aligned events, where they are there."""
    joined = align(pair.gold, pair.predicted) if aligned is None else aligned
    found = [*_span_errors(pair), *_link_errors(pair, joined)]
    return tuple(sorted(found, key=lambda item: (item.start, item.end, item.what)))


def _span_errors(pair: Pair) -> Iterator[ErrorItem]:
    for one in disagreements(pair):
        gold, predicted = one.first, one.second
        kind = _SPAN_KINDS[one.kind]
        there = [side for side in (gold, predicted) if side is not None]
        start, end = min(side.start for side in there), max(side.end for side in there)
        words, patterns = _told(kind, gold, predicted, pair.gold.text)
        yield ErrorItem(kind, "span", start, end, there[0].label, words, patterns, gold, predicted)


def _told(kind: Kind, gold: Mention | None, predicted: Mention | None, text: str) -> tuple[str, tuple[str, ...]]:
    """The line to read, and the patterns, general first."""
    if gold is None or predicted is None:
        one = gold or predicted
        assert one is not None
        general = f"{one.label} {kind}"
        line = f"{general}: {quoted(one.surface)}"
        return line, (general, f"{general}: {quoted(one.surface.casefold())}")
    if kind == "label":
        general = f"{gold.label} tagged as {predicted.label}"
        line = f"{quoted(gold.surface)}: {general}"
        same = (gold.start, gold.end) == (predicted.start, predicted.end)
        return line, (general, f"{general}: {quoted(gold.surface.casefold())}") if same else (general,)
    line = f"{gold.label} boundary: {quoted(gold.surface)} tagged as {quoted(predicted.surface)}"
    return line, (f"{gold.label} boundary", *_edges(gold, predicted, text))


def _edges(gold: Mention, predicted: Mention, text: str) -> Iterator[str]:
    """How the ends differ, as in: PLACE boundary: trailing 'region' left out."""
    for where, ours, theirs in (("leading", gold.start, predicted.start), ("trailing", predicted.end, gold.end)):
        if ours != theirs:
            piece = " ".join(text[min(ours, theirs) : max(ours, theirs)].split()).casefold()
            done = "left out" if ours < theirs else "taken in"
            yield f"{gold.label} boundary: {where} {quoted(piece)} {done}"


def _link_errors(pair: Pair, joined: Sequence[AlignedPair]) -> Iterator[ErrorItem]:
    aligned = {id(event) for one in joined for event in (one.gold, one.predicted)}
    for one in joined:
        if _counterpart(_trigger(pair.gold, one.gold), pair.predicted) is not None:
            yield from _argument_errors(pair, one)
            yield from _status_error(pair, one)
    for mine, other, verb in ((pair.gold, pair.predicted, "missing"), (pair.predicted, pair.gold, "too many")):
        for event in mine.events:
            trigger = _trigger(mine, event)
            if id(event) not in aligned and _counterpart(trigger, other) is not None:
                yield _event_error(mine, event, trigger, verb)


def _event_error(document: Document, event: Event, trigger: Span, verb: str) -> ErrorItem:
    surface = quoted(trigger.surface(document.text))
    pattern = f"{event.type}: trigger tagged, event {verb}"
    line = f"{event.type} {surface}: the trigger is tagged, an event is {verb}"
    told = "event of " + surface
    sides = (told, None) if verb == "missing" else (None, told)
    return ErrorItem("link", "event", trigger.start, trigger.end, event.type, line, (pattern,), *sides)


def _status_error(pair: Pair, one: AlignedPair) -> Iterator[ErrorItem]:
    if not one.same_status:
        trigger = _trigger(pair.gold, one.gold)
        ours, theirs = one.gold.status, one.predicted.status
        line = f"{_head(pair.gold, one.gold)}: {ours}, predicted {theirs}"
        patterns = (f"status {ours} predicted as {theirs}",)
        yield ErrorItem("link", "status", trigger.start, trigger.end, one.gold.type, line, patterns, ours, theirs)


def _argument_errors(pair: Pair, one: AlignedPair) -> Iterator[ErrorItem]:
    """Arguments of aligned events that do not agree although both sides have their spans."""
    unlinked, additional = _disagreeing(pair, one)
    head, kind = _head(pair.gold, one.gold), one.gold.type
    for role, span in unlinked:
        found = _counterpart(span, pair.predicted)
        if found is None:
            continue
        surface = quoted(span.surface(pair.gold.text))
        told = f"{role}: {surface}"
        other = next((r for r, s in additional if s.overlaps(span)), None)
        if other is None:
            line, pattern = f"{head}: {role} {surface} is tagged but not linked", f"{kind}: {role} not linked"
            yield ErrorItem("link", "argument", span.start, span.end, kind, line, (pattern,), told)
        else:
            additional = [(r, s) for r, s in additional if (r, s.overlaps(span)) != (other, True)]
            line, pattern = f"{head}: {surface} is {role}, linked as {other}", f"{kind}: {role} linked as {other}"
            yield ErrorItem("link", "role", span.start, span.end, kind, line, (pattern,), told, f"{other}: {surface}")
    for role, span in additional:
        if _counterpart(span, pair.gold) is not None:
            surface = quoted(span.surface(pair.gold.text))
            line, pattern = f"{head}: {surface} is linked wrongly as {role}", f"{kind}: {role} linked wrongly"
            yield ErrorItem(
                "link", "argument", span.start, span.end, kind, line, (pattern,), None, f"{role}: {surface}"
            )


def _disagreeing(pair: Pair, one: AlignedPair) -> tuple[list[tuple[str, Span]], list[tuple[str, Span]]]:
    """Gold and predicted fillers with their roles that have no agreeing one on the other side.

    Fillers are joined one by one from the left, not by a maximum matching as in the scores: which of two fillers with
    the same text is named makes no difference to a reader.
    """
    ours, theirs = slots_of(pair.gold, one.gold), slots_of(pair.predicted, one.predicted)
    gold_spans, predicted_spans = pair.gold.span_by_id(), pair.predicted.span_by_id()
    unlinked: list[tuple[str, Span]] = []
    additional: list[tuple[str, Span]] = []
    for role in ROLES:
        free = dict(enumerate(theirs.by_role[role]))
        for filler, name in zip(ours.by_role[role], one.gold.fillers(role), strict=True):
            partner = next((j for j, other in free.items() if fillers_agree(role, filler, other)), None)
            if partner is None:
                unlinked.append((role, gold_spans[name]))
            else:
                del free[partner]
        names = one.predicted.fillers(role)
        additional += [(role, predicted_spans[names[j]]) for j in free]
    return unlinked, additional


def _counterpart(span: Span, other: Document) -> Span | None:
    """The other side's span that shares label and text with this one: then it was found, if with other ends."""
    return next((one for one in other.spans if one.label == span.label and one.overlaps(span)), None)


def _trigger(document: Document, event: Event) -> Span:
    return document.span_by_id()[event.trigger]


def _head(document: Document, event: Event) -> str:
    return f"{event.type} {quoted(_trigger(document, event).surface(document.text))}"


def quoted(surface: str) -> str:
    """A mention as it is quoted in a line: white space collapsed, cut where it is long."""
    flat = " ".join(surface.split())
    return f"'{flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + '…'}'"
