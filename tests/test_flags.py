"""Flags mark what deserves a second look, and leave everything where it is."""

from dataclasses import replace

import pytest
from normalised_values import known

from warwire.model.attack_figures import Figure
from warwire.model.flags import flag_across, flags_of, flags_of_figures

RAID = "A [raid|STRIKE:e1] on [Lira|PLACE:p1] [tomorrow|TIME:t1] with [{}|COUNT:c1] [drones|WEAPON:w1].\n---\n"
RAID += "e1: place=p1 time=t1 count=c1 weapon=w1 status={}"


@pytest.mark.parametrize(
    ("count", "status", "flags"),
    [
        ("nine", "asserted", ("time after publication",)),
        ("nine", "planned", ()),
        ("umpteen", "planned", ("count not understood",)),
    ],
)
def test_an_event_is_flagged_by_its_own_values(count: str, status: str, flags: tuple[str, ...]) -> None:
    document = known(RAID.format(count, status))
    [event] = document.events
    assert flags_of(document, event, event.normalised or {}) == flags


TOLL = "The [strike|STRIKE:e1] [killed|KILL:e2] [{}|COUNT:c1] people, including [{}|COUNT:c2] children.\n---\n"
TOLL += "e1:\ne2: count=c1\ne2_part: trigger=e2 count=c2"


@pytest.mark.parametrize(
    ("whole", "part", "flagged"),
    [
        ("12", "four", False),
        ("12", "12", False),
        ("four", "12", True),
        ("at least four", "12", False),
        ("four", "at least five", True),
        ("four", "up to 12", False),
    ],
)
def test_a_part_larger_than_its_whole_is_flagged(whole: str, part: str, flagged: bool) -> None:
    document = flag_across(known(TOLL.format(whole, part)))
    assert [event.flags for event in document.events] == [(), (), ("part larger than whole",) if flagged else ()]


def strikes(*places: str) -> str:
    text = " ".join(f"[Hit|STRIKE:e{i}] [{place}|PLACE:p{i}]." for i, place in enumerate(places))
    return text + "\n---\n" + "\n".join(f"e{i}: place=p{i}" for i, _ in enumerate(places))


@pytest.mark.parametrize(
    ("places", "far"),
    [
        (("Kyiv", "Kharkiv", "Odesa", "Lima"), {"Lima"}),
        (("Kyiv", "Lima"), set()),
        (("Kyiv", "Kyiv", "Kyiv", "Lima"), set()),
        (("Kyiv", "Kharkiv", "Nowhere"), set()),
        (("Suva", "Apia", "Nukualofa"), set()),
    ],
    ids=["far", "too few places", "mentions are no places", "unresolved", "both sides of the date line"],
)
def test_a_place_far_from_the_others_is_flagged(places: tuple[str, ...], far: set[str]) -> None:
    document = flag_across(known(strikes(*places)))
    flagged = [place for place, event in zip(places, document.events, strict=True) if event.flags]
    assert set(flagged) == far


def test_flags_that_are_there_stay_and_none_comes_twice() -> None:
    document = known(strikes("Kyiv", "Kharkiv", "Odesa", "Lima"))
    document = replace(document, events=tuple(replace(event, flags=("x",)) for event in document.events))
    twice = flag_across(flag_across(document))
    assert [event.flags for event in twice.events] == [("x",), ("x",), ("x",), ("x", "place far from the others")]


def test_a_document_without_a_doubt_is_the_same_document() -> None:
    document = known(strikes("Kyiv", "Kharkiv"))
    assert flag_across(document) is document


def figure(low: int | None, high: int | None, of: str = "weapon") -> Figure:
    return Figure("", low, high, "range", of)


@pytest.mark.parametrize(
    ("launched", "intercepted", "hit", "flags"),
    [
        (figure(9, 9), figure(6, 6), figure(3, 3), ()),
        (figure(9, 9), figure(10, 10), None, ("intercepted more than launched",)),
        (figure(9, 9), None, figure(10, None), ("hit more than launched",)),
        (figure(9, 9), figure(6, 6), figure(4, 4), ("hit and intercepted more than launched",)),
        (figure(9, 9), figure(6, 6), figure(40, 40, "target"), ()),
        (figure(9, None), figure(10, 10), None, ()),
        (figure(9, 9), figure(0, 20), None, ()),
        (figure(None, None), figure(10, 10), None, ()),
        (None, figure(10, 10), figure(3, 3), ()),
    ],
)
def test_figures_are_flagged_where_no_reading_of_them_agrees(
    launched: Figure | None, intercepted: Figure | None, hit: Figure | None, flags: tuple[str, ...]
) -> None:
    assert flags_of_figures({"launched": launched, "intercepted": intercepted, "hit": hit}) == flags
