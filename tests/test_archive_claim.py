"""The folder of an archive belongs to one job for all time, and to one run at a time."""

import errno
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_runs import JOB, contents

from warwire.annotations.errors import InputError
from warwire.model.archive.incoming import Origin
from warwire.model.archive.job import FILE as JOB_FILE
from warwire.model.archive.job import JobInput, claim, job_of, model_digest, read_job
from warwire.model.archive.lock import LOCK, locked
from warwire.model.archive.shards import OutputError
from warwire.model.bundle import open_bundle

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
    ({"options": JOB.options | {"documents": 5}}, "--limit none -> 5"),
    ({"options": JOB.options | {"vague": {"name": "acled", "dozens": 12}}}, "--vague guide -> acled"),
    ({"options": JOB.options | {"vague": {"name": "guide", "dozens": 12}}}, "--vague (another guide)"),
    ({"options": JOB.options | {"kind": "csv"}}, "--kind none -> csv"),
    ({"options": JOB.options | {"read": JOB.options["read"] | {"encoding": "cp1251"}}}, "--encoding none -> cp1251"),
    (
        {"options": JOB.options | {"read": JOB.options["read"] | {"text": "x" * 99}}},
        f"--text-field text -> {'x' * 40}...",
    ),
    ({"options": JOB.options | {"shard": {"documents": 9}}}, "--shard-documents 500 -> 9"),
    ({"options": JOB.options | {"a_b": [1]}}, "--a-b none -> a list"),
    ({"versions": JOB.versions | {"warwire": "0.2.0"}}, "version of warwire 0.1.0 -> 0.2.0"),
    ({"versions": {"python": "3.11"}}, "version of warwire 0.1.0 -> none"),
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
