"""The attack table: one row for each attack of an article, each speaker who gives figures for it, and each weapon.

    events ─► claims ─► attacks (`attack_joins`: rules and vetoes) ─► lines by weapon ─► rows by speaker

An attack has at least one LAUNCH, STRIKE or INTERCEPT; deaths and damage without one, and ground fighting, are in
the rows of events alone. Rows of one attack share its number. Figures are those of the row's speaker alone, and
those without a speaker are the article's own. When, where, with what and by whom come from the speaker's events,
and where these do not say, from the attack's others. Where several kinds of weapons are counted apart (*40 drones
and seven missiles*), each has a row, and deaths and damage stand in a row of all weapons together.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.model.attack_claims import ATTACKS, Claim, claims_of, days_of
from warwire.model.attack_figures import FIGURES, Figure, apart, figure_of
from warwire.model.attack_joins import Attack, join_claims
from warwire.model.attack_places import position_of
from warwire.model.flags import SPEAKERS_DIFFER, flags_of_figures
from warwire.model.rows import csv_line

_CONTEXT: Final = {
    "time": ("text",),
    "weapon": ("text", "class", "model"),
    "place": ("text", "name", "country"),
    "origin": ("text", "name", "country"),
    "agent": ("text", "side"),
    "target": ("text", "side"),
}
_CONTEXT_COLUMNS: Final = {
    role: tuple((role if field == "text" else f"{role}_{field}", field) for field in fields)
    for role, fields in _CONTEXT.items()
}
_NO_CONTEXT: Final = {name: "" for columns in _CONTEXT_COLUMNS.values() for name, _ in columns}
_NO_FIGURES: Final = {f"{name}{field}": "" for name in FIGURES for field in ("", "_min", "_max", "_bound")}
_SPEAKER: Final = ("text", "kind", "side")
_SPEAKER_COLUMNS: Final = tuple(("speaker" if field == "text" else f"speaker_{field}", field) for field in _SPEAKER)

COLUMNS: Final = (
    *("document", "published", "title", "attack", "status", "start", "end"),
    *_NO_CONTEXT,
    *("lat", "lon"),
    *_NO_FIGURES,
    "hit_of",
    *(name for name, _ in _SPEAKER_COLUMNS),
    *("channel", "types", "events", "joined_by", "flags"),
)
"""Column names, in order."""

_NO_WORDS: Final = frozenset("the a an of s".split())


@dataclass(frozen=True, slots=True)
class Line:
    """The part of an attack that makes one row: whose claims and of which weapons (None: all of the attack's)."""

    speakers: tuple[str, ...]
    weapons: frozenset[str] | None
    claims: tuple[Claim, ...]


def attacks_of(document: Document) -> list[Attack]:
    """The attacks of a document in the order of the text; groups without a LAUNCH, STRIKE or INTERCEPT are left out."""
    return [attack for attack in join_claims(claims_of(document)) if attack.kinds & ATTACKS]


def attack_rows(document: Document) -> Iterator[dict[str, str]]:
    """The rows of a document's attacks; every column is there, empty where nothing is known."""
    for number, attack in enumerate(attacks_of(document), 1):
        lines = lines_of(attack)
        figures = list(map(_figures, lines))
        differ = _differences(lines, figures)
        for line, found in zip(lines, figures, strict=True):
            yield {
                "document": document.id,
                "published": document.date or "",
                "title": document.title or "",
                "attack": f"A{number}",
                **_context_columns(attack, line),
                **_figure_columns(found),
                **_event_columns(attack, line, (*flags_of_figures(found), *differ)),
            }


def _figures(line: Line) -> dict[str, Figure | None]:
    told = {claim.type for claim in line.claims}
    return {name: figure_of(line.claims, type) if type in told else None for name, type in FIGURES.items()}


def csv_lines(documents: Iterable[Document]) -> Iterator[str]:
    """The attack table of a stream of documents as CSV: the header, then the lines of one document at a time."""
    yield csv_line(COLUMNS)
    for document in documents:
        yield "".join(csv_line(row[column] for column in COLUMNS) for row in attack_rows(document))


def lines_of(attack: Attack) -> list[Line]:
    """The lines of an attack: by weapon where several kinds are counted apart, and by speaker.

    Claims without a speaker and without a figure are no line of their own where the attack has another.
    """
    kinds = _counted_kinds(attack.claims)
    lines: dict[tuple[frozenset[str] | None, tuple[str, ...]], list[Claim]] = {}
    speakers: list[tuple[str, ...]] = []
    for claim in attack.claims:
        speaker = _known_speaker(claim.speakers, speakers)
        kind = _kind(claim) if len(kinds) > 1 and claim.type in ATTACKS else None
        lines.setdefault((kind if kind in kinds else None, speaker), []).append(claim)
    silent = [key for key, claims in lines.items() if not key[1] and not any(map(_counts, claims))]
    for key in silent:
        if len(lines) > 1:
            del lines[key]
    return [Line(speaker, kind, tuple(claims)) for (kind, speaker), claims in lines.items()]


def _counts(claim: Claim) -> bool:
    return bool(claim.values.get("count"))


def _counted_kinds(claims: Iterable[Claim]) -> frozenset[frozenset[str]]:
    counted = (claim for claim in claims if claim.type in {"LAUNCH", "INTERCEPT"} and _counts(claim))
    return frozenset(kind for claim in counted if (kind := _kind(claim)) is not None)


def _kind(claim: Claim) -> frozenset[str] | None:
    """What sort of weapon a claim is about: models where there are, else classes, else the last words."""
    weapons = [value for value in claim.values.get("weapon", ()) if value.get("class") != "air_defence"]
    names = (value.get("model") or value.get("class") or _last_word(value["text"]) for value in weapons)
    return frozenset(names) or None


def _last_word(text: str) -> str:
    return text.split()[-1].casefold().removesuffix("s") if text.split() else ""


def _known_speaker(names: tuple[str, ...], known: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The first mention of the same speakers, the names themselves (now known too) where there is none."""
    if not names:
        return names
    words = _words(names)
    for earlier in known:
        others = _words(earlier)
        if len(earlier) == len(names) and (words <= others or others <= words):
            return earlier
    known.append(names)
    return names


@lru_cache(maxsize=8192)
def _words(names: tuple[str, ...]) -> frozenset[str]:
    """*Ukraine's air force* and *air force* are one speaker: the words of one are among those of the other."""
    return frozenset(re.findall(r"\w+", " ".join(names).casefold())) - _NO_WORDS


def _differences(lines: Sequence[Line], figures: Sequence[dict[str, Figure | None]]) -> list[str]:
    """Flags for figures on which two lines of different speakers and the same weapons exclude each other."""
    found: list[str] = []
    for name in FIGURES if len(lines) > 1 else ():
        told = [(line, figure[name]) for line, figure in zip(lines, figures, strict=True) if figure[name] is not None]
        if any(
            a.speakers != b.speakers and a.weapons == b.weapons and apart(left, right)
            for i, (a, left) in enumerate(told)
            for b, right in told[:i]
        ):
            found.append(SPEAKERS_DIFFER.format(name))
    return found


def _context_columns(attack: Attack, line: Line) -> dict[str, str]:
    own, others = line.claims, len(line.claims) < len(attack.claims)
    columns = {"status": _status(own)}
    days = _days(own) or _days(attack.claims)
    columns["start"], columns["end"] = map(_iso, days) if days else ("", "")
    columns |= _NO_CONTEXT
    position = None
    for role, names in _CONTEXT_COLUMNS.items():
        values = _values(own, role, line) or (_values(attack.claims, role, line) if others else [])
        if not values:
            continue
        for name, field in names:
            columns[name] = _join([value.get(field) for value in values])
        if role == "place":
            position = next((found for value in values if (found := position_of(value)) is not None), None)
    columns["lat"], columns["lon"] = map(str, position) if position else ("", "")
    return columns


def _values(claims: Iterable[Claim], role: str, line: Line) -> list[Any]:
    """The distinct values of a role, in the order of the text.

    Who intercepts is no attacker, what intercepts is no weapon of the attack, and a line of one kind of weapon names
    no other.
    """
    values: list[Any] = []
    for claim in claims:
        told = claim.values.get(role)
        if not told or (role == "agent" and claim.type == "INTERCEPT"):
            continue
        if role == "weapon" and line.weapons is not None and _kind(claim) != line.weapons:
            continue
        values += (value for value in told if value.get("class") != "air_defence") if role == "weapon" else told
    if len(values) < 2:
        return values
    found: dict[tuple[str, ...], Any] = {}
    for value in values:
        found.setdefault(tuple([str(value.get(field) or "").casefold() for field in _CONTEXT[role]]), value)
    return list(found.values())


def _days(claims: Iterable[Claim]) -> tuple[int, int] | None:
    return days_of(value for claim in claims for value in claim.values.get("time", ()))


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _status(claims: Sequence[Claim]) -> str:
    """That of all claims; told ones that are partly unverified are asserted."""
    statuses = {claim.event.status for claim in claims}
    return statuses.pop() if len(statuses) == 1 else "asserted"


def _figure_columns(figures: dict[str, Figure | None]) -> dict[str, str]:
    columns = _NO_FIGURES.copy()
    for name, figure in figures.items():
        if figure is not None:
            columns[name] = figure.text
            columns[f"{name}_min"], columns[f"{name}_max"] = _number(figure.min), _number(figure.max)
            columns[f"{name}_bound"] = figure.bound or ""
    hit = figures["hit"]
    columns["hit_of"] = (hit.of or "") if hit else ""
    return columns


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _event_columns(attack: Attack, line: Line, flags: Iterable[str]) -> dict[str, str]:
    """The speaker's columns, which events a row rests on, what joined them, and its flags.

    The events of the row come first; the attack's others that it takes its when and where from follow a bar.
    """
    fullest = max(line.claims, key=_speaker_words)
    speakers = {value["text"]: value for value in fullest.values.get("speaker", ())}
    own = {claim.event.id: claim for claim in line.claims}
    others = [claim.event.id for claim in attack.claims if claim.event.id not in own]
    event_flags = [flag for claim in own.values() for flag in claim.event.flags]
    return {
        **{name: _join([value.get(field) for value in speakers.values()]) for name, field in _SPEAKER_COLUMNS},
        "channel": _join(dict.fromkeys(claim.event.channel for claim in own.values() if claim.event.channel)),
        "types": "; ".join(dict.fromkeys(claim.type for claim in own.values())),
        "events": " | ".join(part for part in ("; ".join(own), "; ".join(others)) if part),
        "joined_by": "; ".join(attack.rules),
        "flags": "; ".join(dict.fromkeys((*event_flags, *flags))),
    }


def _speaker_words(claim: Claim) -> int:
    speakers = claim.speakers
    return len(_words(speakers)) if speakers else 0


def _join(values: Collection[Any]) -> str:
    if not values:
        return ""
    present = ["" if value is None else str(value) for value in values]
    return "; ".join(present) if any(present) else ""
