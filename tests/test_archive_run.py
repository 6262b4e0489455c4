"""`warwire archive`: every document is read once or named with a reason, whatever happens in between."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archive_runs import COMMAND, archive_of
from conftest import made
from reports import REPORTS

from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents
from warwire.model.archive.collect import archive_rows, read_archive
from warwire.model.extractor import load_extractor
from warwire.model.main import main

ARTICLES = 60
PER_SHARD = 7
SHARDS = -(-ARTICLES // PER_SHARD)


def records(count: int = ARTICLES) -> Iterator[dict[str, str]]:
    chance = random.Random(7)
    texts = [made(source).text for source in REPORTS.values()]
    for number in range(count):
        yield {"id": f"a{number}", "date": "2024-03-02", "text": "\n\n".join(chance.sample(texts, 3))}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("input") / "news.jsonl"
    lines = [json.dumps(record).encode() for record in records()]
    lines[10] = b'{"id": "cut", "text": "A rocket'
    lines[20] = json.dumps({"id": "a3", "text": "The id of another one."}).encode()
    lines[30] = json.dumps({"id": "blank", "text": "  "}).encode()
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def arguments(source: Path, out: Path, *more: str) -> list[str]:
    return [str(source), "--out", str(out), "--shard-documents", str(PER_SHARD), "--no-progress", *more]


def run(source: Path, out: Path, *more: str) -> int:
    try:
        main(["archive", *arguments(source, out, *more)])
    except SystemExit as error:
        return int(error.code or 0)
    return 0


@pytest.fixture(scope="module")
def straight(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("straight") / "out"
    assert run(source, out, "--workers", "1") == 0
    return out


def test_every_document_is_read_or_rejected_with_its_line_and_reason(source: Path, straight: Path) -> None:
    rejected = [json.loads(line) for line in (straight / "rejected.jsonl").read_bytes().splitlines()]
    assert [(item["number"], item["code"]) for item in rejected] == [
        (11, "broken-json"),
        (21, "duplicate-id"),
        (31, "empty"),
    ]
    assert all(item["file"] == str(source) and item["reason"] for item in rejected)
    read = [document.id for document in read_archive(straight)]
    assert read == [f"a{n}" for n in range(ARTICLES) if n not in (10, 20, 30)]
    counts = json.loads((straight / "manifest.json").read_bytes())["counts"]
    assert (counts["documents"], counts["tagged"], counts["rejected"]) == (60, 57, 3)


def test_an_archived_document_is_what_extract_makes_of_it(source: Path, straight: Path) -> None:
    kept = next(read_archive(straight))
    (record,) = list(records(1))
    extracted = load_extractor().extract(Document(record["id"], record["text"], record["date"]))
    assert [(s.start, s.end, s.label) for s in kept.spans] == [(s.start, s.end, s.label) for s in extracted.spans]
    assert [(e.type, e.arguments, e.normalised) for e in kept.events] == [
        (e.type, e.arguments, e.normalised) for e in extracted.events
    ]


def test_the_tables_have_a_row_for_every_event_and_for_attacks(straight: Path) -> None:
    events = sum(len(document.events) for document in read_archive(straight))
    assert len(list(archive_rows(straight, "rows"))) == events > 0
    assert list(archive_rows(straight, "attacks"))


def test_more_workers_write_the_same_bytes(source: Path, straight: Path, tmp_path: Path) -> None:
    assert run(source, tmp_path / "out", "--workers", "3") == 0
    assert archive_of(tmp_path / "out") == archive_of(straight)


def test_killed_at_any_moment_the_same_command_ends_with_the_same_bytes(
    source: Path, straight: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    chance = random.Random(3)
    for _ in range(3):
        process = subprocess.Popen([*COMMAND, *arguments(source, out, "--workers", "2")], start_new_session=True)
        wait_for_shards(out, process, chance.randint(1, 3))
        time.sleep(chance.random() / 3)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    torn = sorted((out / "rows").glob("*.parquet"))[0]
    torn.write_bytes(torn.read_bytes()[:100])
    (out / "documents" / ("shard-000001.parquet.tmp-" + "0" * 32)).write_bytes(b"half")
    assert run(source, out, "--workers", "2") == 0
    assert archive_of(out) == archive_of(straight)


def wait_for_shards(out: Path, process: subprocess.Popen[bytes], more: int) -> None:
    before = len(list(out.glob("shards/*.json")))
    while process.poll() is None and len(list(out.glob("shards/*.json"))) < before + more:
        time.sleep(0.02)


def halted_in_the_middle(source: Path, out: Path) -> subprocess.Popen[bytes]:
    """A run that has written a shard, not the last one, and stands still; started anew until it is caught there."""
    for _ in range(20):
        command = [*COMMAND, *arguments(source, out, "--workers", "1")]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
        wait_for_shards(out, process, 1)
        process.send_signal(signal.SIGSTOP)
        if process.poll() is None and 0 < len(list(out.glob("shards/*.json"))) < SHARDS // 2:
            return process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        shutil.rmtree(out, ignore_errors=True)
    raise AssertionError("no run was caught in the middle")


def test_the_ids_are_read_again_when_their_file_is_gone(source: Path, straight: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(straight, out)
    for name in ("manifest.json", "shards/shard-000002.json", "shards/shard-000005.json"):
        (out / name).unlink()
    assert run(source, out, "--workers", "1") == 0
    assert archive_of(out) == archive_of(straight)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_asked_to_stop_it_finishes_what_it_has_in_hand_and_goes_on_later(
    source: Path, straight: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "out"
    process = halted_in_the_middle(source, out)
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"the same command goes on" in errors
    assert not (out / "manifest.json").exists()
    assert run(source, out) == 0
    assert archive_of(out) == archive_of(straight)


def test_a_finished_archive_is_left_as_it_is(source: Path, straight: Path) -> None:
    before = archive_of(straight)
    assert run(source, straight) == 0
    assert archive_of(straight) == before


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (["--vague", "acled"], "--vague guide -> acled;"),
        (["--encoding", "cp1251"], "--encoding none -> cp1251;"),
        (["--back-end", "torch"], "back end int8 -> torch"),
        (["--limit", "5"], "--limit none -> 5"),
        (["--duplicates", "keep"], "duplicates"),
        (["--format", "jsonl"], "format"),
    ],
)
def test_another_job_is_refused_and_what_differs_is_named(
    source: Path, straight: Path, capsys: pytest.CaptureFixture[str], change: list[str], named: str
) -> None:
    assert run(source, straight, *change) == 2
    assert named in capsys.readouterr().err


def test_changed_inputs_are_refused(
    source: Path, straight: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    changed = tmp_path / "news.jsonl"
    changed.write_bytes(source.read_bytes())
    assert run(changed, out, "--limit", "3") == 0
    changed.write_bytes(source.read_bytes() + b'{"text": "One more."}\n')
    assert run(changed, out, "--limit", "3") == 2
    assert "has changed" in capsys.readouterr().err


def test_a_second_run_on_the_folder_is_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = halted_in_the_middle(source, out)
    second = subprocess.run([*COMMAND, *arguments(source, out)], capture_output=True, check=False)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert second.returncode == 2
    assert f"process {first.pid}".encode() in second.stderr


def test_jsonl_shards_are_documents_that_every_command_reads(source: Path, straight: Path, tmp_path: Path) -> None:
    assert run(source, tmp_path / "out", "--format", "jsonl") == 0
    shards = sorted((tmp_path / "out" / "documents").glob("*.jsonl"))
    documents = [document for shard in shards for document in read_documents(shard)]
    assert documents == list(read_archive(straight))


@pytest.mark.parametrize(
    ("options", "code"),
    [([], 0), (["--max-reject-rate", "0.05"], 0), (["--max-reject-rate", "0.04"], 3)],
)
def test_too_many_rejections_have_an_exit_code(source: Path, straight: Path, options: list[str], code: int) -> None:
    assert run(source, straight, *options) == code


def test_a_cut_input_is_read_told_and_has_an_exit_code(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import gzip

    cut = tmp_path / "news.jsonl.gz"
    whole = gzip.compress(source.read_bytes())
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    assert run(cut, tmp_path / "out") == 3
    assert "cut" in capsys.readouterr().err
    assert run(cut, tmp_path / "out", "--allow-damage") == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["damages"]


def test_a_dry_run_counts_and_writes_nothing(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(source, tmp_path / "out", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "60 documents, 2 of them unreadable" in told
    assert "estimated from" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, str])
def test_nothing_to_read_is_bad_input(
    tmp_path: Path, make: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "in")
    assert run(tmp_path / "in", tmp_path / "out") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_output_is_no_input(tmp_path: Path, source: Path) -> None:
    shutil.copy(source, tmp_path / "news.jsonl")
    assert run(tmp_path, tmp_path) == 2


@pytest.mark.parametrize("kilobytes", [4, 15])
def test_a_full_disk_stops_the_run_and_keeps_what_is_done(
    source: Path, straight: Path, tmp_path: Path, kilobytes: int
) -> None:
    import resource

    out = tmp_path / "out"

    def narrow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * kilobytes, 1024 * kilobytes))

    ended = subprocess.run(
        [*COMMAND, *arguments(source, out, "--workers", "1")], preexec_fn=narrow, capture_output=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.count(b"\n") == 1
    assert run(source, out) == 0
    assert archive_of(out) == archive_of(straight)


def test_a_document_over_the_limit_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    found = [*records(2), {"id": "long", "text": "A drone hit a depot. " * 100}]
    source.write_text("".join(json.dumps(record) + "\n" for record in found))
    assert run(source, tmp_path / "out", "--max-characters", "2000") == 0
    rejected = json.loads((tmp_path / "out" / "rejected.jsonl").read_text())
    assert (rejected["id"], rejected["code"]) == ("long", "too-long")
    assert [document.id for document in read_archive(tmp_path / "out")] == ["a0", "a1"]
