"""The folder of one run: its configuration, its checkpoints, the records of what happened."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError

_PACKAGES: Final = ("warwire", "torch", "transformers", "datasets", "accelerate", "tokenizers", "numpy")
_NEEDED: Final = ("model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json")


def claim(out: Path, config: msgspec.Struct) -> None:
    """Write the configuration into the run folder, or refuse a folder that belongs to another one."""
    path = out / "config.json"
    encoded = msgspec.json.format(msgspec.json.encode(config), indent=2)
    if path.is_file() and path.read_bytes() != encoded:
        raise InputError(f"{path}: this run folder belongs to another configuration; give another 'out' or remove it")
    out.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded)


def newest_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that holds every file a resumed run needs; incomplete ones are named and skipped."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    for path in found:
        missing = [name for name in _NEEDED if not (path / name).is_file() or not (path / name).stat().st_size]
        if not missing:
            return path
        tell(f"{path} is incomplete ({', '.join(missing)}); an older checkpoint is tried")
    return None


def write_records(out: Path, log: list[dict[str, float]], summary: dict[str, Any]) -> None:
    """Write `metrics.jsonl`, one line an entry of the log, and `summary.json` with packages and machine."""
    with (out / "metrics.jsonl").open("wb") as file:
        file.writelines(msgspec.json.encode(entry) + b"\n" for entry in log)
    environment = {name: version(name) for name in _PACKAGES}
    environment |= {"python": platform.python_version(), "machine": platform.platform()}
    encoded = msgspec.json.encode({**summary, "environment": environment})
    (out / "summary.json").write_bytes(msgspec.json.format(encoded, indent=2))


def tell(message: str) -> None:
    """One line on standard error."""
    print(f"warwire: {message}", file=sys.stderr)
