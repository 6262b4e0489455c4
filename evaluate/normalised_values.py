"""How often the values of predicted events are those of the gold ones: numbers, dates, places, weapons, sides.

Gold values are read by this version's normaliser from the gold spans and events, so that
the figures tell what wrong spans and links do to the values, not how good the normaliser is. Predicted events keep
the values that they come with; those without are read in the same way from the predicted spans. Events are aligned
as for tuple F1, and within an event the fillers of a role are joined where they overlap, then in the order of the text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from warwire.annotations.document import Document, Event, Span
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuple_alignments import Alignments, alignments
from warwire.evaluate.tuples import AlignedPair

COMPARED: Final = (
    "Values of gold events, read by this version's normaliser from the gold spans, against the values of the predicted "
    "events that the tuple scores align them with. The figures tell what wrong spans and links do to the values, not "
    "how good the normaliser is."
)

NEAR_KM: Final = 10.0
_EARTH_KM: Final = 6371.0

Value = Mapping[str, Any]
Values = Mapping[str, Sequence[Value]]
EventValues = Sequence[Values]
"""The values of each event of a document, by role."""


@dataclass(frozen=True, slots=True)
class Check:
    """A question put to two values of a role; `known` says which gold values it can be asked of."""

    roles: tuple[str, ...]
    name: str
    known: Callable[[Value], bool]
    same: Callable[[Value, Value], bool]
    by_precision: bool = False


@dataclass(frozen=True, slots=True)
class ValueShare:
    """How many gold values have a value beside them in the aligned event (`found`), and how many agree with it.

    `group` is the precision of the gold value, None for all of them.
    """

    role: str
    check: str
    group: str | None
    gold: int = 0
    found: int = 0
    right: int = 0


def value_shares(
    pairs: Sequence[Pair], aligned: Alignments | None = None, gold: Sequence[EventValues] | None = None
) -> tuple[ValueShare, ...]:
    """Every check that a gold value can be put to, overall and, for times and places, by the gold value's precision.

    `aligned` is `alignments(pairs)`, `gold` the `event_values` of the gold documents, where these are there already.
    """
    aligned = alignments(pairs) if aligned is None else aligned
    gold = [event_values(pair.gold) for pair in pairs] if gold is None else gold
    joined = (
        found
        for pair, events, values in zip(pairs, aligned, gold, strict=True)
        for found in joined_values(pair, events, values)
    )
    tallies: dict[tuple[str, str, str | None], list[int]] = {}
    for role, value, predicted in joined:
        for check in CHECKS:
            if role not in check.roles or not check.known(value):
                continue
            right = predicted is not None and check.same(value, predicted)
            for group in (None, str(value["precision"])) if check.by_precision else (None,):
                tally = tallies.setdefault((role, check.name, group), [0, 0, 0])
                for i, counts in enumerate((True, predicted is not None, right)):
                    tally[i] += counts
    order = {(role, check.name): i for i, (role, check) in enumerate(_asked())}
    keys = sorted(tallies, key=lambda key: (order[key[:2]], key[2] is not None, key[2] or ""))
    return tuple(ValueShare(*key, *tallies[key]) for key in keys)


def joined_values(
    pair: Pair, aligned: Sequence[AlignedPair], gold: EventValues
) -> Iterator[tuple[str, Value, Value | None]]:
    """Role, gold value and the predicted value beside it, for every argument of every gold event."""
    partner = {id(one.gold): one.predicted for one in aligned}
    predicted = dict(zip(map(id, pair.predicted.events), event_values(pair.predicted, stored=True), strict=True))
    for event, values in zip(pair.gold.events, gold, strict=True):
        other = partner.get(id(event))
        theirs: Values = predicted[id(other)] if other is not None else {}
        for role, found in values.items():
            joined = {} if other is None else _join(pair, event, other, role)
            for i, value in enumerate(found):
                yield role, value, theirs[role][joined[i]] if i in joined else None


def distance_km(one: Value, other: Value) -> float:
    """Great-circle distance of two values with `lat` and `lon` in degrees."""
    lat, other_lat = radians(one["lat"]), radians(other["lat"])
    lon = radians(other["lon"] - one["lon"])
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin(lon / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def event_values(document: Document, stored: bool = False) -> EventValues:
    """The values of each event, as the normaliser reads them from the spans; with `stored`, those it comes with.

    Stored values that are not one for each argument are read anew.
    """
    from warwire.model.normalise.fields import normalise, read_document

    held = [event.normalised if stored and _complete(event) else None for event in document.events]
    if None not in held:
        return [values or {} for values in held]
    readings = read_document(document)
    return [values or normalise(readings, event) for values, event in zip(held, document.events, strict=True)]


def _complete(event: Event) -> bool:
    values = event.normalised
    roles = {argument.role for argument in event.arguments}
    return values is not None and all(len(values.get(role, ())) == len(event.fillers(role)) for role in roles)


def _join(pair: Pair, event: Event, other: Event, role: str) -> dict[int, int]:
    """Indices of the predicted fillers beside the gold ones, each used once."""
    gold, predicted = _fillers(pair.gold, event, role), _fillers(pair.predicted, other, role)
    options = [(i, j) for i in range(len(gold)) for j in range(len(predicted))]
    options.sort(key=lambda ij: (not gold[ij[0]].overlaps(predicted[ij[1]]), gold[ij[0]].start, predicted[ij[1]].start))
    joined: dict[int, int] = {}
    for i, j in options:
        if i not in joined and j not in joined.values():
            joined[i] = j
    return joined


def _fillers(document: Document, event: Event, role: str) -> list[Span]:
    spans = document.span_by_id()
    return [spans[name] for name in event.fillers(role)]


def _has(*keys: str) -> Callable[[Value], bool]:
    return lambda value: all(value.get(key) is not None for key in keys)


def _equal(*keys: str) -> Callable[[Value, Value], bool]:
    return lambda one, other: all(one.get(key) == other.get(key) for key in keys)


def _has_range(value: Value) -> bool:
    return value.get("min") is not None or value.get("max") is not None


def _ranges_meet(one: Value, other: Value) -> bool:
    return _has_range(other) and all(
        low.get("min") is None or high.get("max") is None or low["min"] <= high["max"]
        for low, high in ((one, other), (other, one))
    )


def _times_meet(one: Value, other: Value) -> bool:
    # A day without a clock time holds every hour of it: compare the days, and the hours where both have one.
    return _has("start", "end")(other) and all(
        first["start"][: len(last["end"])] <= last["end"][: len(first["start"])]
        for first, last in ((one, other), (other, one))
    )


def _near(one: Value, other: Value) -> bool:
    return _has("lat", "lon")(other) and distance_km(one, other) <= NEAR_KM


CHECKS: Final = (
    Check(("count",), "exact", _has_range, _equal("min", "max")),
    Check(("count",), "within bound", _has_range, _ranges_meet),
    Check(("time",), "exact", _has("start", "end"), _equal("start", "end"), by_precision=True),
    Check(("time",), "overlapping", _has("start", "end"), _times_meet, by_precision=True),
    Check(("place", "origin"), "country", _has("country"), _equal("country")),
    Check(("place", "origin"), f"within {NEAR_KM:.0f} km", _has("lat", "lon"), _near, by_precision=True),
    Check(("weapon",), "class", _has("class"), _equal("class")),
    Check(("agent", "target", "speaker"), "side", _has("side"), _equal("side")),
    Check(("speaker",), "kind", _has("kind"), _equal("kind")),
)
"""What is asked. Within bound: the two ranges share a number, as *at least 71* and *80* do. Overlapping: the two
stretches of time share a moment."""


def _asked() -> Iterator[tuple[str, Check]]:
    return ((role, check) for check in CHECKS for role in check.roles)
