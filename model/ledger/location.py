"""Where a report says that something happened, and how two such places stand to each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from warwire.model.attack_places import distance, spot_of
from warwire.model.gazetteer.table import Hit, load_gazetteer
from warwire.model.normalise.place_names import fold

RELATIONS: Final = ("same", "near", "within", "country", "apart", "unknown")
"""How two places stand to each other: one place; two towns side by side; one holds the other; one is no more than a
country that holds the other; apart; nothing is known (one of them is on no map)."""

GRAINS: Final = ("site", "town", "area", None, "province", "region", "country")
"""Grains from the finest to the coarsest; None is a place on no map, which is mostly a village."""

WIDE: Final = frozenset({"province", "country", "region"})
"""Grains of places that hold many towns."""

ONE_TOWN: Final = 5.0
"""Kilometres within which two towns or sites without a common name are one place."""

SIDE_BY_SIDE: Final = 15.0
"""Kilometres within which two towns are near."""

_ONE_NAME: Final = 30.0  # km between the middles of two places of one name, a town and its district
_ONE_DISTRICT: Final = 60.0
_ONE_PROVINCE: Final = 150.0  # where the table does not tell the province
_PROVINCES: Final = frozenset({"province", "region"})
_DEGREES: Final = 0.011  # rounding of coordinates on their way through a file


@dataclass(frozen=True, slots=True)
class Location:
    """A place of a report.

    `name` is the gazetteer's, `text` the article's, `key` the folded name; `area` is the code of the first division
        (`UA.05`), empty where unknown; `position` is latitude and longitude in degrees. `broad` places hold towns: a
        district, a province, a country, a sea; `grain` is the precision of the gazetteer, None for a place on no map.
    """

    name: str
    text: str
    key: str
    country: str | None
    area: str
    position: tuple[float, float] | None
    grain: str | None
    broad: bool


def location_of(value: Mapping[str, Any]) -> Location:
    """The location of a normalised place."""
    spot = spot_of(value)
    name = value.get("name") or value["text"]
    area = _area(fold(name), spot.kind or "", spot.position) if spot.position and spot.kind else ""
    return Location(
        name, value["text"], spot.key, spot.country, area, spot.position, spot.kind, spot.broad or spot.kind == "area"
    )


@lru_cache(maxsize=1 << 14)
def _area(key: str, kind: str, position: tuple[float, float]) -> str:
    for hit in load_gazetteer().find(key):
        place = hit.place
        close = abs(place.lat - position[0]) < _DEGREES and abs(place.lon - position[1]) < _DEGREES
        if place.kind == kind and close:
            return place.area
    return ""


def is_province_of(outer: Location, inner: Location) -> bool:
    """Whether a town bears the name of the province in which the other place may lie (*Al Bab in Aleppo*)."""
    if outer.grain != "town" or inner.key == outer.key or (inner.area and outer.area != inner.area):
        return False
    return any(hit.place.kind == "province" and hit.place.area == outer.area for hit in _hits(outer))


def _hits(location: Location) -> tuple[Hit, ...]:
    gazetteer = load_gazetteer()
    return (*gazetteer.find(location.key), *gazetteer.find(fold(location.name)))


def precise(locations: Iterable[Location]) -> tuple[Location, ...]:
    """The places among some locations that are no province, country or sea: districts, towns, sites, unknown names."""
    return tuple(location for location in locations if location.grain not in WIDE)


@lru_cache(maxsize=1 << 18)
def relation(left: Location, right: Location) -> tuple[str, float | None]:
    """One of `RELATIONS`, and the distance in km where both places are on the map."""
    km = distance(left.position, right.position) if left.position and right.position else None
    if left.country and right.country and left.country != right.country:
        return ("near" if km is not None and km <= SIDE_BY_SIDE and not (left.broad or right.broad) else "apart"), km
    if "country" in (left.grain, right.grain):
        return _with_country(left, right), km
    if left.key == right.key and (km is None or km <= _ONE_NAME or left.broad or right.broad):
        provinces = (left.grain in _PROVINCES) + (right.grain in _PROVINCES)
        return ("within" if provinces == 1 else "same"), km
    if km is None:
        ours, theirs = set(left.key.split()), set(right.key.split())
        if ours < theirs or theirs < ours:
            return "within", km
        on_map = left.position is not None or right.position is not None
        return ("unknown" if on_map or left.broad or right.broad else "apart"), km
    if left.broad or right.broad:
        return _with_broad(left, right, km), km
    return ("same" if km <= ONE_TOWN else "near" if km <= SIDE_BY_SIDE else "apart"), km


def _with_country(left: Location, right: Location) -> str:
    if left.grain == right.grain:
        return "same" if left.key == right.key else "apart"
    return "country" if left.country and left.country == right.country else "unknown"


def _with_broad(left: Location, right: Location, km: float) -> str:
    """One of the two holds towns: a district, a province or a region."""
    if "region" in (left.grain, right.grain):
        return "country" if left.country and left.country == right.country else "unknown"
    district = "province" not in (left.grain, right.grain)
    if left.broad and right.broad and left.grain == right.grain:
        return "apart" if km > ONE_TOWN else "same"
    if left.area and right.area:
        if left.area != right.area:
            return "apart"
        return "within" if not district or km <= _ONE_DISTRICT else "unknown"
    return "within" if km <= (_ONE_DISTRICT if district else _ONE_PROVINCE) else "apart"
