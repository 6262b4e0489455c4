"""The `errors` block of a report: the documents with both sides' annotations, worst first, small enough to open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from warwire.annotations.document import Document, Event, Span
from warwire.evaluate.disagreements import Mention
from warwire.evaluate.error_patterns import ErrorPattern, error_patterns
from warwire.evaluate.errors import KINDS, ErrorItem, errors_of
from warwire.evaluate.pairs import Pair
from warwire.evaluate.slices import meta_of, words
from warwire.evaluate.tuple_alignments import Alignments

LIMIT_BYTES: Final = 8_000_000
"""Room on the page for the documents of all data sets together, so that the whole page stays under 10 MB."""

_ON_PAGE: Final = 0.4
"""Bytes on the page for one of JSON; texts stand there as they are."""

LONGEST_TEXT: Final = 20_000
"""Code points of a text that are shown."""

_SMALL: Final = 50
"""Words added to every document when the worst are sought, so that a caption with one error does not lead."""


@dataclass(frozen=True, slots=True)
class _Shown:
    document: dict[str, Any]
    badness: float


def error_block(
    runs: Mapping[str, Sequence[Pair]],
    aligned: Mapping[str, Alignments],
    signature: str,
    limit_bytes: int = LIMIT_BYTES,
) -> dict[str, Any]:
    """The block for one data set; `runs` has each model's pairs, of the same documents in the same order."""
    found = {
        model: {pair.gold.id: errors_of(pair, events) for pair, events in zip(pairs, aligned[model], strict=True)}
        for model, pairs in runs.items()
    }
    first = next(iter(runs.values()))
    described = [
        _document({model: pairs[i] for model, pairs in runs.items()}, {m: found[m][pair.gold.id] for m in runs})
        for i, pair in enumerate(first)
    ]
    ordered = sorted(described, key=lambda one: (-one.badness, one.document["id"]))
    shown = _within([one.document for one in ordered], limit_bytes)
    names = [document["id"] for document in shown]
    return {
        "signature": signature,
        "kinds": [{"name": name, "title": title} for name, title in KINDS.items()],
        "totals": {model: _totals(items) for model, items in found.items()},
        "patterns": [
            _pattern(model, pattern) for model, items in found.items() for pattern in error_patterns(items, names)
        ],
        "truncated": _truncated(shown, len(described), limit_bytes),
        "documents": shown,
    }


def _document(pairs: Mapping[str, Pair], errors: Mapping[str, Sequence[ErrorItem]]) -> _Shown:
    gold = next(iter(pairs.values())).gold
    end = min(len(gold.text), LONGEST_TEXT)
    count = {model: len(items) for model, items in errors.items()}
    length = words(gold.text)
    document = {
        "id": gold.id,
        "title": gold.title,
        "date": gold.date,
        "meta": meta_of(gold),
        "words": length,
        "characters": len(gold.text),
        "text": gold.text[:end],
        "cut": end < len(gold.text),
        "gold": _annotations(gold, end),
        "models": {model: _annotations(pair.predicted, end) for model, pair in pairs.items()},
        "errors": {model: [_item(item, end) for item in items] for model, items in errors.items()},
        "error_count": count,
    }
    return _Shown(document, sum(count.values()) / (length + _SMALL))


def _annotations(document: Document, end: int) -> dict[str, Any]:
    spans = sorted((span for span in document.spans if span.end <= end), key=lambda span: span.start)
    index = {span.id: i for i, span in enumerate(spans)}
    events = [_event(event, index) for event in document.events if event.trigger in index]
    return {"spans": [_span(span) for span in spans], "events": events}


def _span(span: Span) -> list[Any]:
    return [span.start, span.end, span.label, span.score]


def _event(event: Event, index: Mapping[str, int]) -> list[Any]:
    arguments = [[one.role, index[one.span]] for one in event.arguments if one.span in index]
    return [event.type, index[event.trigger], event.status, arguments, event.score]


def _item(item: ErrorItem, end: int) -> dict[str, Any]:
    inside = item.end <= end
    return {
        "kind": item.kind,
        "what": item.what,
        "start": item.start if inside else None,
        "end": item.end if inside else None,
        "gold": _side(item.gold),
        "predicted": _side(item.predicted),
        "label": item.label,
        "words": item.words,
        "patterns": list(item.patterns),
    }


def _side(side: Mention | str | None) -> list[Any] | str | None:
    return [side.start, side.end, side.label] if isinstance(side, Mention) else side


def _totals(errors: Mapping[str, Sequence[ErrorItem]]) -> dict[str, int]:
    return {kind: sum(item.kind == kind for items in errors.values() for item in items) for kind in KINDS}


def _pattern(model: str, pattern: ErrorPattern) -> dict[str, Any]:
    return {
        "model": model,
        "kind": pattern.kind,
        "label": pattern.label,
        "predicted_label": pattern.predicted_label,
        "words": pattern.words,
        "count": pattern.count,
        "examples": [{"document": document, "item": item} for document, item in pattern.examples],
    }


def _within(documents: Sequence[dict[str, Any]], limit_bytes: int) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    room = limit_bytes
    for document in documents:
        room -= _bytes_on_page(document)
        if room < 0:
            break
        shown.append(document)
    return shown


def _bytes_on_page(document: Mapping[str, Any]) -> int:
    text = len(msgspec.json.encode(document["text"]))
    return text + round(_ON_PAGE * (len(msgspec.json.encode(document)) - text))


def _truncated(shown: Sequence[Mapping[str, Any]], documents: int, limit_bytes: int) -> dict[str, Any] | None:
    cut = sum(document["cut"] for document in shown)
    left_out = documents - len(shown)
    if not cut and not left_out:
        return None
    told = []
    if left_out:
        told.append(
            f"The {len(shown)} worst of {documents} documents are shown; the others would make the page too large."
        )
    if cut:
        told.append(f"{cut} {'texts are' if cut > 1 else 'text is'} cut after {LONGEST_TEXT:,} characters.")
    return {
        "documents": documents,
        "shown": len(shown),
        "texts_cut": cut,
        "limit_bytes": limit_bytes,
        "words": " ".join([*told, "All of them are counted."]),
    }
