import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_documents import FORMULA, RAID
from archive_runs import JOB
from hard_documents import HARD

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.model.archive.collect import archive_rows, read_archive
from warwire.model.archive.job import claim
from warwire.model.archive.manifest import README, Position, ShardEntry, finish, write_entry
from warwire.model.archive.schema import TABLES, arrow_schema
from warwire.model.archive.shards import write_shard
from warwire.model.attacks import attack_rows
from warwire.model.rows import rows_of

IDS = ["007", "2022-03-01", "NA", "1" * 25, "1e5", "true"]
SHARDS: list[list[Document]] = [
    [RAID, *HARD],
    [],
    [FORMULA, *(replace(RAID, id=name, extra={"source": "A paper", "x": {"y": [1]}}) for name in IDS)],
]
WRITTEN = [document for shard in SHARDS for document in shard]
RAIDS = 1 + len(IDS)


def make(out: Path, format: str) -> Path:
    out.mkdir()
    claim(out, JOB)
    entries = []
    for number, documents in enumerate(SHARDS):
        files, size = write_shard(out, number, documents, format), len(documents)
        ends = Position(0, number), Position(0, number + 1)
        entries.append(ShardEntry(number, *ends, size, size, (), (), files, words=0, spans=0, events=0))
        write_entry(out, entries[-1])
    finish(out, JOB, entries)
    return out


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {format: make(tmp_path_factory.mktemp(format) / "out", format) for format in ("parquet", "jsonl")}


@pytest.fixture(params=["parquet", "jsonl"])
def archive(request: pytest.FixtureRequest, archives: dict[str, Path]) -> Path:
    return archives[request.param]


def test_documents_come_back_in_the_order_of_the_inputs(archive: Path) -> None:
    assert list(read_archive(archive)) == WRITTEN


@pytest.mark.parametrize(("table", "rows"), [("rows", rows_of), ("attacks", attack_rows)])
def test_tables_come_back_as_the_strings_of_the_csv(archive: Path, table: Any, rows: Any) -> None:
    assert list(archive_rows(archive, table)) == [row for document in WRITTEN for row in rows(document)]


def test_reading_streams(archive: Path) -> None:
    documents = read_archive(archive)
    assert [next(documents).id for _ in range(2)] == [RAID.id, HARD[0].id]


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_parquet(archives: dict[str, Path], table: str) -> None:
    import pandas

    frame = pandas.read_parquet(archives["parquet"] / table)
    assert list(frame.columns) == arrow_schema(table).names
    if table == "documents":
        assert list(frame["text"]) == [document.text for document in WRITTEN]
        assert [len(spans) for spans in frame["spans"]] == [len(document.spans) for document in WRITTEN]
    if table == "rows":
        assert frame["count_min"].dtype.kind == "f"
        assert frame.groupby("type")["count_min"].sum()[["LAUNCH", "INTERCEPT"]].tolist() == [40 * RAIDS, 38 * RAIDS]
    if table == "attacks":
        assert frame["intercepted_max"].sum() == 38 * RAIDS


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_duckdb_reads_rows(archives: dict[str, Path], format: str) -> None:
    import duckdb

    query = f"""
        select type, sum(count_min)::bigint, max(place_lat), max(len(place_lat_all))
        from '{archives[format]}/rows/*.{format}' where count_min is not null group by type order by type
    """
    assert duckdb.sql(query).fetchall() == [
        ("INTERCEPT", 38 * RAIDS, None, None),
        ("LAUNCH", 40 * RAIDS, 50.45466, 2),
    ]


def test_duckdb_reads_what_is_nested_in_documents(archives: dict[str, Path]) -> None:
    import duckdb

    query = f"""
        select distinct place.country, event.normalised.count[1].min
        from (select unnest(events) as event from '{archives["parquet"]}/documents/*.parquet'),
             unnest(event.normalised.place) as places(place)
        where event.type = 'LAUNCH' and place.name = 'Odesa'
    """
    assert duckdb.sql(query).fetchall() == [("UA", 40)]


def test_duckdb_finds_every_id_as_it_was(archives: dict[str, Path]) -> None:
    import duckdb

    found = duckdb.sql(f"select id, text from '{archives['parquet']}/documents/*.parquet'").fetchall()
    assert found == [(document.id, document.text) for document in WRITTEN]


@pytest.mark.parametrize("table", TABLES)
def test_datasets_reads_parquet(
    archives: dict[str, Path], table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()
    files = str(archives["parquet"] / table / "*.parquet")
    loaded = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path))
    assert loaded.column_names == arrow_schema(table).names
    if table == "documents":
        assert list(loaded["id"]) == [document.id for document in WRITTEN]
        assert loaded[0]["events"][0]["normalised"]["place"][1]["lat"] == 46.48572
    else:
        names = [row["document"] for row in archive_rows(archives["parquet"], table)]  # type: ignore[arg-type]
        assert list(loaded["document"]) == names


def test_the_examples_of_the_readme_run(archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(archive)
    [code] = re.findall(r"```python\n(.*?)```", (archive / README).read_text(), re.DOTALL)
    for line in code.splitlines():
        if line and not line.startswith("datasets."):
            exec(compile(line, README, "exec"), {name: __import__(name) for name in ("duckdb", "pandas")})


def test_an_unfinished_archive_gives_the_shards_that_are_there(tmp_path: Path) -> None:
    out = make(tmp_path / "out", "jsonl")
    (out / "documents/shard-000000.jsonl").write_bytes(b"")
    assert list(read_archive(out)) == SHARDS[2]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match=r"no archive \(job\.json is missing\)"):
            next(read_archive(out))


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
@pytest.mark.parametrize("table", TABLES)
def test_damage_that_keeps_the_size_is_told_where_it_stops_reading(tmp_path: Path, format: str, table: Any) -> None:
    out = make(tmp_path / "out", format)
    path = out / table / f"shard-000000.{format}"
    path.write_bytes(b"\xff" * path.stat().st_size)
    with pytest.raises(InputError, match=re.escape(path.name)):
        list(read_archive(out) if table == "documents" else archive_rows(out, table))
