"""What an archive holds: entries of shards that count or do not, and the manifest that is their sum."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_documents import RAID
from archive_runs import JOB, REJECTION, contents, make_archive

from warwire.annotations.errors import WarwireError
from warwire.model.archive.job import claim
from warwire.model.archive.manifest import (
    FILE,
    REJECTED,
    Position,
    ShardEntry,
    append_timing,
    entry_path,
    finish,
    release,
    scan_entries,
    write_entry,
    write_timings,
)
from warwire.model.archive.shards import write_shard

# Entries


@pytest.mark.parametrize("verify", ["size", "hash"])
def test_entries_are_read_as_they_were_written(tmp_path: Path, verify: Any) -> None:
    entries = make_archive(tmp_path / "out")
    assert list(scan_entries(tmp_path / "out", verify, remove=True)) == entries


@pytest.mark.parametrize("counts", [(3, 1, 1), (1, 1, 1), (0, 1, 0)])
def test_an_entry_accounts_for_every_document(counts: tuple[int, int, int]) -> None:
    documents, tagged, rejected = counts
    with pytest.raises(ValueError, match=f"{documents} documents in, but {tagged} tagged and {rejected} rejected"):
        ShardEntry(0, Position(0, 0), Position(1, 0), documents, tagged, (REJECTION,) * rejected, (), (), 0, 0, 0)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


TEARINGS: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut": _cut,
    "flipped": _flip,
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}
PARTS = ["documents/shard-000001", "rows/shard-000001", "attacks/shard-000001"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("tearing", TEARINGS)
@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_an_entry_with_a_torn_file_does_not_count(tmp_path: Path, format: str, tearing: str, part: str) -> None:
    first, torn, last = make_archive(tmp_path / "out", format)
    TEARINGS[tearing](tmp_path / "out" / f"{part}.{format}")
    told: list[str] = []
    assert list(scan_entries(tmp_path / "out", "hash", told.append, remove=True)) == [first, last]
    [line] = told
    assert entry_path(torn.number) in line
    assert f"{part}.{format}" in line
    assert line.endswith("the shard is made again")
    assert not (tmp_path / "out" / entry_path(torn.number)).exists()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"null", b"[]", b"{}", b'{"number": 1}', b"[" * 100_000, b"\xff"),
        json.dumps({"number": 1, "files": 3}).encode(),
    ],
)
def test_a_torn_entry_does_not_count(tmp_path: Path, content: bytes) -> None:
    first, torn, last = make_archive(tmp_path / "out")
    (tmp_path / "out" / entry_path(torn.number)).write_bytes(content)
    assert list(scan_entries(tmp_path / "out", "hash", remove=True)) == [first, last]


def test_every_beginning_of_an_entry_is_torn(tmp_path: Path) -> None:
    first, torn, last = make_archive(tmp_path / "out")
    path = tmp_path / "out" / entry_path(torn.number)
    whole = path.read_bytes().rstrip()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        assert list(scan_entries(tmp_path / "out")) == [first, last]


FOREIGN: dict[str, dict[str, Any]] = {
    "of another shard": {"number": 2},
    "with files of another shard": {"files": 0},
    "with a file outside": {"files": [{"path": "../../secret", "size": 0, "sha256": ""}] * 3},
    "without files": {"files": []},
    "that does not add up": {"documents": 2},
}


@pytest.mark.parametrize("change", FOREIGN)
def test_a_foreign_entry_does_not_count(tmp_path: Path, change: str) -> None:
    first, _, last = make_archive(tmp_path / "out")
    path = tmp_path / "out" / entry_path(1)
    fields = dict(FOREIGN[change])
    if fields.get("files") == 0:
        fields["files"] = json.loads((tmp_path / "out" / entry_path(0)).read_bytes())["files"]
    path.write_text(json.dumps(json.loads(path.read_bytes()) | fields))
    assert list(scan_entries(tmp_path / "out", "hash", remove=True)) == [first, last]


def test_reading_without_the_lock_removes_nothing(tmp_path: Path) -> None:
    make_archive(tmp_path / "out")
    (tmp_path / "out/rows/shard-000001.jsonl").unlink()
    before = contents(tmp_path)
    told: list[str] = []
    assert [entry.number for entry in scan_entries(tmp_path / "out", tell=told.append)] == [0, 2]
    assert told[0].endswith("the shard is left out")
    assert contents(tmp_path) == before


# The end


def test_the_manifest_counts_all_that_came_in(tmp_path: Path) -> None:
    entries = make_archive(tmp_path / "out")
    manifest = finish(tmp_path / "out", JOB, entries)
    counts = {"shards": 3, "documents": 4, "tagged": 3, "rejected": 1, "words": 27, "spans": 27, "events": 6}
    counts["unread_dates"] = 0
    assert manifest["counts"] == counts
    assert manifest["rejected_by_code"] == {"broken-json": 1}
    assert json.loads((tmp_path / "out" / FILE).read_bytes()) == json.loads(json.dumps(manifest))


def test_every_file_of_an_archive_has_its_digest_in_the_manifest(tmp_path: Path) -> None:
    manifest = finish(tmp_path / "out", JOB, make_archive(tmp_path / "out"))
    files = [*manifest["files"], *(file for shard in manifest["shards"] for file in shard["files"])]
    there = contents(tmp_path / "out").keys() - {FILE, *map(entry_path, range(3))}
    assert {file["path"] for file in files} == there


def test_rejections_are_lines_that_any_reader_of_json_takes(tmp_path: Path) -> None:
    finish(tmp_path / "out", JOB, make_archive(tmp_path / "out"))
    [line] = (tmp_path / "out" / REJECTED).read_bytes().splitlines()
    place = {"file": "b\ufffd.csv", "number": 2, "id": None}
    fault = {"stage": "read", "code": "broken-json", "reason": "nested too deeply", "excerpt": "[[[\ufffd"}
    assert json.loads(line) == place | fault


def test_an_archive_finished_twice_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        finish(tmp_path / name, JOB, make_archive(tmp_path / name))
    finish(tmp_path / "two", JOB, scan_entries(tmp_path / "two", "hash", remove=True))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_the_examples_of_an_archive_s_readme_run_and_add_no_figures_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    import duckdb
    import pandas

    out = tmp_path / "out"
    finish(out, JOB, make_archive(out, format))
    told = (out / "README.md").read_text()
    monkeypatch.chdir(out)
    assert "sum(" not in told
    [query] = re.findall(r'duckdb\.sql\("(.+)"\)', told)
    assert duckdb.sql(query).fetchall()
    [(function, path)] = re.findall(r'pandas\.(read_\w+)\("([^"]+)"', told)
    assert len(getattr(pandas, function)(path, **({"lines": True} if format == "jsonl" else {})))


# Giving a folder up


def test_a_folder_without_any_document_is_given_up_and_another_job_may_have_it(tmp_path: Path) -> None:
    claim(tmp_path, JOB)
    none = ShardEntry(0, Position(0, 0), Position(1, 0), 0, 0, (), (), write_shard(tmp_path, 0, [], "jsonl"), 0, 0, 0)
    write_entry(tmp_path, none)
    append_timing(tmp_path, {"shard": 0})
    assert release(tmp_path)
    assert list(tmp_path.iterdir()) == []
    claim(tmp_path, replace(JOB, back_end="fp32"))


def test_a_folder_with_documents_stays_what_it_is(tmp_path: Path) -> None:
    make_archive(tmp_path / "out")
    before = contents(tmp_path / "out")
    assert not release(tmp_path / "out")
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("missing", [0, 1])
def test_an_archive_with_a_shard_missing_is_not_finished(tmp_path: Path, missing: int) -> None:
    entries = make_archive(tmp_path / "out")
    del entries[missing]
    with pytest.raises(WarwireError, match=f"shard {missing} is missing; give the same command again"):
        finish(tmp_path / "out", JOB, entries)
    assert not {FILE, REJECTED} & contents(tmp_path / "out").keys()


def test_shard_files_without_an_entry_are_removed_and_other_files_left(tmp_path: Path) -> None:
    entries = make_archive(tmp_path / "out")
    write_shard(tmp_path / "out", 7, [RAID], "jsonl")
    (tmp_path / "out/rows/notes.txt").write_text("mine")
    finish(tmp_path / "out", JOB, entries)
    names = {path.name for path in (tmp_path / "out/rows").iterdir()}
    assert names == {"notes.txt", *(f"shard-00000{n}.jsonl" for n in range(3))}


def test_timings_stand_in_files_of_their_own(tmp_path: Path) -> None:
    make_archive(tmp_path / "out")
    before = contents(tmp_path / "out")
    append_timing(tmp_path / "out", {"shard": 0, "tag": 1.5})
    append_timing(tmp_path / "out", {"shard": 1, "tag": 2.5})
    write_timings(tmp_path / "out", {"seconds": 4.0})
    assert contents(tmp_path / "out").keys() - before.keys() == {"timings.jsonl", "timings.json"}
    lines = (tmp_path / "out/timings.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["tag"] for line in lines] == [1.5, 2.5]
