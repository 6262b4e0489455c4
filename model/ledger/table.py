"""The ledger as three tables: incidents, versions of their figures, and the links that made them.

incidents   a row an incident: when, where, with what, by whom; of each figure the latest of every speaker in words,
            and the least and the most that these allow
versions    a row a statement: incident, report, article, source, day of publication, speaker, figure; a report
            without figures has one row all the same, so that every report is in the table
links       a row a pair of reports that tie an incident together: score, and the points with their reasons
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from warwire.annotations.errors import MissingExtraError
from warwire.model.ledger.grouping import Incident
from warwire.model.ledger.location import GRAINS, Location
from warwire.model.ledger.reports import FIGURES, Report
from warwire.model.ledger.versions import History, Version, attackers_of, histories_of, iso
from warwire.model.rows import csv_line

Row = Mapping[str, Any]
Columns = Mapping[str, type]

_FIGURE: Final[Columns] = {"": str, "_least": int, "_most": int, "_disputed": bool, "_revised": bool}

INCIDENTS: Final[Columns] = {
    "incident": int,
    **dict.fromkeys(("first_day", "last_day", "place", "country"), str),
    **dict.fromkeys(("lat", "lon"), float),
    **dict.fromkeys(("precision", "events", "weapon", "model", "attackers", "status"), str),
    **dict.fromkeys(("reports", "articles", "sources"), int),
    **dict.fromkeys(("first_published", "last_published"), str),
    **{f"{name}{suffix}": kind for name in FIGURES for suffix, kind in _FIGURE.items()},
    "may_be_the_same": str,
}
"""Columns of the table of incidents and the types of their cells; None stands for what is unknown."""

VERSIONS: Final[Columns] = {
    "incident": int,
    **dict.fromkeys(("report", "article", "published", "title", "source", "link", "first_day", "last_day"), str),
    **dict.fromkeys(("place", "figure", "text"), str),
    **dict.fromkeys(("min", "max"), int),
    **dict.fromkeys(("bound", "what"), str),
    "part": bool,
    **dict.fromkeys(("earlier_min", "earlier_max"), int),
    **dict.fromkeys(("speaker", "speaker_kind", "speaker_side", "voice", "status", "sentence"), str),
}
"""Columns of the table of versions; `voice` is the speaker's name that stands for all its names in the incident."""

LINKS: Final[Columns] = {"incident": int, "report": str, "other": str, "score": float, "rules": str, "why": str}
"""Columns of the table of links."""

_ROWS_AT_ONCE: Final = 20_000


def incident_row(incident: Incident) -> Row:
    """The row of an incident."""
    reports = incident.reports
    days = [report.days for report in reports if report.days]
    published = [report.published for report in reports if report.published is not None]
    place = main_place(incident)
    row: dict[str, Any] = {
        "incident": incident.number,
        "first_day": iso(min((first for first, _ in days), default=None)),
        "last_day": iso(max((last for _, last in days), default=None)),
        "place": "; ".join(place_names(incident)),
        "country": "; ".join(dict.fromkeys(p.country for report in reports for p in report.places if p.country)),
        "lat": place.position[0] if place and place.position else None,
        "lon": place.position[1] if place and place.position else None,
        "precision": place.grain if place else None,
        "events": "; ".join(sorted({kind for report in reports for kind in report.kinds})),
        "weapon": "; ".join(sorted({name for report in reports for name in report.weapons})),
        "model": "; ".join(sorted({name for report in reports for name in report.models})),
        "attackers": "; ".join(_counted(text, number) for text, _, number in attackers_of(incident)),
        "status": "; ".join(sorted({status for report in reports for status in report.statuses})),
        "reports": len(reports),
        "articles": len({report.article for report in reports}),
        "sources": len({report.source for report in reports if report.source}),
        "first_published": iso(min(published, default=None)),
        "last_published": iso(max(published, default=None)),
        "may_be_the_same": "; ".join(f"{near.incident} ({near.why or 'not joined'})" for near in incident.neighbours),
    }
    histories = {history.name: history for history in histories_of(incident)}
    for name in FIGURES:
        row |= _figure_cells(name, histories.get(name))
    return row


def version_rows(incident: Incident) -> Iterator[Row]:
    """The rows of an incident's statements, in the order of publication."""
    voices = {
        id(version.statement): voice.name
        for history in histories_of(incident)
        for voice in history.voices
        for version in voice.versions
    }
    for report in incident.reports:
        shared = _report_cells(incident, report)
        for statement in report.statements:
            earlier = statement.earlier or (None, None)
            yield shared | {
                "figure": statement.name,
                "text": statement.text,
                "min": statement.min,
                "max": statement.max,
                "bound": statement.bound,
                "what": statement.what,
                "part": statement.part,
                "earlier_min": earlier[0],
                "earlier_max": earlier[1],
                "speaker": statement.speaker.text,
                "speaker_kind": statement.speaker.kind,
                "speaker_side": statement.speaker.side,
                "voice": voices[id(statement)],
                "status": statement.status,
                "sentence": statement.sentence,
            }
        if not report.statements:
            yield shared | {"status": "; ".join(sorted(report.statuses)), "sentence": report.excerpt}


def link_rows(incident: Incident) -> Iterator[Row]:
    """The rows of an incident's links."""
    for link in incident.links:
        yield {
            "incident": incident.number,
            "report": link.other,
            "other": link.one,
            "score": round(link.match.score, 2),
            "rules": "; ".join(point.rule for point in link.match.points),
            "why": link.match.reason,
        }


TABLES: Final[Mapping[str, tuple[Columns, Callable[[Incident], Iterable[Row]]]]] = {
    "incidents": (INCIDENTS, lambda incident: [incident_row(incident)]),
    "versions": (VERSIONS, version_rows),
    "links": (LINKS, link_rows),
}
"""The tables by name: columns, and the rows of one incident."""


def rows_of(table: str, incidents: Iterable[Incident]) -> Iterator[Row]:
    """The rows of a table over incidents."""
    _, rows = TABLES[table]
    for incident in incidents:
        yield from rows(incident)


def write_csv(path: Path, table: str, incidents: Iterable[Incident]) -> None:
    """Write a table as CSV, UTF-8; cells that a spreadsheet would run begin with an apostrophe."""
    columns, _ = TABLES[table]
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(csv_line(columns))
        for row in rows_of(table, incidents):
            file.write(csv_line(_cell(row.get(name)) for name in columns))


def write_parquet(path: Path, table: str, incidents: Iterable[Incident]) -> None:
    """Write a table as Parquet.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise MissingExtraError("pyarrow", "archive") from None
    columns, _ = TABLES[table]
    types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    schema = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
    rows = rows_of(table, incidents)
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            writer.write_table(pyarrow.Table.from_pylist([_clean(row) for row in batch], schema=schema))


def main_place(incident: Incident) -> Location | None:
    """The place that most reports name among those of the finest grain; for the map and for filing alone."""
    told = Counter(place for report in incident.reports for place in report.places)
    return min(told, key=lambda place: (GRAINS.index(place.grain), -told[place], place.name), default=None)


def place_names(incident: Incident) -> list[str]:
    """The names of all places told, the finest and most often told first."""
    told = Counter(place for report in incident.reports for place in report.places)
    ordered = sorted(told, key=lambda place: (GRAINS.index(place.grain), -told[place], place.name))
    return list(dict.fromkeys(place.name for place in ordered))


def figure_words(version: Version) -> str:
    """A figure in signs: *3*, *≥ 3*, *≤ 40*, *20 – 25*, its words where it was not understood."""
    low, high = version.range
    if low is None and high is None:
        return version.statement.text
    if high is None:
        return f"≥ {low}"
    if not low and version.statement.bound in {"at_most", "less_than"}:
        return f"≤ {high}"
    about = "≈ " if version.statement.bound == "about" else ""
    return f"{about}{high}" if low == high else f"{about}{low or 0} – {high}"


def _figure_cells(name: str, history: History | None) -> dict[str, Any]:
    if history is None:
        return {f"{name}{suffix}": None for suffix in _FIGURE}
    told = (
        f"{voice.name}: {' and '.join(map(_with_what, voice.latest))} ({voice.latest[0].published or 'no date'})"
        for voice in history.voices
    )
    return {
        name: "; ".join(told),
        f"{name}_least": history.least,
        f"{name}_most": history.most,
        f"{name}_disputed": history.is_disputed,
        f"{name}_revised": history.is_revised,
    }


def _with_what(version: Version) -> str:
    part = " of them" if version.statement.part else ""
    return f"{figure_words(version)}{part} {version.statement.what}".strip()


def _report_cells(incident: Incident, report: Report) -> dict[str, Any]:
    first, last = report.days or (None, None)
    return {
        "incident": incident.number,
        "report": report.key,
        "article": report.article,
        "published": iso(report.published),
        "title": report.title,
        "source": report.source,
        "link": report.link,
        "first_day": iso(first),
        "last_day": iso(last),
        "place": "; ".join(place.name for place in report.places),
    }


def _counted(text: str, number: int) -> str:
    return f"{text} ({number} report{'' if number == 1 else 's'})"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _clean(row: Row) -> dict[str, Any]:
    """The row with text that UTF-8 can hold."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }
