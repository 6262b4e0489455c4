"""The committed tables of parties, read once: names to sides, and the words that tell what kind of speaker speaks.

A *side* is an ISO 3166 alpha-2 code or the canonical name of a group in `groups.tsv`. Names are compared by their
folded words (`words_of`): lower case, without accents, dots, apostrophes and the *s* of plurals and possessives, so
that *Houthis*, *the Houthis'* and *Houthi* are one name, and so are *Syria's* and a report's misspelt *Syrias*.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

DEFAULT: Final = "-"
"""Stands in the country column of `ambiguous.tsv` for the reports of every other country."""

_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’`´][^\W_]+)*")
_APOSTROPHES: Final = re.compile(r"['’`´]")
_POSSESSIVE: Final = re.compile(r"['’`´]s$", re.IGNORECASE)
_KEEPS_S: Final = frozenset({"isis", "press", "ross", "chess", "congress", "business"})
_LONGEST_ACRONYM: Final = 4


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for. `sides` maps the country of a report to a side, DEFAULT to that of any other.

    `sort` is country (the state and its people), seat (a capital or a house of government), force (of a state), group,
    leader, body, or ambiguous. An `acronym` is found only where the text writes it with a capital.
    """

    sort: str
    sides: dict[str, str]
    acronym: bool = False

    @property
    def side(self) -> str | None:
        """The side outside any context."""
        return self.sides.get(DEFAULT)

    def side_in(self, countries: Iterable[str]) -> str | None:
        """The side in a report about some countries, the most mentioned first."""
        return next((self.sides[country] for country in countries if country in self.sides), self.side)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Values by the folded words of their names, joined by a space; `longest` has the most words by the first word.

    With `capitals`, names of one word are found only where the text writes them with a capital.
    """

    entries: dict[str, Name] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    capitals: bool = False


@lru_cache(maxsize=32768)
def fold_word(word: str) -> str:
    """One word in the form in which the tables are compared; *s* at its end goes, except in short acronyms."""
    if not word.isascii():
        word = "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
    bare = _APOSTROPHES.sub("", _POSSESSIVE.sub("", word)).replace(".", "")
    lower = bare.lower()
    acronym = bare.isupper() and len(bare) <= _LONGEST_ACRONYM
    if acronym or len(lower) < 4 or lower in _KEEPS_S or not lower.endswith("s"):
        return lower
    return lower[:-1]


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text as written; hyphens and slashes part words, the dots of *U.S.* do not."""
    return tuple(_WORD.findall(text))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(map(fold_word, _WORD.findall(text)))


@lru_cache(maxsize=16)
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of this folder; lines that start with # are comments. Cells are stripped."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return tuple(
        tuple(cell.strip() for cell in line.split("\t"))
        for line in text.split("\n")
        if line.strip() and not line.startswith("#")
    )


def names_in(cell: str) -> list[str]:
    """The names of a cell."""
    return [name for part in cell.split(";") if (name := part.strip())]


@lru_cache(maxsize=1)
def sides() -> Lexicon:
    """Every name that has a side."""
    lexicon = Lexicon()
    for alias, country, side in rows("ambiguous.tsv"):
        name = lexicon.entries.get(key := " ".join(words_of(alias)))
        if name is None:
            _add(lexicon, key, Name("ambiguous", {country: side}, _is_acronym(alias)))
        else:
            name.sides.setdefault(country, side)
    for code, *cells in rows("countries.tsv"):
        for sort, cell in zip(("country", "country", "seat", "force"), cells, strict=False):
            _add_all(lexicon, names_in(cell), sort, code)
    for group, _, *cells in rows("groups.tsv"):
        _add_all(lexicon, [group, *names_in("".join(cells))], "group", group)
    for leader, side, *cells in rows("leaders.tsv"):
        _add_all(lexicon, [leader, *names_in("".join(cells))], "leader", side)
    for body, _, *cells in rows("bodies.tsv"):
        side = cells[0] if cells else ""
        _add_all(lexicon, [body, *names_in("".join(cells[1:]))], "body", side)
    return lexicon


@lru_cache(maxsize=1)
def group_countries() -> dict[str, tuple[str, ...]]:
    """The countries in which each armed group fights, the first its own."""
    return {group: tuple(filter(None, countries.split(","))) for group, countries, *_ in rows("groups.tsv")}


@lru_cache(maxsize=1)
def body_kinds() -> Lexicon:
    """The kind of speaker of each named body; the `sort` of an entry is its kind."""
    lexicon = Lexicon(capitals=True)
    for body, kind, *cells in rows("bodies.tsv"):
        _add_all(lexicon, [body, *names_in("".join(cells[1:]))], kind, "")
    return lexicon


@lru_cache(maxsize=1)
def speaker_words() -> Lexicon:
    """Words that tell the kind of a speaker; the `sort` of an entry is its kind, its side topic or role."""
    lexicon = Lexicon()
    for kind, rank, words in rows("speaker_words.tsv"):
        _add_all(lexicon, names_in(words), kind, rank, plain=True)
    return lexicon


def longest_match(
    lexicon: Lexicon, folded: tuple[str, ...], written: tuple[str, ...], at: int
) -> tuple[Name, int] | None:
    """The entry with the most words that starts at a word, and how many words it has."""
    for length in range(min(lexicon.longest.get(folded[at], 0), len(folded) - at), 0, -1):
        name = lexicon.entries.get(" ".join(folded[at : at + length]) if length > 1 else folded[at])
        if name is not None and (length > 1 or not name.acronym or _capitalised(written[at])):
            return name, length
    return None


def _capitalised(word: str) -> bool:
    bare = word.replace(".", "")
    return bare[:1].isupper() and (len(bare) > 3 or bare.isupper() or bare[:2].isupper())


def _is_acronym(alias: str) -> bool:
    return len(alias) <= 6 and " " not in alias and sum(map(str.isupper, alias)) >= 2


def _add_all(lexicon: Lexicon, aliases: list[str], sort: str, side: str, *, plain: bool = False) -> None:
    """Names of one thing. Single words of bodies and leaders (*Times*, *Rice*) are words too: they need a capital."""
    named = {DEFAULT: side} if side else {}
    loose, strict = Name(sort, named), Name(sort, named, acronym=True)
    by_capital = sort in ("leader", "body") or lexicon.capitals
    for alias in aliases:
        capital = not plain and (_is_acronym(alias) or by_capital)
        _add(lexicon, " ".join(words_of(alias)), strict if capital else loose)


def _add(lexicon: Lexicon, key: str, name: Name) -> None:
    lexicon.entries.setdefault(key, name)
    first, _, rest = key.partition(" ")
    lexicon.longest[first] = max(lexicon.longest.get(first, 0), rest.count(" ") + 1 + bool(rest))
