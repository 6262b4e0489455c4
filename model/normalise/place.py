"""PLACE spans as places on the map: name, country, coordinates, GeoNames id, and how precise that is.

The precision is read like ACLED's `geo_precision`, from the finest to the coarsest:
    site      a single spot: a base, a plant, a hospital, a camp, a crossing
    town      a town or village, or something in it that the table does not know by itself (*Mykolaiv port*)
    area      a part of a province: a district, a valley, a quarter, the surroundings of a town
    province  a first division of a country, or a district of which only the province's coordinates are known
    country   a country; its coordinates are the mean of its towns
    region    a sea, a land of no fixed rank, or a part of a country (*eastern Ukraine*)

A name that several places share goes to the one for which the document speaks: a country or province next to it, the
countries and forces it tells of, size, and nearness to the other places. What stays open, or is in no table, has no
value: places are never guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.model.gazetteer.table import Gazetteer, Place, load_gazetteer
from warwire.model.normalise.place_countries import adjectives, capitals, count_countries, country_keys
from warwire.model.normalise.place_names import fold
from warwire.model.normalise.place_score import (
    Candidate,
    Container,
    Setting,
    candidates,
    is_supported,
    loose_candidates,
    winner,
)
from warwire.model.normalise.place_surface import Reading, readings

PRECISIONS: Final = ("site", "town", "area", "province", "country", "region")
"""Finest first."""

_OUTER: Final = re.compile(
    r"(?:,? (?:in|of)|,|,? (?:(?:a|the|an) )?(?:[\w-]+ ){1,5}(?:in|of)| \()(?: the)?"
    r"(?: (?:north|south|east|west|central|far)[\w-]*| [a-z]+-(?:held|controlled|occupied))*(?: of(?: the)?)? ?"
)
"""Between a place and the larger one it lies in: *X, Y*, *X in northern Y*, *X, a town in Y*."""
_OWNED: Final = re.compile(r"['’]s?(?: [\w-]+){0,4}(?: (?:of|in))? ")
"""Between an owner and its place: *Y's northern city of X*."""
_ADJECTIVE: Final = re.compile(
    r"(?P<word>[A-Z]\w+(?: [A-Z]\w+)?)(?: [a-z][\w-]*){0,2} "
    r"(?:city|cities|towns?|villages?|ports?|provinces?|regions?|districts?|oblasts?|governorates?|areas?|side)"
    r"(?: of)? $"
)
"""The Syrian northern city of X."""
_BEFORE: Final = 60  # characters looked at before a span

_CAPITAL: Final = frozenset({"capital", "capital city"})
_STAND_INS: Final = {
    "enclave": ("Gaza Strip", "Nagorno-Karabakh", "Cabinda"),
    "besieged enclave": ("Gaza Strip",),
    "territory": ("Gaza Strip", "Nagorno-Karabakh", "West Bank"),
    "strip": ("Gaza Strip",),
    "peninsula": ("Crimea", "Sinai", "Jaffna Peninsula"),
    "strait": ("Strait of Hormuz", "Bab al-Mandab Strait", "Taiwan Strait", "Kerch Strait"),
    "holy city": ("Najaf", "Karbala", "Jerusalem"),
}
"""Nouns that stand for a place which the document names elsewhere, if it names only one of these."""

_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """A place: `country` in ISO 3166 alpha-2 (XK for Kosovo), None where there is no single one.

    `lat` and `lon` are in degrees; `geonames_id` is None where the place is not GeoNames' or its id is not known.
    """

    name: str
    country: str | None
    lat: float
    lon: float
    geonames_id: int | None
    precision: str

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise ValueError(f"unknown precision {self.precision!r}")


@dataclass(frozen=True, slots=True)
class _Mention:
    span: Span
    surface: str
    key: str
    readings: tuple[Reading, ...]


def resolve_places(document: Document) -> dict[str, PlaceValue]:
    """The value of every PLACE span that can be told, by the span's id."""
    spans = sorted((span for span in document.spans if span.label == "PLACE"), key=lambda span: span.start)
    if not spans:
        return {}
    gazetteer = load_gazetteer()
    mentions = _with_shared_nouns(document.text, tuple(_mention(span, document.text) for span in spans))
    outer = _containers(document.text, mentions)
    named = count_countries(_without_towns(document.text, mentions))
    around = [_places_around(gazetteer, mentions, links) for links in outer]
    found: dict[str, Candidate] = {}
    for turn in range(_ROUNDS):
        setting = _setting(named, mentions, found, turn == 0)
        alike: dict[tuple[str, tuple[Container, ...]], Candidate | None] = {}  # a name is told many times over
        new = {}
        for mention, containers in zip(mentions, around, strict=True):
            if mention.span.id in found:
                continue
            case = mention.surface, containers
            if case not in alike:
                alike[case] = _decide(gazetteer, mention, setting, containers)
            if best := alike[case]:
                new[mention.span.id] = best
        if not new and turn:
            break
        found.update(new)
    if 2 * len(found) < len(mentions):  # a made-up or little-known land, where a known name is likelier a namesake
        decided = {best.place for best in found.values()}
        found = {span: best for span, best in found.items() if is_supported(best.place, setting, decided)}
    values = {span: _value(gazetteer, candidate) for span, candidate in found.items()}
    return values | _stand_ins(gazetteer, document.text, mentions, values, named)


def _without_towns(text: str, mentions: Iterable[_Mention]) -> str:
    """The text without the places that are no countries: a name is no evidence for its own country."""
    parts, position = [], 0
    for mention in mentions:
        if mention.key not in country_keys():
            parts.append(text[position : mention.span.start])
            position = max(position, mention.span.end)
    return "".join([*parts, text[position:]])


def _mention(span: Span, text: str) -> _Mention:
    surface = span.surface(text)
    return _Mention(span, surface, fold(surface), readings(surface))


_SHARED_NOUN: Final = re.compile(r" (?P<noun>(?:region|oblast|province|governorate|district)s)$")
_COORDINATED: Final = re.compile(r"(?:,? and|,? or|,)(?: the)? ")


def _with_shared_nouns(text: str, mentions: tuple[_Mention, ...]) -> tuple[_Mention, ...]:
    """*Kaluga and Tula regions*: the plural noun behind the last name is that of all names before it."""
    found = list(mentions)
    for last in range(len(found) - 1, 0, -1):
        noun = _SHARED_NOUN.search(found[last].surface)
        if noun is None:
            continue
        at = last
        while at and _COORDINATED.fullmatch(text, found[at - 1].span.end, found[at].span.start):
            at -= 1
            before = found[at]
            if " " in before.key and readings(before.surface)[1:]:
                break
            words = readings(f"{before.surface} {noun['noun'].removesuffix('s')}")
            found[at] = _Mention(before.span, f"{before.surface}{noun[0]}", before.key, (*words[1:], *before.readings))
    return tuple(found)


def _setting(
    named: Counter[str], mentions: Iterable[_Mention], found: Mapping[str, Candidate], first_round: bool
) -> Setting:
    where: Counter[str] = Counter()
    for mention in mentions:
        candidate = found.get(mention.span.id)
        if candidate is not None and candidate.place.country:
            where[candidate.place.country] += 2 if candidate.place.kind == "country" else 1
    return Setting(named, where, tuple(dict.fromkeys(candidate.place for candidate in found.values())), first_round)


def _decide(gazetteer: Gazetteer, mention: _Mention, setting: Setting, around: Sequence[Container]) -> Candidate | None:
    if mention.key in _CAPITAL or mention.key in _STAND_INS:
        return None
    for search in (candidates, loose_candidates):
        for reading in mention.readings:
            inner = (*around, *_owner(gazetteer, reading))
            ranked = search(gazetteer, reading, setting, inner)
            if ranked:
                best = winner(ranked)
                if best is not None or not reading.rank:
                    return best
    return None


def _owner(gazetteer: Gazetteer, reading: Reading) -> tuple[Container, ...]:
    if not reading.owner:
        return ()
    places = tuple(hit.place for hit in gazetteer.find(reading.owner) if hit.place.kind in {"country", "province"})
    return (Container(places, firm=True),) if places else ()


@dataclass(frozen=True, slots=True)
class _Outer:
    """What stands next to a mention: a mention of a larger place by its number, or a country by an adjective."""

    mention: int | None = None
    country: str = ""


def _containers(text: str, mentions: Sequence[_Mention]) -> list[tuple[_Outer, ...]]:
    """For each mention what it lies in, as its neighbours say."""
    outer: list[list[_Outer]] = [[] for _ in mentions]
    for number, mention in enumerate(mentions):
        after = mentions[number + 1] if number + 1 < len(mentions) else None
        if after is not None:
            between = text[mention.span.end : after.span.start]
            if len(between) <= _BEFORE and _OUTER.fullmatch(between):
                outer[number].append(_Outer(number + 1))
            elif len(between) <= _BEFORE and _OWNED.fullmatch(between):
                outer[number + 1].append(_Outer(number))
        before = _ADJECTIVE.search(text[max(0, mention.span.start - _BEFORE) : mention.span.start])
        country = _adjective(before["word"]) if before else ""
        if country:
            outer[number].append(_Outer(country=country))
    for number in range(len(mentions) - 2, -1, -1):
        for link in tuple(outer[number]):
            if link.mention == number + 1:
                outer[number] += [far for far in outer[number + 1] if far.mention not in {None, number}]
    return [tuple(dict.fromkeys(links)) for links in outer]


def _adjective(words: str) -> str:
    known = adjectives()
    lower = words.lower()
    return known.get(lower, "") or known.get(lower.rpartition(" ")[2], "")


def _places_around(
    gazetteer: Gazetteer, mentions: Sequence[_Mention], links: Sequence[_Outer]
) -> tuple[Container, ...]:
    containers = []
    for link in links:
        if link.mention is None:
            places = tuple(_countries_named(gazetteer, link.country))
            containers.append(Container(places, firm=True))
            continue
        wide, firm = _wide_places(gazetteer, mentions[link.mention].readings)
        if wide:
            containers.append(Container(wide, firm))
    return tuple(containers)


@lru_cache(maxsize=512)
def _countries_named(gazetteer: Gazetteer, code: str) -> tuple[Place, ...]:
    return tuple(place for place in gazetteer.within(code) if place.kind == "country")


@lru_cache(maxsize=1 << 12)
def _wide_places(gazetteer: Gazetteer, found: tuple[Reading, ...]) -> tuple[tuple[Place, ...], bool]:
    """The countries and provinces that readings may mean, and whether nothing smaller is meant."""
    for reading in found:
        hits = [hit.place for hit in gazetteer.find(reading.key)]
        wide = tuple(place for place in hits if place.kind in {"country", "province", "region"} and place.country)
        if wide and reading.rank not in {"town", "site"}:
            ranked = reading.rank in {"province", "country"} or any(place.kind == "country" for place in wide)
            return wide, ranked or all(place.kind != "town" for place in hits)
    return (), False


def _value(gazetteer: Gazetteer, candidate: Candidate) -> PlaceValue:
    place, reading = candidate.place, candidate.reading
    precision = "province" if place.coarse else place.kind
    if place.kind == "town" and (reading.rank == "area" or (not reading.rank and reading.key.endswith(" district"))):
        precision = "area"
    if place.kind == "country" and reading.part is not None:
        return _part(gazetteer, place, reading.part)
    country, number = place.country or None, place.geonames_id or None
    return PlaceValue(place.name, country, round(place.lat, 5), round(place.lon, 5), number, precision)


def _part(gazetteer: Gazetteer, country: Place, part: tuple[int, int]) -> PlaceValue:
    """A part of a country lies one standard deviation of the country's towns away from their mean."""
    north, east = gazetteer.spread[country.country]
    direction = _PART_NAMES[part]
    lat, lon = country.lat + part[0] * north, (country.lon + part[1] * east + 180) % 360 - 180
    return PlaceValue(f"{direction} {country.name}", country.country, round(lat, 2), round(lon, 2), None, "region")


_PART_NAMES: Final = {
    (1, 0): "northern",
    (-1, 0): "southern",
    (0, 1): "eastern",
    (0, -1): "western",
    (1, 1): "northeastern",
    (1, -1): "northwestern",
    (-1, 1): "southeastern",
    (-1, -1): "southwestern",
    (0, 0): "central",
}


def _stand_ins(
    gazetteer: Gazetteer,
    text: str,
    mentions: Sequence[_Mention],
    values: Mapping[str, PlaceValue],
    named: Counter[str],
) -> dict[str, PlaceValue]:
    """Values of *the capital* and its like, which stand for a place named elsewhere."""
    found = {}
    told: dict[int, PlaceValue] = {}
    for number, mention in enumerate(mentions):
        value = None
        if mention.key in _CAPITAL:
            value = told.get(number) or _capital(gazetteer, text, mentions, number, values, named)
            if value is not None:
                told.update(dict.fromkeys(_repeats(text, mentions, number), value))
        elif mention.key in _STAND_INS:
            alike = {v.name: v for v in values.values() if v.name in _STAND_INS[mention.key]}
            value = next(iter(alike.values())) if len(alike) == 1 else None
        if value is not None:
            found[mention.span.id] = value
    return found


_SOON: Final = 400
"""Code points after *the Saudi capital* in which *the capital* alone is still the same."""
_WHOSE: Final = re.compile(r"[A-Z]\w+(?:['’]s?)? (?:[a-z]+ )?$")


def _repeats(text: str, mentions: Sequence[_Mention], number: int) -> Iterator[int]:
    """The later mentions of *the capital* that follow soon on one whose country is named (*the Saudi capital*)."""
    first = mentions[number].span
    if _WHOSE.search(text, max(0, first.start - 40), first.start) is None:
        return
    for later in range(number + 1, len(mentions)):
        span = mentions[later].span
        if span.start - first.end > _SOON:
            return
        if mentions[later].key in _CAPITAL and text[max(0, span.start - 4) : span.start].lower() == "the ":
            yield later


_APPOSITION: Final = re.compile(r"(?:,| of) ")
_APPOSED: Final = re.compile(r",? (?:the |its |[A-Z]\w+(?:['’]s)? )*")


def _capital(
    gazetteer: Gazetteer,
    text: str,
    mentions: Sequence[_Mention],
    number: int,
    values: Mapping[str, PlaceValue],
    named: Counter[str],
) -> PlaceValue | None:
    """The city that *the capital* is: named beside it, or that of the country told of most."""
    span = mentions[number].span
    for other, pattern in ((number + 1, _APPOSITION), (number - 1, _APPOSED)):
        if 0 <= other < len(mentions):
            near = mentions[other].span
            between = text[min(span.end, near.end) : max(span.start, near.start)]
            value = values.get(near.id)
            if value is not None and value.precision == "town" and pattern.fullmatch(between):
                return value
    before = re.search(
        r"([A-Z]\w+(?: [A-Z]\w+)?)(?:['’]s?)? (?:[a-z]+ ){0,2}$", text[max(0, span.start - 40) : span.start]
    )
    code = _adjective(before[1]) if before else ""
    if not code and before is not None:
        code = next((v.country or "" for m in mentions if (v := values.get(m.span.id)) and v.precision == "country"
                     and m.key == fold(before[1])), "")  # fmt: skip
    others = sum(mention.key not in _CAPITAL for mention in mentions)
    if not code and 3 * len(values) >= others:
        code = _country_told_of(values.values(), named)
    return _capital_of(gazetteer, code) if code else None


def _country_told_of(values: Iterable[PlaceValue], named: Counter[str]) -> str:
    """The country that most places lie in, if it has twice the places of any other; else that named most."""
    where = Counter(value.country for value in values if value.country)
    for counts in (where, named):
        ranked = counts.most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
            return ranked[0][0]
        if ranked:
            return ""
    return ""


def _capital_of(gazetteer: Gazetteer, code: str) -> PlaceValue | None:
    hits = gazetteer.find(fold(capitals().get(code, "")))
    towns = [hit.place for hit in hits if hit.place.country == code and hit.place.kind == "town"]
    if not towns:
        return None
    town = max(towns, key=lambda place: (place.capital, place.population))
    return _value(gazetteer, Candidate(town, Reading(fold(town.name)), 0.0))
