"""What the words of a PLACE span say besides a name: *Helmand Province's Nad Ali district*, *port of Odesa*.

A span has several readings, best first: the words as they are, then the name without the words around it. The
words around a name say what rank of place is meant, and sometimes which part of it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from warwire.model.normalise.place_countries import adjectives, country_name
from warwire.model.normalise.place_names import fold

ANY: Final = ""

_NOUNS: Final = {
    "province": "province|region|oblast|governorate|state|republic|krai|kray|prefecture|autonomous region|voblast"
    "|autonomous republic|federal state|people s republic",
    "area": "district|raion|rayon|county|municipality|subdistrict|sub district|township|cercle|woreda|canton|commune"
    "|department|division|local government area|lga|tehsil|tribal district|tribal region|agency|territory|valley|area"
    "|countryside|suburb|outskirt|pocket|front|axis|direction|sector|surroundings|environs|vicinity|barrens"
    "|corridor|plain|plains|salient|bridgehead|front line|frontline|metropolitan area|highlands|urban area",
    "town": "city|town|village|settlement|hamlet|kibbutz|port city|port town|border town|border city|city center"
    "|city centre|downtown|stronghold|oasis",
    "site": "airport|international airport|airbase|air base|airfield|air field|military airport|military airfield"
    "|military base|naval base|army base|air force base|base|garrison|camp|refugee camp|displacement camp|idp camp"
    "|hospital|medical complex|crossing|border crossing|power plant|power station|nuclear power plant|nuclear plant"
    "|nuclear power station|npp|thermal power plant|hydroelectric plant|port|seaport|harbor|harbour|naval port"
    "|dam|prison|jail|university|refinery|oil refinery|oil depot|railway station|train station|bus station"
    "|checkpoint|oil terminal|shipyard|steel plant|chemical plant|dockyard|reservoir|gas field|oil field|oilfield",
    "soil": "soil|territory|territories|airspace|waters|coast|coastline|border|side|mainland|desert|frontier",
}
"""Nouns that stand after a name, or before *of* and a name, by the rank of place they speak of."""

_RANK: Final = {noun: rank for rank, nouns in _NOUNS.items() for noun in nouns.split("|")} | {"territory": "area"}
_LONGEST_NOUN: Final = max(noun.count(" ") + 1 for noun in _RANK)

_SAME_SITE: Final = (
    ("airport", "international airport", "airbase", "air base", "airfield", "air field", "military airport"),
    ("military base", "base", "naval base", "air base", "airbase", "army base", "garrison", "camp"),
    ("camp", "refugee camp", "displacement camp", "idp camp"),
    ("hospital", "medical complex"),
    ("crossing", "border crossing", "checkpoint"),
    ("nuclear power plant", "nuclear plant", "nuclear power station", "npp", "power plant"),
    ("port", "seaport", "harbor", "harbour", "naval base", "naval port"),
)
"""Nouns for one and the same site."""

_PARTS: Final = {
    word: (north, east)
    for words, north, east in (
        ("north|northern|northernmost", 1, 0),
        ("south|southern|southernmost", -1, 0),
        ("east|eastern|easternmost", 0, 1),
        ("west|western|westernmost", 0, -1),
        ("northeast|northeastern|north east|north eastern", 1, 1),
        ("northwest|northwestern|north west|north western", 1, -1),
        ("southeast|southeastern|south east|south eastern", -1, 1),
        ("southwest|southwestern|south west|south western", -1, -1),
        ("central|centre|center", 0, 0),
    )
    for word in words.split("|")
}
_MODIFIERS: Final = frozenset(
    "occupied besieged embattled contested disputed annexed breakaway separatist mainland rural greater inner outer old"
    " downtown historic war torn devastated captured liberated restive volatile blockaded coastal mountainous nearby"
    " neighboring neighbouring held controlled far remote strategic key the city town"
    " village port part parts all much most whole entire former".split()
)
_HOLDERS: Final = frozenset(
    "rebel government regime taliban opposition militant kurdish russian israeli is isis".split()
)
_OF: Final = re.compile(r"^(?P<noun>[a-z ]+?) (?:of|at) (?:the )?(?P<name>.+)$")
_OWNER: Final = re.compile(r"^(?P<owner>.+?)(?:['’]s|s['’]) (?P<name>.+)$")
_FORE: Final = ("city", "town", "village", "port city", "kibbutz", "mount", "camp", "forward operating base", "fob")


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as it may be meant: its key, the rank its noun speaks of, which part, and the place named as its owner.

    `part` is north and east as -1, 0 or 1, None for the whole; `owner` is the key of the place it belongs to.
    """

    key: str
    rank: str = ANY
    part: tuple[int, int] | None = None
    owner: str = ""


@lru_cache(maxsize=1 << 14)
def readings(surface: str) -> tuple[Reading, ...]:
    """The readings of a span's text, best first; none for a name in another script."""
    key = fold(surface)
    if not key or surface == surface.lower():  # a name has a capital letter
        return ()
    owner = _OWNER.match(surface)
    found = [Reading(key), *_read(key)]
    inner, comma, outer = surface.partition(", ")
    if comma:
        found += [Reading(r.key, r.rank, r.part, fold(outer)) for r in _whole_and(fold(inner))]
    if owner and fold(owner["name"]) in _PARTS:
        found.append(Reading(fold(owner["owner"]), part=_PARTS[fold(owner["name"])]))
    elif owner:
        name, holder = fold(owner["name"]), readings(owner["owner"])[-1:]
        found += [Reading(r.key, r.rank, r.part, h.key) for h in holder for r in _whole_and(name)]
    if key.endswith("s") and len(key) > 4:  # an apostrophe was lost
        found += [Reading(r.key, "country", r.part) for r in _whole_and(key[:-1])]
    return tuple(dict.fromkeys(reading for reading in found if reading.key))


def _whole_and(key: str) -> tuple[Reading, ...]:
    return Reading(key), *_read(key)


def _read(key: str) -> list[Reading]:
    """The readings of a key without some of its words."""
    found: list[Reading] = []
    of = _OF.match(key)
    if of:
        part, noun = _take_front(of["noun"])
        rank = _rank(noun)
        if rank:
            found += _ranked(of["name"], noun, rank, part)
        elif not noun:
            found.append(Reading(of["name"], part=part))
    part, rest = _take_front(key)
    if rest != key and rest:
        found += [Reading(rest, part=part), *_without_noun(rest, part)]
    found += _without_noun(key, None)
    for fore in _FORE:
        if key.startswith(f"{fore} "):
            found.append(Reading(key.removeprefix(f"{fore} "), _RANK.get(fore, "site")))
    return found


def _take_front(key: str) -> tuple[tuple[int, int] | None, str]:
    """Take directions and other modifiers off the front."""
    words, part = key.split(" "), None
    while words:
        pair = " ".join(words[:2])
        if pair in _PARTS:
            part, words = _PARTS[pair], words[2:]
        elif words[0] in _PARTS:
            part, words = _PARTS[words[0]], words[1:]
        elif len(words) > 2 and words[0] in _HOLDERS and words[1] in {"held", "controlled", "occupied"}:
            words = words[2:]
        elif words[0] in _MODIFIERS and (len(words) > 1 or part is not None):
            words = words[1:]
        else:
            break
    return part, " ".join(words)


def _rank(noun: str) -> str:
    return _RANK.get(noun) or _RANK.get(noun.removesuffix("s"), "")


def _without_noun(key: str, part: tuple[int, int] | None) -> list[Reading]:
    words = key.split(" ")
    for length in range(min(_LONGEST_NOUN, len(words) - 1), 0, -1):
        noun, name = " ".join(words[-length:]), " ".join(words[:-length])
        rank = _rank(noun)
        if rank:
            return [*_ranked(name, noun, rank, part), *(_without_noun(name, part) if rank == "town" else ())]
    return []


def _ranked(name: str, noun: str, rank: str, part: tuple[int, int] | None) -> list[Reading]:
    if rank == "site":
        alike = dict.fromkeys(other for group in _SAME_SITE if noun in group for other in group)
        named = [Reading(f"{name} {other}", "site") for other in alike]
        return [*named, Reading(name, "site"), Reading(name, "town", part)]
    if rank == "soil" or noun.startswith("territor"):
        code = adjectives().get(name, "")
        if code or rank == "soil":
            return [Reading(country_name(code) if code else name, "country", part)]
    wide = [Reading(name, "area", part)] if noun.startswith("region") else []  # a district in Russian usage
    if noun in ("region", "oblast") and rank == "province":  # Moscow region is not the city of Moscow
        return [Reading(f"{name} oblast", rank, part), Reading(name, rank, part), *wide]
    return [Reading(name, rank, part), *wide]
