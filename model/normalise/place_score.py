"""How well a place of the table fits a mention, from its size, the document's countries, and its neighbours.

A score adds up decimal orders of magnitude: a town counts as the logarithm of its people, so that a rival of a tenth
of the size is one point behind, and being in the country that the document speaks of is worth up to three.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from warwire.model.gazetteer.table import Gazetteer, Hit, Place
from warwire.model.normalise.place_names import consonants, fold, loosen
from warwire.model.normalise.place_surface import Reading

CLEAR: Final = 0.75
"""The lead over any rival, in points, that decides."""

_PRIOR: Final = {"country": 10.0, "region": 7.0, "province": 5.0, "area": 3.5, "site": 5.0}
_LISTED_PRIOR: Final = 5.0
_VILLAGE, _CITY, _METROPOLIS, _WORLD_CITY = 15_000, 100_000, 300_000, 1_000_000  # people
_FITS: Final = {
    "": {"town": 1.0, "site": 1.0, "country": 1.0, "region": 1.0},
    "country": {"country": 1.0},
    "province": {"province": 3.0, "region": 2.0, "country": 1.0, "area": 1.0},
    "area": {"area": 2.0, "region": 1.0, "town": 0.5, "province": 0.0},
    "town": {"town": 1.0, "area": -1.0},
    "site": {"site": 1.0},
}
"""Points by the rank that the words speak of and the place's kind; a kind that is missing does not fit at all.

The bare name fits every kind, a town rather than the province around it.
"""
_LISTED_FITS: Final = {"province": 3.5, "area": 1.5, "site": 1.5, "region": 1.0}
_NEAR: Final = ((50.0, 1.5), (150.0, 1.0), (400.0, 0.4))  # kilometres, points
_NEIGHBOUR_KM: Final = 150.0
_SAME_SPOT_KM: Final = 60.0
_LOOSE: Final = -1.0
_NAMESAKE: Final = 2.5
"""Taken from small places abroad with the name of a place known from a conflict (Donetsk in Russia, Golan in Iran)."""
_SMALL: Final = frozenset({"town", "area"})
_LOOSE_SHARE, _BYSTANDER_SHARE, _MAIN_SHARE = 0.3, 0.15, 0.5


@dataclass(frozen=True, slots=True)
class Container:
    """Where a mention lies according to the words next to it; `firm` where that excludes any other place."""

    places: tuple[Place, ...]
    firm: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document says about where its places lie.

    `where` counts the places found so far by country, with countries named as places counting double, `named` how
    often the text tells of a country.
    """

    named: Counter[str]
    where: Counter[str]
    decided: tuple[Place, ...] = ()
    first_round: bool = False
    strongest: float = field(init=False)

    def __post_init__(self) -> None:
        strongest = max((self.weight(code) for code in {*self.named, *self.where}), default=0.0)
        object.__setattr__(self, "strongest", strongest)

    def weight(self, country: str) -> float:
        """The evidence for a country."""
        return self.named.get(country, 0) + 3 * self.where.get(country, 0)

    def share(self, country: str) -> float:
        """The evidence for a country, as a share of that for the strongest one."""
        return self.weight(country) / self.strongest if self.strongest else 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a reading may mean, with its score."""

    place: Place
    reading: Reading
    score: float


def candidates(
    gazetteer: Gazetteer, reading: Reading, setting: Setting, containers: Sequence[Container]
) -> list[Candidate]:
    """Places with the reading's name that may be meant, best first."""
    hits = gazetteer.find(reading.key)
    if not hits:
        return []
    only = len({hit.place.country for hit in hits}) == 1
    namesakes = any(hit.main and hit.place.kind == "town" for hit in hits)
    listed = {hit.place.country for hit in hits if hit.place.listed}
    found = []
    for hit in hits:
        fit = _fit(reading, hit.place)
        if fit is None or not _is_evidenced(hit, reading, setting, containers, only):
            continue
        if _is_minor_name(hit, setting, containers, namesakes):
            continue
        score = fit + _score(hit.place, hit.main, setting, containers)
        if _is_namesake(hit.place, listed) and _points_inside(hit.place, containers) <= 0:
            if hit.place.population < _VILLAGE:
                continue
            score -= _NAMESAKE
        found.append(Candidate(hit.place, reading, score))
    return sorted(found, key=lambda candidate: -candidate.score)


def _is_namesake(place: Place, listed: Collection[str]) -> bool:
    """Whether a small place abroad has the name of places known from conflicts, which lie in the countries `listed`."""
    return bool(listed) and not place.listed and place.country not in listed and place.kind in _SMALL


def loose_candidates(
    gazetteer: Gazetteer, reading: Reading, setting: Setting, containers: Sequence[Container]
) -> list[Candidate]:
    """Places whose name only sounds like the reading's, in a country that the document is about, best first."""
    loose = loosen(reading.key)
    places = [hit.place for hit in gazetteer.find(f"~{loose}")] if len(loose) >= 5 else []
    if not places:
        places = _in_the_same_province(gazetteer, reading, containers)
    listed = {hit.place.country for hit in gazetteer.find(reading.key) if hit.place.listed}
    found = []
    for place in places:
        if _is_namesake(place, listed) and _points_inside(place, containers) <= 0:
            continue
        fit = _fit(reading, place)
        known = setting.share(place.country) >= _LOOSE_SHARE or _points_inside(place, containers) > 0
        if fit is not None and known:
            found.append(Candidate(place, reading, fit + _LOOSE + _score(place, True, setting, containers)))
    return sorted(found, key=lambda candidate: -candidate.score)


def winner(ranked: Sequence[Candidate]) -> Candidate | None:
    """The best candidate if its lead over every other place is clear."""
    if not ranked:
        return None
    best = ranked[0]
    rivals = (other for other in ranked[1:] if not _is_same_spot(best.place, other.place))
    return best if all(best.score - other.score >= CLEAR for other in rivals) else None


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance on the sphere between points in degrees."""
    lat_1, lat_2 = math.radians(lat), math.radians(other_lat)
    across = math.radians(other_lon - lon)
    half = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(across / 2) ** 2
    return 12_742 * math.asin(min(1.0, math.sqrt(half)))


def distance(one: Place, other: Place) -> float:
    """Kilometres between two places."""
    return kilometres(one.lat, one.lon, other.lat, other.lon)


def _fit(reading: Reading, place: Place) -> float | None:
    if not reading.rank:
        listed = _LISTED_FITS.get(place.kind, 0.0) if place.listed else 0.0
        return _FITS[""].get(place.kind, 0.0) + listed
    return _FITS[reading.rank].get(place.kind)


def _score(place: Place, main: bool, setting: Setting, containers: Sequence[Container]) -> float:
    points = _prior(place) + (0.0 if main or place.listed else -0.5 if place.population >= _CITY else -1.0)
    points += 3.0 * setting.share(place.country)
    return points + _points_inside(place, containers) + _points_near(place, setting.decided)


def _prior(place: Place) -> float:
    prior = _PRIOR.get(place.kind) or math.log10(max(place.population, 100))
    prior += 0.5 if place.capital else 0.0
    if place.listed:
        return max(prior + 0.5, _LISTED_PRIOR)
    village = place.kind == "town" and place.population < _VILLAGE and not place.capital
    return prior - 1.0 * place.coarse - 0.5 * village


def _points_inside(place: Place, containers: Iterable[Container]) -> float:
    if place.kind == "country":
        return 0.0
    points = 0.0
    for container in containers:
        levels = [4.0 if "." in outer.area else 3.0 for outer in container.places if _contains(outer, place)]
        if levels:
            points += max(levels) if container.firm else 1.0
        elif container.firm:
            points -= 4.0
    return points


def _contains(outer: Place, place: Place) -> bool:
    if outer.kind == "country":
        return outer.country == place.country
    if outer.kind == "province":
        return bool(place.country) and place.country == outer.country and (outer.area in {place.area, outer.country})
    return place.country == outer.country and place != outer and distance(outer, place) <= _SAME_SPOT_KM


def _nearest(place: Place, decided: Sequence[Place]) -> float:
    """Kilometres to the nearest town or spot found so far."""
    spots = (other for other in decided if other.kind not in {"country", "region"} and other.name != place.name)
    return min((distance(place, other) for other in spots), default=math.inf)


def _points_near(place: Place, decided: Sequence[Place]) -> float:
    if place.kind in {"country", "region"}:
        return 0.0
    nearest = _nearest(place, decided)
    return next((points for limit, points in _NEAR if nearest <= limit), 0.0)


def _is_evidenced(hit: Hit, reading: Reading, setting: Setting, containers: Sequence[Container], only: bool) -> bool:
    """Whether enough speaks for the place's country; villages need most of it, capitals and countries none.

    `only` tells that no other country has a place of this name.
    """
    place = hit.place
    if place.kind in {"country", "region"} or place.capital or (place.listed and place.kind in {"site", "province"}):
        return True
    if _points_inside(place, containers) > 0:
        return True
    if place.kind == "province" and reading.rank == "province" and "." in place.area:
        return True
    known = setting.where[place.country] > 0 or setting.share(place.country) >= _BYSTANDER_SHARE
    if place.listed or (place.kind == "town" and place.population >= _VILLAGE):
        return known or _is_well_known(hit, reading, only) or _nearest(place, setting.decided) <= _NEIGHBOUR_KM
    if place.kind == "town" and setting.first_round:
        return False
    return setting.where[place.country] > 0 or setting.share(place.country) >= _LOOSE_SHARE


def _is_minor_name(hit: Hit, setting: Setting, containers: Sequence[Container], namesakes: bool) -> bool:
    """Whether a town would be found by another name of it only, with nothing near to tell that it is meant."""
    place = hit.place
    if hit.main or place.kind != "town" or place.listed or place.capital or place.population >= _CITY:
        return False
    near = _points_inside(place, containers) > 0 or _nearest(place, setting.decided) <= _NEIGHBOUR_KM
    return not near and (namesakes or setting.share(place.country) < _MAIN_SHARE)


def _is_well_known(hit: Hit, reading: Reading, only: bool) -> bool:
    """Whether a town needs no evidence for its country: by its size, its main name, and having the name alone."""
    place = hit.place
    if reading.part is not None or place.kind != "town":
        return False
    if not hit.main and not place.listed:
        return False
    return place.population >= (_CITY if only or place.listed else _METROPOLIS)


def is_supported(place: Place, setting: Setting, decided: Iterable[Place]) -> bool:
    """Whether a place would stand by itself: no town, a world city, or one whose country is told of elsewhere."""
    if place.kind != "town" or place.population >= _WORLD_CITY or setting.named[place.country]:
        return True
    others = [other for other in decided if other != place]
    return any(other.country == place.country for other in others) or _nearest(place, others) <= _NEIGHBOUR_KM


def _is_same_spot(one: Place, other: Place) -> bool:
    """Whether two places are a town and the province or district around it, or the same twice."""
    if one.country != other.country:
        return False
    if one.area == other.area and one.kind != other.kind and {one.kind, other.kind} & {"province", "area"}:
        return True
    return distance(one, other) <= (_SAME_SPOT_KM if one.kind != other.kind else 5.0)


def _in_the_same_province(gazetteer: Gazetteer, reading: Reading, containers: Sequence[Container]) -> list[Place]:
    """The one place of the province named next to the mention that has the same consonants."""
    if not containers or len(reading.key) < 5 or len(wanted := consonants(reading.key)) < 3:
        return []
    areas = {outer.area for container in containers for outer in container.places if "." in outer.area}
    alike = [p for area in sorted(areas) for p in gazetteer.within(area) if _sounds_like(p, wanted)]
    return alike if len({place.name for place in alike}) == 1 else []


def _sounds_like(place: Place, wanted: str) -> bool:
    return place.kind in {"town", "area"} and consonants(fold(place.name).removesuffix(" district")) == wanted
