"""What the page of the ledger shows: days, each with its incidents, each with its figures, reports and reasons.

The page's template reads these types and nothing else. Every text in them is plain; the template escapes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from warwire.model.ledger.grouping import Incident, Link
from warwire.model.ledger.reports import Report
from warwire.model.ledger.table import figure_words, place_names
from warwire.model.ledger.versions import History, Version, Voice, attackers_of, histories_of, iso
from warwire.model.page.view import shown

FIGURE_WORDS: Final = {
    "launched": "launched",
    "intercepted": "intercepted",
    "hit": "hit",
    "killed": "killed",
    "injured": "injured",
    "damaged": "damaged or lost",
    "clashes": "clashes",
    "detained": "detained",
    "displaced": "displaced",
    "places": "places taken",
}
"""Names of figures in words."""

_MOST_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A version of a figure: when, what, and where to read it; `link` is empty or an http address."""

    published: str
    words: str
    note: str
    source: str
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """One speaker on one figure; `figure` is empty but in the figure's first line, which spans `rows`."""

    figure: str
    rows: int
    speaker: str
    about: str
    told: tuple[Told, ...]
    is_disputed: bool
    is_revised: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """A report: `reason` says with which other report it was joined, `points` why."""

    published: str
    source: str
    link: str
    title: str
    day: str
    place: str
    status: str
    excerpt: str
    reason: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """An incident that may be the same; `anchor` is empty where the page does not show it."""

    number: int
    anchor: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident; `short` are its figures in one line, `words` what the page's search looks in."""

    number: int
    when: str
    where: str
    country: str
    what: str
    by: str
    is_blame_disputed: bool
    short: tuple[str, ...]
    is_disputed: bool
    reports: int
    sources: int
    lines: tuple[Line, ...]
    tellings: tuple[Telling, ...]
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The incidents filed under one day."""

    anchor: str
    name: str
    entries: tuple[Entry, ...]


def days_of(incidents: Iterable[Incident]) -> Iterator[Day]:
    """The incidents by day, in the order of their numbers; those without a day come last."""
    chosen = list(incidents)
    known = frozenset(incident.number for incident in chosen)
    for day, members in groupby(chosen, key=first_day):
        entries = tuple(_entry(incident, known) for incident in members)
        if day is None:
            yield Day("d-none", "No day known", entries)
        else:
            yield Day(f"d{iso(day)}", _day_name(day), entries)


def first_day(incident: Incident) -> int | None:
    """The day under which an incident is filed: the first that a report tells, else that of first publication."""
    days = [report.days[0] for report in incident.reports if report.days]
    return min(days or [r.published for r in incident.reports if r.published is not None], default=None)


def _day_name(day: int) -> str:
    found = date.fromordinal(day)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


_MONTHS: Final = "January February March April May June July August September October November December".split()


def _entry(incident: Incident, known: frozenset[int]) -> Entry:
    reports = incident.reports
    places = place_names(incident)
    histories = histories_of(incident)
    agents = attackers_of(incident)
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return Entry(
        number=incident.number,
        when=_when(incident),
        where=shown((", ".join(places[:_MOST_PLACES]) + more) or "no place told"),
        country=shown(", ".join(sorted({p.country for report in reports for p in report.places if p.country}))),
        what=shown(_what(reports)),
        by=shown(" or ".join(text for text, _, _ in agents)),
        is_blame_disputed=len({side or text for text, side, _ in agents}) > 1,
        short=tuple(_short(history) for history in histories),
        is_disputed=any(history.is_disputed for history in histories),
        reports=len(reports),
        sources=len({report.source or report.article for report in reports}),
        lines=tuple(line for history in histories for line in _lines(history)),
        tellings=tuple(_tellings(incident)),
        near=tuple(
            Near(near.incident, f"i{near.incident}" if near.incident in known else "", near.why or "not joined")
            for near in incident.neighbours
        ),
    )


def _when(incident: Incident) -> str:
    """All times told, the shortest first where they overlap: *2023-10-26*, *2023-10-26 – 2023-10-27*."""
    told = sorted({report.days for report in incident.reports if report.days})
    if not told:
        return "no day told"
    return "; ".join(_range(days) for days in told)


def _reason(link: Link, key: str, sources: Mapping[str, str]) -> str:
    other = link.one if link.other == key else link.other
    return f"joined with {sources[other]}, {link.match.score:g} points"


def _range(days: tuple[int, int] | None) -> str:
    if days is None:
        return "no day told"
    first, last = days
    return iso(first) if first == last else f"{iso(first)} – {iso(last)}"


def _what(reports: Iterable[Report]) -> str:
    """Models and classes of weapons, else the kinds of events."""
    chosen = list(reports)
    models = sorted({name for report in chosen for name in report.models})
    classes = sorted({name.replace("_", " ") for report in chosen for name in report.weapons})
    kinds = sorted({kind.lower() for report in chosen for kind in report.kinds})
    return ", ".join([*models, *classes]) or ", ".join(kinds)


def _short(history: History) -> str:
    """The range that the latest of all speakers span, never one of them; ≠ where they exclude each other."""
    words = FIGURE_WORDS[history.name]
    low, high = history.least, history.greatest
    if low is None or high is None:
        return f"{words}: only in words" if low is None and high is None else f"{words} ≤ {high}"
    top = f"≥ {high}" if history.most is None else str(high)
    told = top if low == high else f"{low} – {top}"
    return f"{words} {told}" + (" ≠" if history.is_disputed else "")


def _lines(history: History) -> Iterator[Line]:
    for number, voice in enumerate(history.voices):
        yield Line(
            figure=FIGURE_WORDS[history.name] if number == 0 else "",
            rows=len(history.voices),
            speaker=shown(voice.name),
            about=shown(", ".join(part for part in (voice.kind, voice.side) if part and part != "other")),
            told=tuple(_told(voice)),
            is_disputed=history.is_disputed,
            is_revised=voice.is_revised,
        )


def _told(voice: Voice) -> Iterator[Told]:
    """The versions of a speaker; one figure in one outlet on one day is shown once, with all its words."""
    notes: dict[tuple[str, str, str, str], list[str]] = {}
    for version in voice.versions:
        source = shown(version.report.source or version.report.article)
        key = version.published or "no date", shown(figure_words(version)), source, version.report.link
        notes.setdefault(key, []).append(shown(_note(version)))
    for (published, words, source, link), found in notes.items():
        yield Told(published, words, " / ".join(dict.fromkeys(found)), source, link)


def _note(version: Version) -> str:
    statement = version.statement
    notes = [f"“{statement.text}”", f"of them {statement.what}".strip() if statement.part else statement.what]
    if statement.earlier is not None:
        low, high = statement.earlier
        was = low if low == high or high is None else f"{low or 0} – {high}"
        notes.append(f"the text says: before {was}")
    if statement.status != "asserted":
        notes.append(statement.status)
    return ", ".join(note for note in notes if note)


def _tellings(incident: Incident) -> Iterator[Telling]:
    links: dict[str, list[Link]] = {}
    for link in incident.links:
        links.setdefault(link.other, []).append(link)
        links.setdefault(link.one, []).append(link)
    sources = {report.key: report.source or report.article for report in incident.reports}
    for report in incident.reports:
        found = max(links.get(report.key, ()), key=lambda link: link.match.score, default=None)
        statuses = sorted(report.statuses - {"asserted"})
        yield Telling(
            published=iso(report.published) or "no date of publication",
            source=shown(report.source or report.article),
            link=report.link,
            title=shown(report.title),
            day=_range(report.days),
            place=shown(", ".join(place.name for place in report.places) or "no place told"),
            status=", ".join(statuses),
            excerpt=shown(report.excerpt),
            reason=shown(_reason(found, report.key, sources)) if found else "",
            points=tuple(shown(str(point)) for point in found.match.points) if found else (),
        )
