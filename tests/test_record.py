"""JSON records: every rule of the format is checked and every violation named; unknown keys survive."""

import copy
from typing import Any

import pytest

from warwire.annotations.errors import DocumentError
from warwire.annotations.record import parse_record, to_record

TEXT = "The army said on Saturday that rebels fired nine rockets at Port Almeda overnight."
RECORD: dict[str, Any] = {
    "id": "made-up-1",
    "date": "2024-03-02",
    "title": None,
    "text": TEXT,
    "spans": [
        {"id": "T1", "start": 4, "end": 8, "label": "SPEAKER"},
        {"id": "T2", "start": 31, "end": 37, "label": "ACTOR"},
        {"id": "T3", "start": 38, "end": 43, "label": "LAUNCH"},
        {"id": "T4", "start": 44, "end": 48, "label": "COUNT"},
    ],
    "events": [
        {
            "id": "E1",
            "type": "LAUNCH",
            "trigger": "T3",
            "status": "asserted",
            "arguments": [{"role": "agent", "span": "T2"}, {"role": "count", "span": "T4"}],
        }
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """A copy of the record with the value at a path like `spans.0.end` replaced."""
    record = copy.deepcopy(RECORD)
    *folders, last = path.split(".")
    node: Any = record
    for name in folders:
        node = node[int(name) if name.isdigit() else name]
    node[int(last) if last.isdigit() else last] = value
    return record


def test_the_record_of_the_guide_round_trips() -> None:
    assert to_record(parse_record(RECORD)) == RECORD


VIOLATIONS = [
    ("id", "", "key 'id' must be a non-empty string", None),
    ("id", 7, "key 'id' must be a non-empty string", None),
    ("text", None, "key 'text' must be a string, not null", None),
    ("text", ["a"], "key 'text' must be a string, not a list", None),
    ("text", " \n", "the text is empty", None),
    ("date", "02.03.2024", "is neither null nor a day like 2024-03-02", None),
    ("date", "2024-02-30", "is neither null nor a day like 2024-03-02", None),
    ("title", 3, "title must be a string or null, not a number", None),
    ("spans", {}, "key 'spans' must be a list, not an object", None),
    ("spans.0", "T1", "an item of 'spans' must be an object, not a string", None),
    ("spans.0.id", 1, "a span's id must be a non-empty string", None),
    ("spans.1.id", "T1", "two spans have this id", "T1"),
    ("spans.3.end", 999, "lie outside the text of 82 code points or are empty", "T4"),
    ("spans.3.end", 44, "lie outside the text of 82 code points or are empty", "T4"),
    ("spans.3.start", -2, "lie outside the text of 82 code points or are empty", "T4"),
    ("spans.3.start", "44", "must be integers", "T4"),
    ("spans.3.start", True, "must be integers", "T4"),
    ("spans.3.end", 49, "starts or ends with white space", "T4"),
    ("spans.3.label", "NUMBER", "unknown label 'NUMBER'", "T4"),
    ("spans.3.score", 1.5, "is no number from 0 to 1", "T4"),
    ("spans.1.start", 6, "overlaps span T1 (4-8)", "T2"),
    ("events.0.id", None, "an event's id must be a non-empty string", None),
    ("events.0.type", "STRIKE", "its type STRIKE is not its trigger's label LAUNCH", "T3"),
    ("events.0.type", "ATTACK", "unknown type 'ATTACK'", "T3"),
    ("events.0.trigger", "T9", "its trigger span does not exist", "T9"),
    ("events.0.trigger", None, "trigger must be the id of a span", None),
    ("events.0.status", "maybe", "unknown status 'maybe'", "T3"),
    ("events.0.arguments.0.role", "victim", "unknown role 'victim'", None),
    ("events.0.arguments.0.span", "T9", "the span of its argument agent does not exist", "T9"),
    ("events.0.arguments.0.role", "place", "a ACTOR cannot fill the role place", "T2"),
    ("events.0.arguments.1", {"role": "agent", "span": "T2"}, "fills the role agent twice", "T2"),
]


@pytest.mark.parametrize(("path", "value", "message", "span"), VIOLATIONS)
def test_each_violation_is_named_with_its_span(path: str, value: Any, message: str, span: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_record(changed(path, value))
    assert [problem.span for problem in caught.value.problems if message in problem.message] == [span]


def test_all_violations_of_a_record_are_named_at_once() -> None:
    record = changed("spans.3.end", 999)
    record["events"][0]["status"] = "maybe"
    with pytest.raises(DocumentError) as caught:
        parse_record(record)
    assert {problem.document for problem in caught.value.problems} == {"made-up-1"}
    assert len(caught.value.problems) == 3  # the span, the argument that loses it, the status


def test_unknown_keys_survive_at_every_level() -> None:
    record = changed("reviewed_by", ["AB", {"on": "2024-03-05"}])
    record["spans"][0]["note"] = "sure"
    record["events"][0]["colour"] = 4
    record["events"][0]["arguments"][0]["why"] = None
    assert to_record(parse_record(record)) == record


@pytest.mark.parametrize("raw", [None, [], "text", 4, True])
def test_a_record_is_an_object(raw: object) -> None:
    with pytest.raises(DocumentError, match="a JSON object is expected"):
        parse_record(raw)


def test_an_id_is_made_from_the_text_only_where_asked() -> None:
    bare = {"text": TEXT}
    assert parse_record(bare, id_from_text=True).id == parse_record(dict(bare), id_from_text=True).id
    with pytest.raises(DocumentError, match="'id'"):
        parse_record(bare)
