"""Which reports are compared at all: those that share a day and a place, a rare figure, or some text.

Reports are filed under days and, within a day, under keys:

    towns and sites     the cells of a grid of half a degree that lie within 8 km, so that two places up to 15 km
                        apart share one; and the name, for places on no map
    provinces           the province, where they meet each other and the towns and sites of that province
    countries, seas     the country with a figure or a target: no more than a country is never enough to join
    no place            a figure that is not small
    text                the four smallest hashes of the report's sketch, for the four days after publication
    no date at all      each place with a figure or a target, over the whole archive, where few others share them

Days are those of the report and the two after; of a report without a day, the three before publication. A period of
more than ten days files a report under its text alone. Two reports are proposed on the first day that both are filed
under, so that a day at a time is looked at, and memory does not grow with the archive's length.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, radians
from typing import Final

from warwire.model.ledger.location import WIDE, Location, precise
from warwire.model.ledger.reports import Report
from warwire.model.ledger.setting_rules import MISDATED, REPORTED_WITHIN
from warwire.model.ledger.shingles import hashes_of

CELL: Final = 0.5
"""Side of a cell of the grid in degrees."""

LARGEST: Final = 300
"""Reports under one key and day above which each is compared with its nearest neighbours alone."""

NEIGHBOURS: Final = 100
"""How many of those."""

TELLING: Final = 20
"""Reports sharing a place and a figure, over the whole archive, above which one without a date is not compared."""

_MARGIN: Final = 8.0  # km
_KM_A_DEGREE: Final = 111.2
_LONGEST_PERIOD: Final = 10
_TEXT_DAYS: Final = 4
_TEXT_KEYS: Final = 4
_NOT_SMALL: Final = 5

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """Days, first and last, and the keys of a report within each; under a broad key it meets all, under a narrow one
    of the same name the broad ones alone."""

    days: tuple[int, int] | None
    keys: tuple[Key, ...]
    broad: tuple[Key, ...] = ()
    narrow: tuple[Key, ...] = ()


def candidate_pairs(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """Pairs of positions in a sequence of reports, smaller first; a pair may come twice, by place and by text."""
    yield from _pairs([_filing(report) for report in reports])
    yield from _pairs([_text_filing(report) for report in reports])
    yield from _pairs([_dateless_filing(report) for report in reports], TELLING)


def _filing(report: Report) -> Filing:
    keys: list[Key] = []
    broad: list[Key] = []
    narrow: list[Key] = []
    for place in report.places:
        if place.grain not in WIDE:
            keys.append(("name", place.key))
        if place.position is None:
            continue
        if not place.broad:
            keys += _cells(place)
            narrow.append(("area", place.area or place.country))
        elif place.grain in {"province", "area"}:
            broad.append(("area", place.area or place.country))
    countries = dict.fromkeys(place.country for place in report.places if place.country)
    vague = not any(place.position and place.grain not in {"country", "region"} for place in report.places)
    by_country = [(country, *detail) for country in countries for detail in _details(report)]
    if vague:
        broad += by_country
        keys += _anywhere(report)
    else:
        narrow += by_country
        narrow += _anywhere(report)
    return Filing(_days(report), *(tuple(dict.fromkeys(found)) for found in (keys, broad, narrow)))


def _cells(place: Location) -> Iterator[Key]:
    """The cells within the margin of a town."""
    if place.position is None:
        return
    lat, lon = place.position
    rise = _MARGIN / _KM_A_DEGREE
    run = rise / max(0.05, cos(radians(lat)))
    for row in {floor((lat - rise) / CELL), floor((lat + rise) / CELL)}:
        for column in {floor((lon - run) / CELL), floor((lon + run) / CELL)}:
            yield "cell", row, column % round(360 / CELL)


def _details(report: Report) -> Iterator[Key]:
    for statement in report.statements:
        if statement.min is not None:
            yield statement.name, statement.min
    for target in report.targets:
        yield "target", target


def _anywhere(report: Report) -> Iterator[Key]:
    if report.places and any(place.country for place in report.places):
        return
    for statement in report.statements:
        if statement.min is not None and statement.min >= _NOT_SMALL:
            yield "anywhere", statement.name, statement.min


def _days(report: Report) -> tuple[int, int] | None:
    if report.days is not None:
        first, last = report.days
        return (first, last + MISDATED) if last - first <= _LONGEST_PERIOD else None
    return None if report.published is None else (report.published - REPORTED_WITHIN, report.published)


def _text_filing(report: Report) -> Filing:
    start = report.published if report.published is not None else report.day if report.day is not None else 0
    keys = tuple(("text", value) for value in hashes_of(report.sketch)[:_TEXT_KEYS])
    return Filing((start, start + _TEXT_DAYS), keys)


def _dateless_filing(report: Report) -> Filing:
    """Reports without any date under their places and details, where they meet all others of the archive."""
    names = [place.key for place in precise(report.places)]
    keys = tuple(dict.fromkeys(("detail", name, *detail) for name in names for detail in _details(report)))
    return Filing((0, 0), (), keys) if report.day is None else Filing((0, 0), (), (), keys)


def _pairs(filings: Sequence[Filing], most: int | None = None) -> Iterator[tuple[int, int]]:
    opening: defaultdict[int, list[int]] = defaultdict(list)
    for i, filing in enumerate(filings):
        if filing.days is not None:
            opening[filing.days[0]].append(i)
    open_reports: list[int] = []
    for day in sorted(opening):
        open_reports = sorted([*(i for i in open_reports if _last(filings[i]) >= day), *opening[day]])
        yield from _pairs_of_day(filings, open_reports, frozenset(opening[day]), most)


def _last(filing: Filing) -> int:
    return filing.days[1] if filing.days is not None else -1


def _pairs_of_day(
    filings: Sequence[Filing], present: Sequence[int], new: frozenset[int], most: int | None
) -> Iterator[tuple[int, int]]:
    """Pairs of which one is new this day: a pair's first common day is the later of the two's first days.

    Broad keys that more than `most` reports share are left out.
    """
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    outer: defaultdict[Key, list[int]] = defaultdict(list)
    inner: defaultdict[Key, list[int]] = defaultdict(list)
    for i in present:
        for key in filings[i].keys:
            blocks[key].append(i)
        for key in filings[i].broad:
            outer[key].append(i)
    for i in present:
        for key in filings[i].narrow:
            if key in outer:
                inner[key].append(i)
    found: set[tuple[int, int]] = set()
    for members in blocks.values():
        found.update(_within(members, new))
    for key, members in outer.items():
        if most is not None and len(members) + len(inner.get(key, ())) > most:
            continue
        found.update(_within(members, new))
        found.update(_between(members, inner.get(key, ()), new))
    yield from sorted(found)


def _within(members: Sequence[int], new: frozenset[int]) -> Iterator[tuple[int, int]]:
    reach = len(members) if len(members) <= LARGEST else NEIGHBOURS
    for at, i in enumerate(members):
        for j in members[at + 1 : at + 1 + reach]:
            if i in new or j in new:
                yield i, j


def _between(broad: Sequence[int], narrow: Sequence[int], new: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Each broad report with the narrow ones, with those nearest in order where there are too many."""
    for i in broad:
        nearest = narrow if len(narrow) <= LARGEST else sorted(narrow, key=lambda j: (abs(i - j), j))[: 2 * NEIGHBOURS]
        for j in nearest:
            if i != j and (i in new or j in new):
                yield min(i, j), max(i, j)
