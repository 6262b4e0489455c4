"""The versions of an incident's figures: who gave which, when it was published, how it was revised, who disagrees.

Nothing is added up and nothing is chosen: a figure is as many statements as there are. Statements are put in order by
speaker and time of publication; a speaker's latest is the one published last, and is shown as that speaker's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from warwire.model.ledger.content_rules import counts_one_thing
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


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker on one figure: all versions in the order of publication.

    Without a speaker's name it is the article itself that speaks, and each outlet is a voice of its own.
    """

    name: str
    kind: str | None
    side: str | None
    versions: tuple[Version, ...]

    @property
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

    @property
    def is_revised(self) -> bool:
        """Whether the same speaker gives other figures at other times, for the same thing."""
        return any(
            one.report is not other.report and _is_changed(one, other) and _one_thing(one, other)
            for i, one in enumerate(self.versions)
            for other in self.versions[:i]
        )


@dataclass(frozen=True, slots=True)
class History:
    """One figure of an incident: a name of `reports.FIGURES` and the voices, first heard first."""

    name: str
    voices: tuple[Voice, ...]

    @property
    def is_disputed(self) -> bool:
        """Whether the latest of two voices exclude each other."""
        return any(
            _exclude(one, other)
            for i, voice in enumerate(self.voices)
            for before in self.voices[:i]
            for one in voice.latest
            for other in before.latest
        )

    @property
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
    names = {}
    for who, speaker in speakers.items():
        stems = _stems(speaker)
        fuller = [
            other_who
            for other_who, other in speakers.items()
            if other.text and speaker.text and other_who != who and _holds(other, speaker, stems)
        ]
        names[who] = fuller[0] if len(fuller) == 1 else who
    return {who: names.get(name, name) for who, name in names.items()}


def _holds(other: Speaker, speaker: Speaker, stems: frozenset[str]) -> bool:
    if other.side and speaker.side and other.side != speaker.side:
        return False
    theirs = _stems(other)
    return bool(stems) and (
        stems < theirs or (stems == theirs and (other.text, other.side or "") < (speaker.text, speaker.side or ""))
    )


def _stems(speaker: Speaker) -> frozenset[str]:
    words = (fold(word) for word in re.findall(r"[^\W_]+", speaker.text))
    return frozenset(word[:_STEM] for word in words if word and word not in _NO_WORDS)


def _one_thing(one: Version, other: Version) -> bool:
    return one.statement.part == other.statement.part and counts_one_thing(one.statement.what, other.statement.what)


def _is_changed(one: Version, other: Version) -> bool:
    """Whether the figure is another one; *at least 28* and *28* are one."""
    (low, high), (other_low, other_high) = one.range, other.range
    return low != other_low or (high is not None and other_high is not None and high != other_high)


def _exclude(one: Version, other: Version) -> bool:
    """Whether two whole figures for one thing cannot both be right."""
    (low, high), (other_low, other_high) = one.range, other.range
    if one.statement.part or other.statement.part or not _one_thing(one, other):
        return False
    return (high is not None and other_low is not None and high < other_low) or (
        other_high is not None and low is not None and other_high < low
    )
