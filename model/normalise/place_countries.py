"""Which countries a text speaks of: their names, adjectives, capitals, and forces that fight on their ground."""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from warwire.model.gazetteer.sources import read_countries
from warwire.model.normalise.place_names import fold

_WORD: Final = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
_MARKS: Final = str.maketrans("-", " ", ".'’")


@lru_cache(maxsize=1 << 14)
def _key(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s").translate(_MARKS).lower()


@lru_cache(maxsize=1)
def _told_by() -> dict[str, str]:
    """Country codes by the words that tell of one; an adjective stands for its plural too."""
    told: dict[str, str] = {}
    for country in read_countries():
        for adjective in country.adjectives:
            told[_key(adjective)] = told[f"{_key(adjective)}s"] = country.code
        for name in (*country.forces, country.capital, *country.names):
            told[_key(name)] = country.code
    told.pop("", None)
    return told


@lru_cache(maxsize=1)
def _opening() -> dict[str, int]:
    """First words of what `_told_by` knows, with the most words that may follow, themselves included."""
    longest: dict[str, int] = {}
    for key in _told_by():
        words = key.split()
        longest[words[0]] = max(len(words), longest.get(words[0], 0))
    return longest


@lru_cache(maxsize=1)
def adjectives() -> dict[str, str]:
    """Country codes by adjective, lower case."""
    return {_key(adjective): country.code for country in read_countries() for adjective in country.adjectives}


@lru_cache(maxsize=1)
def country_keys() -> frozenset[str]:
    """The folded names of all countries."""
    return frozenset(fold(name) for country in read_countries() for name in country.names)


@lru_cache(maxsize=1)
def capitals() -> dict[str, str]:
    """The capital's name by country code."""
    return {country.code: country.capital for country in read_countries() if country.capital}


@lru_cache(maxsize=256)
def country_name(code: str) -> str:
    """The folded first name of a country."""
    return next(fold(country.names[0]) for country in read_countries() if country.code == code)


def count_countries(text: str) -> Counter[str]:
    """How often a text tells of each country, by code. Only words with a capital letter count."""
    told, opening = _told_by(), _opening()
    words = _WORD.findall(text)
    found: Counter[str] = Counter()
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word.islower() or word == word.lower() or word == "Us":
            continue
        longest = opening.get(_key(word).split(" ", 1)[0])
        if longest is None:
            continue
        for length in range(longest, 0, -1):
            code = told.get(" ".join(map(_key, words[position - 1 : position - 1 + length])))
            if code:
                found[code] += 1
                position += length - 1
                break
    return found
