"""What an archive is made from: two runs share a folder only where all of this is the same.

How the work is done (workers, engine, the folder itself) is no part of it, since it does not change a byte.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.model.archive.lock import LOCK
from warwire.model.archive.shards import ShardFile, commit, is_temporary
from warwire.model.bundle import MANIFEST, ONNX, TOKENIZER, WEIGHTS, Bundle, digest
from warwire.model.openvino_network import files_read

FILE: Final = "job.json"
SCHEMA_VERSION: Final = 1
"""Of the layout of an archive and the columns of its tables."""

_PACKAGES: Final = (
    "warwire", "numpy", "tokenizers", "python-dateutil", "pyarrow", "charset-normalizer", "fastwarc", "resiliparse"
)  # fmt: skip
_NETWORK_PACKAGES: Final = {"openvino": ("openvino",), "torch": ("torch", "transformers")}
_GROUPS: Final = frozenset({"read", "shard"})
_OPTIONS: Final = {
    "documents": "--limit",
    "longest": "--max-characters",
    "shard.documents": "--shard-documents",
    "read.text": "--text-field",
    "read.id": "--id-field",
    "read.date": "--date-field",
    "read.title": "--title-field",
    "read.source": "--source-field",
    "read.encoding": "--encoding",
    "read.delimiter": "--delimiter",
    "read.max_bytes": "--max-bytes",
    "read.published": "--date",
}
"""The options of the command line by their names in a job, where these are others."""

_LONGEST_VALUE: Final = 40
_NAMED: Final = 3
"""Differences named in an error; the others are counted."""


@dataclass(frozen=True, slots=True)
class JobInput:
    """An input file: its name as origins give it, size in bytes, SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that decides what is in an archive.

    Attributes:
        schema_version: of the layout.
        inputs: in the order in which they are read.
        model: its name.
        model_sha256: over the files of the bundle that the back end uses.
        back_end: "int8", "fp32", "openvino" or "torch".
        options: those that change the output, as JSON values.
        versions: of Python (major and minor) and of the packages that the output depends on.
    """

    schema_version: int
    inputs: tuple[JobInput, ...]
    model: str
    model_sha256: str
    back_end: str
    options: dict[str, Any]
    versions: dict[str, str]


def job_of(inputs: Iterable[JobInput], bundle: Bundle, back_end: str, options: Mapping[str, Any]) -> Job:
    """The job that these inputs, this model and these options make, with the versions installed here.

    Args:
        inputs: in the order in which they are read.
        bundle: the model.
        back_end: the one used, not None.
        options: those that change the output, and no others; dataclasses, paths and tuples become JSON values.
    """
    return Job(
        SCHEMA_VERSION,
        tuple(inputs),
        bundle.manifest.name,
        model_digest(bundle, back_end),
        back_end,
        json.loads(_json(options)),
        _versions(back_end),
    )


def model_digest(bundle: Bundle, back_end: str) -> str:
    """SHA-256 over the names and digests of the files that a back end reads; others of the folder do not count."""
    network = _network_files(bundle, back_end)
    known = hashlib.sha256()
    for name in (MANIFEST, TOKENIZER, *network):
        if (bundle.folder / name).is_file():
            known.update(f"{name} {digest(bundle.folder / name)}\n".encode())
    return known.hexdigest()


def _network_files(bundle: Bundle, back_end: str) -> tuple[str, ...]:
    if back_end == "torch":
        return "config.json", WEIGHTS
    if back_end == "openvino":
        return files_read(bundle.folder)
    return ONNX[back_end], f"{ONNX[back_end]}.data"


def claim(out: Path, job: Job) -> ShardFile:
    """Make a folder this job's, or find that it is; to be called by the run that holds the lock.

    Returns:
        `job.json` as a file of the archive.

    Raises:
        InputError: the folder belongs to another job (what differs is named) or holds files that are no archive's.
        OutputError: it cannot be written.
    """
    path = out / FILE
    if path.exists():
        differences = list(_differences(read_job(out), job))
        if differences:
            raise InputError(_refusal(out, differences))
    else:
        strangers = sorted(entry.name for entry in out.iterdir() if entry.name != LOCK and not is_temporary(entry))
        if strangers:
            found = f"holds {strangers[0]}" + (f" and {len(strangers) - 1} more" if len(strangers) > 1 else "")
            raise InputError(f"{out}: {found}, and is no archive of warwire's; --out takes a new or empty folder")
        return commit(out, FILE, [encode_job(job)])
    return ShardFile(FILE, path.stat().st_size, digest(path))


def read_job(out: Path) -> Job:
    """The job of an archive.

    Raises:
        InputError: the folder is no archive, or its `job.json` is damaged.
    """
    path = out / FILE
    try:
        return msgspec.convert(json.loads(path.read_bytes()), Job)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"{out}: no archive ({FILE} is missing); 'warwire archive INPUT... --out DIR' makes one"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError) as error:
        message = " ".join(str(error).split())
        raise InputError(f"{path}: damaged: {message}; delete the folder, or give another --out") from None


def encode_job(job: Job) -> bytes:
    """The content of `job.json`."""
    return _json(job).encode("ascii") + b"\n"


def _json(value: Any) -> str:
    # ASCII: names of files that are no UTF-8 have lone surrogates, which no other encoding brings back.
    return json.dumps(
        msgspec.to_builtins(value, order="deterministic", enc_hook=str), indent=1, sort_keys=True, ensure_ascii=True
    )


def _versions(back_end: str) -> dict[str, str]:
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in (*_PACKAGES, *_NETWORK_PACKAGES.get(back_end, ("onnxruntime",))):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            # An extra that is not installed has no part in the output.
            continue
    return found


def _refusal(out: Path, differences: list[str]) -> str:
    more = len(differences) - _NAMED
    named = ", ".join(differences[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{out}: was begun otherwise: {named}; give another --out, or what it was begun with"


def _differences(old: Job, new: Job) -> Iterator[str]:
    if old.schema_version != new.schema_version:
        yield f"schema version {old.schema_version} -> {new.schema_version}"
    yield from _input_differences(old.inputs, new.inputs)
    if old.model != new.model:
        yield f"model {old.model} -> {new.model}"
    if old.model_sha256 != new.model_sha256:
        yield f"the model's files (SHA-256 {_short(old.model_sha256)} -> {_short(new.model_sha256)})"
    if old.back_end != new.back_end:
        yield f"back end {old.back_end} -> {new.back_end}"
    yield from _option_differences(old.options, new.options)
    for name in dict.fromkeys((*old.versions, *new.versions)):
        before, now = (versions.get(name, "none") for versions in (old.versions, new.versions))
        if before != now:
            yield f"version of {name} {before} -> {now}"


def _input_differences(old: tuple[JobInput, ...], new: tuple[JobInput, ...]) -> Iterator[str]:
    before, now = ({item.name: item for item in items} for items in (old, new))
    for name in before:
        if name not in now:
            yield f"input {_shown(name)} is gone"
    for name, item in now.items():
        was = before.get(name)
        if was is None:
            yield f"input {_shown(name)} is new"
        elif was.size != item.size:
            yield f"input {_shown(name)} has changed ({was.size:,} -> {item.size:,} bytes)"
        elif was.sha256 != item.sha256:
            yield f"input {_shown(name)} has changed (SHA-256 {_short(was.sha256)} -> {_short(item.sha256)})"
    if before.keys() == now.keys() and [item.name for item in old] != [item.name for item in new]:
        yield "the order of the inputs"


def _option_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Options by the names that the command line has for them; of a table of many values only that it is another."""
    before, now = _named(old), _named(new)
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            values = [_value(options.get(name)) for options in (before, now)]
            yield f"{name} {' -> '.join(values)}" if values[0] != values[1] else f"{name} (another {values[0]})"


def _named(options: Mapping[str, Any], group: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in options.items():
        name = f"{group}.{key}" if group else key
        if isinstance(value, Mapping) and name in _GROUPS:
            found |= _named(value, name)
        else:
            found[_OPTIONS.get(name, f"--{name.replace('_', '-')}")] = value
    return found


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _value(value.get("name", "a table"))
    if isinstance(value, list):
        return "a list"
    text = "none" if value is None else str(value)
    return _shown(text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}...")


def _short(sha256: str) -> str:
    return sha256[:12]


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)
