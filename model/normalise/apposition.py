"""What a report says a person is: the title before a name, the apposition behind it."""

import re
from functools import lru_cache
from typing import Final

from warwire.model.parties.tables import fold_word, speaker_words

_REACH: Final = 140
"""Code points before and after a name in which its title or apposition stands."""

_BOUNDARY: Final = re.compile(r"[\n;:!?\"“”()\[\]—–•|]|,\s|(?P<word>\b[\w.]*)\.\s")
_ABBREVIATIONS: Final = frozenset(
    """
    mr mrs ms dr gen lt col maj capt cmdr adm brig sgt cpl gov sen rep prof st u.s u.n u.k supt insp rev pres amb hon
    vice rear pfc spc mgr msgr cdr dep det asst cpt ald
    """.split()
)
_HONORIFIC: Final = re.compile(r",\s+((?:[A-Z][\w.]*\s*){1,2})$")
_TITLE_WORDS: Final = frozenset(
    """
    of the for and in at to deputy acting interim former ex retired outgoing then senior top majority minority chief
    first second new
    local regional provincial national federal central main foreign public military civil state city district town
    village country ruling opposition northern southern eastern western press self-styled self-proclaimed armed air
    land naval
    """.split()
)
_BESIDE_ANOTHER: Final = re.compile(r"\b(?:and|or)(?: the)?$")
"""*residents and [officials]*: what stands before is another, no title."""
_LINKS: Final = frozenset("of the for and in at to".split())
_BEHIND: Final = re.compile(
    r"\s*[,(–—-]\s*(?:(?:now\s+)?(?:aged\s+)?(?P<age>[1-9][0-9]?)\s*(?:[,)]|(?=\s(?:a|an)\s)|-year-old)\s*)?"
    r"(?P<words>(?:[^,;:.()\n—–]|\.(?=\w)|(?:(?<=\b[A-Z])|(?<=\b(?:Lt|Dr|St|Mr))"
    r"|(?<=\b(?:Gen|Col|Maj|Sgt|Cpl|Adm|Gov|Sen|Rep))|(?<=\b(?:Capt|Cmdr|Brig|Prof)))\.(?=\s[A-Z]))*)"
)
_SAYS: Final = re.compile(
    r"\b(?:said|says|saying|told|tells|wrote|writes|added|adds|reported|reports|posted|announced|warned|confirmed"
    r"|claimed|called|denied)\b"
)
_VERB: Final = re.compile(r"\b(?:was|were|is|are|has|had|have|will|would|did|could)\b")
_OFFICE_OF: Final = re.compile(r"who (?:is|heads|leads|speaks|commands|runs|works|oversees|chairs|represents)\b")
_DETERMINERS: Final = frozenset("a an the our his her their its my one".split())

_PARTICLE: Final = re.compile(r"^(?:al|el|bin|abu)-", re.IGNORECASE)
_PARTICLE_BEFORE: Final = re.compile(r"\b(?:al|el|bin|abu|van|de|von)[ -]$", re.IGNORECASE)


def title_before(text: str, start: int) -> str:
    """The words of a title right before a name: *Health ministry spokesman*, *Ukraine's prime minister,*."""
    before = text[max(0, start - _REACH) : start].rstrip()
    return _title_of(before) if before and text[start - 1] != "\n" else ""


@lru_cache(maxsize=2048)
def _title_of(before: str) -> str:
    """The title that words end with; the spans of a document ask for the same one several times."""
    if before.endswith(","):
        before = before[:-1]
    before = _HONORIFIC.sub(r" \1", before)
    boundary = 0
    for match in _BOUNDARY.finditer(f"{before} "):
        word = match["word"]
        if word is None or (len(word) > 1 and word.lower() not in _ABBREVIATIONS):
            boundary = match.end()
    words = before[boundary:].split()
    first = len(words)
    while first and _belongs_to_title(words[first - 1]):
        first -= 1
    while first < len(words) and words[first].lower() in _LINKS:
        first += 1
    if _BESIDE_ANOTHER.search(before):
        return ""
    return " ".join(words[first:])


@lru_cache(maxsize=8192)
def _belongs_to_title(word: str) -> bool:
    if word[0].isupper() or word.lower() in _TITLE_WORDS:
        return True
    parts = [fold_word(part) for part in word.replace("-", " ").split()]
    return bool(parts) and all(part in speaker_words().longest or part in _TITLE_WORDS for part in parts)


def apposition_after(text: str, end: int) -> tuple[str, bool]:
    """The words of an apposition right behind a name (*, head of the district*), and whether an age stands there."""
    match = _BEHIND.match(text, end, end + _REACH)
    if match is None:
        return "", False
    words = match["words"]
    said = _SAYS.search(words)
    if said is not None:
        words = words[: said.start()]
    words = words.strip()
    if (_VERB.search(words) and not _OFFICE_OF.match(words)) or not _opens_apposition(words):
        words = ""
    if words and _opens_clause(text, end, words):
        words = ""
    return words, match["age"] is not None


def _opens_apposition(words: str) -> bool:
    first = words.partition(" ")[0]
    if first == "who":
        return _OFFICE_OF.match(words) is not None
    return (
        first in _DETERMINERS
        or first[:1].isupper()
        or (bool(first) and _belongs_to_title(first) and first not in _LINKS)
    )


def _opens_clause(text: str, end: int, words: str) -> bool:
    """*According to X, the rebels ...*: the statement follows, unless it starts with a bare office (*head of*)."""
    line = text.rfind("\n", 0, end) + 1
    if "According to " not in text[max(line, end - 60) : end]:
        return False
    first = words.partition(" ")[0]
    return not first.islower() or fold_word(first) not in speaker_words().longest


def same_name_before(text: str, name: str, start: int, limit: int = 3) -> list[tuple[int, int]]:
    """Where the last word of a name stands earlier in the text, in order; first names there count as title."""
    words = name.split()
    last = _PARTICLE.sub("", words[-1]) if words else ""
    found: list[tuple[int, int]] = []
    if len(last) < 3 or not last[0].isupper():
        return found
    at = text.find(last)
    while 0 <= at < start and len(found) < limit:
        end = at + len(last)
        if not text[end : end + 1].isalpha() and not (at and text[at - 1].isalnum()):
            particle = _PARTICLE_BEFORE.search(text, max(0, at - 6), at)
            found.append((particle.start() if particle else at, end))
        at = text.find(last, end)
    return found
