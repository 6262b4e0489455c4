"""Readers of an archive: CSV and Parquet."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_files import one, outline, read, read_bytes
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.annotations.errors import InputError
from warwire.annotations.record import text_id
from warwire.model.archive.incoming import Article, Damage, Rejection


def fields(item: Any) -> tuple[Any, ...]:
    document = item.document
    return document.id, document.text, document.date, document.title, document.extra.get("source")


@pytest.mark.parametrize("value", ["NA", "None", "null", "007", "1e5", "=cmd|'/C x'!A0", "2024-03-02", " x ", "a\x00b"])
def test_a_csv_value_stays_the_string_that_it_is(tmp_path: Path, value: str) -> None:
    document = one(tmp_path, "a.csv", f"id,text\n{value},{value}\n".encode())
    assert (document.id, document.text) == (value, value)


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", 'a"b', "a,b", "a\u2028b\x85c", "\n\na\n"])
def test_a_quoted_csv_field_holds_line_ends_delimiters_and_quotation_marks(tmp_path: Path, text: str) -> None:
    quoted = text.replace('"', '""')
    assert one(tmp_path, "a.csv", f'text,id\r\n"{quoted}",a\r\n'.encode()).text == text


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("t1,a\nragged\nt2,b\n", ["1 t1", "2 !ragged", "3 t2"]),
        ("t1,a,b,c\nt2,b\n", ["1 !ragged", "2 t2"]),
        ("t1,a\n\n\r\nt2,b", ["1 t1", "2 t2"]),
        ('"t1" x,a\nt2,b\n', ["1 !broken-csv", "2 t2"]),
        ('t1,a\n"t2,b\n', ["1 t1", "2 !truncated"]),
        ('t1,a\n"t2,b\nt3,c\n', ["1 t1", "2 !truncated", "damage truncated"]),
        (",a\nt2,b\n", ["1 !empty", "2 t2"]),
    ],
)
def test_a_csv_row_that_is_no_document_is_rejected_with_its_number(
    tmp_path: Path, rows: str, expected: list[str]
) -> None:
    assert outline(read_bytes(tmp_path, "a.csv", f"text,id\n{rows}".encode())) == expected


def test_a_csv_row_that_is_no_text_costs_itself_alone(tmp_path: Path) -> None:
    rows = b'text,id\n\xd0\x9b\xd0\xb8,a\n"\xd0\x9b\n\xff\xd0\x9b\n\xd0\x9b",b\n\xd0\x9b,c\n'
    assert outline(read_bytes(tmp_path, "a.csv", rows)) == ["1 Ли", "2 !encoding", "3 Л"]


@pytest.mark.parametrize("long", ["x" * 5000, f'"{"x" * 5000}"', '"' + "x\n" * 2500 + '"', f'"x\n{"x" * 5000}\n"'])
def test_a_csv_row_above_the_limit_costs_itself_alone(tmp_path: Path, long: str) -> None:
    rows = f"text,id\nt1,a\n{long},b\nt3,c\n"
    assert outline(read_bytes(tmp_path, "a.csv", rows.encode(), max_bytes=1000)) == ["1 t1", "2 !too-long", "3 t3"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", ["id{0}text", '"id"{0}"text"'])
def test_the_delimiter_is_the_one_that_makes_a_text_column(tmp_path: Path, delimiter: str, header: str) -> None:
    rows = f"{header.format(delimiter)}\na{delimiter}t\n"
    assert one(tmp_path, "a.csv", rows.encode()).text == "t"


def test_the_delimiter_of_tsv_is_the_tab_and_any_can_be_given(tmp_path: Path) -> None:
    assert one(tmp_path, "a.tsv", b"text\tid\na,b\tc\n").text == "a,b"
    assert one(tmp_path, "b.csv", b"text:id\na:b\n", delimiter=":").id == "b"
    with pytest.raises(InputError, match="one character"):
        read_bytes(tmp_path, "c.csv", b"text\n", delimiter="::")


@pytest.mark.parametrize(
    ("header", "options", "reason"),
    [
        ("body,key", {}, "the columns are 'body', 'key'"),
        ("text,key", {"id": "nr"}, "no column 'nr' for the id"),
        ("text,text", {}, "'text' stands there more than once"),
        ('"text', {}, "cannot be read"),
    ],
)
def test_a_csv_file_without_the_columns_asked_for_is_damaged(
    tmp_path: Path, header: str, options: dict[str, str], reason: str
) -> None:
    (item,) = read_bytes(tmp_path, "a.csv", f"{header}\na,b\n".encode(), **options)
    assert isinstance(item, Damage)
    assert item.code == "no-column"
    assert reason in item.reason


def test_a_csv_file_with_a_header_alone_has_no_documents(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "a.csv", b"text,id\n") == []


CELLS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ROW = st.tuples(CELLS, CELLS.filter(lambda text: bool(text.strip())), st.dates().map(str), CELLS, CELLS)
ROWS = st.lists(ROW, min_size=1, max_size=5)
NAMES = ["id", "text", "date", "title", "source"]


@settings(max_examples=50)
@given(ROWS)
def test_documents_written_as_csv_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    items = read_bytes(tmp_path_factory.getbasetemp(), "p.csv", out.getvalue().encode())
    assert [fields(item) for item in items] == rows


@settings(max_examples=50)
@given(ROWS)
def test_documents_written_as_parquet_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "p.parquet"
    pq.write_table(pa.table(dict(zip(NAMES, zip(*rows, strict=True), strict=True))), path, row_group_size=2)
    assert [fields(item) for item in read(path)] == rows


def parquet(folder: Path, columns: dict[str, Any], **options: Any) -> list[Any]:
    pq.write_table(pa.table(columns), folder / "a.parquet", row_group_size=2)
    return read(folder / "a.parquet", **options)


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.binary(), pa.string_view()],
    ids=str,
)
def test_text_columns_of_every_kind_are_read(tmp_path: Path, kind: pa.DataType) -> None:
    values: Sequence[Any] = ["Лира", "007", None]
    if kind == pa.binary():
        values = [None if value is None else value.encode() for value in values]
    items = parquet(tmp_path, {"text": pa.array(values, kind)})
    assert outline(items) == ["1 Лира", "2 007", "3 !wrong-type"]


KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("column", "day"),
    [
        (pa.array([date(2024, 3, 2)]), "2024-03-02"),
        (pa.array([date(2024, 3, 2)], pa.date64()), "2024-03-02"),
        (pa.array([datetime(2024, 3, 2, 23, 30)]), "2024-03-02"),
        (pa.array([datetime(2024, 3, 2, 0, 30, tzinfo=KYIV)], pa.timestamp("us", "Europe/Kyiv")), "2024-03-02"),
        (pa.array([datetime(2024, 3, 2, 0, 30, tzinfo=KYIV)], pa.timestamp("us", "UTC")), "2024-03-01"),
        (pa.array([1709337600123456789], pa.timestamp("ns")), "2024-03-02"),
        (pa.array(["2 March 2024"]), "2024-03-02"),
        (pa.array([None], pa.date32()), None),
        (pa.array([None]), None),
        (pa.array([1709337600]), None),
    ],
)
def test_a_date_column_gives_days(tmp_path: Path, column: pa.Array, day: str | None) -> None:
    (item,) = parquet(tmp_path, {"text": ["t"], "date": column})
    assert item.document.date == day


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"text": pa.array([["t"]])}, "wrong-type"),
        ({"text": pa.array([5])}, "wrong-type"),
        ({"text": pa.array([b"a\xff"])}, "encoding"),
        ({"text": pa.array(["x" * 2000])}, "too-long"),
        ({"text": pa.array(["t"]), "id": pa.array([1.5])}, "wrong-type"),
        ({"text": pa.array(["t"]), "title": pa.array([["T"]])}, "wrong-type"),
    ],
)
def test_a_parquet_row_that_is_no_document_is_rejected(tmp_path: Path, columns: dict[str, Any], code: str) -> None:
    (item,) = parquet(tmp_path, columns, max_bytes=1000)
    assert isinstance(item, Rejection)
    assert item.code == code


def test_integer_ids_become_text_and_missing_ones_are_made(tmp_path: Path) -> None:
    items = parquet(tmp_path, {"text": ["a", "b"], "id": pa.array([7, None])})
    assert [item.document.id for item in items] == ["7", text_id("b")]


def test_nested_columns_are_reached_through_dots(tmp_path: Path) -> None:
    columns = {"body": [{"text": "t"}, None], "meta.key": ["a", "b"]}
    items = parquet(tmp_path, columns, text="body.text", id="meta.key")
    assert outline(items) == ["1 t", "2 !wrong-type"]
    assert items[0].document.id == "a"


def test_a_parquet_file_without_its_text_column_names_those_there_are(tmp_path: Path) -> None:
    (item,) = parquet(tmp_path, {"body": ["t"]})
    assert (item.code, "'body'" in item.reason) == ("no-column", True)


def test_a_torn_row_group_costs_its_rows_alone_and_each_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"text {number} " + "x" * 50 for number in range(6)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=2, compression="gzip", use_dictionary=False)
    place = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[place : place + 40] = b"\xff" * 40
    items = read_bytes(tmp_path, "a.parquet", bytes(data))
    assert [isinstance(item, Article) for item in items] == [True, True, False, False, True, True]
    assert outline(items[2:4]) == ["3 !corrupt", "4 !corrupt"]


@pytest.mark.parametrize("data", [b"PAR1", b"no parquet", b"PAR1" + bytes(100) + b"PAR1"])
def test_a_file_that_is_no_parquet_is_damaged(tmp_path: Path, data: bytes) -> None:
    assert outline(read_bytes(tmp_path, "a.parquet", data)) == ["damage corrupt"]


def test_a_parquet_file_that_pandas_wrote_is_read(tmp_path: Path) -> None:
    frame = pandas.DataFrame({"text": ["t1", "t2"], "date": pandas.to_datetime(["2024-03-02", None])}, index=[5, 6])
    frame.to_parquet(tmp_path / "a.parquet")
    assert [fields(item)[1:3] for item in read(tmp_path / "a.parquet")] == [("t1", "2024-03-02"), ("t2", None)]
