"""Class and model of a weapon from the surface of a WEAPON span, by the catalogue in `model/catalogue`.

The model is the longest name of the catalogue that starts at a word, the first where several follow each other
(*Kh-101 and Kh-555 cruise missiles*), but of two of different classes the one that the head noun means (*MiG-31K
Kinzhal missiles*). Variants are their model (*T-72B3*: T-72); an unknown number behind a name is another model
(*AK-999*). Class and model tell of one thing: a model keeps its class whatever it fires (*S-300 missiles*:
air_defence), save that missiles, rockets and bombs of an aircraft, a vehicle or a ship are weapons of their own (*F-16
bombs*: air_bomb, no model).

Without a model the head noun decides, the last before a preposition: *anti-ship missiles*, *bomb-laden drones*.
Shells, rounds, launchers and the like are of the class of the word before them (*mortar shells*, *rocket launcher*).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from warwire.model.catalogue.table import CLASSES, Piece, Weapon, index, pieces_of


@dataclass(frozen=True, slots=True)
class WeaponValue:
    """Class (of `CLASSES`) and model (a name of the catalogue); None where the words do not tell.

    Raises:
        ValueError: the class is unknown, or there is a model without a class.
    """

    weapon_class: str | None
    model: str | None

    def __post_init__(self) -> None:
        if self.weapon_class is None and self.model is not None:
            raise ValueError(f"model {self.model!r} without a class")
        if self.weapon_class is not None and self.weapon_class not in CLASSES:
            raise ValueError(f"unknown class of weapon {self.weapon_class!r}")


@dataclass(frozen=True, slots=True)
class _Match:
    """A row of the catalogue and the pieces start..end of the surface that name it."""

    weapon: Weapon
    start: int
    end: int


_LONGEST: Final = 200  # characters; no name of a weapon is longer
_FLYING: Final = frozenset({"cruise_missile", "ballistic_missile", "missile", "rocket", "air_bomb"})
_CARRIERS: Final = frozenset({"aircraft", "helicopter", "tank", "armoured_vehicle", "ship"})
_KIN: Final = tuple(
    frozenset(classes.split())
    for classes in (
        "cruise_missile ballistic_missile missile rocket air_defence",
        "cruise_missile missile rocket air_bomb drone",
        "rocket artillery mortar small_arms missile",
        "tank armoured_vehicle artillery air_defence rocket",
        "drone aircraft helicopter",
        "drone ship",
        "aircraft air_defence",
        "mine_or_ied air_bomb artillery",
    )
)
"""Classes between which reports do not tell strictly: a name of one before a noun of another is still that name."""

_CONJUNCTIONS: Final = frozenset({"and", "or"})
_BREAKS: Final = _CONJUNCTIONS.union(
    "of with for from in on at by to type called named known equipped fitted carrying armed mounted aboard "
    "including such like that which packed loaded laden filled containing attached used against".split()
)
_ARTICLE: Final = re.compile(r"\s*(?:an?|the)\s+", re.IGNORECASE)
_CALIBRE: Final = re.compile(
    r"\b([0-9]{1,2}[.,][0-9]{1,2}\b|[0-9]+(?=[\s-]*(?:mm|millimet(?:er|re)s?)\b))|(\.[0-9]{2,3})\b", re.IGNORECASE
)
_WEIGHT: Final = re.compile(
    r"[0-9][0-9,.]*[\s-]*(?:lbs?|pounds?|pounders?|kgs?|kilos?|kilograms?|kilogrammes?|tons?|tonnes?)\b", re.IGNORECASE
)
_MORTARS: Final = frozenset({51.0, 60.0, 81.0, 82.0})
_MORTAR_OR_GUN: Final = 120.0
_LARGEST_SMALL_ARM: Final = 15.0  # mm; 14.5 mm is the largest calibre of machine guns
_SMALLEST_BOMB_WEIGHT: Final = 3  # digits: 100 kg or lb and more is dropped from aircraft


def normalise_weapon(surface: str) -> WeaponValue:
    """Class and model of the weapon that a WEAPON span names."""
    return _normalise(surface[:_LONGEST])


@lru_cache(maxsize=16384)
def _normalise(surface: str) -> WeaponValue:
    pieces = pieces_of(surface[article.end() if (article := _ARTICLE.match(surface)) else 0 :])
    matches = tuple(_matches(pieces))
    head = _head(pieces, matches, surface)
    models = [match for match in matches if match.weapon.kind == "model"]
    chosen = next((match for match in models if _akin(match.weapon.weapon_class, head)), None) or next(
        iter(models), None
    )
    if chosen is None or not _holds(chosen, pieces, head):
        return WeaponValue(head, None)
    return WeaponValue(chosen.weapon.weapon_class, chosen.weapon.name)


def _matches(pieces: Sequence[Piece]) -> Iterator[_Match]:
    """The longest names that start at a word, from left to right, without overlaps."""
    weapons, longest = index().weapons, index().longest
    at = 0
    while at < len(pieces):
        found = None
        if not pieces[at].glued:
            for end in range(min(at + longest.get(pieces[at].word, 0), len(pieces)), at, -1):
                weapon = weapons.get(" ".join(piece.word for piece in pieces[at:end]))
                if weapon is not None and _ends(weapon, pieces, end):
                    found = _Match(weapon, at, end)
                    break
        if found is not None:
            yield found
        at = found.end if found else at + 1


def _ends(weapon: Weapon, pieces: Sequence[Piece], end: int) -> bool:
    """Whether a name can end there: no letters are cut off a word, and no number tells it from another model."""
    if end == len(pieces) or not pieces[end].joined:
        return True
    if weapon.kind != "model":
        return not pieces[end].glued
    number_follows = pieces[end].word.isdigit() and not pieces[end - 1].word.isdigit()
    return not (number_follows and any(map(str.isdigit, weapon.name)))


def _head(pieces: Sequence[Piece], matches: Sequence[_Match], surface: str) -> str | None:
    """The class that the nouns tell: of the first part of the phrase that has any, with what hangs on a loose one."""
    nouns = [match for match in matches if match.weapon.kind != "model"]
    named = len(nouns) < len(matches)
    loose: Weapon | None = None
    for start, end in pairwise(_bounds(pieces)):
        within = [noun.weapon for noun in nouns if start <= noun.start < end]
        if loose is not None and pieces[start].word in _CONJUNCTIONS:
            break
        strict = [weapon for weapon in within if weapon.kind == "generic"]
        if strict:
            return _weighed(strict[-1], surface)
        loose = loose or (within[-1] if within else None)
    if named:
        return None
    return _by_calibre(surface, loose) or (loose.weapon_class if loose else None)


def _bounds(pieces: Sequence[Piece]) -> list[int]:
    """Where the parts of a phrase begin and end: at conjunctions, prepositions and participles."""
    breaks = (at for at, piece in enumerate(pieces) if piece.word in _BREAKS and not piece.joined and at)
    return [0, *breaks, len(pieces)]


def _weighed(noun: Weapon, surface: str) -> str:
    """The class of a noun; a bomb whose weight is told comes from the air, save small and home-made ones."""
    weight = _WEIGHT.search(surface) if noun.name == "bomb" else None
    digits = sum(map(str.isdigit, weight[0])) if weight else 0
    return "air_bomb" if digits >= _SMALLEST_BOMB_WEIGHT else noun.weapon_class


def _by_calibre(surface: str, noun: Weapon | None = None) -> str | None:
    """The class that a calibre tells, of a gun or its rounds; None for nouns of other classes."""
    found = _CALIBRE.search(surface)
    if found is None or (noun is not None and noun.weapon_class not in ("artillery", "small_arms", "other")):
        return None
    calibre = float(found[1].replace(",", ".")) if found[1] else 25.4 * float(found[2][:4])
    if calibre <= _LARGEST_SMALL_ARM:
        return "small_arms"
    return "mortar" if calibre in _MORTARS or (calibre == _MORTAR_OR_GUN and noun is None) else "artillery"


def _akin(weapon_class: str, head: str | None) -> bool:
    """Whether a report may call a weapon of the class by a noun of the class `head`."""
    return head in (None, "other", weapon_class) or any(weapon_class in kin and head in kin for kin in _KIN)


def _holds(match: _Match, pieces: Sequence[Piece], head: str | None) -> bool:
    """Whether a name is meant: a word that is also an animal's is not, before a noun of another class."""
    if _akin(match.weapon.weapon_class, head):
        return True
    if match.weapon.weapon_class in _CARRIERS and head in _FLYING:
        return False
    return any(piece.word.isdigit() for piece in pieces[match.start : match.end])
