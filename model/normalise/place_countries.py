"""Which countries a text speaks of: their names, adjectives, capitals, and forces that fight on their ground."""

import re
from collections import Counter
from functools import lru_cache
from itertools import chain
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


@lru_cache(maxsize=1 << 15)
def _words_of(chunk: str) -> tuple[tuple[str, int], ...]:
    """The words between two white spaces, each with what `_most_words` says of it."""
    return tuple((word, _most_words(word)) for word in _WORD.findall(chunk))


def _most_words(word: str) -> int:
    """The most words of what tells of a country that a word may open, itself included; 0 where it opens nothing."""
    if word.islower() or word == word.lower() or word == "Us":
        return 0
    return _opening().get(_key(word).split(" ", 1)[0], 0)


def count_countries(text: str) -> Counter[str]:
    """How often a text tells of each country, by code. Only words with a capital letter count."""
    told = _told_by()
    words = list(chain.from_iterable(map(_words_of, text.split())))
    found: Counter[str] = Counter()
    read = 0  # words up to here are part of a name
    for position, (_, longest) in enumerate(words):
        if not longest or position < read:
            continue
        keys = [_key(word) for word, _ in words[position : position + longest]]
        for length in range(len(keys), 0, -1):
            code = told.get(" ".join(keys[:length]))
            if code:
                found[code] += 1
                read = position + length
                break
    return found
