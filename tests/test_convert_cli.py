"""`warwire annotate convert`: what it says, what it refuses, and that it writes whole or not at all."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, made
from hard_documents import HARD, SCORED, content

from warwire.annotations.convert import FORMATS, Format
from warwire.annotations.jsonl import read_documents, write_documents

Run = Callable[..., Ran]
FORMATS_OF_TOOLS = ["brat", "label-studio", "doccano", "prodigy"]


def test_what_is_lost_is_named_in_one_line_for_each_kind(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD[:3])
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "conll", "--out", tmp_path / "out.conll")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'out.conll'}: 3 documents\n")
    assert ran.err.splitlines() == [
        "warwire: conll holds no dates: 1 date left out",
        "warwire: conll holds no document keys: 1 document key left out",
        "warwire: conll holds no events: 7 events left out",
        "warwire: conll holds no span and event ids: 15 span and event ids left out",
        "warwire: conll holds no texts' spacing: 3 texts' spacing left out",
        "warwire: conll holds no titles: 1 title left out",
    ]


@pytest.mark.parametrize("kind", FORMATS_OF_TOOLS)
def test_there_and_back_by_the_command(kind: str, tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD)
    there = run("annotate", "convert", tmp_path / "in.jsonl", "--to", kind, "--out", tmp_path / kind)
    back = run("annotate", "convert", tmp_path / kind, "--from", kind, "--to", "jsonl", "--out", tmp_path / "b.jsonl")
    assert (there.code, back.code, back.err) == (0, 0, "")
    assert all("span and event ids" in line for line in there.err.splitlines())
    found = {document.id: content(document) for document in read_documents(tmp_path / "b.jsonl")}
    assert found == {document.id: content(document) for document in HARD}


def test_nothing_lost_is_nothing_said(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", [SCORED])
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "jsonl", "--out", tmp_path / "out.jsonl")
    assert (ran.code, ran.out, ran.err) == (0, f"{tmp_path / 'out.jsonl'}: 1 document\n", "")


def test_the_inline_form_is_read_by_its_name_and_written_to_a_folder(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD[:3])
    there = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "inline", "--out", tmp_path / "inline")
    back = run("annotate", "convert", tmp_path / "inline", "--to", "jsonl", "--out", tmp_path / "b.jsonl")
    assert (there.err, back.err) == ("", "")
    assert sorted(map(repr, read_documents(tmp_path / "b.jsonl"))) == sorted(map(repr, HARD[:3]))


def test_what_was_not_read_is_named(tmp_path: Path, run: Run) -> None:
    source = tmp_path / "p.jsonl"
    source.write_text('{"text": "a", "answer": "reject"}\n{"text": "b"}\n')
    ran = run("annotate", "convert", source, "--from", "prodigy", "--to", "jsonl", "--out", tmp_path / "o.jsonl")
    assert (ran.code, ran.err) == (0, f"warwire: {source} (prodigy): 1 rejected or ignored example left out\n")


def test_label_studio_comes_with_its_labelling_interface(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD)
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "label-studio", "--out", tmp_path / "l.json")
    assert f"{tmp_path / 'l.interface.xml'}: labelling interface, for the project's settings\n" in ran.out
    assert '<Relation value="status=denied:2"/>' in (tmp_path / "l.interface.xml").read_text()


# --- broken input ---------------------------------------------------------------------------------------------------

TASK = '{"data": {"id": "a", "text": "Rebels fired."}, "annotations": [{"result": [%s]}]}'
REGION = '{"id": "x", "type": "labels", "value": {"start": 7, "end": 12, "text": "%s", "labels": ["LAUNCH"]}}'
RELATION = '{"type": "relation", "from_id": "%s", "to_id": "y", "labels": %s}'
ENTITIES = '"entities": [{"id": 1, "label": "ACTOR", "start_offset": 0, "end_offset": 1}, %s]'
FIRED = '{"id": 2, "label": "LAUNCH", "start_offset": 2, "end_offset": 3}'
DOCCANO = '{"text": "A b", ' + ENTITIES % FIRED + ', "relations": [%s]}'
BROKEN = [
    ("label-studio", "{", "a.json: no JSON: Input data was truncated; export the project as JSON"),
    ("label-studio", "[" * 100_000, "a.json: no JSON: nested too deeply"),
    ("label-studio", "{}", "a.json: a JSON list of tasks is expected; export the project as JSON (not JSON-MIN)"),
    ("label-studio", "[]", "a JSON list of tasks is expected"),
    ("label-studio", "[{}]", "a.json, task 1: an object with 'data' is expected; export the project as JSON"),
    ("label-studio", '[{"data": {}}]', "a.json, task 1: key 'text' is missing"),
    ("label-studio", '[{"data": {"text": "a"}, "annotations": 3}]', "task 1: 'annotations' must be a list of objects"),
    ("label-studio", '[{"data": {"text": "a"}, "annotations": [{"result": [3]}]}]', "task 1: 'result' must be a list"),
    ("label-studio", f"[{TASK % ''}, {TASK % (REGION % 'ired.')}]", "task 2: region 'x' is 'ired.', but its offsets"),
    ("label-studio", f"[{TASK % REGION.replace('12', '99')}]", "span x: start 7 and end 99 lie outside the text"),
    ("label-studio", f"[{TASK % REGION.replace('12', 'null')}]", "start 7 and end None must be integers"),
    (
        "label-studio",
        f"[{TASK % (REGION % 'fired').replace('LAUNCH', 'FIRE')}]",
        "unknown label 'FIRE'; the labels are WEAPON",
    ),
    (
        "label-studio",
        "[" + TASK % REGION.replace('["LAUNCH"]', "3") + "]",
        "region 'x' must have a 'value' with one label",
    ),
    ("label-studio", "[" + TASK % (RELATION % ("x", '["agent"]')) + "]", "names the span 'x', which does not exist"),
    ("label-studio", f"[{TASK % (RELATION % ('x', '[]'))}]", "the relation from 'x' to 'y' has no label; name a role"),
    ("doccano", "\n", "a.json: the file is empty; a JSON object a line is expected"),
    ("doccano", "\xff", "a.json:1: no UTF-8"),
    ("doccano", '{"text": "a"}\n[]\n', "a.json:2: a JSON object is expected"),
    ("doccano", '{"text": "a"}\n{"te', "a.json:2: no JSON"),
    ("doccano", '{"text": 3}', "a.json:1: key 'text' must be a string"),
    ("doccano", '{"text": "Rebels", "label": [[0, 9, "ACTOR"]]}', "a.json:1: document"),
    ("doccano", '{"text": "Rebels", "label": [[0, 6, "GROUP"]]}', "unknown label 'GROUP'; the labels are"),
    ("doccano", '{"text": "Rebels", "label": [[0, 6]]}', "an item of 'label' must be [start, end, label]"),
    ("doccano", '{"text": "Rebels", "label": {}}', "a.json:1: key 'label' must be a list"),
    ("doccano", '{"text": "Rebels", "entities": 3}', "a.json:1: key 'entities' must be a list of objects"),
    ("doccano", '{"text": "Rebels", "entities": [3]}', "a.json:1: key 'entities' must be a list of objects"),
    ("doccano", DOCCANO % '{"from_id": 1, "to_id": 1, "type": "agent"}', "no trigger; draw it from the trigger"),
    ("doccano", DOCCANO % '{"from_id": 2, "to_id": 3, "type": "agent"}', "the span 'T3', which does not exist"),
    ("doccano", DOCCANO % '{"from_id": 2, "to_id": 1, "type": "by"}', "relation 'by' is unknown; there are agent, "),
    ("doccano", DOCCANO % '{"from_id": 2, "to_id": 1, "type": "count"}', "a ACTOR cannot fill the role count"),
    ("doccano", DOCCANO % '{"from_id": 2, "to_id": 1, "type": "status=denied"}', "must go from the trigger to itself"),
    ("doccano", DOCCANO % '{"from_id": 2, "to_id": 2, "type": "status=maybe"}', "relation 'status=maybe' is unknown"),
    (
        "doccano",
        DOCCANO % '{"from_id": 2, "to_id": 2, "type": "no-event"}, {"from_id": 2, "to_id": 1, "type": "agent"}',
        "'T2' has the relation 'no-event' and others; delete it, or the others",
    ),
    ("prodigy", '{"text": "a", "spans": [1]}', "a.json:1: key 'spans' must be a list of objects"),
    ("prodigy", '{"text": "a", "spans": [{"start": [], "end": {}, "label": []}]}', "must be integers"),
    ("prodigy", '{"text": "a", "relations": [{"head": 1, "child": 0, "label": "x"}]}', "lacks 'head_span'; annotate"),
    ("prodigy", '{"text": "a", "relations": [{"head_span": {"start": 0, "end": 1}}]}', "not among the spans; label it"),
    ("prodigy", '{"text": "a", "meta": {"date": "May"}}', "date 'May' is neither null nor a day like 2024-03-02"),
    ("prodigy", '{"text": "a", "answer": "reject"}', "every example was rejected or ignored; accept one at least"),
    ("conll", "", "a.json: no token in this file; a token a line is expected"),
    ("conll", "-DOCSTART- -X- O O\n\n", "no token in this file"),
    ("conll", "\xff O", "a.json: no UTF-8 at byte offset 0"),
    ("conll", "Rebels B-ACTOR\nfired\n", "a.json:2: one column ('fired'); a token and its tag are expected"),
    ("conll", "Rebels B-ACTOR\nfired I-LAUNCH\n", "a.json:2: tag 'I-LAUNCH' after 'B-ACTOR'; IOB2 is expected"),
    ("conll", "Rebels B-ACTOR\n\nfired I-ACTOR\n", "a.json:3: tag 'I-ACTOR' after 'O'; IOB2 is expected"),
    ("conll", "The O\nRebels B-GROUP\n", "unknown label 'GROUP'; the labels are WEAPON"),
    ("conll", "The O\nRebels B-GROUP\n", "a.json:2: document "),
    ("jsonl", "{}\n", "a.json:1: key 'text' is missing"),
    ("brat", "", "a.json: is a file; give the folder of a brat collection"),
]


@pytest.mark.parametrize(("kind", "source", "message"), BROKEN)
def test_broken_input_is_named_with_file_and_line(
    kind: str, source: str, message: str, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "a.json").write_bytes(source.encode("latin-1"))
    out = tmp_path / "o.jsonl"
    ran = run("annotate", "convert", tmp_path / "a.json", "--from", kind, "--to", "jsonl", "--out", out)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert all(line.startswith("warwire: ") and "a.json" in line for line in ran.err.splitlines())
    assert list(tmp_path.iterdir()) == [tmp_path / "a.json"]


T1, T2 = "T1\tACTOR 0 6\tRebels\n", "T2\tLAUNCH 7 12\tfired\n"
BROKEN_BRAT = [
    (T1 + "T2 LAUNCH 7 12\n", "a.ann:2: no line of brat standoff: 'T2 LAUNCH 7 12'; expected is"),
    ("T1\tACTOR 0 99\tRebels\n", "a.ann:1: document a, span T1: start 0 and end 99 lie outside the text"),
    (T1 + "T2\tFIRE 7 12\tfired\n", "a.ann:2: document a, span T2: unknown label 'FIRE'; the labels are"),
    (T1 + "T2\tLAUNCH 8 13\tfired\n", "a.ann:2: span T2: it is 'fired', but its offsets hold 'ired.'; offsets count"),
    ("T1\tACTOR 0 3;7 12\tReb fired\n", "a.ann:1: span T1: its fragments have text between them; label it as one"),
    (T1 + T1, "a.ann:2: document a, span T1: two spans have this id"),
    (T1 + "E1\tLAUNCH:T2 agent:T1\n", "a.ann:2: document a, span T2: event E1: its trigger span does not exist"),
    (T1 + T2 + "E1\tSTRIKE:T2\n", "a.ann:3: document a, span T2: event E1: its type STRIKE is not its trigger's label"),
    (T1 + T2 + "E1\tLAUNCH:T2 by:T1\n", "a.ann:3: document a: event E1: unknown role 'by'; the roles are agent"),
    (T1 + T2 + "E1\tLAUNCH:T2 target:E1\n", "a.ann:3: event E1: E1 is an event, which fills no role; give a span"),
    (
        T1 + T2 + "E1\tLAUNCH:T2\nA1\tStatus E1 maybe\n",
        "a.ann:3: document a, span T2: event E1: unknown status 'maybe'",
    ),
    (T1 + "A1\tStatus E1 denied\n", "a.ann:2: a Status is given to E1, which does not exist; delete the line"),
    (
        T1 + T2 + "E1\tLAUNCH:T2\nA1\tStatus E1 denied\nA2\tStatus E1 planned\n",
        "a.ann:5: E1 has a Status already; delete one",
    ),
    (T1 + "#1\tWarwire DOCUMENT\t{\n", "a.ann:2: the note of type Warwire must hold a JSON object; delete the line"),
    ("\xff", "a.ann: no UTF-8 at byte offset 0"),
]


@pytest.mark.parametrize(("source", "message"), BROKEN_BRAT)
def test_broken_brat_is_named_by_file_and_line(source: str, message: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.txt").write_text("Rebels fired.")
    (tmp_path / "b" / "a.ann").write_bytes(source.encode("latin-1"))
    ran = run("annotate", "convert", tmp_path / "b", "--from", "brat", "--to", "jsonl", "--out", tmp_path / "o.jsonl")
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "o.jsonl").exists()


FOLDERS = [
    ({"a.ann": ""}, "brat", "a.txt: no such file; brat keeps the text of a.ann there"),
    ({"a.txt": "x"}, "brat", "no file *.ann in this folder; give the folder of a brat collection"),
    ({"a.txt": "x", "a.ann": ""}, "jsonl", "this is brat standoff; give --from brat"),
    ({"a.json": "x"}, "doccano", "is a folder; doccano is a single file, give that"),
    ({"a.ann.txt": "x"}, "inline", "the line '---' between the text and its events is missing"),
]


@pytest.mark.parametrize(("files", "kind", "message"), FOLDERS)
def test_a_folder_of_something_else_is_refused(
    files: dict[str, str], kind: str, message: str, tmp_path: Path, run: Run
) -> None:
    for name, source in files.items():
        (tmp_path / name).write_text(source)
    ran = run("annotate", "convert", tmp_path, "--from", kind, "--to", "jsonl", "--out", tmp_path / "o.jsonl")
    assert (ran.code, message in ran.err) == (2, True)


def test_a_missing_input_is_named(tmp_path: Path, run: Run) -> None:
    ran = run("annotate", "convert", tmp_path / "none", "--to", "brat", "--out", tmp_path / "b")
    assert (ran.code, ran.err) == (2, f"warwire: {tmp_path / 'none'}: no such file or folder\n")


def test_two_documents_of_one_id_are_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "d").write_text('{"doc_id": "a", "text": "One."}\n{"doc_id": "a", "text": "Two."}\n')
    ran = run("annotate", "convert", tmp_path / "d", "--from", "doccano", "--to", "jsonl", "--out", tmp_path / "o")
    assert (ran.code, "document a is there twice; give each document an id of its own" in ran.err) == (2, True)


# --- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["brat", "inline"])
def test_a_folder_that_holds_something_is_never_written_into(kind: str, tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD[:2])
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", kind, "--out", tmp_path)
    assert (ran.code, "holds something already; give a new folder" in ran.err) == (2, True)
    (tmp_path / "empty").mkdir()
    assert run("annotate", "convert", tmp_path / "in.jsonl", "--to", kind, "--out", tmp_path / "empty").code == 0


def test_a_folder_is_no_file_to_write(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD[:2])
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "conll", "--out", tmp_path)
    assert (ran.code, ran.err) == (2, f"warwire: {tmp_path}: is a folder; give a file to write\n")


@pytest.mark.parametrize("kind", list(Format))
def test_a_failed_write_leaves_what_was_there(
    kind: Format, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_documents(tmp_path / "in.jsonl", HARD[:2])
    if not FORMATS[kind].is_folder:
        (tmp_path / "out").write_text("before")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", kind.value, "--out", tmp_path / "out")
    assert (ran.code, "cannot be written: No space left on device" in ran.err) == (2, True)
    kept = {
        path: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith(f"{os.getpid()}.part.part")
    }
    assert kept == before


@pytest.mark.parametrize("text", ["One.\r\nTwo.", "\nOne.", "A [b|ACTOR:c]", "# id: x\nOne."])
def test_a_text_that_the_inline_form_would_change_is_refused(text: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "d").write_text(json.dumps({"doc_id": "a", "text": text}))
    ran = run("annotate", "convert", tmp_path / "d", "--from", "doccano", "--to", "inline", "--out", tmp_path / "o")
    assert (ran.code, "document 'a': the inline form would change its text" in ran.err) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d"]


def test_ids_that_the_inline_form_cannot_write_are_renumbered(tmp_path: Path, run: Run) -> None:
    entity = {"id": "x-1", "label": "STRIKE", "start_offset": 2, "end_offset": 3}
    (tmp_path / "d").write_text(json.dumps({"doc_id": "a", "text": "A b", "entities": [entity]}))
    ran = run("annotate", "convert", tmp_path / "d", "--from", "doccano", "--to", "inline", "--out", tmp_path / "o")
    assert ran.err == "warwire: inline holds no span and event ids: 2 span and event ids left out\n"
    assert (tmp_path / "o" / "a.ann.txt").read_text() == "# id: a\nA [b|STRIKE:t1]\n---\ne1: trigger=t1\n"


def test_a_file_may_be_converted_in_place(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "a.jsonl", [made("[Rebels|ACTOR:T1] fled.")])
    assert run("annotate", "convert", tmp_path / "a.jsonl", "--to", "prodigy", "--out", tmp_path / "a.jsonl").err == ""
    back = run(
        "annotate", "convert", tmp_path / "a.jsonl", "--from", "prodigy", "--to", "jsonl", "--out", tmp_path / "b"
    )
    assert (back.code, read_documents(tmp_path / "b")) == (0, [made("[Rebels|ACTOR:T1] fled.")])
