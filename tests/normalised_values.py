"""Documents with normalised values made by hand: what is built on them is tested apart from how they are found."""

from dataclasses import replace
from typing import Any

from conftest import made

from warwire.annotations.document import Document, Event
from warwire.model.normalise.count import normalise_count

PUBLISHED = "2024-03-06"  # a Wednesday

TIMES = {
    "Monday": ("2024-03-04", "2024-03-04", "day"),
    "Tuesday": ("2024-03-05", "2024-03-05", "day"),
    "overnight": ("2024-03-05", "2024-03-06", "night"),
    "May 2022": ("2022-05-01", "2022-05-31", "month"),
    "since October": ("2023-10-01", "2024-03-06", "day"),
    "tomorrow": ("2024-03-07", "2024-03-07", "day"),
}

WEAPONS = {
    "drones": "drone",
    "drone": "drone",
    "cruise missiles": "cruise_missile",
    "missiles": "missile",
    "missile": "missile",
    "mortars": "mortar",
    "shells": "artillery",
    "rockets": "rocket",
    "air defences": "air_defence",
}

PLACES = {
    "Kyiv": (50.45466, 30.5238, "UA", 703448, "town"),
    "Odesa": (46.48572, 30.74383, "UA", 698740, "town"),
    "Kharkiv": (49.98081, 36.25272, "UA", 706483, "town"),
    "Ukraine": (49.0, 32.0, "UA", 690791, "country"),
    "Chuhuiv": (49.8367, 36.6883, "UA", 710554, "town"),
    "Kharkiv region": (49.5, 36.5, "UA", 706482, "province"),
    "Lima": (-12.04318, -77.02824, "PE", 3936456, "town"),
    "Suva": (-18.14161, 178.44149, "FJ", 2198148, "town"),
    "Apia": (-13.83333, -171.76666, "WS", 4035413, "town"),
    "Nukualofa": (-21.13938, -175.2018, "TO", 4032402, "town"),
}

COUNTED = {"LAUNCH": "weapon", "INTERCEPT": "weapon", "CLASH": "attack"}


def known(source: str, date: str = PUBLISHED, **header: str) -> Document:
    """A document from inline annotation whose events carry normalised values, null where the tables have none."""
    document = made(source.strip(), date=date, **header)
    surfaces = {span.id: span.surface(document.text) for span in document.spans}
    events = []
    for event in document.events:
        whole = next(other for other in document.events if other.trigger == event.trigger)
        part_of = whole.id if event.id.endswith("_part") else None
        roles = dict.fromkeys(argument.role for argument in event.arguments)
        values = {
            role: tuple(_value(role, surfaces[id], event, part_of) for id in event.fillers(role)) for role in roles
        }
        events.append(replace(event, normalised=values))
    return replace(document, events=tuple(events))


def _value(role: str, text: str, event: Event, part_of: str | None) -> dict[str, Any]:
    if role == "count":
        found = normalise_count(text)
        low, high, bound = (found.min, found.max, found.bound) if found else (None, None, None)
        of = "weapon" if event.fillers("weapon") else COUNTED.get(event.type, "target")
        return {"text": text, "min": low, "max": high, "bound": bound, "of": of, "part_of": part_of}
    if role == "time":
        return {"text": text, **dict(zip(("start", "end", "precision"), TIMES.get(text, (None,) * 3), strict=True))}
    if role in {"place", "origin"}:
        name = text if text in PLACES else None
        keys = ("lat", "lon", "country", "geonames_id", "precision")
        return {"text": text, "name": name, **dict(zip(keys, PLACES.get(text, (None,) * 5), strict=True))}
    if role == "weapon":
        return {"text": text, "class": WEAPONS.get(text.lower()), "model": None}
    return {"text": text, "side": None, **({"kind": None} if role == "speaker" else {})}
