"""Formats of annotation tools: what a format holds survives a round trip, what it does not is named."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, Ran, made

from warwire.annotations.convert import FORMATS, Format
from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents, write_documents

Run = Callable[..., Ran]

HARD = [
    made(
        "[Kyiv|PLACE:p1] 🇺🇦 — “[Nine|COUNT:c1]” [Shahed-136|WEAPON:w1]s [hit|STRIKE:e1] é̂.\n\n"
        "[Two|COUNT:c2] [died|KILL:e2], "
        "[one|COUNT:c3] of them a [child|TARGET:g1]; the [army|SPEAKER:s1] denies [shelling|STRIKE:e3] and "
        "[fire|LAUNCH:e4]\n---\ne1: weapon=w1 count=c1 place=p1\ne2: count=c2 place=p1\n"
        "e2b: trigger=e2 count=c3 target=g1 place=p1\ne3: agent=s1 speaker=s1 status=denied\n"
        "e3b: trigger=e3 status=planned\ne4:",
        id="emoji, combining marks/two events",
        date="2024-03-02",
        title="A title",
        story="s1",
    ),
    made("Nothing happened.", id="bare"),
    made(
        "[Rebels|ACTOR:a1] and\n[troops|ACTOR:a2] in [Port\nRivo|PLACE:p1] [clashed|CLASH:e1]."
        "\n---\ne1: agent=a1,a2 place=p1"
    ),
]
CORPUS = read_documents(ROOT / "annotations" / "corpus" / "dev.jsonl")
HOLDS_EVENTS = [Format.jsonl, Format.inline, Format.brat, Format.label_studio, Format.doccano, Format.prodigy]
HOLDS_ALL = [Format.jsonl, Format.inline, Format.label_studio, Format.doccano, Format.prodigy]
ENDINGS = {Format.label_studio: "out.json", Format.conll: "out.conll", Format.brat: "brat", Format.inline: "inline"}


def content(document: Document) -> object:
    """Spans and events without the names that each format gives them."""
    places = {span.id: (span.start, span.end, span.label) for span in document.spans}
    events = [
        (places[e.trigger], e.type, e.status, tuple((a.role, places[a.span]) for a in e.arguments))
        for e in document.events
    ]
    return document.text, sorted(places.values()), sorted(events)


def there_and_back(documents: list[Document], kind: Format, folder: Path) -> list[Document]:
    out = folder / ENDINGS.get(kind, "out.jsonl")
    FORMATS[kind].write(documents, out)
    return sorted(FORMATS[kind].read(out), key=lambda document: document.id)


@pytest.mark.parametrize("kind", HOLDS_EVENTS)
@pytest.mark.parametrize("documents", [HARD, CORPUS], ids=["hard", "corpus"])
def test_text_spans_and_events_survive_exactly(kind: Format, documents: list[Document], tmp_path: Path) -> None:
    back = there_and_back(documents, kind, tmp_path)
    assert [content(d) for d in back] == [content(d) for d in sorted(documents, key=lambda d: d.id)]


@pytest.mark.parametrize("kind", HOLDS_ALL)
def test_id_date_title_and_meta_survive(kind: Format, tmp_path: Path) -> None:
    (back,) = there_and_back(HARD[:1], kind, tmp_path)
    first = HARD[0]
    assert (back.id, back.date, back.title, back.extra) == (first.id, first.date, first.title, first.extra)


def test_brat_keeps_the_id_in_the_name_of_the_file(tmp_path: Path) -> None:
    assert [d.id for d in there_and_back(HARD, Format.brat, tmp_path)] == sorted(d.id for d in HARD)


def test_conll_keeps_tokens_and_tags(tmp_path: Path) -> None:
    once = there_and_back(CORPUS, Format.conll, tmp_path)
    assert there_and_back(once, Format.conll, tmp_path) == once
    for ours, theirs in zip(sorted(CORPUS, key=lambda d: d.id), once, strict=True):
        assert "".join(ours.text.split()) == "".join(theirs.text.split())
        surfaces = [
            [("".join(s.surface(d.text).split()), s.label) for s in sorted(d.spans, key=lambda s: s.start)]
            for d in (ours, theirs)
        ]
        assert surfaces[0] == surfaces[1]


def test_conll_lines_are_iob2_and_sentences_are_parted(tmp_path: Path) -> None:
    FORMATS[Format.conll].write([made("[Port Rivo|PLACE:p1][9|COUNT:c1] fell.\nYes.", id="a b")], tmp_path / "c")
    assert (tmp_path / "c").read_text().split("\n") == [
        "-DOCSTART- a%20b O O",
        "",
        "Port -X- _ B-PLACE",
        "Rivo -X- _ I-PLACE",
        "9 -X- _ B-COUNT",
        "fell -X- _ O",
        ". -X- _ O",
        "",
        "Yes -X- _ O",
        ". -X- _ O",
        "",
        "",
    ]


def test_brat_lines_are_standoff(tmp_path: Path) -> None:
    FORMATS[Format.brat].write(HARD[2:], tmp_path / "b")
    lines = (tmp_path / "b" / "made-up.ann").read_text().splitlines()
    assert lines[2] == "T3\tPLACE 21 25;26 30\tPort Rivo"
    assert lines[4] == "E1\tCLASH:T4 agent:T1 agent2:T2 place:T3"
    assert "CLASH agent*:<ENTITY>" in (tmp_path / "b" / "annotation.conf").read_text()


def test_prodigy_spans_begin_and_end_with_tokens(tmp_path: Path) -> None:
    FORMATS[Format.prodigy].write(HARD, tmp_path / "p.jsonl")
    for line in (tmp_path / "p.jsonl").read_text().splitlines():
        task = json.loads(line)
        for span in task["spans"]:
            first, last = task["tokens"][span["token_start"]], task["tokens"][span["token_end"]]
            assert (first["start"], last["end"]) == (span["start"], span["end"])
        assert all(task["text"][t["start"] : t["end"]] == t["text"] for t in task["tokens"])


def test_doccano_triples_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"id": 7, "text": "Rebels fired.", "label": [[0, 6, "ACTOR"], [7, 12, "LAUNCH"]]}\n'
    )
    (document,) = FORMATS[Format.doccano].read(tmp_path / "d.jsonl")
    assert (document.id, [span.label for span in document.spans]) == ("7", ["ACTOR", "LAUNCH"])
    assert [event.type for event in document.events] == ["LAUNCH"]


def test_rejected_prodigy_examples_and_cancelled_label_studio_annotations_are_left_out(tmp_path: Path) -> None:
    FORMATS[Format.prodigy].write(HARD[:2], tmp_path / "p.jsonl")
    first, second = (json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines())
    (tmp_path / "p.jsonl").write_text(f"{json.dumps({**first, 'answer': 'reject'})}\n{json.dumps(second)}\n")
    assert [d.id for d in FORMATS[Format.prodigy].read(tmp_path / "p.jsonl")] == ["bare"]
    FORMATS[Format.label_studio].write(HARD[:1], tmp_path / "l.json")
    (task,) = json.loads((tmp_path / "l.json").read_text())
    cancelled = {"was_cancelled": True, "result": []}
    (tmp_path / "l.json").write_text(json.dumps([{**task, "annotations": [cancelled, *task["annotations"]]}]))
    assert content(next(iter(FORMATS[Format.label_studio].read(tmp_path / "l.json")))) == content(HARD[0])


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_names_what_is_lost(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD)
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "conll", "--out", tmp_path / "out.conll")
    assert ran.code == 0
    assert ran.out == f"{tmp_path / 'out.conll'}: 3 documents\n"
    assert ran.err.splitlines() == [
        "warwire: conll holds no dates: 1 left out",
        "warwire: conll holds no documents' other keys: 1 left out",
        "warwire: conll holds no events: 7 left out",
        "warwire: conll holds no texts' spacing: 3 left out",
        "warwire: conll holds no titles: 1 left out",
    ]


def test_nothing_lost_is_nothing_said(tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD)
    for kind in ("label-studio", "doccano", "prodigy"):
        ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", kind, "--out", tmp_path / kind)
        assert (ran.code, ran.err) == (0, "")
        back = run(
            "annotate", "convert", tmp_path / kind, "--from", kind, "--to", "jsonl", "--out", tmp_path / "b.jsonl"
        )
        assert (back.code, back.err) == (0, "")
        assert [content(d) for d in read_documents(tmp_path / "b.jsonl")] == [content(d) for d in HARD]


def test_scores_of_a_model_are_named_as_lost(tmp_path: Path, run: Run) -> None:
    spans = tuple(replace(span, score=0.5) for span in HARD[0].spans)
    write_documents(tmp_path / "in.jsonl", [replace(HARD[0], spans=spans)])
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", "doccano", "--out", tmp_path / "o")
    assert ran.err == f"warwire: doccano holds no scores of spans: {len(spans)} left out\n"


TASK = '{"data": {"id": "a", "text": "Rebels fired."}, "annotations": [{"result": [%s]}]}'
REGION = '{"id": "x", "type": "labels", "value": {"start": 7, "end": 12, "text": "%s", "labels": ["LAUNCH"]}}'
BROKEN = [
    ("label-studio", "{", "a.json: no JSON"),
    ("label-studio", "{}", "a JSON list of tasks is expected"),
    ("label-studio", "[{}]", "task 1: an object with 'data' is expected"),
    ("label-studio", f"[{TASK % REGION % 'ired.'}]", "task 1: region 'x' is 'ired.', but its offsets hold 'fired'"),
    (
        "label-studio",
        "[" + TASK % '{"type": "relation", "from_id": "x", "to_id": "y", "labels": ["agent"]}' + "]",
        "task 1: relation 'agent' names the span 'x', which does not exist",
    ),
    ("doccano", "\n", "the file is empty"),
    ("doccano", '{"text": "a"}\n[]\n', "a.json:2: a JSON object is expected"),
    ("doccano", '{"text": "Rebels", "label": [[0, 9, "ACTOR"]]}', "a.json:1"),
    ("doccano", '{"text": "Rebels", "label": [[0, 6, "GROUP"]]}', "unknown label 'GROUP'"),
    ("doccano", '{"text": "Rebels", "entities": 3}', "a.json:1: key 'entities' must be a list"),
    (
        "doccano",
        '{"text": "A b", "entities": [{"id": 1, "label": "ACTOR", "start_offset": 0, "end_offset": 1}], '
        '"relations": [{"from_id": 1, "to_id": 1, "type": "agent"}]}',
        "which is no trigger",
    ),
    ("prodigy", '{"text": "a", "spans": [1]}', "a.json:1: key 'spans' must be a list of objects"),
    ("prodigy", '{"text": "a", "relations": [{"head": 1, "child": 0, "label": "x"}]}', "lacks 'head_span'"),
    ("prodigy", '{"text": "a", "answer": "reject"}', "every example was rejected"),
    ("conll", "", "no token in this file"),
    ("conll", "Rebels B-ACTOR\nfired\n", "a.json:2: one column ('fired')"),
    ("conll", "Rebels B-ACTOR\nfired I-LAUNCH\n", "a.json:2: tag 'I-LAUNCH' after 'B-ACTOR'; IOB2 is expected"),
    ("conll", "Rebels B-GROUP\n", "unknown label 'GROUP'"),
]


@pytest.mark.parametrize(("kind", "source", "message"), BROKEN)
def test_broken_input_is_one_line_and_exit_code_2(
    kind: str, source: str, message: str, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "a.json").write_text(source)
    ran = run(
        "annotate", "convert", tmp_path / "a.json", "--from", kind, "--to", "jsonl", "--out", tmp_path / "o.jsonl"
    )
    assert ran.code == 2
    assert ran.err.startswith("warwire: ")
    assert message in ran.err
    assert not (tmp_path / "o.jsonl").exists()


BROKEN_BRAT = [
    ("T1\tACTOR 0 6\tRebels\nT2 LAUNCH 7 12\n", "a.ann:2: no line of brat standoff"),
    ("T1\tACTOR 0 99\tRebels\n", "a.ann: document a, span T1"),
    ("E1\tLAUNCH:T2 agent:T1\n", "a.ann: document a"),
]


@pytest.mark.parametrize(("source", "message"), BROKEN_BRAT)
def test_broken_brat_is_named_by_file_and_line(source: str, message: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.txt").write_text("Rebels fired.")
    (tmp_path / "b" / "a.ann").write_text(source)
    ran = run("annotate", "convert", tmp_path / "b", "--from", "brat", "--to", "jsonl", "--out", tmp_path / "o.jsonl")
    assert (ran.code, message in ran.err) == (2, True)


def test_a_brat_folder_without_its_texts_is_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.ann").write_text("")
    ran = run("annotate", "convert", tmp_path, "--from", "brat", "--to", "jsonl", "--out", tmp_path / "o.jsonl")
    assert (ran.code, "a.txt: no such file" in ran.err) == (2, True)


@pytest.mark.parametrize("kind", ["brat", "inline"])
def test_a_folder_that_holds_something_is_never_written_into(kind: str, tmp_path: Path, run: Run) -> None:
    write_documents(tmp_path / "in.jsonl", HARD)
    ran = run("annotate", "convert", tmp_path / "in.jsonl", "--to", kind, "--out", tmp_path)
    assert (ran.code, "holds something already" in ran.err) == (2, True)


def test_two_documents_of_one_id_are_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "d.jsonl").write_text('{"doc_id": "a", "text": "One."}\n{"doc_id": "a", "text": "Two."}\n')
    ran = run(
        "annotate", "convert", tmp_path / "d.jsonl", "--from", "doccano", "--to", "jsonl", "--out", tmp_path / "o"
    )
    assert (ran.code, "document a is there twice" in ran.err) == (2, True)
