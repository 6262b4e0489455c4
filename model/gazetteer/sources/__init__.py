"""The project's own tables of places: countries, provinces' English names, and places known from conflicts."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its names (the first is shown), its adjectives, and forces that fight mainly on its ground."""

    code: str
    geonames_id: int
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    capital: str
    forces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A row of conflict_places.tsv; `country` is empty for a sea or a region of several countries."""

    name: str
    other_names: tuple[str, ...]
    country: str
    precision: str
    lat: float
    lon: float


@lru_cache(maxsize=1)
def read_countries() -> tuple[Country, ...]:
    """The rows of countries.tsv."""
    return tuple(
        Country(code, int(number or 0), _split(names), _split(adjectives), capital, _split(forces))
        for code, number, names, adjectives, capital, forces in _rows("countries.tsv")
    )


def read_listed_places() -> tuple[ListedPlace, ...]:
    """The rows of conflict_places.tsv."""
    return tuple(
        ListedPlace(name, _split(others), country, precision, float(lat), float(lon))
        for name, others, country, precision, lat, lon in _rows("conflict_places.tsv")
    )


def read_province_names() -> dict[str, tuple[str, ...]]:
    """Further names of provinces by their GeoNames code, as `AF.27`."""
    return {code: _split(names) for code, names in _rows("provinces.tsv")}


def _rows(file: str) -> list[list[str]]:
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").split("\n")[1:]
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()
