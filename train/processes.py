"""The processes of one run: which of them this is, and what they agree on.

A launcher (`torchrun`, `accelerate launch`) starts the same command several times and tells each process its number
in the environment; a command started alone is number 0 of 1.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

from warwire.annotations.errors import WarwireError

Value = TypeVar("Value")

_PATIENCE: Final = timedelta(hours=12)


def rank() -> int:
    """The number of this process, from 0."""
    return int(os.environ.get("RANK", "0"))


def processes() -> int:
    """How many processes the run has."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this process is the one that writes files and messages."""
    return rank() == 0


def any_of(flag: bool) -> bool:
    """Whether the flag is up in any of the processes; all of them must ask."""
    import torch.distributed

    if not _connected():
        return flag
    device = "cuda" if "nccl" in torch.distributed.get_backend() else "cpu"
    up = torch.tensor([int(flag)], device=device)
    torch.distributed.all_reduce(up, op=torch.distributed.ReduceOp.MAX)
    return bool(up.item())


def from_main(value: Value) -> Value:
    """The value that the main process has; all of them must ask."""
    import torch.distributed

    if not _connected():
        return value
    box: list[Any] = [value]
    torch.distributed.broadcast_object_list(box, src=0)
    found: Value = box[0]
    return found


def wait_for_all() -> None:
    """Go on when every process is here."""
    import torch.distributed

    if _connected():
        torch.distributed.barrier()


@contextmanager
def main_first() -> Iterator[None]:
    """The main process goes through the block before the others do, who find there what it has written."""
    if processes() == 1:
        yield
        return
    import torch
    from accelerate import PartialState  # type: ignore[import-untyped]

    # Reading text can take the main process long.
    PartialState(cpu=not torch.accelerator.is_available(), timeout=_PATIENCE)
    if not is_main():
        wait_for_all()
    yield
    if is_main():
        wait_for_all()


def disconnect() -> None:
    """Leave the group of processes, at the end of a run."""
    import torch.distributed

    if _connected():
        torch.distributed.destroy_process_group()


@contextmanager
def told_once() -> Iterator[None]:
    """Errors that every process meets alike are told by the main one; the others end with the same code in silence."""
    try:
        yield
    except WarwireError as error:
        if is_main():
            raise
        raise SystemExit(error.exit_code) from None


def _connected() -> bool:
    import torch.distributed

    return torch.distributed.is_available() and torch.distributed.is_initialized()
