"""Checkpoint folders that are whole or not there, and the choice of one to go on from.

    checkpoints/checkpoint-120/          weights, optimiser, scheduler, random states, the Trainer's state
        complete.json                    name, size and SHA-256 of every other file; written last
    checkpoints/.checkpoint-150.part/    being written; removed when the next run begins

A folder is written under another name, hashed, flushed to disk, and renamed. What a resumed run reads has been hashed
again, so that a torn file is never read.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from warwire.annotations.errors import WarwireError

MARKER: Final = "complete.json"
STATE: Final = "trainer_state.json"

_NEEDED: Final = (
    ("model.safetensors", "adapter_model.safetensors", "model.safetensors.index.json"),
    ("optimizer.pt",),
    ("scheduler.pt",),
    ("rng_state",),
    (STATE,),
)
"""What no checkpoint is complete without, as beginnings of names, one of each group."""


class NoRoomError(WarwireError):
    """A checkpoint that the disk has no room for; those written before are as they were."""


class SealedFile(msgspec.Struct, frozen=True):
    """Size in bytes and SHA-256 of a file of a checkpoint."""

    size: int
    sha256: str


class Seal(msgspec.Struct, frozen=True):
    """What `complete.json` holds: every other file of the checkpoint by its name."""

    files: dict[str, SealedFile]


class _State(msgspec.Struct, frozen=True):
    """What is read here of the Trainer's state."""

    best_global_step: int | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole checkpoint, the step at which it was written, and the whole one of its best step, if it has one."""

    path: Path
    step: int
    best: Path | None


def checkpoint_path(folder: Path, step: int) -> Path:
    """Where the checkpoint of a step lies."""
    return folder / f"checkpoint-{step}"


@contextmanager
def being_written(path: Path, size: int) -> Iterator[Path]:
    """A folder to write a checkpoint into; it gets its name when the block ends, sealed and flushed to disk.

    Args:
        path: its name.
        size: bytes that it will have; twice as many must be free.

    Raises:
        NoRoomError: there is no room, or writing fails; the folder is removed again.
    """
    part = path.with_name(f".{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        free = shutil.disk_usage(part).free
        if free < 2 * size:
            raise OSError(f"twice that must be free, and {free:,} bytes are")
        yield part
        seal(part)
        _rename(part, path)
    except (OSError, RuntimeError, _safetensor_error()) as error:
        shutil.rmtree(part, ignore_errors=True)
        reason = " ".join(str(error).split("\n")[0].split())
        raise NoRoomError(
            f"{path}: cannot be written ({reason}); it takes about {size:,} bytes; older checkpoints are as they were: "
            "make room and give the same command"
        ) from None


def seal(folder: Path) -> None:
    """Write `complete.json`, after everything else has reached the disk."""
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MARKER):
        flush(path)
        files[path.relative_to(folder).as_posix()] = _sealed(path)
    (folder / MARKER).write_bytes(msgspec.json.encode(Seal(files)))
    flush(folder / MARKER)
    flush(folder)


def torn(folder: Path) -> list[str]:
    """What is wrong with a checkpoint, one phrase a file; nothing if it is whole."""
    try:
        files = msgspec.json.decode((folder / MARKER).read_bytes(), type=Seal).files
    except FileNotFoundError:
        return [f"{MARKER} is missing, so it was never finished"]
    except (OSError, msgspec.DecodeError):
        return [f"{MARKER} is torn"]
    found = [phrase for name, file in files.items() if (phrase := _fault(folder / name, name, file))]
    absent = [group[0] for group in _NEEDED if not any(name.startswith(group) for name in files)]
    return found + [f"{name} was never written" for name in absent]


def newest_whole(folder: Path, tell: Callable[[str], None]) -> Checkpoint | None:
    """The newest checkpoint that is whole and whose best checkpoint is; what is wrong with newer ones is told.

    None where there is no such checkpoint: the run begins anew, which is told if there were torn ones.
    """
    steps = sorted(_steps(folder), reverse=True)
    for step in steps:
        path = checkpoint_path(folder, step)
        faults = torn(path)
        if not faults:
            best = msgspec.json.decode((path / STATE).read_bytes(), type=_State).best_global_step
            best_path = checkpoint_path(folder, best) if best else None
            lost = torn(best_path) if best_path and best_path != path else []
            if not lost:
                return Checkpoint(path, step, best_path)
            faults = [f"its best checkpoint, {best_path}: {'; '.join(lost)}"]
        what = "an older one is tried" if step != steps[-1] else "there is no older one: the run begins anew"
        tell(f"{path} is not used: {'; '.join(faults)}; {what}")
    return None


def rotate(folder: Path, last: int, best: int | None) -> None:
    """Keep the last and the best checkpoint, and the one before where these are the same; remove all others."""
    steps = _steps(folder)
    kept = {last} | ({best} if best else set())
    earlier = sorted(step for step in steps if step < last and step not in kept)
    if len(kept) < 2 and earlier:
        kept.add(earlier[-1])
    for step in steps:
        if step not in kept:
            _remove(checkpoint_path(folder, step))


def remove_unfinished(folder: Path) -> None:
    """Remove what an interrupted save left behind."""
    for path in folder.glob(".checkpoint-*"):
        shutil.rmtree(path, ignore_errors=True)


def flush(path: Path) -> None:
    """Wait until a file or the entries of a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(part: Path, path: Path) -> None:
    if path.exists():
        _remove(path)
    part.rename(path)
    flush(path.parent)


def _remove(path: Path) -> None:
    """Remove a checkpoint in such an order that what is left of it, if this is interrupted, is no checkpoint."""
    old = path.with_name(f".{path.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    path.rename(old)
    shutil.rmtree(old, ignore_errors=True)


def _sealed(path: Path) -> SealedFile:
    with path.open("rb") as file:
        return SealedFile(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _fault(path: Path, name: str, expected: SealedFile) -> str | None:
    if not path.is_file():
        return f"{name} is missing"
    size = path.stat().st_size
    if size != expected.size:
        return f"{name} is empty" if not size else f"{name} has {size:,} of {expected.size:,} bytes"
    return None if _sealed(path) == expected else f"{name} has other contents than were written"


def _steps(folder: Path) -> list[int]:
    names = [path.name.removeprefix("checkpoint-") for path in folder.glob("checkpoint-*") if path.is_dir()]
    return [int(name) for name in names if name.isdecimal()]


def _safetensor_error() -> type[Exception]:
    from safetensors import SafetensorError

    error: type[Exception] = SafetensorError
    return error
