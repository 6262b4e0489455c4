"""Checkpoint folders: written whole or not at all, checked before they are used, and never torn in silence."""

import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from test_preemption import Run, made_run
from training_processes import At

from warwire.train.checkpoints import (
    MARKER,
    Checkpoint,
    NoRoomError,
    being_written,
    checkpoint_path,
    newest_whole,
    remove_unfinished,
    rotate,
    torn,
)

pytestmark = pytest.mark.filterwarnings("ignore")

FILES = ("model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json")


def written(folder: Path, step: int, best: int | None = None, leave_out: str = "") -> Path:
    path = checkpoint_path(folder, step)
    with being_written(path, 100) as part:
        for name in FILES:
            content = msgspec.json.encode({"best_global_step": best}) if name == "trainer_state.json" else b"x" * 40
            if name != leave_out:
                (part / name).write_bytes(content)
    return path


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def changed(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


DAMAGES = [(missing, "is missing"), (emptied, "is empty"), (cut, "bytes"), (changed, "has other contents")]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("damage", "phrase"), DAMAGES)
def test_a_torn_checkpoint_is_named_and_an_older_one_used(
    tmp_path: Path, name: str, damage: Callable[[Path], None], phrase: str
) -> None:
    older = written(tmp_path, 4, best=4)
    damage(written(tmp_path, 12, best=12) / name)
    told: list[str] = []
    assert newest_whole(tmp_path, told.append) == Checkpoint(older, 4, older)
    assert len(told) == 1
    assert f"checkpoint-12 is not used: {name} " in told[0]
    assert phrase in told[0]
    assert told[0].endswith("an older one is tried")


@pytest.mark.parametrize(("damage", "phrase"), [(missing, "never finished"), (emptied, "torn"), (cut, "torn")])
def test_without_its_seal_a_checkpoint_does_not_count(
    tmp_path: Path, damage: Callable[[Path], None], phrase: str
) -> None:
    damage(written(tmp_path, 4) / MARKER)
    told: list[str] = []
    assert newest_whole(tmp_path, told.append) is None
    assert phrase in told[0]
    assert told[0].endswith("there is no older one: the run begins anew")


@pytest.mark.parametrize("name", FILES[:-1])
def test_a_checkpoint_that_was_never_given_a_file_does_not_count(tmp_path: Path, name: str) -> None:
    assert torn(written(tmp_path, 4, leave_out=name)) == [f"{name.removesuffix('.pth')} was never written"]


def test_a_checkpoint_whose_best_one_is_torn_is_not_used(tmp_path: Path) -> None:
    for step in (4, 8):
        written(tmp_path, step, best=4)
    written(tmp_path, 12, best=8)
    cut(tmp_path / "checkpoint-8" / "model.safetensors")
    told: list[str] = []
    found = newest_whole(tmp_path, told.append)
    assert found is not None
    assert found.step == 4
    assert "checkpoint-12 is not used: its best checkpoint" in told[0]
    assert "model.safetensors has 37 of 40 bytes" in told[0]


def test_where_nothing_was_written_nothing_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    assert newest_whole(tmp_path / "none", told.append) is None
    assert told == []


def test_steps_are_compared_as_numbers(tmp_path: Path) -> None:
    for step in (9, 10, 100):
        written(tmp_path, step)
    found = newest_whole(tmp_path, pytest.fail)
    assert found is not None
    assert found.step == 100


ROTATED = [
    ([1, 2, 3], 3, 1, {1, 3}),
    ([1, 2, 3], 3, 2, {2, 3}),
    ([1, 2, 3], 3, 3, {2, 3}),
    ([1, 2, 3], 3, None, {2, 3}),
    ([1, 2, 9], 2, 1, {1, 2}),
    ([5], 5, 5, {5}),
]


@pytest.mark.parametrize(("steps", "last", "best", "kept"), ROTATED)
def test_the_last_and_the_best_are_kept_and_always_an_older_one(
    tmp_path: Path, steps: list[int], last: int, best: int | None, kept: set[int]
) -> None:
    for step in steps:
        written(tmp_path, step)
    rotate(tmp_path, last, best)
    assert {path.name for path in tmp_path.iterdir()} == {f"checkpoint-{step}" for step in kept}


def test_a_checkpoint_written_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    written(tmp_path, 4)
    path = written(tmp_path, 4, best=4)
    assert torn(path) == []
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-4"]


@pytest.mark.parametrize("error", [OSError("disk is full"), RuntimeError("PytorchStreamWriter failed")])
def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, error: Exception) -> None:
    older = written(tmp_path, 4)
    message = r"checkpoint-8: cannot be written .* about 9 bytes"
    with pytest.raises(NoRoomError, match=message) as failed, being_written(tmp_path / "checkpoint-8", 9) as part:  # noqa: PT012
        (part / "model.safetensors").write_bytes(b"half")
        raise error
    assert str(error) in str(failed.value)
    assert list(tmp_path.iterdir()) == [older]
    assert torn(older) == []


def test_twice_the_room_must_be_free_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1999))
    message = r"twice that must be free, and 1,999 bytes are\); it takes about 1,000 bytes"
    with pytest.raises(NoRoomError, match=message), being_written(tmp_path / "checkpoint-8", 1000):
        pytest.fail("it writes although there is no room")
    assert list(tmp_path.iterdir()) == []


def test_what_an_interrupted_save_left_is_removed_by_the_next_run(tmp_path: Path) -> None:
    whole = written(tmp_path, 4)
    for name in (".checkpoint-8.part", ".checkpoint-2.old"):
        (tmp_path / name).mkdir()
    remove_unfinished(tmp_path)
    assert list(tmp_path.iterdir()) == [whole]


# --- in a run -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = made_run(tmp_path_factory.mktemp("straight"), "in pieces")
    assert run().code == 0
    return run


def little_room() -> None:
    """As on a full disk, writes of more than this fail; the weights of the tiny model fit, its moments do not."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, resource.RLIM_INFINITY))


def test_a_run_that_finds_the_disk_full_keeps_its_checkpoints_and_goes_on_later(straight: Run, tmp_path: Path) -> None:
    run = made_run(tmp_path, "in pieces")
    run(At(15, ("step",)))
    before = run.checkpoints()
    ran = run(prepare=little_room)
    lines = [line for line in ran.err.splitlines() if "cannot be written" in line]
    assert (ran.code, len(lines), "Traceback" in ran.err) == (1, 1, False), ran.err
    assert "older checkpoints are as they were: make room and give the same command" in lines[0]
    assert (run.checkpoints(), [torn(path) for path in before]) == (before, [[] for _ in before])
    assert run().code == 0
    assert run.weights == straight.weights


def test_a_run_with_a_torn_checkpoint_says_so_and_ends_the_same(straight: Run, tmp_path: Path) -> None:
    run = made_run(tmp_path, "in pieces")
    run(At(15, ("step",)))
    (run.checkpoints()[-1] / "optimizer.pt").unlink()
    ran = run()
    assert (ran.code, "checkpoint-6 is not used: optimizer.pt is missing" in ran.err) == (0, True), ran.err
    assert "going on from" in ran.err
    assert run.weights == straight.weights


def test_a_run_folder_that_was_moved_goes_on(straight: Run, tmp_path: Path) -> None:
    run = made_run(tmp_path, "in pieces")
    run(At(23, ("step",)))
    (tmp_path / "run").rename(tmp_path / "moved")
    moved = replace(run, settings=(*run.settings, f"out={tmp_path / 'moved'}"))
    assert "going on from" in moved().err
    assert (tmp_path / "moved" / "model" / "model.safetensors").read_bytes() == straight.weights
