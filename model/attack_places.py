"""Whether two places of a report can be where one attack was."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from warwire.model.normalise.place_names import fold

_BROAD_KINDS: Final = frozenset({"country", "province", "region"})
_BROAD_WORDS: Final = re.compile(
    r"\b(?:province|region|oblast|governorate|state|states|county|country|republic|peninsula|strip|coast|sea|basin)\b"
)
_SITE_WORDS: Final = re.compile(
    r"\b(?:hospital|clinic|base|airbase|airport|airfield|school|university|bridge|plant|station|port|market|mosque"
    r"|church|camp|prison|dam|refinery|depot|hotel|barracks|square|street|embassy|crossing|palace)\b"
)
_EARTH: Final = 6371.0  # mean radius in km
_ONE_TOWN: Final = 15.0  # km between the middles of a town and of its suburbs
_ONE_PROVINCE: Final = 250.0  # km between the middle of a province and a town at its edge


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of an event: key of its name, what kind it is, country and position where they are known.

    A `named` place has a proper name; *the capital* that was not resolved has none. A `broad` one holds towns, a
    `site` lies in one.
    """

    key: str
    named: bool
    broad: bool
    site: bool
    kind: str | None
    country: str | None
    position: tuple[float, float] | None


def spot_of(value: Mapping[str, Any]) -> Spot:
    """The spot of a normalised place; null fields are unknown."""
    name, kind = value.get("name"), value.get("precision")
    text = value["text"]
    key = fold(name or text) or text.casefold()
    words = f"{key} {text.casefold()}" if kind is None else ""
    return Spot(
        key=key,
        named=bool(name) or not text[:1].islower() or any(map(str.isupper, text)),
        broad=kind in _BROAD_KINDS or (kind is None and _BROAD_WORDS.search(words) is not None),
        site=kind == "site" or (kind is None and _SITE_WORDS.search(words) is not None),
        kind=kind,
        country=value.get("country"),
        position=position_of(value),
    )


def position_of(value: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of a normalised place; None where one is missing or not on the globe."""
    lat, lon = value.get("lat"), value.get("lon")
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return float(lat), float(lon)


def same_places(left: Collection[Spot], right: Collection[Spot]) -> bool | None:
    """Whether two sets of places share one: True, False, or None where nothing speaks for or against it.

    Towns are compared with towns where both sets have one, so that two villages of a province stay two. A town is
    in its country, but a country has many towns: None.
    """
    if not left or not right:
        return None
    ours, theirs = _narrow(left, right)
    if not ours or not theirs:
        return None
    if {spot.key for spot in ours} & {spot.key for spot in theirs}:
        return True
    found = {_same(a, b) for a in ours for b in theirs}
    return True if True in found else None if None in found else False


def distance(left: tuple[float, float], right: tuple[float, float]) -> float:
    """Great-circle distance in km between two positions (latitude, longitude) in degrees."""
    (lat, lon), (other_lat, other_lon) = left, right
    rise = sin(radians(other_lat - lat) / 2) ** 2
    run = cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(rise + run)))


def _narrow(left: Iterable[Spot], right: Iterable[Spot]) -> tuple[list[Spot], list[Spot]]:
    ours, theirs = list(left), list(right)
    narrow_ours = [spot for spot in ours if not spot.broad]
    narrow_theirs = [spot for spot in theirs if not spot.broad]
    return (narrow_ours, narrow_theirs) if narrow_ours and narrow_theirs else (ours, theirs)


def _same(left: Spot, right: Spot) -> bool | None:
    ours, theirs = set(left.key.split()), set(right.key.split())
    if left.key == right.key or (ours < theirs or theirs < ours):
        return True
    if not (left.named and right.named):
        return None
    if left.country and right.country and left.country != right.country:
        return False
    if left.position is None or right.position is None:
        return None if left.site or right.site or left.kind == "country" or right.kind == "country" else False
    if left.broad or right.broad:
        wide = "country" in {left.kind, right.kind} or "region" in {left.kind, right.kind}
        return None if wide or distance(left.position, right.position) <= _ONE_PROVINCE else False
    return distance(left.position, right.position) <= _ONE_TOWN
