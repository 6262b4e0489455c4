"""Events as GeoJSON (RFC 7946): one Feature for each event and each of its places that has a position.

Properties are the columns of `rows` and those of the Feature's own place (`here`, `here_name` and so on); `role` says
whether the event was there (`place`) or came from there (`origin`). Numbers are numbers; what is unknown is null.
Events without a position are no Features; `events_without_position` counts them at the end of the collection, and
`events` counts all.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from warwire.annotations.document import Document, Event
from warwire.model.attack_places import position_of
from warwire.model.rows import COLUMNS, rows_of

_PLACE_ROLES: Final = ("place", "origin")
_PLACE_FIELDS: Final = ("text", "name", "country", "geonames_id", "precision")
_NUMBERS: Final = ("count_min", "count_max")
_LEFT_OUT: Final = frozenset({"place_lat", "place_lon", "origin_lat", "origin_lon"})


def feature_collection(documents: Iterable[Document]) -> Iterator[str]:
    """The text of one FeatureCollection over a stream of documents, a line for each Feature."""
    yield '{"type": "FeatureCollection", "features": ['
    events = unplaced = 0
    separator = "\n"
    for document in documents:
        placed = set()
        for feature in features_of(document):
            placed.add(feature["properties"]["event"])
            yield separator + json.dumps(feature, ensure_ascii=False, allow_nan=False)
            separator = ",\n"
        events += len(document.events)
        unplaced += len(document.events) - len(placed)
    yield f'\n], "events": {events}, "events_without_position": {unplaced}}}\n'


def features_of(document: Document) -> Iterator[dict[str, Any]]:
    """The Features of a document's events, in their order; coordinates are longitude, latitude (WGS 84)."""
    for event, row in zip(document.events, rows_of(document), strict=True):
        shared: dict[str, Any] = {name: row[name] or None for name in COLUMNS if name not in _LEFT_OUT}
        shared |= {name: _number(row[name]) for name in _NUMBERS}
        shared["score"] = event.score
        for role, place in _places(event):
            position = position_of(place)
            if position is not None:
                lat, lon = position
                properties = shared | {"role": role, **_own_place(place)}
                yield {
                    "type": "Feature",
                    "id": f"{document.id}/{event.id}/{role}/{place['text']}",
                    "geometry": {"type": "Point", "coordinates": [lon, lat]},
                    "properties": properties,
                }


def _places(event: Event) -> Iterator[tuple[str, Any]]:
    """Role and value of each place; two mentions of one spot in a role are one."""
    seen = set()
    for role in _PLACE_ROLES:
        for place in (event.normalised or {}).get(role, ()):
            key = role, position_of(place)
            if key not in seen:
                seen.add(key)
                yield role, place


def _own_place(place: Any) -> dict[str, Any]:
    return {f"here_{field}" if field != "text" else "here": place.get(field) for field in _PLACE_FIELDS}


def _number(cell: str) -> int | None:
    """The number of a cell, null where it is empty; of several (`12; 4`) the first, which is the event's own."""
    first = cell.split(";")[0].strip()
    return int(first) if first else None
