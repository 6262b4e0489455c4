import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from archive_documents import FORMULA, RAID, WRITTEN
from archive_runs import contents
from hard_documents import HARD, SCORED
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLES, STATUSES
from warwire.model.archive.records import (
    SURROGATES_KEY,
    document_of,
    document_record,
    repaired,
    string_row,
    typed_row,
)
from warwire.model.archive.schema import FLAT_COLUMNS, TABLES, VALUE_FIELDS, arrow_schema
from warwire.model.archive.shards import OutputError, UnwritableError, commit, remove_leftovers, write_shard
from warwire.model.assemble import assemble
from warwire.model.attacks import attack_rows
from warwire.model.rows import rows_of

STRINGS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\0\u2028\u0085\r\n🇺🇦é\u0301\ufeff"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | STRINGS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(STRINGS, inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
EXTRA = st.dictionaries(STRINGS | st.sampled_from(["source", "model", "origin", "schema_version"]), JSON, max_size=3)
SCORES = st.none() | st.floats(0, 1)
OFFSETS = st.integers(0, 2**62)
SPANS = st.builds(
    lambda id, start, length, label, score, extra: Span(id, start, start + length, label, score, extra),
    *(STRINGS, OFFSETS, st.integers(1, 2**61), st.sampled_from(LABELS), SCORES, EXTRA),
)
VALUES = st.dictionaries(st.sampled_from(["text", "min", "max", "lat", "side", "other"]), JSON, max_size=3)
WHOLE_COUNTS = st.fixed_dictionaries(
    {name: st.none() | (STRINGS if kind == "string" else st.integers()) for name, kind in VALUE_FIELDS["count"].items()}
)
NORMALISED = st.dictionaries(
    st.sampled_from([*ROLES, "weather"]), st.lists(VALUES | WHOLE_COUNTS, max_size=2).map(tuple), max_size=3
)
EVENTS = st.builds(
    Event,
    STRINGS,
    st.sampled_from(EVENT_TYPES),
    STRINGS,
    st.lists(st.builds(Argument, st.sampled_from(ROLES), STRINGS, EXTRA), max_size=2).map(tuple),
    st.sampled_from(STATUSES),
    score=SCORES,
    sentence=st.none() | STRINGS,
    channel=st.none() | STRINGS,
    flags=st.lists(STRINGS, max_size=2).map(tuple),
    normalised=st.none() | NORMALISED,
    extra=EXTRA,
)
ORIGINS = st.fixed_dictionaries({"file": STRINGS, "number": st.integers(1, 2**62)})
DOCUMENTS = st.builds(
    Document,
    STRINGS,
    STRINGS,
    st.none() | STRINGS,
    st.none() | STRINGS,
    st.lists(SPANS, max_size=3).map(tuple),
    st.lists(EVENTS, max_size=2).map(tuple),
    EXTRA | ORIGINS.map(lambda origin: {"origin": origin, "source": "A paper"}),
)


def written(out: Path, documents: Sequence[Document], table: str = "documents") -> list[dict[str, Any]]:
    out.mkdir(exist_ok=True)
    files = write_shard(out, 0, documents, "parquet")
    records: list[dict[str, Any]] = parquet.read_table(out / files[TABLES.index(table)].path).to_pylist()
    return records


@settings(max_examples=100, deadline=None)
@given(st.lists(DOCUMENTS, max_size=2))
def test_documents_come_back_from_parquet_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document]
) -> None:
    # Written with spans that no text has, the flat tables cannot be made: only the documents are.
    from warwire.model.archive import tables

    [data] = tables.parquet_chunks("documents", documents)
    records = parquet.read_table(pa.BufferReader(data)).to_pylist()
    assert [document_of(record) for record in records] == documents


def test_hard_documents_come_back_from_parquet_as_they_were(tmp_path: Path) -> None:
    assert [document_of(record) for record in written(tmp_path, WRITTEN)] == WRITTEN
    assert document_of(document_record(SCORED)) == SCORED


def test_values_of_the_postprocessor_have_typed_columns() -> None:
    document = document_record(assemble(replace(RAID, events=())))
    values = [value for event in document["events"] for role in ROLES for value in event["normalised"].get(role, ())]
    assert len(values) > 5
    assert not any("extra" in value for value in values)


def test_a_number_beyond_64_bits_is_kept_beside_its_column(tmp_path: Path) -> None:
    [event, *_] = RAID.events
    normalised = {"count": ({"text": "many", "min": 2**64 - 1, "max": None},)}
    document = replace(RAID, events=(replace(event, normalised=normalised),))
    [record] = written(tmp_path, [document])
    assert record["events"][0]["normalised"]["count"][0]["min"] is None
    assert document_of(record) == document


def test_known_keys_of_a_document_have_columns(tmp_path: Path) -> None:
    origin = {"file": "a.jsonl", "number": 7}
    [record] = written(tmp_path, [replace(HARD[1], extra={"source": "S", "model": "m", "origin": origin, "x": 1})])
    columns = ("source", "model", "origin_file", "origin_number", "schema_version", "extra")
    assert [record[name] for name in columns] == ["S", "m", "a.jsonl", 7, None, '{"x":1}']


@pytest.mark.parametrize("document", WRITTEN, ids=lambda document: document.id[:20])
@pytest.mark.parametrize(("table", "rows"), [("rows", rows_of), ("attacks", attack_rows)])
def test_typed_rows_come_back_as_strings(document: Document, table: str, rows: Any) -> None:
    columns = FLAT_COLUMNS[table]
    assert [string_row(typed_row(row, columns), columns) for row in rows(document)] == list(rows(document))


def test_numbers_are_numbers_and_what_is_not_known_is_null(tmp_path: Path) -> None:
    row = written(tmp_path, [RAID], "rows")[0]
    names = ("count_min", "count_min_all", "place_lat", "place_lat_all", "place_geonames_id", "origin", "origin_lat")
    assert [row[name] for name in names] == [40, None, 50.45466, [50.45466, 46.48572], 703448, None, None]


def test_figures_of_attacks_are_numbers(tmp_path: Path) -> None:
    [row] = written(tmp_path, [RAID], "attacks")
    assert [row[name] for name in ("launched_min", "intercepted_max", "killed_min", "lat")] == [40, 38, None, 50.45466]


@pytest.mark.parametrize("documents", [[HARD[1]], WRITTEN], ids=["without events", "many"])
@pytest.mark.parametrize("table", TABLES)
def test_column_types_do_not_depend_on_the_data(tmp_path: Path, table: str, documents: list[Document]) -> None:
    shards = [write_shard(tmp_path, number, shard, "parquet") for number, shard in enumerate(([], documents))]
    empty, full = (parquet.read_schema(tmp_path / files[TABLES.index(table)].path) for files in shards)
    assert full == empty
    assert full.names == arrow_schema(table).names


def test_parquet_has_no_apostrophes_against_formulas(tmp_path: Path) -> None:
    assert {row["document"] for row in written(tmp_path, [FORMULA], "rows")} == {"=1+1"}


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_the_same_documents_give_the_same_bytes(tmp_path: Path, format: str) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_shard(tmp_path / name, 3, WRITTEN, format)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert sorted(contents(tmp_path / "one")) == [f"{table}/shard-000003.{format}" for table in sorted(TABLES)]


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_told_sizes_and_digests_are_those_of_the_files(tmp_path: Path, format: str) -> None:
    import hashlib

    for file in write_shard(tmp_path, 0, WRITTEN, format):
        data = (tmp_path / file.path).read_bytes()
        assert (file.size, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())


LONE = "\ud83d"


@pytest.mark.parametrize(
    "document",
    [
        Document("a", f"Kyiv {LONE} fell", spans=(Span("T1", 7, 11, "CONTROL"),)),
        Document(LONE, "Kyiv"),
        Document("a", "Kyiv", LONE, "é"),
        Document("a", "Kyiv", None, LONE),
        Document("a", "Kyiv", extra={"x": [{LONE: 1}]}),
        Document("a", "Kyiv", spans=(Span(LONE, 0, 4, "PLACE", extra={}),)),
        Document("a", "Kyiv", spans=(Span("T", 0, 4, "STRIKE"),), events=(Event("E", "STRIKE", "T", flags=(LONE,)),)),
    ],
)
@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_a_lone_surrogate_is_replaced_and_counted(tmp_path: Path, document: Document, format: str) -> None:
    write_shard(tmp_path, 0, [RAID, document], format)
    [record] = written(tmp_path / "read", [document])
    back = document_of(record)
    assert back.extra[SURROGATES_KEY] == 1
    assert len(back.text) == len(document.text)
    assert [(span.start, span.end) for span in back.spans] == [(span.start, span.end) for span in document.spans]


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_documents_that_have_no_record_are_named_and_nothing_is_written(tmp_path: Path, format: str) -> None:
    bad = replace(RAID, events=(replace(RAID.events[0], trigger="none"),))
    with pytest.raises(UnwritableError) as caught:
        write_shard(tmp_path, 0, [RAID, bad, Document(LONE, "Kyiv"), bad], format)
    assert [(index, repr(error)) for index, error in caught.value.faults] == [
        (1, "KeyError('none')"),
        (3, "KeyError('none')"),
    ]
    assert contents(tmp_path) == {}


def test_documents_without_lone_surrogates_are_left_alone() -> None:
    assert all(repaired(document) is document for document in WRITTEN)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown format 'csv'; there are parquet, jsonl"):
        write_shard(tmp_path, 0, [], "csv")


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_a_full_disk_ends_in_one_line_and_no_half_file(tmp_path: Path, format: str) -> None:
    write_shard(tmp_path, 0, WRITTEN, format)
    before = contents(tmp_path)
    program = (
        "import resource, sys\nfrom pathlib import Path\nfrom archive_documents import WRITTEN\n"
        "from warwire.model.archive.shards import OutputError, write_shard\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        f"try: write_shard(Path(sys.argv[1]), 0, WRITTEN * 30, {format!r})\n"
        "except OutputError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    name = re.escape(str(tmp_path / f"documents/shard-000000.{format}"))
    assert re.fullmatch(
        rf"{name}: file too large: [\d,]+ bytes are needed; make room, and give the same command again\n", done.stdout
    )
    assert contents(tmp_path) == before


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"gone/documents/shard-000000\.jsonl: cannot be written: no such file"):
        write_shard(tmp_path / "gone", 0, [RAID], "jsonl")
    assert not (tmp_path / "gone").exists()


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    commit(tmp_path, "a.json", [b"old"])
    with pytest.raises(ZeroDivisionError):
        commit(tmp_path, "a.json", (b"new" if n else bytes(1 // n) for n in (1, 0)))
    assert contents(tmp_path) == {"a.json": b"old"}


def test_temporary_files_of_killed_runs_are_removed_and_others_left(tmp_path: Path) -> None:
    write_shard(tmp_path, 0, [RAID], "jsonl")
    before = contents(tmp_path)
    for name in ("job.json", "rows/shard-000001.jsonl", "documents/shard-000000.jsonl"):
        (tmp_path / f"{name}.tmp-{'0123456789abcdef' * 2}").write_bytes(b"torn")
    assert remove_leftovers(tmp_path) == 3
    assert contents(tmp_path) == before
