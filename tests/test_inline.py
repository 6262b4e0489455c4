"""The inline form: what is written by hand becomes a document, and goes back."""

from pathlib import Path

import pytest

from warwire.annotations.errors import DocumentError
from warwire.annotations.formats.inline import parse_inline, read_inline, write_inline

SOURCE = """\
# id: made-up-1
# date: 2024-03-02
# genre: breaking story
The [army|SPEAKER:s1] said [rebels|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] [soldiers|TARGET:g1] and a [medic|TARGET:g2].

It [denied|not a span] a [loss] of [its|own] men.
---
e1: speaker=s1 agent=a1 count=c1 target=g1
e1b: trigger=e1 speaker=s1 agent=a1 target=g2 status=planned
"""


def test_spans_events_and_header_are_read() -> None:
    document = parse_inline(SOURCE)
    assert (document.id, document.date, document.extra["meta"]) == (
        "made-up-1",
        "2024-03-02",
        {"genre": "breaking story"},
    )
    assert [s.surface(document.text) for s in document.spans] == [
        "army",
        "rebels",
        "killed",
        "two",
        "soldiers",
        "medic",
    ]
    assert [(e.type, e.status, e.fillers("target")) for e in document.events] == [
        ("KILL", "asserted", ("g1",)),
        ("KILL", "planned", ("g2",)),
    ]


def test_other_brackets_stand_for_themselves() -> None:
    assert parse_inline(SOURCE).text.endswith("It [denied|not a span] a [loss] of [its|own] men.")


def test_a_document_goes_to_inline_and_back() -> None:
    document = parse_inline(SOURCE)
    assert parse_inline(write_inline(document)) == document


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("# id: x\nNo end.", "the line '---'"),
        ("# id: x\nA [town|TOWN:p1].\n---\n", "unknown label 'TOWN'"),
        ("# id: x\nThe [town|PLACE:p1.\n---\n", "span is left open"),
        ("# id: x\nA [town|PLACE:p1].\n---\ne1: place=p1\n", "no span has its trigger's id"),
        ("# id: x\nA [raid|STRIKE:e1].\n---\nthe raid\n", "is no event line"),
        ("# id: x\nA [raid|STRIKE:e1].\n---\ne1: place=p7\n", "does not exist"),
        ("# id: x\nA [raid|STRIKE:e1] on a [town|PLACE:e1].\n---\ne1:\n", "two spans have this id"),
        ("A [raid|STRIKE:e1].\n---\ne1:\n", "'id'"),
    ],
)
def test_mistakes_are_named(source: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_inline(source)


def test_a_mistake_in_a_file_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ann.txt"
    path.write_text("# id: x\nA [raid|STRIKE:e1].\n---\ne1:\ne2: place=p1\n")
    with pytest.raises(DocumentError, match=r"a\.ann\.txt:5: span e2"):
        read_inline(path)
