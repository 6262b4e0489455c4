import errno
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_archive_shards import RAID, contents

from warwire.annotations.errors import InputError, WarwireError
from warwire.model.archive.incoming import Damage, Origin, Rejection
from warwire.model.archive.job import FILE as JOB_FILE
from warwire.model.archive.job import Job, JobInput, claim, job_of, model_digest, read_job
from warwire.model.archive.lock import LOCK, locked
from warwire.model.archive.manifest import (
    FILE,
    REJECTED,
    Position,
    ShardEntry,
    append_timing,
    entry_path,
    finish,
    read_entries,
    scan_entries,
    write_entry,
    write_timings,
)
from warwire.model.archive.shards import OutputError, write_shard
from warwire.model.bundle import open_bundle

JOB = Job(
    1,
    (JobInput("a.jsonl", 10, "a" * 64), JobInput("b\udcff.csv", 20, "b" * 64)),
    "made-up",
    "c" * 64,
    "int8",
    {"documents": None, "format": "jsonl", "vague": {"dozens": 24}},
    {"python": "3.11", "warwire": "0.1.0"},
)
REJECTION = Rejection(Origin("b\udcff.csv", 2), "read", "broken-json", "nested too deeply", None, "[[[\ud83d")


def make_shard(out: Path, number: int, format: str = "jsonl", *rejected: Rejection) -> ShardEntry:
    files = write_shard(out, number, [replace(RAID, id=f"d{number}")], format)
    start, end = Position(0, number), Position(0, number + 1)
    entry = ShardEntry(
        number, start, end, 1 + len(rejected), 1, rejected, (Damage("a.jsonl", "cut", "the end is missing"),), files,
        words=9, spans=9, events=2,
    )  # fmt: skip
    write_entry(out, entry)
    return entry


def make_archive(out: Path, format: str = "jsonl") -> list[ShardEntry]:
    out.mkdir()
    claim(out, JOB)
    return [make_shard(out, 0, format, REJECTION), make_shard(out, 1, format), make_shard(out, 2, format)]


# Entries


@pytest.mark.parametrize("verify", ["size", "hash"])
def test_entries_are_read_as_they_were_written(tmp_path: Path, verify: Any) -> None:
    entries = make_archive(tmp_path / "out")
    assert read_entries(tmp_path / "out", verify) == entries


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
    assert read_entries(tmp_path / "out", "hash", told.append) == [first, last]
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
    assert read_entries(tmp_path / "out") == [first, last]


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
    assert read_entries(tmp_path / "out") == [first, last]


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
    finish(tmp_path / "two", JOB, read_entries(tmp_path / "two"))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


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


# The job


def test_a_job_claims_a_new_folder_once_and_for_all(tmp_path: Path) -> None:
    first = claim(tmp_path, JOB)
    assert claim(tmp_path, JOB) == first
    assert read_job(tmp_path) == JOB


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"schema_version": 2}, "schema version 1 -> 2"),
    ({"inputs": JOB.inputs[:1]}, r"input 'b\udcff.csv' is gone"),
    ({"inputs": (*JOB.inputs, JobInput("c", 1, ""))}, "input c is new"),
    ({"inputs": (JobInput("a.jsonl", 11, "d" * 64), JOB.inputs[1])}, "input a.jsonl has changed (10 -> 11 bytes)"),
    (
        {"inputs": (JobInput("a.jsonl", 10, "d" * 64), JOB.inputs[1])},
        "input a.jsonl has changed (SHA-256 aaaaaaaaaaaa -> dddddddddddd)",
    ),
    ({"inputs": JOB.inputs[::-1]}, "the order of the inputs"),
    ({"model": "other"}, "model made-up -> other"),
    ({"model_sha256": "d" * 64}, "the model's files (SHA-256 cccccccccccc -> dddddddddddd)"),
    ({"back_end": "fp32"}, "back end int8 -> fp32"),
    ({"options": JOB.options | {"documents": 5}}, "option documents null -> 5"),
    ({"options": JOB.options | {"vague": {"dozens": 36}}}, 'option vague {"dozens": 24} -> {"dozens": 36}'),
    ({"options": JOB.options | {"kind": "csv"}}, 'option kind none -> "csv"'),
    ({"versions": JOB.versions | {"warwire": "0.2.0"}}, 'version of warwire "0.1.0" -> "0.2.0"'),
    ({"versions": {"python": "3.11"}}, 'version of warwire "0.1.0" -> none'),
]


@pytest.mark.parametrize(("change", "named"), CHANGES, ids=[named for _, named in CHANGES])
def test_another_job_is_refused_and_what_differs_is_named(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    claim(tmp_path, JOB)
    before = contents(tmp_path)
    with pytest.raises(InputError) as caught:
        claim(tmp_path, replace(JOB, **change))
    advice = "give another --out, or what it was begun with"
    assert str(caught.value) == f"{tmp_path}: was begun otherwise: {named}; {advice}"
    assert contents(tmp_path) == before


def test_many_differences_are_counted(tmp_path: Path) -> None:
    claim(tmp_path, JOB)
    with pytest.raises(InputError, match=r"a\.jsonl is gone, input .* is gone, model made-up -> x and 1 more;"):
        claim(tmp_path, replace(JOB, inputs=(), model="x", back_end="y"))


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_bytes(b"")
    with pytest.raises(
        InputError, match=r"holds thesis\.doc, and is no archive of warwire's; --out takes a new or empty"
    ):
        claim(tmp_path, JOB)
    assert contents(tmp_path) == {"thesis.doc": b""}


def test_the_lock_and_temporary_files_do_not_count_as_other_files(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_bytes(b"")
    (tmp_path / f"{JOB_FILE}.tmp-{'0' * 32}").write_bytes(b"")
    claim(tmp_path, JOB)
    assert read_job(tmp_path) == JOB


@pytest.mark.parametrize("tearing", ["empty", "cut in half", "of another kind"])
def test_a_damaged_job_is_told(tmp_path: Path, tearing: str) -> None:
    claim(tmp_path, JOB)
    whole = (tmp_path / JOB_FILE).read_bytes()
    torn = {"empty": b"", "cut in half": whole[: len(whole) // 2], "of another kind": b"{}"}
    (tmp_path / JOB_FILE).write_bytes(torn[tearing])
    with pytest.raises(InputError, match=r"job\.json: damaged: .*; delete the folder, or give another --out"):
        claim(tmp_path, JOB)


def test_a_job_is_the_same_however_its_options_are_written(tmp_path: Path) -> None:
    bundle = open_bundle()
    jobs = [
        job_of([], bundle, "int8", {"a": (1, 2), "b": {"z", "y", "x"}, "c": Path("x"), "d": Origin("f", 1)}),
        job_of([], bundle, "int8", {"d": {"file": "f", "number": 1}, "c": "x", "b": ["x", "y", "z"], "a": [1, 2]}),
    ]
    assert jobs[0] == jobs[1]
    assert claim(tmp_path, jobs[0]) == claim(tmp_path, jobs[1])
    assert {"warwire", "onnxruntime", "python"} <= jobs[0].versions.keys()


@pytest.fixture(scope="module")
def bundle_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "copy"
    shutil.copytree(open_bundle().folder, folder)
    return folder


USED = [
    ("int8", "model.int8.onnx", True),
    ("int8", "warwire.json", True),
    ("int8", "model.safetensors", False),
    ("int8", "README.md", False),
    ("torch", "model.safetensors", True),
    ("torch", "config.json", True),
    ("torch", "model.int8.onnx", False),
]


@pytest.mark.parametrize(("back_end", "name", "counts"), USED)
def test_the_digest_of_a_model_is_of_the_files_that_its_back_end_reads(
    bundle_copy: Path, back_end: str, name: str, counts: bool
) -> None:
    bundle = open_bundle(bundle_copy)
    before = model_digest(bundle, back_end)
    with (bundle_copy / name).open("ab") as file:
        file.write(b"\n")
    assert (model_digest(bundle, back_end) != before) == counts


# The lock

HOLD = """
import sys
from pathlib import Path
from warwire.model.archive.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(out: Path) -> "subprocess.Popen[bytes]":
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    assert held.stdout is not None
    assert held.stdout.readline() == b"held\n"
    return held


def end(held: "subprocess.Popen[bytes]") -> None:
    with held:
        held.kill()


def test_a_second_run_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    held = hold(out)
    with pytest.raises(InputError) as caught, locked(out):
        pass
    message = f"{out}: another run is writing to it (process {held.pid} on {socket.gethostname()}, since 20"
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("; wait until it ends, or give another --out")
    end(held)


def test_the_lock_of_a_killed_run_does_not_block(tmp_path: Path) -> None:
    end(hold(tmp_path))
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        assert json.loads((tmp_path / LOCK).read_bytes())["pid"] == os.getpid()


def test_a_run_that_ends_leaves_no_lock(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), locked(tmp_path):
            raise ZeroDivisionError
        assert contents(tmp_path) == {}


def test_a_lock_taken_in_one_process_is_held_against_itself(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(InputError, match="another run is writing"), locked(tmp_path):
        pass


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="is a file; --out takes a folder"), locked(out):
            pass


def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(OutputError, match="/proc/none: cannot be written: "), locked(Path("/proc/none")):
        pass


HOLDERS = [
    ("this host", "a living process", True),
    ("this host", "a dead process", False),
    ("another host", "a dead process", True),
    ("nobody", "nobody", False),
]


@pytest.mark.parametrize(("host", "process", "blocks"), HOLDERS)
def test_where_the_file_system_has_no_locks_the_holder_named_in_the_file_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, process: str, blocks: bool
) -> None:
    def unsupported(handle: int, operation: int) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    holder = {
        "host": socket.gethostname() if host == "this host" else "elsewhere",
        "pid": os.getpid() if process == "a living process" else dead.pid,
        "since": "2024-03-02T00:00:00+00:00",
    }
    (tmp_path / LOCK).write_text("" if host == "nobody" else json.dumps(holder))
    if blocks:
        with pytest.raises(InputError, match="if that run is over, delete"), locked(tmp_path):
            pass
    else:
        with locked(tmp_path):
            assert json.loads((tmp_path / LOCK).read_bytes())["pid"] == os.getpid()
