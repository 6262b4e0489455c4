"""Span, Event, Argument: values that cannot be built wrong."""

import pytest

from warwire.annotations.document import Argument, Event, Span
from warwire.annotations.labels import BIO_TAGS, LABELS, ROLE_FILLERS


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2)])
def test_a_span_is_a_non_empty_interval(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no interval"):
        Span("T1", start, end, "PLACE")


@pytest.mark.parametrize("label", ["place", "LOCATION", "", "B-PLACE"])
def test_a_span_has_a_label_of_the_guide(label: str) -> None:
    with pytest.raises(ValueError, match="unknown label"):
        Span("T1", 0, 1, label)


def test_an_event_has_a_type_and_status_of_the_guide() -> None:
    with pytest.raises(ValueError, match="unknown type"):
        Event("E1", "PLACE", "T1")
    with pytest.raises(ValueError, match="unknown status"):
        Event("E1", "KILL", "T1", status="rumoured")


def test_an_argument_has_a_role_of_the_guide() -> None:
    with pytest.raises(ValueError, match="unknown role"):
        Argument("victim", "T1")


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [((0, 3), (3, 5), False), ((0, 4), (3, 5), True), ((2, 3), (0, 9), True), ((7, 9), (0, 7), False)],
)
def test_half_open_intervals_overlap_where_they_share_a_code_point(
    one: tuple[int, int], other: tuple[int, int], overlap: bool
) -> None:
    a, b = Span("a", *one, "PLACE"), Span("b", *other, "PLACE")
    assert a.overlaps(b) is b.overlaps(a) is overlap


def test_tags_are_o_and_two_for_each_of_the_17_labels() -> None:
    assert len(LABELS) == 17
    assert BIO_TAGS[0] == "O"
    assert BIO_TAGS[1:3] == ("B-WEAPON", "I-WEAPON")
    assert len(set(BIO_TAGS)) == 35


def test_every_role_takes_labels_that_exist() -> None:
    assert all(labels <= set(LABELS) for labels in ROLE_FILLERS.values())
