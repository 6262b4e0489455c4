"""Formats of annotation tools: what a format holds survives a round trip, whatever the text."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import ROOT, made
from hard_documents import HARD, SCORED, content
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.annotations.convert import FORMATS, Format, convert
from warwire.annotations.document import Argument, Document, Event, Span
from warwire.annotations.formats.folders import file_stem
from warwire.annotations.formats.label_studio import labelling_interface
from warwire.annotations.formats.losses import lost_values, named
from warwire.annotations.formats.tokens import tokens_of
from warwire.annotations.jsonl import read_documents, write_documents
from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLE_FILLERS, STATUSES

CORPUS = read_documents(ROOT / "annotations" / "corpus" / "dev.jsonl")
TOOLS = [Format.brat, Format.label_studio, Format.doccano, Format.prodigy]
RENAMES_ONLY = {"span and event ids"}


def there_and_back(documents: Sequence[Document], kind: Format) -> list[Document]:
    with TemporaryDirectory() as folder:
        FORMATS[kind].write(documents, Path(folder) / "out")
        back = {document.id: document for document in FORMATS[kind].read(Path(folder) / "out").documents}
    return [back[document.id] for document in documents]


@pytest.mark.parametrize("kind", TOOLS)
@pytest.mark.parametrize("documents", [HARD, CORPUS], ids=["hard", "corpus"])
def test_everything_survives_exactly(kind: Format, documents: list[Document]) -> None:
    back = there_and_back(documents, kind)
    assert [content(d) for d in back] == [content(d) for d in documents]
    assert set(lost_values(documents, back)) <= RENAMES_ONLY


@pytest.mark.parametrize("documents", [HARD[:3], CORPUS], ids=["hard", "corpus"])
def test_the_inline_form_loses_not_even_names(documents: list[Document]) -> None:
    assert not lost_values(documents, there_and_back(documents, Format.inline))


def test_brat_keeps_ids_of_its_own_form_and_every_order() -> None:
    source = HARD[2]
    names = {"a1": "T7", "a2": "T1", "p1": "T3", "e1": "T9"}
    spans = tuple(replace(span, id=names[span.id]) for span in source.spans)
    (event,) = source.events
    arguments = tuple(replace(argument, span=names[argument.span]) for argument in event.arguments)
    document = replace(source, spans=spans, events=(replace(event, id="E4", trigger="T9", arguments=arguments),))
    assert there_and_back([document], Format.brat) == [document]


def test_label_studio_keeps_ids_of_spans() -> None:
    back = there_and_back(HARD, Format.label_studio)
    assert [[span.id for span in d.spans] for d in back] == [[span.id for span in d.spans] for d in HARD]


@pytest.mark.parametrize("kind", [Format.brat, Format.doccano, Format.prodigy])
def test_arguments_keep_their_order(kind: Format) -> None:
    (back,) = there_and_back([HARD[2]], kind)
    surfaces = {span.id: span.surface(back.text) for span in back.spans}
    assert [surfaces[name] for name in back.events[0].fillers("agent")] == ["troops", "Rebels"]


# --- every document -------------------------------------------------------------------------------------------------

TEXTS = st.text(
    st.one_of(
        st.sampled_from("ab .\n\r\t\u2028\x85\u00a0\u0301\u200d👩🚒🏽🇺🇦\ufeff\\[]|:#-"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=30,
).filter(str.strip)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(TEXTS)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    spans = [
        Span(f"s{start}", start, end, draw(st.sampled_from(LABELS)))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
        if not (text[start].isspace() or text[end - 1].isspace())
    ]
    events = [
        Event(f"e{number}", span.label, span.id, draw(arguments(spans)), draw(st.sampled_from(STATUSES)))
        for number, span in enumerate(spans * 2)
        if span.label in EVENT_TYPES and draw(st.booleans())
    ]
    name = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))
    extra = draw(st.dictionaries(st.sampled_from(["url", "meta x", "n"]), st.text(max_size=4), max_size=2))
    date, title = draw(st.sampled_from([None, "2024-02-29"])), draw(st.none() | st.text(max_size=4))
    return Document(name, text, date, title, tuple(spans), tuple(events), extra)


def arguments(spans: Sequence[Span]) -> st.SearchStrategy[tuple[Argument, ...]]:
    fits = [Argument(role, span.id) for role, labels in ROLE_FILLERS.items() for span in spans if span.label in labels]
    return st.lists(st.sampled_from(fits), unique_by=lambda a: (a.role, a.span)).map(tuple) if fits else st.just(())


@pytest.mark.parametrize("kind", TOOLS)
@settings(max_examples=150, deadline=None)
@given(document=documents())
def test_any_document_survives(kind: Format, document: Document) -> None:
    assert [content(d) for d in there_and_back([document], kind)] == [content(document)]


@settings(max_examples=150, deadline=None)
@given(document=documents())
def test_conll_keeps_every_tag_of_any_document(document: Document) -> None:
    (back,) = there_and_back([document], Format.conll)
    assert back.id == document.id
    assert "".join(back.text.split()) == "".join(document.text.split())
    assert [tagged(back, span) for span in back.spans] == [
        tagged(document, span) for span in sorted(document.spans, key=lambda span: span.start)
    ]
    assert there_and_back([back], Format.conll) == [back]


def tagged(document: Document, span: Span) -> tuple[str, str]:
    return "".join(span.surface(document.text).split()), span.label


@settings(max_examples=150, deadline=None)
@given(document=documents())
def test_tokens_cover_all_but_white_space_and_respect_spans(document: Document) -> None:
    tokens = tokens_of(document)
    assert "".join(document.text[start:end] for start, end in tokens) == "".join(document.text.split())
    assert {span.start for span in document.spans} <= {start for start, _ in tokens}
    assert {span.end for span in document.spans} <= {end for _, end in tokens}


# --- what stands in the files ---------------------------------------------------------------------------------------


def test_conll_lines_are_iob2_and_sentences_are_parted(tmp_path: Path) -> None:
    source = "[Port Rivo|PLACE:p1][9|COUNT:c1] fell.\nAl [San\nta|PLACE:p2].\n👩‍🚒 e\u0301te\u0301"
    FORMATS[Format.conll].write([made(source, id="a b")], tmp_path / "c")
    assert (tmp_path / "c").read_text().split("\n") == [
        "-DOCSTART- a%20b O O",
        "",
        "Port -X- _ B-PLACE",
        "Rivo -X- _ I-PLACE",
        "9 -X- _ B-COUNT",
        "fell -X- _ O",
        ". -X- _ O",
        "",
        "Al -X- _ O",
        "San -X- _ B-PLACE",
        "ta -X- _ I-PLACE",
        ". -X- _ O",
        "",
        "👩‍🚒 -X- _ O",
        "e\u0301te\u0301 -X- _ O",
        "",
        "",
    ]


def test_conll_of_others_is_read(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(
        b"-DOCSTART- -X- -X- O\r\n\r\nAbout\tIN\tO\tO\r\n10\xc2\xa0000 CD O B-COUNT\r\nmen NN O B-TARGET"
    )
    (document,) = FORMATS[Format.conll].read(tmp_path / "c").documents
    assert document.text == "About 10\u00a0000 men"
    assert [tagged(document, span) for span in document.spans] == [("10000", "COUNT"), ("men", "TARGET")]


def test_brat_lines_are_standoff(tmp_path: Path) -> None:
    FORMATS[Format.brat].write([replace(HARD[2], date="2024-03-02", extra={"url": "a\u2028"})], tmp_path / "b")
    assert (tmp_path / "b" / "O.ann").read_text().split("\n") == [
        "T1\tACTOR 0 6\tRebels",
        "T2\tACTOR 11 17\ttroops",
        "T3\tPLACE 21 25;26 30\tPort Rivo",
        "T4\tCLASH 31 38\tclashed",
        "E1\tCLASH:T4 agent:T2 agent2:T1 place:T3",
        r'#1	Warwire DOCUMENT	{"id": "O", "date": "2024-03-02", "title": null, "url": "a\u2028"}',
        "",
    ]
    assert "CLASH agent*:<ENTITY>" in (tmp_path / "b" / "annotation.conf").read_text()


def test_no_line_of_brat_holds_a_character_that_brat_takes_for_a_line_end(tmp_path: Path) -> None:
    FORMATS[Format.brat].write(HARD, tmp_path / "b")
    for path in (tmp_path / "b").glob("*.ann"):
        assert path.read_bytes().decode().splitlines() == path.read_bytes().decode().split("\n")[:-1]


def test_brat_without_our_note_is_named_after_the_file(tmp_path: Path) -> None:
    (tmp_path / "a%2Fb.txt").write_bytes(b"Rebels\r\nfired")
    (tmp_path / "a%2Fb.ann").write_bytes(
        b"T1\tACTOR 0 6\tRebels\r\nT2\tLAUNCH 8 13\tfired\r\nE1\tLAUNCH:T2 agent:T1 \r\n"
    )
    (document,) = FORMATS[Format.brat].read(tmp_path).documents
    assert (document.id, document.text, document.date) == ("a/b", "Rebels\r\nfired", None)
    assert document.events == (Event("E1", "LAUNCH", "T2", (Argument("agent", "T1"),)),)


def test_prodigy_tokens_give_the_text_and_spans_begin_and_end_with_them(tmp_path: Path) -> None:
    FORMATS[Format.prodigy].write([*HARD, *CORPUS], tmp_path / "p.jsonl")
    for line in (tmp_path / "p.jsonl").read_text().split("\n")[:-1]:
        task = json.loads(line)
        assert "".join(token["text"] + " " * token["ws"] for token in task["tokens"]) == task["text"]
        assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
        for span in task["spans"]:
            first, last = task["tokens"][span["token_start"]], task["tokens"][span["token_end"]]
            assert (first["start"], last["end"]) == (span["start"], span["end"])
        assert all(r["head"] == r["head_span"]["token_end"] for r in task["relations"])


def test_label_studio_has_one_relation_for_two_regions_and_names_every_label(tmp_path: Path) -> None:
    FORMATS[Format.label_studio].write(CORPUS, tmp_path / "l.json")
    known = set(re.findall('<(?:Label|Relation) value="(.*)"/>', labelling_interface(CORPUS)))
    for task in json.loads((tmp_path / "l.json").read_text()):
        result = task["annotations"][0]["result"]
        pairs = [(item["from_id"], item["to_id"]) for item in result if item["type"] == "relation"]
        assert len(pairs) == len(set(pairs))
        assert {label for item in result for label in item.get("labels", item.get("value", {}).get("labels"))} <= known


def test_label_studio_offsets_in_utf_16_units_are_told_by_the_text(tmp_path: Path) -> None:
    region = {"id": "x", "type": "labels", "value": {"start": 3, "end": 7, "text": "Kyiv", "labels": ["PLACE"]}}
    task = {"id": 8, "data": {"text": "💩 Kyiv fell"}, "annotations": [{"result": [region]}]}
    (tmp_path / "l.json").write_text(json.dumps([task]))
    (document,) = FORMATS[Format.label_studio].read(tmp_path / "l.json").documents
    assert (document.id, document.spans) == ("8", (Span("x", 2, 6, "PLACE"),))


def test_label_studio_arrows_to_the_left_are_turned(tmp_path: Path) -> None:
    FORMATS[Format.label_studio].write(HARD[2:3], tmp_path / "l.json")
    (task,) = json.loads((tmp_path / "l.json").read_text())
    for item in task["annotations"][0]["result"]:
        if item["type"] == "relation":
            item |= {"from_id": item["to_id"], "to_id": item["from_id"], "direction": "left"}
    (tmp_path / "l.json").write_text(json.dumps([task]))
    assert content(FORMATS[Format.label_studio].read(tmp_path / "l.json").documents[0]) == content(HARD[2])


@pytest.mark.parametrize("key", ["label", "labels"])
def test_doccano_triples_are_read_too(key: str, tmp_path: Path) -> None:
    record = {"id": 7, "text": "Rebels fired.", key: [[0, 6, "ACTOR"], [7, 12, "LAUNCH"]], "Comments": []}
    (tmp_path / "d.jsonl").write_text(json.dumps(record))
    (document,) = FORMATS[Format.doccano].read(tmp_path / "d.jsonl").documents
    assert (document.id, [span.label for span in document.spans]) == ("7", ["ACTOR", "LAUNCH"])
    assert [event.type for event in document.events] == ["LAUNCH"]


LEFT_OUT = [
    (
        Format.prodigy,
        '{"text": "a", "answer": "reject"}\n{"text": "b", "answer": "accept"}',
        "1 rejected or ignored example",
    ),
    (Format.doccano, '{"text": "a", "Comments": ["x", "y"]}', "2 comments"),
    (
        Format.label_studio,
        '[{"data": {"text": "a"}, "annotations": [{"was_cancelled": true, "result": []}, {"result": []}]}]',
        "1 cancelled annotation",
    ),
    (
        Format.label_studio,
        '[{"data": {"text": "a"}, "annotations": [{"result": []}, {"result": []}]}]',
        "1 further annotator's annotation",
    ),
    (Format.label_studio, '[{"data": {"text": "a"}, "predictions": [{}]}]', "1 prediction"),
    (
        Format.label_studio,
        '[{"data": {"text": "a"}, "annotations": [{"result": [{"type": "choices"}]}]}]',
        "1 result that is no label or relation",
    ),
]


@pytest.mark.parametrize(("kind", "source", "expected"), LEFT_OUT)
def test_what_is_not_read_is_counted(kind: Format, source: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text(source)
    reading = FORMATS[kind].read(tmp_path / "a")
    assert [named(what, number) for what, number in reading.left_out.items() if number] == [expected]
    assert len(reading.documents) == 1


def test_what_is_not_read_of_brat_is_counted(tmp_path: Path) -> None:
    for name, source in (
        ("a.txt", "A b"),
        ("a.ann", "R1\tX Arg1:T1 Arg2:T2\nN1\tX\n#1\tY T1\tz\nA1\tNeg T1\n"),
        ("b.txt", ""),
    ):
        (tmp_path / name).write_text(source)
    assert FORMATS[Format.brat].read(tmp_path).left_out == {
        "relations": 1,
        "normalizations": 1,
        "notes": 1,
        "attributes other than Status": 1,
        "texts without an .ann file": 1,
    }


# --- what is lost ---------------------------------------------------------------------------------------------------

LOST = [
    (Format.jsonl, {}),
    (Format.inline, {"document keys": 5, "scores": 17, "normalised values": 6, "span and event keys": 11}),
    (Format.brat, {"span and event ids": 17, "scores": 17, "normalised values": 6, "span and event keys": 11}),
    (Format.label_studio, {"span and event ids": 6, "scores": 17, "normalised values": 6, "span and event keys": 11}),
    (
        Format.doccano,
        {
            "document keys": 2,
            "span and event ids": 17,
            "scores": 17,
            "normalised values": 6,
            "span and event keys": 11,
        },
    ),
    (
        Format.prodigy,
        {
            "document keys": 2,
            "span and event ids": 17,
            "scores": 17,
            "normalised values": 6,
            "span and event keys": 11,
        },
    ),
    (
        Format.conll,
        {
            "dates": 1,
            "titles": 1,
            "document keys": 6,
            "texts' spacing": 1,
            "events": 6,
            "span and event ids": 11,
            "scores": 11,
            "span and event keys": 11,
        },
    ),
]


@pytest.mark.parametrize(("kind", "expected"), LOST)
def test_every_loss_is_counted(kind: Format, expected: dict[str, int], tmp_path: Path) -> None:
    write_documents(tmp_path / "in.jsonl", [SCORED])
    assert convert(tmp_path / "in.jsonl", Format.jsonl, tmp_path / "out", kind).lost == expected


def test_names_of_files_are_all_different_and_fit() -> None:
    names = ["a/b", "a%2Fb", "a_b", "..", ".", "x" * 300, "x" * 301, "é"]
    stems = [file_stem(name) for name in names]
    assert len(set(stems)) == len(names)
    assert all(len(stem) < 200 and "/" not in stem for stem in stems)
