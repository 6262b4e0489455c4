"""Normalised values of predicted events against those of the gold ones."""

from dataclasses import replace

import pytest
from conftest import made

from warwire.annotations.document import Document
from warwire.evaluate.normalised_values import distance_km, event_values, value_shares
from warwire.evaluate.pairs import Pair

GOLD = (
    "[Drones|WEAPON:w1] [killed|KILL:e1] [at least 71|COUNT:c1] in [Kharkiv|PLACE:p1] on [Monday|TIME:t1], "
    "[police|SPEAKER:s1] said.\n---\ne1: weapon=w1 count=c1 place=p1 time=t1 speaker=s1"
)


def shares(predicted: Document, gold: str = GOLD) -> dict[tuple[str, str], tuple[int, int, int]]:
    found = value_shares([Pair(made(gold, date="2024-03-06"), predicted)])
    return {(one.role, one.check): (one.gold, one.found, one.right) for one in found if one.group is None}


def predicted(source: str = GOLD, date: str = "2024-03-06") -> Document:
    return made(source, date=date)


def test_equal_events_have_equal_values() -> None:
    found = shares(predicted())
    assert set(found) >= {
        ("count", "exact"),
        ("count", "within bound"),
        ("time", "exact"),
        ("place", "country"),
        ("place", "within 10 km"),
        ("weapon", "class"),
        ("speaker", "kind"),
    }
    assert set(found.values()) == {(1, 1, 1)}


WRONG = {
    "a narrower span loses the bound": (
        GOLD.replace("[at least 71|COUNT:c1]", "at least [71|COUNT:c1]"),
        {("count", "exact"): (1, 1, 0), ("count", "within bound"): (1, 1, 1)},
    ),
    "an argument not linked has no value beside it": (
        GOLD.replace("count=c1 ", ""),
        {("count", "exact"): (1, 0, 0), ("count", "within bound"): (1, 0, 0)},
    ),
    "an event not found leaves all its values alone": (
        GOLD.partition("e1: ")[0],
        {("count", "exact"): (1, 0, 0), ("place", "country"): (1, 0, 0)},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_spans_and_links_show_in_the_values(name: str) -> None:
    source, expected = WRONG[name]
    found = shares(predicted(source))
    assert {key: found[key] for key in expected} == expected


def test_times_and_places_are_also_told_by_precision() -> None:
    found = value_shares([Pair(made(GOLD, date="2024-03-06"), predicted())])
    assert {(one.role, one.group) for one in found if one.group} == {("time", "day"), ("place", "town")}


def test_another_day_is_neither_the_same_nor_overlapping() -> None:
    document = predicted()
    event = document.events[0]
    values = dict(event_values(document)[0])
    values["time"] = ({**values["time"][0], "start": "2024-03-01", "end": "2024-03-01"},)
    found = shares(replace(document, events=(replace(event, normalised=values),)))
    assert (found["time", "exact"], found["time", "overlapping"]) == ((1, 1, 0), (1, 1, 0))


def test_predicted_events_keep_the_values_they_come_with() -> None:
    document = predicted()
    event = document.events[0]
    values = {**event_values(document)[0], "count": ({"min": 5, "max": 5},)}
    found = shares(replace(document, events=(replace(event, normalised=values),)))
    assert found["count", "exact"] == (1, 1, 0)
    assert found["place", "country"] == (1, 1, 1)


def test_values_that_are_not_one_for_each_argument_are_read_anew() -> None:
    document = predicted()
    stale = replace(document.events[0], normalised={"count": ()})
    assert shares(replace(document, events=(stale,)))["count", "exact"] == (1, 1, 1)


def test_distances_are_great_circles() -> None:
    kyiv, kharkiv = {"lat": 50.45, "lon": 30.523}, {"lat": 49.9935, "lon": 36.2304}
    assert distance_km(kyiv, kyiv) == 0
    assert distance_km(kyiv, kharkiv) == pytest.approx(409, abs=5)
    assert distance_km({"lat": 0, "lon": 179.5}, {"lat": 0, "lon": -179.5}) == pytest.approx(111.2, abs=0.1)
