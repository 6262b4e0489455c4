"""The table of places as one file that is mapped into memory and never parsed as a whole.

    head      magic, then eight little-endian uint32: number of places, bits of a bucket number, and the offsets
              of the places, their names, the bucket index, the buckets, the notes, and the end of the file
    places    24 bytes each (`_PLACE`), sorted by area, so that the places of a province lie together
    names     the display names one after another, UTF-8
    index     uint32 for each bucket: where it starts; one more for the end
    buckets   the keys whose CRC-32 has the bucket's number in its low bits, each as a line break, the key, a tab and
              the numbers of its places, separated by spaces; an `a` follows a place of which it is another name
    notes     JSON: the codes of the areas with the place each begins at, and how far each country spreads

A look-up reads one bucket of about a hundred bytes.
"""

import json
import mmap
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zlib import crc32

KINDS: Final = ("country", "province", "area", "town", "site", "region")
"""What a place is: a country; its first division; a part of that (a district, a valley, a quarter); a town or
village; a single spot (a base, a plant, a camp, a crossing); a sea or a land of no fixed rank."""

MAGIC: Final = b"WWPLACE1"
_HEAD: Final = struct.Struct("<8s8I")
_PLACE: Final = struct.Struct("<IiiIIHBB")
_DEGREE: Final = 100_000
_LISTED, _CAPITAL, _COARSE = 1, 2, 4
_BITS: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the table; `area` is its first division (`UA.05`), the country alone (`UA`), or empty.

    `lat` and `lon` are in degrees; `geonames_id` and `population` are 0 where unknown. `listed` places are those of
    the project's own list of conflict places; of a `coarse` one only the province's coordinates are known.
    """

    name: str
    area: str
    kind: str
    lat: float
    lon: float
    geonames_id: int = 0
    population: int = 0
    listed: bool = False
    capital: bool = False
    coarse: bool = False

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2 code, XK for Kosovo; empty for a sea or a region of several countries."""
        return self.area[:2]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found under a key, and whether the key is its main name."""

    place: Place
    main: bool


class Gazetteer:
    """Places by the keys of their names; safe to share between threads and across a fork."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Read the head and the notes.

        Raises:
            ValueError: the data is no table of places, or was cut short.
        """
        if len(data) < _HEAD.size or data[: len(MAGIC)] != MAGIC:
            raise ValueError("no table of places: it does not start with " + MAGIC.decode())
        head: tuple[int, ...] = _HEAD.unpack_from(data)[1:]
        self._count, bits, self._places, self._names, self._index, self._buckets, notes, end = head
        if len(data) != end:
            raise ValueError(f"the table of places has {len(data)} bytes instead of {end}")
        self._data = data
        self._mask = (1 << bits) - 1
        read: dict[str, Any] = json.loads(data[notes:end])
        self._areas: list[str] = read["areas"]
        self._first: dict[str, tuple[int, int]] = {
            area: (first, last)
            for area, first, last in zip(self._areas, read["first"], [*read["first"][1:], self._count], strict=True)
        }
        self.spread: Mapping[str, Sequence[float]] = read["spread"]
        """Standard deviation in degrees of latitude and longitude of a country's places, by its code."""

    def __len__(self) -> int:
        return self._count

    def place(self, number: int) -> Place:
        """The place of a number from 0 to len - 1."""
        return _place(self, number)

    def read(self, number: int) -> Place:
        """The same without a cache."""
        offset = self._places + number * _PLACE.size
        geonames_id, lat, lon, population, name, area, kind, flags = _PLACE.unpack_from(self._data, offset)
        last = number + 1 == self._count
        end = self._index - self._names if last else _PLACE.unpack_from(self._data, offset + _PLACE.size)[4]
        return Place(
            name=self._data[self._names + name : self._names + end].decode(),
            area=self._areas[area],
            kind=KINDS[kind],
            lat=lat / _DEGREE,
            lon=lon / _DEGREE,
            geonames_id=geonames_id,
            population=population,
            listed=bool(flags & _LISTED),
            capital=bool(flags & _CAPITAL),
            coarse=bool(flags & _COARSE),
        )

    def find(self, key: str) -> tuple[Hit, ...]:
        """The places with this key among those of their names."""
        return _find(self, key)

    def within(self, area: str) -> tuple[Place, ...]:
        """All places of one area."""
        return _within(self, area)

    def bucket(self, key: bytes) -> bytes:
        """The lines of the bucket that a key belongs to."""
        start, end = struct.unpack_from("<II", self._data, self._index + 4 * (crc32(key) & self._mask))
        return self._data[self._buckets + start : self._buckets + end]

    def numbers(self, area: str) -> range:
        """The numbers of the places of an area."""
        return range(*self._first.get(area, (0, 0)))


@lru_cache(maxsize=1 << 14)
def _place(gazetteer: Gazetteer, number: int) -> Place:
    return gazetteer.read(number)


@lru_cache(maxsize=1 << 14)
def _find(gazetteer: Gazetteer, key: str) -> tuple[Hit, ...]:
    line = b"\n" + key.encode() + b"\t"
    bucket = gazetteer.bucket(line[1:-1])
    start = bucket.find(line)
    if start < 0 or not key:
        return ()
    start += len(line)
    end = bucket.find(b"\n", start)
    found = bucket[start : end if end >= 0 else None].decode().split(" ")
    return tuple(Hit(gazetteer.place(int(number.rstrip("a"))), not number.endswith("a")) for number in found)


@lru_cache(maxsize=64)
def _within(gazetteer: Gazetteer, area: str) -> tuple[Place, ...]:
    return tuple(gazetteer.read(number) for number in gazetteer.numbers(area))


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """The table that comes with the package, mapped into memory."""
    with (Path(__file__).parent / "places.bin").open("rb") as file:
        return Gazetteer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def write_table(
    places: Sequence[tuple[Place, Iterable[str], Iterable[str]]], spread: Mapping[str, Sequence[float]]
) -> bytes:
    """The file's bytes for places, each with the keys of its main names and of its other names."""
    ordered = sorted(places, key=lambda entry: (entry[0].area, entry[0].kind, entry[0].name, entry[0].geonames_id))
    areas = sorted({place.area for place, _, _ in ordered})
    number_of = {area: number for number, area in enumerate(areas)}
    first: dict[str, int] = {}
    records, names, lines = bytearray(), bytearray(), dict[str, list[str]]()
    for number, (place, main, other) in enumerate(ordered):
        first.setdefault(place.area, number)
        flags = _LISTED * place.listed + _CAPITAL * place.capital + _COARSE * place.coarse
        where = round(place.lat * _DEGREE), round(place.lon * _DEGREE), place.population
        kind = KINDS.index(place.kind)
        records += _PLACE.pack(place.geonames_id, *where, len(names), number_of[place.area], kind, flags)
        names += place.name.encode()
        chosen = dict.fromkeys(main)
        for key in chosen:
            lines.setdefault(key, []).append(str(number))
        for key in dict.fromkeys(other):
            if key not in chosen:
                lines.setdefault(key, []).append(f"{number}a")
    index, buckets = _pack_buckets(lines)
    notes = json.dumps({"areas": areas, "first": [first[area] for area in areas], "spread": spread}).encode()
    sections = (bytes(records), bytes(names), index, buckets, notes)
    offsets = [_HEAD.size]
    for section in sections:
        offsets.append(offsets[-1] + len(section))
    return _HEAD.pack(MAGIC, len(ordered), _BITS, *offsets) + b"".join(sections)


def _pack_buckets(lines: Mapping[str, Sequence[str]]) -> tuple[bytes, bytes]:
    buckets: list[list[bytes]] = [[] for _ in range(1 << _BITS)]
    for key in sorted(lines):
        packed = key.encode()
        buckets[crc32(packed) & ((1 << _BITS) - 1)].append(b"\n" + packed + b"\t" + " ".join(lines[key]).encode())
    joined = [b"".join(bucket) for bucket in buckets]
    starts, position = [], 0
    for bucket in joined:
        starts.append(position)
        position += len(bucket)
    return struct.pack(f"<{len(starts) + 1}I", *starts, position), b"".join(joined)
