"""Events on a map: one valid FeatureCollection over a stream of documents, and nothing lost in silence."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, made
from hypothesis import given
from hypothesis import strategies as st
from normalised_values import known

from warwire.annotations.document import Document
from warwire.annotations.jsonl import write_documents
from warwire.model.geojson import feature_collection

Run = Callable[..., Ran]

RAID = """
[Drones|WEAPON:w1] from [Kharkiv|PLACE:p1] [hit|STRIKE:e1] [Odesa|PLACE:p2] and [Kyiv|PLACE:p3], [killing|KILL:e2] \
[at least two|COUNT:c1] in [Odesa|PLACE:p4]. A [blast|STRIKE:e3] shook [Nowhere|PLACE:p5]. They [fled|DISPLACE:e4].
---
e1: weapon=w1 origin=p1 place=p2,p3
e2: count=c1 place=p4
e3: place=p5
e4:
"""


def read(*documents: Document) -> dict[str, Any]:
    collection: dict[str, Any] = json.loads("".join(feature_collection(documents)))
    return collection


def test_each_event_is_a_feature_at_each_of_its_places() -> None:
    found = [
        (feature["properties"]["event"], feature["properties"]["role"], feature["geometry"]["coordinates"])
        for feature in read(known(RAID))["features"]
    ]
    assert found == [
        ("e1", "place", [30.74383, 46.48572]),
        ("e1", "place", [30.5238, 50.45466]),
        ("e1", "origin", [36.25272, 49.98081]),
        ("e2", "place", [30.74383, 46.48572]),
    ]


def test_events_without_a_position_are_counted_at_the_end() -> None:
    collection = read(known(RAID, id="a"), known(RAID, id="b"))
    assert (collection["events"], collection["events_without_position"]) == (8, 4)


def test_properties_are_the_columns_of_rows_with_numbers_as_numbers() -> None:
    properties = read(known(RAID))["features"][-1]["properties"]
    names = ("type", "count", "count_min", "count_max", "here", "here_name", "here_country", "speaker")
    assert [properties[name] for name in names] == ["KILL", "at least two", 2, None, "Odesa", "Odesa", "UA", None]


@pytest.mark.parametrize("documents", [[], [made("Rain fell.")], [made(RAID)]], ids=["none", "no event", "no value"])
def test_a_stream_without_positions_is_an_empty_collection(documents: list[Document]) -> None:
    assert read(*documents)["features"] == []


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0), (None, 5), (0, float("inf"))])
def test_what_is_not_on_the_globe_is_no_position(lat: float | None, lon: float | None) -> None:
    document = known("[Hit|STRIKE:e1] [Kyiv|PLACE:p1].\n---\ne1: place=p1")
    [event] = document.events
    place = {**(event.normalised or {})["place"][0], "lat": lat, "lon": lon}
    document = replace(document, events=(replace(event, normalised={"place": (place,)}),))
    assert read(document)["events_without_position"] == 1


def test_each_feature_stands_on_a_line_as_soon_as_its_document_is_there() -> None:
    pulled: list[str] = []

    def stream() -> Any:
        for id in "ab":
            pulled.append(id)
            yield known(RAID, id=id)

    chunks = feature_collection(stream())
    next(chunks)
    assert json.loads(next(chunks).strip(",\n"))["properties"]["document"] == "a"
    assert pulled == ["a"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_text_gives_valid_json(word: str) -> None:
    document = known(RAID)
    collection = read(replace(document, title=word, events=tuple(replace(e, sentence=word) for e in document.events)))
    assert {feature["properties"]["sentence"] for feature in collection["features"]} == {word}
    assert all(_is_feature(feature) for feature in collection["features"])


def _is_feature(feature: dict[str, Any]) -> bool:
    """RFC 7946, section 3.2, for a Point."""
    lon, lat = feature["geometry"]["coordinates"]
    return (
        feature.keys() == {"type", "id", "geometry", "properties"}
        and (feature["type"], feature["geometry"]["type"]) == ("Feature", "Point")
        and -180 <= lon <= 180
        and -90 <= lat <= 90
    )


def test_assemble_prints_geojson(run: Run, tmp_path: Path) -> None:
    write_documents(tmp_path / "a.jsonl", [made(RAID)])
    assert json.loads(run("assemble", tmp_path / "a.jsonl", "-f", "geojson").out)["events"] == 4
