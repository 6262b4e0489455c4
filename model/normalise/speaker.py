"""What kind of speaker a SPEAKER span names, from its own words, its title and its apposition.

Settled here: ministers, governors, mayors, police, courts and civil protection are official, and so is a state that
speaks (*Moscow*). Defence ministries speak for the forces: military; so do armed groups, their leaders and spokesmen.
Health ministries and their officials, hospitals and doctors are medical. Relief bodies, rights groups, monitors and the
civil bodies of the United Nations stand outside the parties: ngo; peacekeepers are military. Residents, relatives,
clergy and elders are witnesses, and so is a person of whom the report gives only the age. Analysts, firms and lawyers
are other. The words are in `model/parties/speaker_words.tsv`, bodies with a name in `bodies.tsv`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from warwire.model.normalise.apposition import apposition_after, same_name_before, title_before
from warwire.model.normalise.party import is_armed_group, is_country, names_force, names_person, read_party, side_of
from warwire.model.parties.tables import body_kinds, fold_word, longest_match, speaker_words, words_in

KINDS: Final = ("official", "military", "medical", "media", "witness", "ngo", "other")
_PREPOSITIONS: Final = frozenset("of for in at from with on to who near by inside between".split())
_OFFICE: Final = frozenset(
    {"official", "leader", "spokesman", "spokeswoman", "spokesperson", "member", "head", "chief"}
)
_STATE_NOUNS: Final = frozenset({"side", "leadership", "regime", "headquarter"})
_FORCE_NOUNS: Final = frozenset({"alliance", "group", "movement"})
_BEHIND: Final = re.compile(
    r"\s+(?:of|for|at|from|in|with)\s+(?:the\s+|a\s+|an\s+)?((?:(?!(?:has|had|have|was|were|is|are|said|told|says)\b)[\w’'-]+\s?){1,4})"
)
_BARE_MINISTRY: Final = frozenset({"ministry", "ministry spokesman", "ministry spokeswoman", "ministry statement"})
_MINISTRY: Final = re.compile(
    r"\b(?!(?:[Tt]he|a|its|[Tt]his|[Tt]hat) )[A-Za-z]+ [Mm]inistry\b|\b[Mm]inistry of (?:[Pp]ublic )?[A-Za-z]+"
)
_AGENCY: Final = re.compile(r"\b(?:[A-Z][\w.]*|news|refugee|intelligence|migration|health|aid|disaster) [Aa]gency\b")
_MINISTRY_REACH: Final = 3000
_LOOSE_KINDS: Final = frozenset({"official", "other", "witness"})
"""Kinds that words of a group's own name tell by mistake: *Islamic State*, *Kurdistan Workers' Party*."""
_FIGHTING_MEN: Final = re.compile(r"['’´`]s?\s+(?:own\s+)?(?:men|people|boys|fighters)$")
_OF_BODY: Final = re.compile(
    r"\s+(?P<office>(?:deputy |acting |regional )?(?:director|head|chief|leader|spokes(?:man|woman|person)|commander"
    r"|governor|mayor|president|chairman|member) )?(?:of|for|from|with) (?:the )?"
    r"(?P<words>(?:(?!(?:has|had|have|was|were|is|are|said|told|says)\b)[\w’'-]+\s?){1,5})"
)


@dataclass(frozen=True, slots=True)
class SpeakerValue:
    """Kind and side of a speaker; the side is an ISO country code, an armed group, or None where it is open.

    Raises:
        ValueError: the kind is unknown.
    """

    kind: str
    side: str | None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of speaker {self.kind!r}")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A kind that words tell, and whether a word that names no topic (*spokesman*, *source*) tells it."""

    kind: str
    weak: bool


def normalise_speaker(text: str, start: int, end: int, side: str | None = None) -> SpeakerValue:
    """Kind and side of the speaker at text[start:end]; a side that is known from elsewhere is kept."""
    surface = text[start:end]
    reading = _read(surface)
    if reading is not None and reading.kind in _LOOSE_KINDS and _names_fighters(surface):
        reading = None
    party = None if reading else _party_kind(surface)
    if party is not None:
        return SpeakerValue(party, side or side_of(surface))
    if reading is None or reading.weak:
        reading = _read_around(text, start, end, reading) or reading
    elif surface.lower() in _BARE_MINISTRY:
        reading = _named_before(text, start, _MINISTRY) or reading
    if surface.lower() == "agency":
        reading = _named_before(text, start, _AGENCY) or _Reading("other", weak=True)
    kind = reading.kind if reading else _unread_kind(text, surface, start)
    side = side or side_of(surface)
    if kind == "other" and side is not None and not is_country(side) and (reading is None or surface in _FORCE_NOUNS):
        kind = "military"
    return SpeakerValue(kind, side)


@lru_cache(maxsize=8192)
def _names_fighters(surface: str) -> bool:
    """Whether no word tells the kind but those of a group's own name: *Islamic State*, *Haftar's men*."""
    side = side_of(surface)
    if side is None:
        return False
    if _FIGHTING_MEN.search(surface):
        return is_armed_group(side) or names_person(surface)
    words, mentions = read_party(surface)
    named = {at for mention in mentions if mention.name.sort == "group" for at in range(mention.start, mention.end)}
    rest = " ".join(word for at, word in enumerate(words) if at not in named)
    return (
        bool(named)
        and "government" not in words
        and is_armed_group(side)
        and (_read(rest) is None or rest in _FORCE_NOUNS)
    )


@lru_cache(maxsize=8192)
def _party_kind(surface: str) -> str | None:
    """The kind of a party that speaks itself: a state is official, a force or group military; None for all others."""
    side = side_of(surface)
    if side is None or names_person(surface) or (is_country(side) and not _ends_with_party(surface)):
        return None
    return "military" if is_armed_group(side) or names_force(surface) else "official"


def _read_around(text: str, start: int, end: int, weak: _Reading | None) -> _Reading | None:
    """The kind from the words beside a span that does not tell it."""
    if weak is not None:
        return _read_beside(text, start, end)
    title = _read(title_before(text, start))
    if title is not None and not title.weak:
        return title
    words, age = apposition_after(text, end)
    apposition = _read(words)
    if apposition is not None and (not apposition.weak or title is None):
        return apposition
    beside = _OF_BODY.match(text, end, end + 80) if text[start : start + 1].isupper() else None
    if beside is not None and title is None and not words:
        found = _read(f"{beside['office'] or ''}{beside['words']}")
        if found is not None and not (found.weak and beside["office"] is None):
            return found
    return title or (_Reading("witness", weak=False) if age and not words else None)


def _read_beside(text: str, start: int, end: int) -> _Reading | None:
    """For *spokesman*, *source* and the like: what they belong to, right behind or right before."""
    behind = _BEHIND.match(text, end, end + 80)
    reading = _read(behind[1]) if behind else None
    if (reading is None or reading.weak) and text[max(0, start - 2) : start] not in (", ", ""):
        reading = _read(title_before(text, start))
    return reading if reading is not None and not reading.weak else None


def _named_before(text: str, start: int, pattern: re.Pattern[str]) -> _Reading | None:
    """What the last ministry or agency that the report named before a bare *ministry* or *agency* tells."""
    named = pattern.findall(text, max(0, start - _MINISTRY_REACH), start)
    return _read(named[-1]) if named else None


def _unread_kind(text: str, surface: str, start: int) -> str:
    """The kind of a speaker none of whose words tells it: a party, a person named before, or other."""
    for first, last in same_name_before(text, surface, start):
        reading = _read_around(text, first, last, None)
        if reading is not None:
            return reading.kind
    side = side_of(surface)
    if side is None or (is_country(side) and not names_person(surface) and not _ends_with_party(surface)):
        return "other"
    return "official" if is_country(side) else "military"


@lru_cache(maxsize=8192)
def _ends_with_party(surface: str) -> bool:
    """Whether a surface is a party itself, to its end: *Ukraine*, *Iranians*, but no *Romanian welder*."""
    words, mentions = read_party(surface)
    end = next((at for at, word in enumerate(words) if at and word in _PREPOSITIONS), len(words))
    return any(mention.start < end <= mention.end or mention.name.sort == "force" for mention in mentions) or (
        bool(words) and words[end - 1] in _STATE_NOUNS
    )


@lru_cache(maxsize=16384)
def _read(phrase: str) -> _Reading | None:
    """The kind that a phrase tells: its last topic before a preposition, else the first behind it, else a role."""
    written = words_in(phrase)
    folded = tuple(map(fold_word, written))
    head: tuple[str, str] | None = None
    tail: tuple[str, str] | None = None
    role: tuple[str, str] | None = None
    at, behind = 0, False
    while at < len(folded):
        match = longest_match(body_kinds(), folded, written, at)
        word = longest_match(speaker_words(), folded, written, at)
        if word is not None and (match is None or word[1] > match[1]):
            match = word
        if match is None:
            behind = behind or (at > 0 and folded[at] in _PREPOSITIONS)
            at += 1
            continue
        name, length = match
        found = (name.sort, folded[at])
        if name.side == "role":
            role = role or found
        elif not behind:
            head = head if head and found[1] in _OFFICE else found
        else:
            tail = tail or found
        at += length
    return _weigh(phrase, head, tail, role)


def _weigh(
    phrase: str, head: tuple[str, str] | None, tail: tuple[str, str] | None, role: tuple[str, str] | None
) -> _Reading | None:
    kind, word = head or tail or role or ("", "")
    if not kind:
        return None
    generic = head is not None and head[1] in _OFFICE
    if generic and tail is not None:
        kind, word = tail
    if (generic or head is None) and (role is not None or word in _OFFICE):
        side = side_of(phrase)
        if side is not None and is_armed_group(side) and kind in ("official", "other"):
            return _Reading("military", weak=False)
    return _Reading(kind, weak=(not head and not tail) or (generic and tail is None))
