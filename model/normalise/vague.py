"""What vague words (*dozens*, *several*) come to as numbers: the annotation guide's table, ACLED's, or a user's own.

The guide's table says what the words promise: *dozens* are two dozen or more. ACLED writes one number, the most
conservative (its guide to fatalities: 10 for *tens*, 12 for *dozens*, 100 for *hundreds*, "and so on"); where it is
silent, as for *several*, the guide's reading is kept. A user's table is a text file of lines `word<TAB>min<TAB>max`,
max left out or empty where open; `#` starts a comment. Words that it leaves out keep the guide's reading.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warwire.annotations.errors import InputError
from warwire.model.normalise.numerals import LARGEST, SCALES, fold, read_numeral


@dataclass(frozen=True, slots=True)
class VagueTable:
    """Words, folded and without their article, each with its least and greatest number; None means open.

    Raises:
        ValueError: a range is empty or negative.
    """

    name: str
    entries: tuple[tuple[str, int, int | None], ...]

    def __post_init__(self) -> None:
        for word, low, high in self.entries:
            if low < 0 or (high is not None and high < low):
                raise ValueError(f"{word!r}: empty or negative range {low}..{high}")

    def range_of(self, word: str) -> tuple[int, int | None] | None:
        """Least and greatest number of a folded word, None where the table lacks it."""
        return next(((low, high) for entry, low, high in self.entries if entry == word), None)

    def over(self, base: "VagueTable") -> "VagueTable":
        """This table, with the words of another that it lacks."""
        words = {word for word, _, _ in self.entries}
        return VagueTable(self.name, self.entries + tuple(entry for entry in base.entries if entry[0] not in words))


_SMALL: Final = (("several", 3, None), ("few", 3, None), ("handful", 3, None))

GUIDE: Final = VagueTable(
    "guide", (*_SMALL, ("tens", 20, None), *((f"{name}s", 2 * value, None) for name, value in SCALES.items()))
)
"""Section 5 of the annotation guide: plurals are twice their word and up."""

ACLED: Final = VagueTable(
    "acled", (*_SMALL, ("tens", 10, 10), *((f"{name}s", value, value) for name, value in SCALES.items()))
)
"""ACLED's way of coding reported fatalities: one number, the least that the word allows."""

_ARTICLE: Final = re.compile(r"an? (?=.)")
_WHOLE: Final = re.compile(r"[0-9]{1,11}")
_LARGEST_FILE: Final = 1_000_000
_REMEDY: Final = "write a word, a tab, its least number, a tab, and its greatest number (nothing where it is open)"


def vague_table(choice: str) -> VagueTable:
    """The table that a user names: `guide`, `acled`, or the path of a file.

    Raises:
        InputError: the file cannot be read or breaks the format; the message names file, line and remedy.
    """
    named = {table.name: table for table in (GUIDE, ACLED)}
    return named.get(choice) or read_vague_table(Path(choice))


def read_vague_table(path: Path) -> VagueTable:
    """A user's table over the guide's, named after its file.

    Raises:
        InputError: the file cannot be read, breaks the format, or is empty.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path}: too large for a table of vague words: {_REMEDY}")
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text: save the table of vague words as UTF-8") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: {reason}: name guide, acled, or a readable table of vague words") from error
    entries: dict[str, tuple[int, int | None]] = {}
    for number, line in enumerate(lines, 1):
        content = line.partition("#")[0].rstrip()
        if not content.strip():
            continue
        word, low, high = _entry(content, f"{path}:{number}")
        if word in entries:
            raise InputError(f"{path}:{number}: {word!r} is there twice: keep one line for it")
        entries[word] = (low, high)
    if not entries:
        raise InputError(f"{path}: no words in it: {_REMEDY}")
    own = VagueTable(path.stem, tuple((word, low, high) for word, (low, high) in entries.items()))
    return own.over(GUIDE)


def _entry(content: str, place: str) -> tuple[str, int, int | None]:
    fields = [field.strip() for field in content.split("\t")]
    if not 2 <= len(fields) <= 3 or not fields[0]:
        raise InputError(f"{place}: {content.strip()[:60]!r} is no entry: {_REMEDY}")
    word = _ARTICLE.sub("", fold(fields[0]), count=1)
    if not word or read_numeral(word) is not None:
        raise InputError(f"{place}: {fields[0][:60]!r} is no vague word: leave the line out")
    for field in filter(None, fields[1:]):
        if not _WHOLE.fullmatch(field) or int(field) > LARGEST:
            raise InputError(f"{place}: {field[:60]!r} is no whole number up to {LARGEST}: {_REMEDY}")
    if not fields[1]:
        raise InputError(f"{place}: {word!r} lacks its least number: {_REMEDY}")
    low, high = int(fields[1]), int(fields[2]) if fields[2:] and fields[2] else None
    if high is not None and high < low:
        raise InputError(f"{place}: {word!r} runs from {low} down to {high}: put the least number first")
    return word, low, high
