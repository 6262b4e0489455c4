"""Events as claims about an attack: when, where, with what and by whom, in a form that two of them can be compared in.

Two claims are the same, unknown or different in each of four respects. Different means that both say something and
it cannot be one thing; what is left out is unknown.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from warwire.annotations.document import Document, Event, Span
from warwire.model.attack_places import Spot, spot_of
from warwire.model.normalise.place_names import fold
from warwire.model.sentences import split_sentences

ATTACKS: Final = frozenset({"LAUNCH", "STRIKE", "INTERCEPT"})
"""What makes a row of the attack table."""

RESULTS: Final = frozenset({"KILL", "INJURE", "DAMAGE"})
"""What belongs to a row when its attack is told."""

GROUND: Final = "CLASH"
"""Ground fighting takes its own results with it, so that they are not counted under a strike beside it."""

_KINDS: Final = {**dict.fromkeys(ATTACKS, "attack"), GROUND: "ground"}
_TOLD: Final = ATTACKS | RESULTS | {GROUND}

MOODS: Final = {"asserted": "told", "unverified": "told", "denied": "denied", "planned": "planned"}
"""Statuses that may stand in one attack have one mood."""

Values = Mapping[str, tuple[Mapping[str, Any], ...]]
"""Normalised values of an event, by role."""

_NONE: Final[frozenset[str]] = frozenset()
_UNTOLD: Final = frozenset({"air_defence", "other", ""})
_SOLD_AS: Final = {
    "missile": {"cruise_missile", "ballistic_missile", "rocket"},
    "aircraft": {"air_bomb", "missile", "cruise_missile", "rocket", "helicopter"},
    "helicopter": {"air_bomb", "missile", "rocket", "small_arms"},
    "artillery": {"mortar", "rocket", "tank"},
    "ship": {"missile", "cruise_missile", "artillery"},
}
"""A class on the left may name the weapon that another mention gives a class on the right."""

_WEEKDAYS: Final = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_ANOTHER: Final = re.compile(
    r"\b(?:another|next|second|third|fourth|fifth|separate|similar|previous|earlier|later|subsequent|other|past"
    r"|last (?:week|month|year)['’]s)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
ON_TOP: Final = re.compile(r"(?:another|(?:an )?additional|(?:a )?further)\b", re.IGNORECASE)
"""How a count begins that comes on top of one told before."""
_APART: Final = re.compile(r"(?:Separately|Elsewhere|In a(?:nother| separate)|In other|In separate)\b")
_PART_BEFORE: Final = re.compile(
    r"\b(?:including|among (?:them|whom|those)|of (?:them|whom))\s+(?:at least\s+)?$", re.IGNORECASE
)
_PART_AFTER: Final = re.compile(r"\s*,?\s*(?:of|among) (?:them|whom|those|the dead|the victims)\b", re.IGNORECASE)
_DEFINITE: Final = re.compile(r"\b(?:the|that|this|these|those)\s+(?:[\w'’-]+\s+){0,2}$", re.IGNORECASE)
_NOUN: Final = re.compile(
    r"(?:air ?)?strikes?|attacks?|assaults?|raids?|blasts?|explosions?|bombings?|shelling|bombardment|barrage|salvo"
    r"|volley|shooting|impact|launch(?:es)?|incident|interceptions?|deaths?|casualties|(?:death )?toll|victims|damage"
    r"|destruction|losses",
    re.IGNORECASE,
)
_LONGEST_HEADING: Final = 90  # characters
_SENTENCE_ENDS: Final = (".", "!", "?", "…", ":", ",", ";")
_PARTY_STEM: Final = 5  # *Israel* and *Israeli*, *Russia* and *Russian forces*
_NO_NAMES: Final = frozenset(
    "forces force army troops military group rebels fighters militants gunmen soldiers".split()
)


@dataclass(frozen=True, slots=True)
class Party:
    """Who attacks: side where it is known, and the beginnings of the words of its name."""

    side: str | None
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a claim stands: offset of its trigger, and numbers of its sentence, paragraph and section.

    A section begins at a heading inside the text. `alone` says that its paragraph has one sentence, `headline` that
    it is the heading at the top.
    """

    offset: int
    sentence: int
    paragraph: int
    section: int
    alone: bool
    headline: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One event as a statement about an attack.

    `days` are proleptic ordinals, first and last; `weekdays` stand for days where the text has no date to count from.
    `carried` says that none of the places stands in the sentence of the trigger.
    `another` marks a mention that says itself that it is not the attack told before (*a second attack*); `definite`
    one that points back (*the attack*). A `part` counts some of what another event of the same kind counts
    (*including four children*).
    """

    event: Event
    values: Values
    at: Position
    days: tuple[int, int] | None
    weekdays: frozenset[str]
    spots: tuple[Spot, ...]
    carried: bool
    weapons: frozenset[str]
    attackers: frozenset[Party]
    another: bool
    definite: bool
    part: bool

    @property
    def offset(self) -> int:
        """Offset of the trigger."""
        return self.at.offset

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who says so, as the text names them; empty for the article's own words."""
        told = self.values.get("speaker")
        return tuple([value["text"] for value in told]) if told else ()

    @property
    def type(self) -> str:
        """The event type."""
        return self.event.type

    @property
    def kind(self) -> str | None:
        """Whether it tells of an attack from a distance, of ground fighting, or of a result of either (None)."""
        return _KINDS.get(self.event.type)

    @property
    def mood(self) -> str:
        """Told, denied or planned."""
        return MOODS[self.event.status]


def claims_of(document: Document) -> list[Claim]:
    """The claims of a document's events about attacks, ground fighting and their results, in the order of the text."""
    text, spans = document.text, document.span_by_id()
    positions = _Positions(text)
    claims = []
    seen: set[int] = set()  # sentences with an attack before the one at hand
    for event in sorted(document.events, key=lambda event: spans[event.trigger].start):
        if event.type not in _TOLD:
            continue
        trigger = spans[event.trigger]
        at = positions.at(trigger.start)
        before = text[max(positions.start(at), trigger.start - 50) : trigger.start]
        is_cause = event.type not in RESULTS
        opens = is_cause and at.sentence not in seen and _APART.match(text, positions.start(at)) is not None
        seen |= {at.sentence} if is_cause else set()
        values = _values(event, text, spans)
        times, places, weapons = values.get("time", ()), values.get("place", ()), values.get("weapon", ())
        claims.append(
            Claim(
                event=event,
                values=values,
                at=at,
                days=days_of(times) if times else None,
                weekdays=frozenset([day for value in times for day in _weekdays(value["text"])]) if times else _NONE,
                spots=tuple(map(spot_of, places)),
                carried=all(positions.number(spans[id].start) != at.sentence for id in event.fillers("place")),
                weapons=frozenset([value.get("class") or "" for value in weapons]) - _UNTOLD if weapons else _NONE,
                attackers=_attackers(event, values),
                another=opens or (is_cause and before[-1:].isspace() and _is_another(before, event, spans)),
                definite=_points_back(trigger.surface(text), before),
                part=_is_part(event, values, text, spans),
            )
        )
    return claims


def _is_another(before: str, event: Event, spans: Mapping[str, Span]) -> bool:
    """Whether the words before a trigger tell of another attack; *another nine lost* tells of more weapons."""
    found = _ANOTHER.search(before)
    if found is None:
        return False
    start = spans[event.trigger].start - len(before) + found.start()
    return not any(spans[id].start <= start < spans[id].end for id in event.fillers("count"))


def _values(event: Event, text: str, spans: Mapping[str, Span]) -> Values:
    """The normalised values of an event; where it has none, the words of its arguments."""
    if event.normalised is not None:
        return event.normalised
    words = [(argument.role, spans[argument.span].surface(text)) for argument in event.arguments]
    return {role: tuple({"text": word} for other, word in words if other == role) for role, _ in words}


def _attackers(event: Event, values: Values) -> frozenset[Party]:
    """Who intercepts is no attacker, and ground fighting has two sides."""
    return frozenset() if event.type in {"INTERCEPT", GROUND} else frozenset(map(_party, values.get("agent", ())))


def _is_part(event: Event, values: Values, text: str, spans: Mapping[str, Span]) -> bool:
    """Whether the first count is that of a part, by its link or by the words around it.

    *11 of them were shot down* is a part of what was launched and the whole of what was shot down.
    """
    counts = event.fillers("count")
    if not counts or event.type == "INTERCEPT":
        return False
    span = spans[counts[0]]
    if values["count"][0].get("part_of"):
        return True
    before, after = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 30]
    return _PART_BEFORE.search(before) is not None or _PART_AFTER.match(after) is not None


def _points_back(trigger: str, before: str) -> bool:
    return _NOUN.fullmatch(trigger) is not None and _DEFINITE.search(before) is not None


class _Positions:
    """Sentences, paragraphs and sections of a text."""

    def __init__(self, text: str) -> None:
        self._sentences = split_sentences(text)
        items = self._sentences.items
        self._starts = [item.start for item in items]
        sizes = Counter([item.paragraph for item in items])
        self._alone = {paragraph for paragraph, size in sizes.items() if size == 1}
        self._sections: list[int] = []
        self._headline = False
        section = 0
        for item in items:
            if item.end - item.start <= _LONGEST_HEADING and item.paragraph in self._alone:
                body = text[item.start : item.end]
                heading = body.rstrip("\"'”’)")[-1:] not in _SENTENCE_ENDS
                self._headline |= heading and item.paragraph == 0
                section += (heading or body.endswith(":")) and item.paragraph > 0
            self._sections.append(section)

    def number(self, offset: int) -> int:
        """The number of the sentence of an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def at(self, offset: int) -> Position:
        """The position of an offset."""
        number = self.number(offset)
        paragraph = self._sentences.items[number].paragraph
        headline = self._headline and paragraph == 0
        return Position(offset, number, paragraph, self._sections[number], paragraph in self._alone, headline)

    def start(self, at: Position) -> int:
        """Offset of the sentence of a position."""
        return self._sentences.items[at.sentence].start


def days_of(times: Iterable[Mapping[str, Any]]) -> tuple[int, int] | None:
    """First and last day, as ordinals, of the shortest of some normalised times; None where no day is known."""
    ranges = [
        (_ordinal(value["start"][:10]), _ordinal(value["end"][:10]))
        for value in times
        if value.get("start") and value.get("end")
    ]
    return min(ranges, key=lambda days: (days[1] - days[0], days[0]), default=None)


@lru_cache(maxsize=4096)
def _ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def same_weapons(left: frozenset[str], right: frozenset[str]) -> bool | None:
    """Whether two sets of weapon classes may be of one attack: True, False, or None where one is empty."""
    if not left or not right:
        return None
    return bool(left & right) or any(b in _SOLD_AS.get(a, ()) or a in _SOLD_AS.get(b, ()) for a in left for b in right)


def same_attackers(left: frozenset[Party], right: frozenset[Party]) -> bool | None:
    """Whether two sets of attackers share one: True, False, or None where one is empty or has no name."""
    if not left or not right:
        return None
    found = {_same_party(a, b) for a in left for b in right}
    return True if True in found else False if False in found else None


def _same_party(left: Party, right: Party) -> bool | None:
    if left.side and right.side:
        return left.side == right.side
    if left.stems & right.stems:
        return True
    return False if left.stems and right.stems else None


def _party(value: Mapping[str, Any]) -> Party:
    """Words that are no names (*rebels*, *gunmen*) tell no two parties apart and so give no stem."""
    return Party(value.get("side"), _stems(value["text"]))


@lru_cache(maxsize=8192)
def _stems(text: str) -> frozenset[str]:
    names = [word for word in re.findall(r"[\w'’-]+", text) if word[:1].isupper()]
    stems = {fold(word)[:_PARTY_STEM] for word in names if fold(word) not in _NO_NAMES}
    return frozenset(stem for stem in stems if stem)


@lru_cache(maxsize=4096)
def _weekdays(text: str) -> tuple[str, ...]:
    return tuple(match[1].lower() for match in _WEEKDAYS.finditer(text))
