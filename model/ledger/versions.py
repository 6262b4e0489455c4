"""The versions of an incident's figures: who gave which, when it was published, how it was revised, who disagrees.

Nothing is added up and nothing is chosen: a figure is as many statements as there are. Statements are put in order by
speaker and time of publication; a speaker's latest is the one published last, and is shown as that speaker's.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from warwire.model.ledger.content_rules import counts_one_thing, thing_counted
from warwire.model.ledger.grouping import Incident
from warwire.model.ledger.reports import FIGURES, Report, Speaker, Statement
from warwire.model.normalise.place_names import fold

_NO_WORDS: Final = frozenset("the a an of s in for and".split())
_STEM: Final = 5  # *Ukraine's air force* and *Ukrainian air force*


@dataclass(frozen=True, slots=True)
class Version:
    """One statement of one report."""

    statement: Statement
    report: Report

    @property
    def published(self) -> str:
        """Day of publication, ISO 8601, empty where unknown."""
        return iso(self.report.published)

    @property
    def range(self) -> tuple[int | None, int | None]:
        """Least and most."""
        return self.statement.min, self.statement.max


@dataclass(frozen=True)
class Voice:
    """One speaker on one figure: all versions in the order of publication.

    Without a speaker's name it is the article itself that speaks, and each outlet is a voice of its own.
    """

    name: str
    kind: str | None
    side: str | None
    versions: tuple[Version, ...]

    # Wire copies give an incident thousands of versions, and the tables and the page ask each of these several times.
    @cached_property
    def latest(self) -> tuple[Version, ...]:
        """What the report published last says: several where it counts several things apart; parts only if alone."""
        last = self.versions[-1].report
        found = [version for version in self.versions if version.report is last]
        wholes = [version for version in found if not version.statement.part]
        told: list[Version] = []
        for version in sorted(wholes or found, key=lambda version: -len(version.statement.what)):
            if not any(version.range == other.range and _one_thing(version, other) for other in told):
                told.append(version)
        return tuple(told)

    @cached_property
    def is_revised(self) -> bool:
        """Whether the same speaker gives other figures at other times, for the same thing."""
        return any(_is_changed_between(group) for group in _by_thing(self.versions))


@dataclass(frozen=True)
class History:
    """One figure of an incident: a name of `reports.FIGURES` and the voices, first heard first."""

    name: str
    voices: tuple[Voice, ...]

    @cached_property
    def is_disputed(self) -> bool:
        """Whether the latest of two voices exclude each other: two whole figures for one thing, one below the other."""
        voice_of = {id(version): number for number, voice in enumerate(self.voices) for version in voice.latest}
        whole = [version for voice in self.voices for version in voice.latest if not version.statement.part]
        for group in _by_thing(whole):
            highs = _by_voice((-high, voice_of[id(v)]) for v in group if (high := v.range[1]) is not None)
            lows = _by_voice((low, voice_of[id(v)]) for v in group if (low := v.range[0]) is not None)
            if any(-high < low and voice != other for high, voice in highs for low, other in lows):
                return True
        return False

    @cached_property
    def is_revised(self) -> bool:
        """Whether a voice changed its figure, or a text says that an earlier one no longer holds."""
        told = (version.statement.earlier for voice in self.voices for version in voice.versions)
        return any(voice.is_revised for voice in self.voices) or any(earlier is not None for earlier in told)

    @property
    def least(self) -> int | None:
        """The least that the latest of any voice allows; None where no number is known."""
        return min((low for low in self._ends(0) if low is not None), default=None)

    @property
    def most(self) -> int | None:
        """The most that the latest of any voice allows; None where one is open."""
        highs = self._ends(1)
        return None if None in highs else max((high for high in highs if high is not None), default=None)

    @property
    def greatest(self) -> int | None:
        """The greatest number that the latest of any voice tells, of an open one its least; None without a number."""
        told = (high if high is not None else low for low, high in zip(self._ends(0), self._ends(1), strict=True))
        return max((number for number in told if number is not None), default=None)

    def _ends(self, end: int) -> list[int | None]:
        latest = [version for voice in self.voices for version in voice.latest]
        known = [version for version in latest if version.range != (None, None) and not version.statement.part]
        return [version.range[end] for version in known]


def histories_of(incident: Incident) -> tuple[History, ...]:
    """The figures of an incident, in the order of `reports.FIGURES`."""
    versions = [
        Version(statement, report)
        for report in sorted(incident.reports, key=lambda report: (report.published or 0, report.key))
        for statement in report.statements
    ]
    voices = _voice_names(versions)
    histories = []
    for name in FIGURES:
        heard: dict[str, list[Version]] = {}
        for version in versions:
            if version.statement.name == name:
                heard.setdefault(voices[_who(version)], []).append(version)
        if heard:
            histories.append(History(name, tuple(_voice(found) for found in heard.values())))
    return tuple(histories)


def attackers_of(incident: Incident) -> tuple[tuple[str, str, int], ...]:
    """Who is said to have done it: words, side and number of reports, most often named first; a side counts once."""
    found: dict[str, list[tuple[str, str]]] = {}
    for report in incident.reports:
        for key, agent in {(side or fold(text)): (text, side) for text, side in reversed(report.agents)}.items():
            found.setdefault(key, []).append(agent)
    named = [(agents[0][0], agents[0][1], len(agents)) for agents in found.values()]
    return tuple(sorted(named, key=lambda agent: (-agent[2], agent[0])))


def iso(day: int | None) -> str:
    """A proleptic ordinal as an ISO date, empty for None."""
    return date.fromordinal(day).isoformat() if day is not None else ""


def speaker_name(version: Version) -> str:
    """The speaker's words, or whose article it is that speaks for itself."""
    return version.statement.speaker.text or f"the article ({version.report.source or version.report.article})"


def _voice(versions: Sequence[Version]) -> Voice:
    """The fullest name stands for a speaker; kind and side are the first that are known."""
    fullest = max(versions, key=lambda version: len(_stems(version.statement.speaker)))
    speakers = [version.statement.speaker for version in versions]
    return Voice(
        name=speaker_name(fullest),
        kind=next((speaker.kind for speaker in speakers if speaker.kind), None),
        side=next((speaker.side for speaker in speakers if speaker.side), None),
        versions=tuple(versions),
    )


def _who(version: Version) -> str:
    speaker = version.statement.speaker
    return (
        f"{speaker.side or ''}/{fold(speaker.text) or speaker.text}" if speaker.text else f"//{speaker_name(version)}"
    )


def _voice_names(versions: Iterable[Version]) -> dict[str, str]:
    """For each speaker as named, the name of the voice: the one fuller name whose words hold its own, if there is one.

    Where two fuller names would do (*officials* beside *local officials* and *US officials*), it stays by itself.
    """
    speakers = {_who(version): version.statement.speaker for version in versions}
    stems = {who: _stems(speaker) for who, speaker in speakers.items() if speaker.text}
    having: defaultdict[str, list[str]] = defaultdict(list)
    for who, found in stems.items():
        for stem in found:
            having[stem].append(who)
    names = {}
    for who, found in stems.items():
        rarest = min((having[stem] for stem in found), key=len, default=[])
        fuller = [other for other in rarest if other != who and _holds(speakers, stems, other, who)]
        names[who] = fuller[0] if len(fuller) == 1 else who
    return {who: names.get(name, name) for who in speakers for name in [names.get(who, who)]}


def _holds(speakers: Mapping[str, Speaker], stems: Mapping[str, frozenset[str]], fuller: str, who: str) -> bool:
    """Whether the one name has all words of the other; of two with the same words the first in order has the other."""
    other, speaker = speakers[fuller], speakers[who]
    if other.side and speaker.side and other.side != speaker.side:
        return False
    in_order = (other.text, other.side or "") < (speaker.text, speaker.side or "")
    return stems[who] < stems[fuller] or (stems[who] == stems[fuller] and in_order)


def _stems(speaker: Speaker) -> frozenset[str]:
    words = (fold(word) for word in re.findall(r"[^\W_]+", speaker.text))
    return frozenset(word[:_STEM] for word in words if word and word not in _NO_WORDS)


def _one_thing(one: Version, other: Version) -> bool:
    return one.statement.part == other.statement.part and counts_one_thing(one.statement.what, other.statement.what)


def _by_thing(versions: Iterable[Version]) -> Iterator[list[Version]]:
    """Versions in groups within which any two count one thing; those that do not say what are in every group."""
    for is_part in (False, True):
        groups: defaultdict[str, list[Version]] = defaultdict(list)
        for version in versions:
            if version.statement.part == is_part:
                groups[thing_counted(version.statement.what)].append(version)
        unsaid = groups.pop("", [])
        yield from ([*group, *unsaid] for group in groups.values()) if groups else [unsaid]


def _by_voice(numbers: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The greatest number of each voice, of the two voices that have the greatest: no more are needed to compare."""
    greatest: dict[int, int] = {}
    for number, voice in numbers:
        greatest[voice] = max(number, greatest.get(voice, number))
    return sorted(((number, voice) for voice, number in greatest.items()), reverse=True)[:2]


def _is_changed_between(versions: Sequence[Version]) -> bool:
    """Whether two reports give different figures; *at least 28* and *28* are one."""
    lows = [(version.range[0], id(version.report)) for version in versions]
    highs = [(version.range[1], id(version.report)) for version in versions if version.range[1] is not None]
    return _differ(lows) or _differ(highs)


def _differ(told: Sequence[tuple[Hashable, int]]) -> bool:
    """Whether two of these differ in both their values."""
    others = [(number != told[0][0], report != told[0][1]) for number, report in told[1:]]
    # One that differs from the first in its number alone and one that differs in its report alone differ in both.
    return (True, True) in others or {(True, False), (False, True)} <= set(others)
