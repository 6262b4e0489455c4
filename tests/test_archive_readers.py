"""Readers of an archive: lines of JSON, compression, bounds, and what all kinds of files have in common."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_files import (
    damages,
    gz_members,
    jsonl,
    numbered,
    one,
    outline,
    page,
    planned,
    read,
    read_bytes,
    texts,
    warc_pages,
    zst,
)
from hypothesis import given
from hypothesis import strategies as st

from warwire.annotations.errors import InputError
from warwire.annotations.record import text_id
from warwire.model.archive.incoming import Article, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions, plan_inputs
from warwire.model.archive.readers.reading import read_file

CUT = gzip.compress(numbered(2000), mtime=0)
LAST_LINE = b'{"text": "t1"}\n'


def rejection(folder: Path, line: bytes, **options: Any) -> Rejection:
    (item,) = read_bytes(folder, "a.jsonl", line, **options)
    assert isinstance(item, Rejection), item
    return item


def test_a_broken_line_costs_itself_alone_and_is_named_by_its_number(tmp_path: Path) -> None:
    lines = numbered(1000).splitlines(keepends=True)
    lines[499] = b'{"text": "t500\n'
    items = read_bytes(tmp_path, "a.jsonl", b"".join(lines))
    assert outline(items)[499] == "500 !broken-json"
    assert len(texts(items)) == 999


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"text": "t"', "truncated"),
        (b'{"text": "t\n', "broken-json"),
        (b'{"text": "t", "x": NaN}\n', "broken-json"),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "text": "t"}\n', "broken-json"),
        (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "broken-json"),
        (b'{"text": "t", "text": "u"}\n', "repeated-field"),
        (b'{"id": "a", "id": "b", "text": "u"}\n', "repeated-field"),
        (b'["t"]\n', "wrong-type"),
        (b'{"text": null}\n', "wrong-type"),
        (b'{"text": ["t"]}\n', "wrong-type"),
        (b'{"text": 5}\n', "wrong-type"),
        (b'{"id": "a"}\n', "no-text"),
        (b'{"text": ""}\n', "empty"),
        (b'{"text": " \\n\\u00a0"}\n', "empty"),
        (b'{"text": "t", "id": 1.0}\n', "wrong-type"),
        (b'{"text": "t", "id": true}\n', "wrong-type"),
        (b'{"text": "t", "id": ["a"]}\n', "wrong-type"),
        (b'{"text": "t", "title": 5}\n', "wrong-type"),
        (b'{"text": "t", "source": {}}\n', "wrong-type"),
        (b'{"text": "a \\ud83d b"}\n', "surrogate"),
        (b'{"text": "t", "title": "\\udc00"}\n', "surrogate"),
        (b'{"text": "a \xff b \xc3\xa9 \xc3\xa9"}\n', "encoding"),
        (b'{"text": "' + b"t" * 2000 + b'"}\n', "too-long"),
    ],
)
def test_a_line_that_is_no_document_is_rejected_with_its_fault(tmp_path: Path, line: bytes, code: str) -> None:
    limit = 1000 if code == "too-long" else 1 << 20
    assert rejection(tmp_path, line, max_bytes=limit).code == code


def test_a_rejection_shows_the_id_or_the_line(tmp_path: Path) -> None:
    assert rejection(tmp_path, b'{"id": "a", "text": ""}\n').id == "a"
    assert rejection(tmp_path, b'{"text": "\xff\n').excerpt == '{"text": "\\xff'


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ('"007"', "007"),
        ("7", "7"),
        ('"2022-03-01"', "2022-03-01"),
        ("1234567890123456789012345", "1234567890123456789012345"),
        ("9" * 5000, "9" * 5000),
        ('"../../etc/passwd"', "../../etc/passwd"),
        ('"a\\nb"', "a\nb"),
        ('" a "', " a "),
        ("null", text_id("t")),
        ('""', text_id("t")),
    ],
)
@pytest.mark.parametrize("field", ["id", "meta.id"])
def test_an_id_stays_the_string_that_it_is(tmp_path: Path, written: str, id: str, field: str) -> None:
    line = f'{{"text": "t", "id": {written}, "meta": {{"id": {written}}}}}\n'
    assert one(tmp_path, "a.jsonl", line.encode(), id=field).id == id


@pytest.mark.parametrize(
    "text",
    ["a\u2028b\x85c\rd\r\ne", "\x00\x1b[31m\x9b", "👩‍🚒 e\u0301 \u200b\u00ad שלום ﬁ ㎞ ½ İ", "\ufeffa", "a\ufffdb"],
)
def test_a_text_is_not_altered(tmp_path: Path, text: str) -> None:
    assert one(tmp_path, "a.jsonl", jsonl([{"text": text}])).text == text
    assert one(tmp_path, "b.jsonl", json.dumps({"text": text}).encode()).text == text


def test_a_guide_document_comes_without_its_spans_and_other_fields(tmp_path: Path) -> None:
    record = {
        "id": "a",
        "date": "2024-03-02",
        "title": "T",
        "text": "Kyiv fell",
        "source": "s",
        "story": "x",
        "spans": [{"id": "T1", "start": 0, "end": 4, "label": "PLACE"}, {"id": "T2", "label": "nonsense"}],
        "events": "nonsense",
    }
    document = one(tmp_path, "a.jsonl", jsonl([record]))
    assert (document.id, document.date, document.title, document.text) == ("a", "2024-03-02", "T", "Kyiv fell")
    assert (document.spans, document.events, dict(document.extra)) == ((), (), {"source": "s"})


def test_fields_are_chosen_by_name_and_reached_through_dots(tmp_path: Path) -> None:
    record = {"body": {"text": "t"}, "key": 7, "meta": {"day": {"iso": "2024-03-02"}}, "meta.head": "T", "from": "s"}
    names = {"text": "body.text", "id": "key", "date": "meta.day.iso", "title": "meta.head", "source": "from"}
    document = one(tmp_path, "a.jsonl", jsonl([record]), **names)
    assert (document.id, document.date, document.title, document.text) == ("7", "2024-03-02", "T", "t")
    assert dict(document.extra) == {"source": "s"}


def test_a_field_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    assert "body, key" in rejection(tmp_path, b'{"body": "t", "key": 7}\n').reason


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-02", "2024-03-02"),
        ("2024-03-02T23:30:00-05:00", "2024-03-02"),
        ("2024-03-02 23:30:00.123 UTC", "2024-03-02"),
        ("20240302T233000Z", "2024-03-02"),
        ("20240302", "2024-03-02"),
        ("2024/3/2", "2024-03-02"),
        ("2 March 2024", "2024-03-02"),
        ("March 2, 2024 11:30 pm EST", "2024-03-02"),
        ("Sat, 02 Mar 2024 23:30:00 +0200", "2024-03-02"),
        ("03/04/2024", None),
        ("13/04/2024", None),
        ("March 2024", None),
        ("2 March", None),
        ("2024", None),
        ("2024-02-30", None),
        ("yesterday", None),
        (1709337600, None),
    ],
)
def test_a_date_is_its_day_as_written_or_kept_as_it_is(tmp_path: Path, written: object, day: str | None) -> None:
    document = one(tmp_path, "a.jsonl", jsonl([{"text": "t", "date": written}]), published="2000-01-01")
    assert document.date == day
    assert document.extra == ({} if day else {"date_raw": str(written)})


@pytest.mark.parametrize("written", [None, "", " "])
def test_a_document_without_a_date_gets_the_one_that_the_options_name(tmp_path: Path, written: object) -> None:
    document = one(tmp_path, "a.jsonl", jsonl([{"text": "t", "date": written}]), published="2000-01-01")
    assert document.date == "2000-01-01"


def test_blank_lines_are_counted_and_give_nothing(tmp_path: Path) -> None:
    data = b'\n{"text": "a"}\n \r\n\n{"text": "b"}'
    assert outline(read_bytes(tmp_path, "a.jsonl", data)) == ["2 a", "5 b"]


@pytest.mark.parametrize("compress", [bytes, lambda data: gzip.compress(data, mtime=0), zst])
def test_a_file_without_a_line_is_damaged(tmp_path: Path, compress: Any) -> None:
    (tmp_path / "other.txt").write_bytes(b"t")
    path = tmp_path / "a.jsonl"
    path.write_bytes(compress(b""))
    assert outline(read_file(planned_beside(path, tmp_path), ReadOptions())) == ["damage empty"]


def planned_beside(path: Path, folder: Path) -> InputFile:
    # A file that is empty is no input at all when it is the only one.
    return next(file for file in plan_inputs([str(folder)], digest=False)[0] if file.address == str(path))


@pytest.mark.parametrize(
    ("name", "data", "damage"),
    [
        ("a.jsonl.gz", gz_members([numbered(2), numbered(2)]), []),
        ("a.jsonl.gz", gz_members([numbered(4)]) + bytes(512), []),
        ("a.jsonl.gz", gz_members([numbered(4)]) + b"garbage", ["trailing-garbage"]),
        ("a.jsonl.zst", zst(numbered(2)) + zst(numbered(2)), []),
        ("a.jsonl.zst", b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + zst(numbered(4)), []),
        ("a.jsonl.zst", zst(numbered(4)) + b"garbage", ["trailing-garbage"]),
        ("a.jsonl", gz_members([numbered(4)]), []),
        ("a.jsonl", zst(numbered(4)), []),
    ],
)
def test_all_members_and_frames_are_read_and_what_follows_is_named(
    tmp_path: Path, name: str, data: bytes, damage: list[str]
) -> None:
    items = read_bytes(tmp_path, name, data)
    assert (len(texts(items)), damages(items)) == (4, damage)


@pytest.mark.parametrize(("name", "whole"), [("a.jsonl.gz", CUT), ("a.jsonl.zst", zst(numbered(30_000)))])
@pytest.mark.parametrize("share", [0.6, 0.99])
def test_of_a_file_that_is_cut_off_all_whole_lines_are_read(
    tmp_path: Path, name: str, whole: bytes, share: float
) -> None:
    items = read_bytes(tmp_path, name, whole[: int(share * len(whole))])
    assert damages(items) == ["truncated"]
    assert len(texts(items)) > 500
    assert texts(items) == [f"t{number}" for number in range(1, len(texts(items)) + 1)]
    assert [item.code for item in items if isinstance(item, Rejection)] in ([], ["truncated"])


def test_a_gzip_file_cut_off_in_its_trailer_is_truncated(tmp_path: Path) -> None:
    items = read_bytes(tmp_path, "a.jsonl.gz", CUT[:-3])
    assert (len(texts(items)), damages(items)) == (2000, ["truncated"])


@pytest.mark.parametrize(
    ("name", "data", "damage"),
    [
        ("a.jsonl.gz", numbered(3), "not-gzip"),
        ("a.jsonl.zst", numbered(3), "not-zstd"),
        ("a.jsonl.gz", CUT[:-6] + b"\x00" + CUT[-5:], "corrupt"),
        ("a.jsonl.zst", zst(numbered(9))[:20] + b"\xff\xff\xff" + zst(numbered(9))[23:], "corrupt"),
        ("a.jsonl.zst", zst(numbered(3), window_log=28), "window"),
    ],
)
def test_a_compressed_file_with_a_fault_is_named_with_it(tmp_path: Path, name: str, data: bytes, damage: str) -> None:
    assert damages(read_bytes(tmp_path, name, data))[-1] == damage


@pytest.mark.parametrize(("name", "compress"), [("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zst)])
def test_a_bomb_is_left_after_its_first_bytes(tmp_path: Path, name: str, compress: Any) -> None:
    items = read_bytes(tmp_path, name, compress(LAST_LINE + bytes(20 << 20)), max_ratio=100, max_bytes=1 << 20)
    assert outline(items) == ["1 t1", "2 !too-long", "damage bomb"]


def test_a_long_line_costs_itself_alone(tmp_path: Path) -> None:
    data = LAST_LINE + b'{"text": "' + b"x" * (5 << 20) + b'"}\n' + LAST_LINE
    assert outline(read_bytes(tmp_path, "a.jsonl", data, max_bytes=3 << 20)) == ["1 t1", "2 !too-long", "3 t1"]


def test_a_file_that_grows_is_read_to_its_size_of_the_plan(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(numbered(2))
    file = planned(tmp_path / "a.jsonl")
    with (tmp_path / "a.jsonl").open("ab") as more:
        more.write(LAST_LINE)
    assert outline(read_file(file, ReadOptions())) == ["1 t1", "2 t2"]


def test_a_file_that_shrinks_or_goes_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(numbered(2))
    file = planned(tmp_path / "a.jsonl")
    (tmp_path / "a.jsonl").write_bytes(numbered(1))
    assert outline(read_file(file, ReadOptions())) == ["1 t1", "damage changed"]
    (tmp_path / "a.jsonl").unlink()
    assert damages(read_file(file, ReadOptions()))[0] == "unreadable"


def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown encoding 'klingon'"):
        read_bytes(tmp_path, "a.jsonl", LAST_LINE, encoding="klingon")


def samples() -> dict[str, bytes]:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"text": [f"t{n}" for n in range(5)] + [None, ""]}), sink, row_group_size=3)
    lines = numbered(3) + b"\n{broken\n" + numbered(2)
    rows = b'text,id\nt1,a\n"t\n2",b\nragged\n\nt3,c\n"never closed\n'
    return {
        "a.txt": b"text",
        "a.html": page().encode(),
        "a.jsonl": lines,
        "a.jsonl.gz": gzip.compress(lines, mtime=0)[:-4],
        "a.jsonl.zst": zst(lines) + b"garbage",
        "a.csv": rows,
        "a.parquet": sink.getvalue().to_pybytes(),
        "a.parquet.gz": gzip.compress(sink.getvalue().to_pybytes()),
        "a.warc": b"".join(warc_pages(4)),
        "a.warc.gz": gz_members([*warc_pages(2), b"garbage", *warc_pages(2)])[:-9],
    }


@pytest.mark.parametrize("name", samples())
def test_starting_behind_a_record_gives_exactly_what_follows(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(samples()[name])
    items = read(tmp_path / name)
    last = max(item.origin.number for item in items if isinstance(item, Article | Rejection))
    for start in range(last + 2):
        kept = [item for item in items if not isinstance(item, Article | Rejection) or item.origin.number > start]
        assert read(tmp_path / name, start) == kept


@pytest.mark.parametrize("name", samples())
def test_damages_come_last_and_numbers_grow(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(samples()[name])
    items = read(tmp_path / name)
    numbers = [item.origin.number for item in items if isinstance(item, Article | Rejection)]
    assert numbers == sorted(set(numbers))
    assert all(isinstance(item, Article | Rejection) for item in items[: len(numbers)])


@pytest.mark.parametrize("name", samples())
def test_a_file_at_an_address_reads_like_a_local_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(samples()[name])
    address = f"memory://archive/{tmp_path.name}/{name}"
    with fsspec.open(address, "wb", compression=None) as file:
        file.write(samples()[name])
    here, there = str(tmp_path / name), address
    assert repr(read(address)).replace(there, here).replace(there.partition(".")[0], here.partition(".")[0]) == repr(
        read(tmp_path / name)
    )


def damaged(data: bytes, chance: random.Random) -> bytes:
    place, spoilt = chance.randrange(len(data)), bytearray(data)
    match chance.randrange(3):
        case 0:
            del spoilt[place:]
        case 1:
            del spoilt[place : place + 100]
        case _:
            spoilt[place : place + 3] = chance.randbytes(3)
    return bytes(spoilt) or b"x"


@pytest.mark.parametrize("name", samples())
def test_a_file_with_any_fault_gives_items_and_never_an_error(tmp_path: Path, name: str) -> None:
    chance, whole = random.Random(name), samples()[name]
    for _ in range(40):
        (tmp_path / name).write_bytes(damaged(whole, chance))
        items = read(tmp_path / name)
        start = chance.randrange(6)
        assert read(tmp_path / name, start) == [
            item for item in items if not isinstance(item, Article | Rejection) or item.origin.number > start
        ]


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"text": st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip())},
        optional={
            "id": st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
            "title": st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
            "source": st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
            "date": st.dates().map(str),
        },
    ),
    min_size=1,
    max_size=5,
)


@given(RECORDS)
def test_documents_written_as_jsonl_come_back(tmp_path_factory: pytest.TempPathFactory, records: list[Any]) -> None:
    items = read_bytes(tmp_path_factory.getbasetemp(), "p.jsonl", jsonl(records))
    assert [fields(item) for item in items] == [expected(record) for record in records]


def fields(item: Any) -> tuple[Any, ...]:
    document = item.document
    return document.id, document.text, document.date, document.title, document.extra.get("source")


def expected(record: dict[str, str]) -> tuple[Any, ...]:
    id = record.get("id") or text_id(record["text"])
    return id, record["text"], record.get("date"), record.get("title"), record.get("source")
