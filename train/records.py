"""What a run was made from and on: revision, packages, hardware, data digests, seed (OUT/run.json)."""

import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.model.bundle import digest
from warwire.train.config import TrainConfig
from warwire.train.processes import processes
from warwire.train.run_folder import write_whole

RECORD: Final = "run.json"
_SOURCE: Final = Path(__file__).resolve().parent
_PACKAGES: Final = (
    "warwire",
    "torch",
    "transformers",
    "datasets",
    "accelerate",
    "tokenizers",
    "safetensors",
    "numpy",
    "peft",
)


class Revision(msgspec.Struct, frozen=True):
    """The commit of the source, and whether files were changed since; null where the source is in no repository."""

    commit: str | None = None
    dirty: bool | None = None


class Gpu(msgspec.Struct, frozen=True):
    """A graphics card and its memory in bytes."""

    name: str
    memory: int


class Hardware(msgspec.Struct, frozen=True):
    """The machine: memory in bytes, processor cores that this process may use."""

    platform: str
    processor: str
    cores: int
    memory: int
    gpus: tuple[Gpu, ...] = ()
    driver: str | None = None
    cuda: str | None = None


class DataFile(msgspec.Struct, frozen=True):
    """A data file as it was read."""

    path: str
    sha256: str
    bytes: int


class Start(msgspec.Struct, frozen=True):
    """One start of a run: when (UTC), how, with what, where; `processes` is their number under torchrun."""

    time: str
    command: list[str]
    revision: Revision
    packages: dict[str, str]
    python: str
    hardware: Hardware
    processes: int


class RunRecord(msgspec.Struct, frozen=True):
    """A run: its seed, its data, and every start, the first one first."""

    seed: int
    train: tuple[DataFile, ...]
    dev: tuple[DataFile, ...]
    starts: tuple[Start, ...]


def record_start(out: Path, config: TrainConfig) -> RunRecord:
    """Write what the run starts from into OUT/run.json, after the starts that are there.

    Raises:
        InputError: a data file is not the one that the run began with.
    """
    train, dev = data_files(config.data.train), data_files(config.data.dev)
    earlier = read_record(out)
    if earlier is not None:
        _check_same((*earlier.train, *earlier.dev), (*train, *dev), out / RECORD)
    starts = (*(earlier.starts if earlier else ()), this_start())
    record = RunRecord(config.seed, train, dev, starts)
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / RECORD, msgspec.json.format(msgspec.json.encode(record), indent=1))
    return record


def read_record(out: Path) -> RunRecord | None:
    """The record of a run folder; None where there is none.

    Raises:
        InputError: the file is damaged.
    """
    path = out / RECORD
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunRecord)
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: damaged: {error}; give another 'out'") from None


def this_start() -> Start:
    """This process: time, command, revision of the source, packages, machine."""
    return Start(
        time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        command=[Path(sys.argv[0]).name, *sys.argv[1:]],
        revision=revision(_SOURCE),
        packages=dict(_versions(_PACKAGES)),
        python=platform.python_version(),
        hardware=hardware(),
        processes=processes(),
    )


def revision(folder: Path) -> Revision:
    """The git commit of a folder and whether tracked files differ from it."""
    git = ["git", "--no-optional-locks", "-C", str(folder)]
    commit = _output([*git, "rev-parse", "HEAD"])
    if not commit:
        return Revision()
    return Revision(commit, bool(_output([*git, "status", "--porcelain", "--untracked-files=no"])))


def hardware() -> Hardware:
    """Processor, memory and graphics cards of this machine."""
    import torch

    gpus = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    return Hardware(
        platform=platform.platform(),
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory=_memory(),
        gpus=tuple(Gpu(gpu.name, gpu.total_memory) for gpu in gpus),
        driver=next(iter(_output(query).splitlines()), None) if gpus else None,
        cuda=torch.version.cuda,
    )


def data_files(paths: Iterable[str]) -> tuple[DataFile, ...]:
    """The digests and sizes of files."""
    return tuple(DataFile(path, digest(Path(path)), Path(path).stat().st_size) for path in paths)


def _check_same(before: Iterable[DataFile], now: Iterable[DataFile], record: Path) -> None:
    known: Mapping[str, str] = {file.path: file.sha256 for file in before}
    for file in now:
        if known.get(file.path, file.sha256) != file.sha256:
            raise InputError(f"{file.path}: changed since this run began ({record}); give another 'out' or remove it")


def _versions(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
