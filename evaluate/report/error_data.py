"""The documents of a report as the page's script reads them: compact JSON that no document can break out of.

Everything is an array of numbers where it can be; the script makes the words. Offsets are UTF-16 code units, as a
browser counts them.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from warwire.annotations.labels import LABELS
from warwire.evaluate.report.blocks import Models, shown

Figures = Mapping[str, Any]

MOST_BYTES: Final = 8_000_000
"""Documents beyond this many bytes are left out, the ones with the fewest errors first."""

_KINDS: Final = ("missed", "spurious", "label", "boundary", "link")
_ABOUT: Final = ("conflict", "genre")
_ESCAPES: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class ErrorData:
    """JSON for a script element, the numbers of documents in it and in all, notes on what is left out, and the
    signature of each data set (name, signature)."""

    json: Markup
    shown: int
    documents: int
    notes: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]


def error_data(figures: Figures, models: Models, most_bytes: int = MOST_BYTES) -> ErrorData | None:
    """The documents with their errors; None where the figures hold none.

    The script's JSON is `{labels, kinds, models, first, data, patterns, documents}`, `first` being the model to begin
    with; a document is `{data, id, about, words, cut, text, gold, predicted, errors}`: `gold` and each model's
    `predicted` are flat runs of `start, end, label` and `start, end, label, percent`; `errors[model]` holds
    `[kind, label, start, end, words, patterns]`.
    """
    found = [(result["data"], result["errors"]) for result in figures["results"] if result.get("errors")]
    if not any(errors["documents"] for _, errors in found):
        return None
    titles = {kind["name"]: shown(kind["title"]) for _, errors in found for kind in errors["kinds"]}
    kinds = tuple(dict.fromkeys((*_KINDS, *titles)))
    patterns = _Patterns(found, models, kinds)
    packed = [
        (_worst(document), place, _encoded(_document(document, number, models, kinds, patterns)))
        for number, (_, errors) in enumerate(found)
        for place, document in enumerate(errors["documents"])
    ]
    kept = _within(packed, most_bytes)
    head = {
        "labels": LABELS,
        "kinds": [[kind, titles.get(kind, kind)] for kind in kinds],
        "models": [shown(model) for model in models.names],
        "first": min(models.number(figures["answer"]["recommended"]), len(models.names) - 1),
        "data": [shown(data) for data, _ in found],
        "patterns": patterns.rows,
    }
    body = f'{_encoded(head)[:-1]},"documents":[{",".join(kept)}]}}'
    total = sum(_number_of_documents(errors) for _, errors in found)
    signatures = tuple((shown(data), shown(errors["signature"])) for data, errors in found)
    return ErrorData(Markup(body), len(kept), total, _notes(found, len(packed) - len(kept)), signatures)


def _encoded(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _worst(document: Figures) -> float:
    return float(sum(document["error_count"].values()) / max(document["words"], 1))


def _within(packed: Sequence[tuple[float, int, str]], most_bytes: int) -> list[str]:
    kept: set[int] = set()
    left = most_bytes
    for number in sorted(range(len(packed)), key=lambda number: -packed[number][0]):
        left -= len(packed[number][2].encode())
        if left < 0:
            break
        kept.add(number)
    return [text for number, (_, _, text) in enumerate(packed) if number in kept]


def _number_of_documents(errors: Figures) -> int:
    truncated = errors.get("truncated")
    return int(truncated["documents"]) if truncated else len(errors["documents"])


def _notes(found: Iterable[tuple[str, Figures]], left_out: int) -> tuple[str, ...]:
    notes = [shown(errors["truncated"]["words"]) for _, errors in found if errors.get("truncated")]
    if left_out:
        notes.append(f"{left_out:,} documents with the fewest errors are left out to keep this page small.")
    return tuple(notes)


class _Patterns:
    """The patterns as `[model, data, kind, label, predicted label, words, count]`, and which of them an item is.

    An item that does not name its patterns belongs to those that give it as an example.
    """

    def __init__(self, found: Sequence[tuple[str, Figures]], models: Models, kinds: Sequence[str]) -> None:
        self.rows: list[list[Any]] = []
        self._by_words: dict[tuple[int, str, str], int] = {}
        self._examples: dict[tuple[int, str, str, int], list[int]] = {}
        for data, (_, errors) in enumerate(found):
            for pattern in errors["patterns"]:
                number, model = len(self.rows), pattern["model"]
                self._by_words[data, model, pattern["words"]] = number
                for example in pattern["examples"]:
                    place = (data, model, example["document"], example["item"])
                    self._examples.setdefault(place, []).append(number)
                label, other = (_label(pattern.get(key)) for key in ("label", "predicted_label"))
                kind, words = kinds.index(pattern["kind"]), shown(pattern["words"])
                self.rows.append([models.number(model), data, kind, label, other, words, pattern["count"]])

    def of(self, data: int, model: str, document: str, number: int, item: Figures) -> list[int]:
        """Numbers of an item's patterns; `number` is its place among the errors of the document."""
        if "patterns" not in item:
            return self._examples.get((data, model, document, number), [])
        known = (self._by_words.get((data, model, words)) for words in item["patterns"])
        return [one for one in known if one is not None]


def _label(label: str | None) -> int:
    return LABELS.index(label) if label in LABELS else -1


def _document(
    document: Figures,
    data: int,
    models: Models,
    kinds: Sequence[str],
    patterns: _Patterns,
) -> dict[str, Any]:
    text = document["text"]
    units = _Units(text)
    predicted, errors = [], []
    for model in models.names:
        side = document["models"].get(model)
        predicted.append(None if side is None else _flat(side["spans"], units, scored=True))
        items = document["errors"].get(model) or ()
        errors.append(
            [
                _item(item, units, kinds, patterns.of(data, model, document["id"], number, item))
                for number, item in enumerate(items)
            ]
        )
    meta = document.get("meta") or {}
    about = (document.get("title"), document.get("date"), *(meta.get(key) for key in _ABOUT))
    return {
        "data": data,
        "id": shown(document["id"]),
        "about": [shown(part) for part in about if part],
        "words": document["words"],
        "cut": bool(document["cut"]),
        "text": shown(text),
        "gold": _flat(document["gold"]["spans"], units, scored=False),
        "predicted": predicted,
        "errors": errors,
    }


def _flat(spans: Iterable[Sequence[Any]], units: "_Units", *, scored: bool) -> list[int]:
    flat: list[int] = []
    for start, end, label, score in spans:
        flat += [units.at(start), units.at(end), _label(label)]
        if scored:
            flat.append(-1 if score is None else round(100 * score))
    return flat


def _item(item: Figures, units: "_Units", kinds: Sequence[str], patterns: list[int]) -> list[Any]:
    ends = [(item["start"], item["end"])] if item["start"] is not None else []
    if item["what"] == "span":
        ends += [(side[0], side[1]) for side in (item["gold"], item["predicted"]) if side]
    start = units.at(min(one for one, _ in ends)) if ends else -1
    end = units.at(max(other for _, other in ends)) if ends else -1
    words = shown(item["words"])
    return [kinds.index(item["kind"]), _label(item["label"]), start, end, words, patterns]


class _Units:
    """Code points to UTF-16 code units of one text."""

    def __init__(self, text: str) -> None:
        self._wide = [place for place, character in enumerate(text) if character > "\uffff"]

    def at(self, offset: int) -> int:
        """The offset in UTF-16 code units."""
        return offset + bisect_left(self._wide, offset) if self._wide else offset
