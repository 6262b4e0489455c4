"""The sides of the parties of a report, from their names, from what stands beside them and from the rest of the report.

`side_of` reads a surface alone (the conventions are in `party.py`). `sides_of` reads a document: *Ukraine's [air
force]*, *Israeli Prime Minister [X]*, *the army* after *the Chadian army*, *the rebels* in a report of one group, a
surname after its owner's title, and short names (*SAF*, *PLA*) by the country of the report. What stays open is absent.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.model.normalise.apposition import apposition_after, same_name_before, title_before
from warwire.model.normalise.party import (
    COALITION,
    INSTITUTIONS,
    NOT_THE_PARTY,
    NOT_THE_STATE,
    is_armed_group,
    is_country,
    read_party,
    side_in,
    side_of,
    stems,
)
from warwire.model.parties.tables import (
    fold_word,
    group_countries,
    longest_match,
    names_in,
    rows,
    sides,
    speaker_words,
    words_in,
)

__all__ = ["side_of", "sides_of"]

_LABELS: Final = frozenset({"ACTOR", "SPEAKER", "TARGET"})


_STATE: Final = stems(
    """
    army military government regime junta navy police ministry parliament gendarmerie armed-forces air-force troops
    soldiers forces government-forces commandos paratroopers servicemen president presidency minister authorities
    command general-staff defence defense headquarters artillery conscripts
    """
)
_OWN: Final = stems("army military government regime junta navy gendarmerie president parliament police ministry")
_GOVERNING: Final = stems("government regime army")
_FRIENDS: Final = stems("allies partners men comrades")
_INDEFINITE: Final = frozenset({"a", "an", "another", "one", "some", "other", "unknown", "unidentified"})
_NO_REBELS: Final = frozenset({"Islamic State", "al-Qaeda", "Hamas", "Hezbollah", "Wagner"})
_IN: Final = re.compile(r"\s+(?:in|from|near)\b")
_FORCES: Final = frozenset(
    {"army", "military", "navy", "air force", "armed force", "general staff", "defence ministry"}
)
_AIR_DEFENCE: Final = re.compile(r"\bair (?:force|defen[cs]es?)\b", re.IGNORECASE)
_OFFICIALS: Final = stems(
    "official officials spokesman spokeswoman spokesperson source sources officer officers commander"
)
_REBELS: Final = stems(
    "rebel rebels insurgent insurgents militant militants guerrillas guerrilla separatists jihadists"
)
_GROUP_NOUNS: Final = stems("group movement organisation organization")
_COALITIONS: Final = {"YE": "Saudi-led coalition", "IQ": "US-led coalition", "SY": "US-led coalition"}
_OF: Final = stems("of for from in at to with near who on")
_CAPITALS: Final = re.compile(r"[A-Z](?<!\w.)[\w.-]*(?: [A-Z][\w.-]*)*")
_POSSESSOR: Final = re.compile(r"(?P<s>['’´`]s?|(?<=s))?(?:\s+(?!(?:and|or|but|with|from|in|at)\b)[\w-]+){0,2}\s+$")
_COMPOUND: Final = re.compile(r"-[a-z]+ed$")
_PRONOUN: Final = re.compile(r"\b(?:its|their|his)\s+(?:own\s+)?$")
_SAYS_OF_ITSELF: Final = re.compile(r" (?:says?|said)(?: that)? (?:its|their|his) (?:own )?")
_FOLLOWED: Final = re.compile(r"\s+(?P<of>of|for|in|from)\s+(?:the\s+)?(?P<words>(?:[\w.’'-]+\s?){1,4})")
_NOT_A_PARTY: Final = NOT_THE_STATE | NOT_THE_PARTY | _FRIENDS
_NAMES: Final = re.compile(r"[A-Z](?<!\w.)[\w.'’´`-]*(?:\s+(?:of\s+|and\s+|the\s+)?[A-Z][\w.'’´`-]*)*")
_PERSON: Final = re.compile(
    r"(?:[A-Z][\w.’'-]*|al|el|bin|van|de|abu|ibn)(?:[ -](?:[A-Z][\w.’'-]*|al|el|bin|van|de|abu|ibn))*"
)
_BACK: Final = 60
"""Code points before a span in which its possessor stands."""


@dataclass(slots=True)
class _Report:
    """What a document says about its parties: countries by mentions, sides found so far, and their head nouns."""

    text: str
    countries: tuple[str, ...]
    dominant: str | None
    found: dict[str, str] = field(default_factory=dict)
    heads: dict[str, set[str]] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def called(self, key: str) -> set[str]:
        """The sides, other than armed groups, of those whom the report calls so; one word also ends longer names."""
        ends = (key, f" {key}") if " " not in key and key in _OWN else (key,)
        keys = [known for known in self.heads if known == key or (len(ends) > 1 and known.endswith(ends[1]))]
        return {side for known in keys for side in self.heads[known] if not is_armed_group(side)}

    def note(self, span: Span, side: str, head: str) -> None:
        """Remember the side of a span."""
        self.found[span.id] = side
        self.heads.setdefault(head, set()).add(side)
        if span.label != "TARGET":
            (self.groups if is_armed_group(side) else self.states).add(side)


def sides_of(document: Document) -> dict[str, str]:
    """The sides of the ACTOR, SPEAKER and TARGET spans of a document by span id, where they are sure."""
    text = document.text
    counts = _count_countries(text)
    report = _Report(text, tuple(country for country, _ in counts.most_common(4)), _dominant(counts))
    spans = sorted((span for span in document.spans if span.label in _LABELS), key=lambda span: span.start)
    left: list[Span] = []
    for span in spans:
        surface = span.surface(text)
        side = side_in(surface, report.countries)
        if side is None and not read_party(surface)[1]:
            side = _side_beside(report, span, surface)
            if side is None:
                left.append(span)
        if side is not None:
            report.note(span, side, _key(surface))
    for span in left:
        side = _side_from_report(report, spans, span)
        if side is not None and not _tells_of_an_attack_by(report, spans, span, side):
            report.found[span.id] = side
    return report.found


def _tells_of_an_attack_by(report: _Report, spans: list[Span], span: Span, side: str) -> bool:
    """*Russia launched 90 drones, the air force said*: who counts what it shot down is not the side that attacked."""
    if span.label != "SPEAKER" or not _AIR_DEFENCE.search(span.surface(report.text)):
        return False
    attackers = (one for one in spans if one.label == "ACTOR" and report.found.get(one.id) == side)
    return any(". " not in report.text[one.end : span.start] for one in attackers if one.end < span.start)


def _count_countries(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for match in _NAMES.finditer(text):
        for country in _countries_in(match[0]):
            counts[country] += 1
    return counts


@lru_cache(maxsize=16384)
def _countries_in(names: str) -> tuple[str, ...]:
    """The countries that words with capitals tell of, once for each name."""
    written = words_in(names)
    words = tuple(map(fold_word, written))
    countries = []
    at = 0
    while at < len(words):
        found = longest_match(sides(), words, written, at)
        if found is not None and found[0].sort != "ambiguous":
            side = found[0].side or ""
            country = side if is_country(side) else (group_countries().get(side) or ("",))[0]
            if country:
                countries.append(country)
        at += found[1] if found else 1
    return tuple(countries)


def _dominant(counts: Counter[str]) -> str | None:
    """The country that a report is about: named at least three times, and twice as often as any other."""
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 3 or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0]


@lru_cache(maxsize=16384)
def _head(surface: str) -> str:
    """The folded head noun of a surface: its last word before a preposition."""
    words = tuple(map(fold_word, words_in(surface)))
    end = next((index for index, word in enumerate(words) if index and word in _OF), len(words))
    return words[end - 1] if words else ""


@lru_cache(maxsize=16384)
def _key(surface: str) -> str:
    """What a surface is called without its party and what stands behind it: *army*, *military officials*."""
    words, mentions = read_party(surface)
    named = {index for mention in mentions for index in range(mention.start, mention.end)}
    end = next((index for index, word in enumerate(words) if index and word in _OF), len(words))
    return " ".join(word for index, word in enumerate(words[:end]) if index not in named)


def _side_beside(report: _Report, span: Span, surface: str) -> str | None:
    """The side that the words right before or behind a span name: a possessor, a title, an apposition."""
    text = report.text
    if span.label != "ACTOR" and _is_person(surface):
        side = _side_of_person(report, surface, span.start, span.end)
        if side is not None:
            return side
    head = _head(surface)
    if head in _NOT_A_PARTY or (span.label == "TARGET" and head not in _STATE and head not in _OFFICIALS):
        return None
    before = text[max(0, span.start - _BACK) : span.start]
    before = before[max(before.rfind("\n"), before.rfind(". ")) + 1 :]
    return _possessor(before, report.countries) or _followed(report, span, surface)


@lru_cache(maxsize=8192)
def _is_person(surface: str) -> bool:
    """Whether a surface looks like a person's name: capitals, and no word for a kind of speaker."""
    return _PERSON.fullmatch(surface) is not None and not _names_speaker(surface)


@lru_cache(maxsize=8192)
def _names_speaker(words: str) -> bool:
    """Whether a word for a kind of speaker is among words."""
    return any(fold_word(word) in speaker_words().longest for word in words_in(words))


@lru_cache(maxsize=8192)
def _possessor(before: str, countries: tuple[str, ...]) -> str | None:
    """*Ukraine's [air force]*, *Israeli [military]*: the side named right before a span."""
    if not before[-1:].isspace():
        return None
    for match in _CAPITALS.finditer(before):
        gap = before[match.end() :]
        joined = _POSSESSOR.fullmatch(gap)
        if joined is None or (joined["s"] is None and gap != " ") or _COMPOUND.search(match[0]):
            continue
        side: str | None = side_in(match[0], countries)
        if side is not None and not (gap == " " and _is_place_name(match[0])):
            return side
    return None


def _is_place_name(words: str) -> bool:
    """Whether words do not end with a people: after *in Iraq* or *US Airstrikes* no span is possessed."""
    folded, mentions = read_party(words)
    if not mentions or mentions[-1].end < len(folded) or mentions[-1].name.sort == "seat":
        return True
    return words_in(words)[-1] in _country_names()


@lru_cache(maxsize=1)
def _country_names() -> frozenset[str]:
    return frozenset(name for _, names, *_ in rows("countries.tsv") for name in names_in(names)) - {"US", "UK", "UAE"}


def _followed(report: _Report, span: Span, surface: str) -> str | None:
    """*[army] of Chad*, *[spokesman] for the Israeli army*, *[officials] in Gaza*."""
    match = _FOLLOWED.match(report.text, span.end, span.end + _BACK)
    if match is None:
        return None
    head = _head(surface)
    official = head in _OFFICIALS
    if not (official or head in _STATE) or (match["of"] == "from" and official):
        return None
    words, mentions = read_party(match["words"])
    if (
        not mentions
        or mentions[0].start > (mentions[0].name.sort == "leader")
        or (match["of"] == "in" and head not in INSTITUTIONS)
    ):
        return None
    side = mentions[0].name.side_in(report.countries)
    return None if side is None or "and" in words[mentions[0].end : mentions[0].end + 1] else side


def _side_of_person(report: _Report, surface: str, start: int, end: int) -> str | None:
    """The side that a person's title or apposition names, here or where the report first names the person."""
    for first, last in ((start, end), *same_name_before(report.text, surface, start)):
        for words in (title_before(report.text, first), apposition_after(report.text, last)[0]):
            if words and _names_speaker(words):
                side: str | None = side_in(words, report.countries)
                if side is not None:
                    return side
    return None


def _side_from_report(report: _Report, spans: list[Span], span: Span) -> str | None:
    """The side of a bare noun (*the army*, *the rebels*), from the sides of the rest of the report."""
    surface = span.surface(report.text)
    head, key = _head(surface), _key(surface)
    if span.label == "TARGET":
        return None
    if head in COALITION or "coalition" in surface.lower():
        return _coalition(report, surface)
    if _PRONOUN.search(report.text, max(0, span.start - 12), span.start):
        return None if not _NOT_A_PARTY.isdisjoint(map(fold_word, words_in(surface))) else _owner(report, spans, span)
    if head in _STATE or head in _OFFICIALS:
        called = report.called(key)
        if len(called) == 1:
            return called.pop()
    if (key in _FORCES or head in _OWN or key.split(" ")[0] in _GOVERNING) and not report.called(key):
        return _own_country(report, key)
    if span.label != "ACTOR" or _IN.match(report.text, span.end):
        return None
    if head in _GROUP_NOUNS and " " in surface:
        return None
    if len(report.groups) == 1 and (head in _REBELS or head in _GROUP_NOUNS) and not _is_indefinite(report.text, span):
        group = next(iter(report.groups))
        return None if head == "rebel" and group in _NO_REBELS else group
    return None


def _own_country(report: _Report, key: str) -> str | None:
    """The country of *the army*: the only one whose forces the report names, or the one that it is about."""
    states = {side for side in report.states if is_country(side) and side != "PS"}
    if report.dominant is not None:
        return report.dominant if states <= {report.dominant} else None
    state = states.pop() if len(states) == 1 and key in _FORCES else None
    first = next((country for country in report.countries if country != "PS"), None)
    return state if first == state else None


def _is_indefinite(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 12) : span.start].split()
    return bool(before) and before[-1].lower() in _INDEFINITE


def _coalition(report: _Report, surface: str) -> str | None:
    """*Coalition forces* of a report that names one alliance, or of the war in its country."""
    if read_party(surface)[1]:
        return None
    named = report.states & {"ISAF", "Saudi-led coalition", "US-led coalition"}
    if len(named) == 1:
        return named.pop()
    if "ISAF" in report.text or "International Security Assistance Force" in report.text:
        return "ISAF"
    return _COALITIONS.get(report.dominant or "")


def _owner(report: _Report, spans: list[Span], span: Span) -> str | None:
    """*its troops*: the one side named before it in its sentence."""
    opening = max(report.text.rfind(". ", 0, span.start), report.text.rfind("\n", 0, span.start))
    before = [other for other in spans if opening < other.start < span.start]
    if before and _SAYS_OF_ITSELF.fullmatch(report.text, before[-1].end, span.start):
        return report.found.get(before[-1].id)
    earlier = {report.found.get(other.id, "") for other in before}
    earlier.discard("")
    return earlier.pop() if len(earlier) == 1 else None
