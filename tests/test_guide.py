"""Departures from the annotation guide that the format alone allows."""

import pytest
from conftest import made

from warwire.annotations.guide import check_guide

FAULTY = [
    ("They hit [the town|PLACE:p1].", "begins with an article"),
    ("[A drone|WEAPON:w1] fell.", "begins with an article"),
    ("[Lira,|PLACE:p1] was calm.", "ends in punctuation"),
    ("[Lira.|PLACE:p1]", "ends in punctuation"),
    ("He was in [Lira”|PLACE:p1] then.", "ends in punctuation"),
    ("[Lira's|PLACE:p1] port burned.", "ends in a possessive"),
    ("[Lira’s|PLACE:p1] port burned.", "ends in a possessive"),
    ("[a total of 15|COUNT:c1] drones", "tag the number only"),
    ("A [raid|STRIKE:e1] took place.", "a STRIKE trigger without an event"),
    ("It rained on [Monday|TIME:t1].", "a TIME that is no argument"),
    ("[Farmers|TARGET:g1] worked.", "a TARGET that is no argument"),
]

SOUND = [
    "[U.S.|ACTOR:a1] forces",
    "[The Hague|PLACE:p1]",
    "[AK-47s|WEAPON:w1] and [RPG's|WEAPON:w2]",
    "[Front (FLC)|ACTOR:a1] men",
    "[“Peace” movement|ACTOR:a1]",
    "[Maj. Gen.|SPEAKER:s1] said",
    "[Al-Shifa hospital|PLACE:p1]",
    "[Anna's House|PLACE:p1]",
    "A [raid|STRIKE:e1] on [Lira|PLACE:p1]\n---\ne1: place=p1",
]


@pytest.mark.parametrize(("source", "message"), FAULTY)
def test_a_departure_is_named(source: str, message: str) -> None:
    assert [p.kind for p in check_guide(made(source)) if message in p.message] == ["guide"]


@pytest.mark.parametrize("source", SOUND)
def test_sound_spans_pass(source: str) -> None:
    assert check_guide(made(source)) == ()
