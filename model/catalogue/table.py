"""The catalogue of weapons, read once: names and aliases by their folded words.

Names are compared by runs of letters and runs of digits, so that *Kh-101*, *Kh101* and *KH 101* are one name, and
*T-72B3* starts with *T-72*. Accents, dots, quotes and hyphens do not count; Cyrillic letters that look like Latin ones
are read as those, save С as S (*С-300*); American spelling is read as British.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

CLASSES: Final = (
    "drone",
    "cruise_missile",
    "ballistic_missile",
    "missile",
    "rocket",
    "artillery",
    "mortar",
    "air_bomb",
    "small_arms",
    "mine_or_ied",
    "tank",
    "armoured_vehicle",
    "aircraft",
    "helicopter",
    "ship",
    "air_defence",
    "other",
)
"""The classes of weapons; `missile` is one whose way of flying is not said."""

KINDS: Final = ("model", "generic", "loose")
"""A model has a name; a generic word has a class; a loose one has it only where no word before it has another."""

_COLUMNS: Final = ("kind", "class", "name", "aliases", "origin", "source")
_PIECE: Final = re.compile(r"[^\W\d_]+|[0-9]+")
_MADE: Final = re.compile(r"\b(home|hand)made\b")
_JOINTS: Final = frozenset(("", "-", "‐", "‑", "–", "−"))
_LOOKALIKES: Final = str.maketrans("АВСЕНІКМОРТХавсеікорхıøłđ", "ABSEHIKMOPTXabseikopxiold")
_SPELLING: Final = {
    "armored": "armoured",
    "armor": "armour",
    "defense": "defence",
    "defenses": "defences",
    "caliber": "calibre",
    "calibers": "calibres",
    "millimeter": "mm",
    "millimetre": "mm",
    "pilotless": "unmanned",
    "uncrewed": "unmanned",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters or digits, folded; `joined` tells that nothing but hyphens parts it from the one before,
    `glued` that nothing at all does."""

    word: str
    joined: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class Weapon:
    """A row of the catalogue.

    Raises:
        ValueError: kind or class unknown.
    """

    kind: str
    weapon_class: str
    name: str
    aliases: tuple[str, ...]
    origin: str
    source: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: unknown kind of row {self.kind!r}")
        if self.weapon_class not in CLASSES:
            raise ValueError(f"{self.name}: unknown class of weapon {self.weapon_class!r}")


@dataclass(frozen=True, slots=True)
class Index:
    """Weapons by the folded words of their names, joined by a space; `longest` has the most words by the first word."""

    weapons: dict[str, Weapon]
    longest: dict[str, int]


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The runs of letters and digits of a text, in order."""
    folded = _fold(text)
    pieces: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(folded):
        between = folded[end : match.start()] if pieces else " "
        pieces.append(Piece(_SPELLING.get(match[0], match[0]), between in _JOINTS, not between))
        end = match.end()
    return tuple(pieces)


def key_of(name: str) -> str:
    """The form in which names are compared: the words of `pieces_of`, joined by a space."""
    return " ".join([_SPELLING.get(word, word) for word in _PIECE.findall(_fold(name))])


def _fold(text: str) -> str:
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES))
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _MADE.sub(r"\1-made", text.lower())


@lru_cache(maxsize=1)
def catalogue() -> tuple[Weapon, ...]:
    """Every row of `weapons.tsv`; lines that start with # are comments.

    Raises:
        ValueError: a row has another number of cells than the table has columns, or a kind or class is unknown.
    """
    text = Path(__file__).with_name("weapons.tsv").read_text(encoding="utf-8")
    return tuple(_weapon(line) for line in text.split("\n") if line.strip() and not line.startswith("#"))


def _weapon(line: str) -> Weapon:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != len(_COLUMNS):
        raise ValueError(f"{len(cells)} cells where {len(_COLUMNS)} are expected: {line!r}")
    kind, weapon_class, name, aliases, origin, source = cells
    return Weapon(kind, weapon_class, name, tuple(filter(None, map(str.strip, aliases.split("|")))), origin, source)


@lru_cache(maxsize=1)
def index() -> Index:
    """Every name and alias, then plurals and forms in one word (*machinegun*) that are not names themselves."""
    weapons: dict[str, Weapon] = {}
    for weapon in catalogue():
        for alias in (weapon.name, *weapon.aliases):
            weapons.setdefault(key_of(alias), weapon)
    for make in (_plural, _in_one_word):
        for key, weapon in tuple(weapons.items()):
            if made := make(key):
                weapons.setdefault(made, weapon)
    longest: dict[str, int] = {}
    for key in weapons:
        first, _, rest = key.partition(" ")
        longest[first] = max(longest.get(first, 0), len(rest.split()) + 1)
    return Index(weapons, longest)


def _plural(key: str) -> str | None:
    last = key.rpartition(" ")[2]
    if not last.isalpha() or len(last) < 2 or (last.endswith("s") and not last.endswith("ss")):
        return None
    if last.endswith("y") and last[-2] not in "aeiou":
        return f"{key[:-1]}ies"
    return f"{key}es" if last.endswith(("ss", "sh", "ch", "x")) else f"{key}s"


def _in_one_word(key: str) -> str | None:
    return key.replace(" ", "") if " " in key and key.replace(" ", "").isalpha() else None
