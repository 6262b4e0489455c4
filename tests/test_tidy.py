"""The edges of predicted spans follow the guide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warwire.annotations.document import Document, Span
from warwire.annotations.guide import check_guide
from warwire.model.tidy import tidy

CASES = [
    ("the town", "town"),
    ("A drone", "drone"),
    ("Lira,", "Lira"),
    ("Lira.", "Lira"),
    ("U.S.", "U.S."),
    ("“Lira", "Lira"),
    ("Lira's", "Lira"),
    ("Lira’s", "Lira"),
    ("AK-47's", "AK-47's"),
    ("- the “Free Men” brigade", "Free Men” brigade"),
    ("Front (FLC)", "Front (FLC)"),
    ("port)", "port"),
    ("an estimated 30", "estimated 30"),
    ("Theatre", "Theatre"),
    ("Kh-101", "Kh-101"),
    ("suburbs of", "suburbs"),
    ("port on the", "port"),
    ("-", None),
    ("the ", None),
    ("…”", None),
]


@pytest.mark.parametrize(("surface", "tidied"), CASES)
def test_edges_are_trimmed(surface: str, tidied: str | None) -> None:
    edges = tidy(surface, 0, len(surface))
    assert (edges and surface[slice(*edges)]) == tidied


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("and 170,698 others injured", "170", "170,698"),
        ("and 170,698 others injured", "698", "170,698"),
        ("Some 55,000 people", "Some 55", "Some 55,000"),
        ("about 2.5 million", "about 2", "about 2.5"),
        ("1.234.567 people", "234", "1.234.567"),
        ("killed 5, 000 fled", "5", "5"),
        ("Kh-22, 3 missiles", "22", "22"),
        ("There were 12.", "12", "12"),
    ],
)
def test_a_number_is_never_cut(text: str, cut: str, whole: str) -> None:
    start = text.index(cut)
    edges = tidy(text, start, start + len(cut))
    assert edges is not None
    assert text[slice(*edges)] == whole


@given(st.text(alphabet="aA .,'’s\"()-“”1the", min_size=1, max_size=20), st.data())
def test_a_tidied_span_lies_inside_but_for_numbers_and_has_no_white_space_at_its_edges(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    edges = tidy(text, start, end)
    if edges is not None:
        assert edges[0] < edges[1]
        assert edges[0] >= start or text[edges[0] : start].strip("1.,") == ""
        assert edges[1] <= end or text[end : edges[1]].strip("1.,") == ""
        assert text[slice(*edges)] == text[slice(*edges)].strip()


@pytest.mark.parametrize(("surface", "tidied"), [case for case in CASES if case[1]])
def test_a_tidied_span_passes_the_guide(surface: str, tidied: str) -> None:
    document = Document("d", tidied, spans=(Span("T1", 0, len(tidied), "PLACE"),))
    faults = [p.message for p in check_guide(document) if "article" in p.message or "possessive" in p.message]
    assert faults == []
