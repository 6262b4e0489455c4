"""The folder of one run: its configuration, the lock that keeps a second run out, the summary of what came of it."""

import fcntl
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError, WarwireError
from warwire.train.checkpoints import Checkpoint, flush, newest_whole, remove_unfinished
from warwire.train.processes import from_main, is_main, processes, rank

_PACKAGES: Final = ("warwire", "torch", "transformers", "datasets", "accelerate", "tokenizers", "numpy")
_CONFIG: Final = "config.json"
_LOCK: Final = ".lock"
_WITHOUT_EFFECT: Final = frozenset({"log_every", "push", "report_to", "sweep", "threads"})
"""Keys that may change between the runs that one folder's training is made of."""


def claim(out: Path, config: msgspec.Struct) -> None:
    """Write the configuration into the run folder, or refuse a folder that belongs to another one.

    Keys that the folder's configuration does not have yet, because it is older, count as their defaults.
    """
    path = out / _CONFIG
    if path.is_file() and _effective(_read(path, type(config))) != _effective(config):
        raise InputError(f"{path}: this run folder belongs to another configuration; give another 'out' or remove it")
    if is_main():
        out.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(config), indent=2))


@contextmanager
def claimed(out: Path, config: msgspec.Struct, made: Sequence[str] = ()) -> Iterator[None]:
    """Claim the run folder for a run that is being made ready in the block, and give it back where that is refused.

    Args:
        out: the run folder.
        config: of the run.
        made: what the block writes into the folder; what was not there before goes with the claim.

    Raises:
        InputError: the folder belongs to another configuration.
    """
    new = [out / name for name in (_CONFIG, *made) if not (out / name).exists()]
    claim(out, config)
    try:
        yield
    except WarwireError:
        # A folder that somebody has begun to train in stays theirs, whatever this command asks for.
        if is_main() and out / _CONFIG in new:
            for path in new:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep other runs out of the folder for as long as the block lasts, or this process lives.

    Raises:
        InputError: another run is in it.
    """
    if not is_main():
        yield
        return
    out.mkdir(parents=True, exist_ok=True)
    with (out / _LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise InputError(f"{out}: another run ({holder}) is writing into this folder; wait or stop it") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {platform.node()}\n")
        file.flush()
        yield


def find_checkpoint(folder: Path) -> Checkpoint | None:
    """Where to go on, as the main process finds it: whole, and with a whole best one; told in a line."""
    found = None
    if is_main():
        remove_unfinished(folder)
        found = newest_whole(folder, tell)
    found = from_main(found)
    if found is not None:
        tell(f"going on from {found.path}")
    return found


def write_records(out: Path, log: Sequence[Mapping[str, float]], summary: Mapping[str, Any]) -> None:
    """Write `metrics.jsonl`, one line an entry of the log, and `summary.json` with packages and machine."""
    write_whole(out / "metrics.jsonl", b"".join(msgspec.json.encode(entry) + b"\n" for entry in log))
    environment = {name: version(name) for name in _PACKAGES}
    environment |= {"python": platform.python_version(), "machine": platform.platform()}
    encoded = msgspec.json.encode({**summary, "processes": processes(), "environment": environment})
    write_whole(out / "summary.json", msgspec.json.format(encoded, indent=2))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whenever the process or the machine dies."""
    part = path.with_name(f".{path.name}.{rank()}.part")
    part.write_bytes(content)
    flush(part)
    part.replace(path)
    flush(path.parent)


def tell(message: str) -> None:
    """One line on standard error, by the main process alone."""
    if is_main():
        print(f"warwire: {message}", file=sys.stderr, flush=True)


def _read(path: Path, kind: type[msgspec.Struct]) -> msgspec.Struct | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError:
        return None


def _effective(config: msgspec.Struct | None) -> dict[str, Any] | None:
    """The keys that decide what is trained; the folder itself may have been moved, an update be divided otherwise."""
    if config is None:
        return None
    keys = msgspec.to_builtins(config)
    optimiser = keys.get("optimiser", {})
    if "accumulate" in optimiser:
        optimiser["batch"] *= optimiser.pop("accumulate")
        optimiser.pop("activation_checkpointing")
    return {key: value for key, value in keys.items() if key not in _WITHOUT_EFFECT and key != "out"}
