"""Document JSONL: exact offsets for any text, and every broken line named while the others are read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warwire.annotations.document import Document, Span
from warwire.annotations.errors import DocumentError, InputError
from warwire.annotations.jsonl import encode_document, read_documents, scan, scan_lines, write_documents

AWKWARD = {
    "curly quotes": "“Grad” fire hit Lira’s port",
    "emoji": "🚀🚀 at Port Almeda 👨‍👩‍👧‍👦 said",
    "combining marks": "Sévérodonetsk fell",
    "carriage returns": "Rockets hit\r\nLira\rat dawn\r\n",
    "tabs": "\tLira\twas\thit",
    "non-breaking space": "1\u00a0400 shells",
    "line separator": "Lira\u2028was hit\u0085by shells\u2029today",
    "right to left": "قصف Lira ليلا",
    "astral letters": "𝔏ira burned",
    "controls": "Lira \x00\x1b[31m burned",
}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_offsets_stay_exact_through_a_file(text: str, tmp_path: Path) -> None:
    words = [(m, m + len(w)) for w in text.split() for m in [text.index(w)]]
    spans = tuple(Span(f"T{i}", a, b, "PLACE") for i, (a, b) in enumerate(sorted(set(words))))
    write_documents(tmp_path / "d.jsonl", [Document("d", text, spans=spans[::2])])
    [read] = read_documents(tmp_path / "d.jsonl")
    assert read.text == text
    assert [s.surface(read.text) for s in read.spans] == [s.surface(text) for s in spans[::2]]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), st.data())
def test_any_document_survives_one_line(text: str, data: st.DataObject) -> None:
    places = [i for i, c in enumerate(text) if not c.isspace()]
    start = data.draw(st.sampled_from(places))
    document = Document("d", text, spans=(Span("T1", start, start + 1, "COUNT"),), extra={"n": 10**25, "s": "007"})
    [record] = scan_lines([encode_document(document)], "f")
    assert record.document == document


def test_identifiers_are_strings_exactly_as_written(tmp_path: Path) -> None:
    names = ["007", "2022-03-01", "1" * 25, "NA", "../x\n"]
    write_documents(tmp_path / "d.jsonl", [Document(name, "Calm.") for name in names])
    assert [document.id for document in read_documents(tmp_path / "d.jsonl")] == names


BROKEN = {
    "cut in the middle": (b'{"id": "b", "text": "Ca', "broken JSON"),
    "no object": (b"[1, 2]", "a JSON object is expected, not a list"),
    "no text": (b'{"id": "b"}', "key 'text' is missing"),
    "lone surrogate": (b'{"id": "b", "text": "\\ud83d"}', "broken JSON"),
    "no UTF-8": (b'{"id": "b", "text": "caf\xe9"}', "no UTF-8 at byte offset 24 (0xe9)"),
    "NaN": (b'{"id": "b", "text": "x", "n": NaN}', "broken JSON"),
    "deep nesting": (
        b'{"id": "b", "text": "x", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "broken JSON",
    ),
}


@pytest.mark.parametrize(("line", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named_and_the_others_are_read(line: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"id": "a", "text": "Calm."}\n' + line + b'\n{"id": "c", "text": "Calm."}\n')
    records = list(scan(path))
    assert [r.document.id for r in records if r.document] == ["a", "c"]
    [problem] = [p for r in records for p in r.problems]
    assert str(problem).startswith(f"{path}:2: ")
    assert message in str(problem)


def test_reading_strictly_names_every_broken_line(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"id": "a"}\n{"id": "b", "text": "Calm."}\n{"id"\n')
    with pytest.raises(DocumentError) as caught:
        read_documents(path)
    assert [problem.line for problem in caught.value.problems] == [1, 3]


def test_a_cut_last_line_is_said_to_be_cut(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"id": "a", "text": "Calm."}\n{"id": "b", "te')
    with pytest.raises(DocumentError, match="perhaps cut off"):
        read_documents(path)


def test_a_complete_last_line_needs_no_line_feed(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a", "text": "Calm."}')
    assert [document.id for document in read_documents(path)] == ["a"]


def test_an_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n')
    with pytest.raises(DocumentError, match=":2: document a: this id was already used on line 1"):
        read_documents(path)


def test_missing_folder_and_empty_files_are_input_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    for path, message in [
        (tmp_path / "no", "no such file"),
        (tmp_path, "is a folder"),
        (tmp_path / "empty.jsonl", "empty"),
    ]:
        with pytest.raises(InputError, match=message):
            read_documents(path)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def documents() -> object:
        yield Document("a", "Calm.")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_documents(tmp_path / "d.jsonl", documents())  # type: ignore[arg-type]
    assert not (tmp_path / "d.jsonl").exists()
