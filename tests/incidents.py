"""Reports made by hand, for the tests of the ledger: a drone strike on Kharkiv, and whatever differs from it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from warwire.model.attack_claims import Party
from warwire.model.ledger.location import Location
from warwire.model.ledger.reports import Report, Speaker, Statement
from warwire.model.ledger.shingles import sketch_of

DAY = date(2024, 3, 5).toordinal()
"""The day of the strike, a Tuesday."""


def place(name: str, lat: float | None = None, lon: float | None = None, grain: str | None = "town") -> Location:
    """A place of Ukraine; without a position it is on no map."""
    position = (lat, lon) if lat is not None and lon is not None else None
    area = {"province": "UA.07", "country": "UA"}.get(grain or "", "UA.07" if position else "")
    broad = grain in {"area", "province", "country"}
    country = "UA" if position or broad else None
    return Location(name, name, name.lower(), country, area, position, grain if position else None, broad)


KHARKIV = place("Kharkiv", 49.98, 36.25)
SALTIVKA = place("Saltivka", 50.01, 36.28)  # 4 km from the middle of Kharkiv
CHUHUIV = place("Chuhuiv", 49.84, 36.69)  # 35 km away
PISOCHYN = place("Pisochyn", 49.95, 36.11)  # 11 km away
ODESA = replace(place("Odesa", 46.49, 30.74), area="UA.17")
REGION = place("Kharkiv region", 49.6, 36.4, "province")
UKRAINE = place("Ukraine", 49.0, 32.0, "country")
HAMLET = place("Lower Mill")
RUSSIA = Party("RU", frozenset({"russi"}))
UKRAINIANS = Party("UA", frozenset({"ukrai"}))


def report(key: str, /, **changes: Any) -> Report:
    """The strike as an article tells it on the day after; `says` gives figures, `days` counts from the day."""
    says = changes.pop("says", ())
    first, last = changes.pop("days", (0, 0)) or (None, None)
    base = Report(
        key=key,
        article=key,
        title="",
        source=f"{key}.example",
        link="",
        published=DAY + 1,
        mood="told",
        statuses=frozenset({"asserted"}),
        kinds=frozenset({"STRIKE"}),
        days=None if first is None or last is None else (DAY + first, DAY + last),
        weekdays=frozenset(),
        places=(KHARKIV,),
        weapons=frozenset({"drone"}),
        models=frozenset(),
        attackers=frozenset({RUSSIA}),
        agents=(("Russia", "RU"),),
        targets=frozenset(),
        statements=tuple(says),
        excerpt=f"What {key} wrote.",
        sketch=b"",
    )
    text = changes.pop("text", None)
    if text is not None:
        changes |= {"excerpt": text, "sketch": sketch_of(text)}
    return replace(base, **changes)


def killed(number: int | None, speaker: str | Speaker = "", **changes: Any) -> Statement:
    """A statement of so many killed; `most` is the upper end where it is another."""
    high = changes.pop("most", number)
    told = Statement(
        name="killed",
        speaker=Speaker(speaker) if isinstance(speaker, str) else speaker,
        text=str(number),
        min=number,
        max=high,
        bound="exact" if high == number else "at_least",
        what="people",
        part=False,
        status="asserted",
        earlier=None,
        sentence=f"{number} were killed.",
    )
    return replace(told, **changes)


def groups(incidents: Iterable[Any]) -> set[frozenset[str]]:
    """Incidents as sets of the articles of their reports."""
    return {frozenset(report.article for report in incident.reports) for incident in incidents}
