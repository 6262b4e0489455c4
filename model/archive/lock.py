"""One run at a time in an output folder: a lock that ends with the process that holds it, however that ends."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.model.archive.shards import OutputError

LOCK: Final = ".lock"
"""Name of the file; it is no part of the output."""

_NO_LOCKS: Final = frozenset({errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: host name, process id, and since when (ISO 8601, UTC)."""

    host: str
    pid: int
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}"


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder, which is made if it is not there.

    The lock is the kernel's (`flock`), so that none stays behind when a run is killed. Where a file system has no
    such locks, the file's content decides: a holder on this host that is dead does not count.

    Raises:
        InputError: another run holds it (its host, process and start are named), or the path is a file.
        OutputError: the folder cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = _acquire(out)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{out}: is a file; --out takes a folder") from None
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    try:
        yield
    finally:
        # Removed while it is held: whoever waits for the old file sees that it is no longer the one in the folder.
        with suppress(OSError):
            (out / LOCK).unlink(missing_ok=True)
        os.close(handle)


def _acquire(out: Path) -> int:
    path = out / LOCK
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            _take(handle, out)
            if _is_at(handle, path):
                _write(handle)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _take(handle: int, out: Path) -> None:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(_refusal(out, _holder(handle))) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        holder = _holder(handle)
        if holder is None or (holder.host == socket.gethostname() and not _is_alive(holder.pid)):
            return
        advice = f"; if that run is over, delete {out / LOCK}"
        raise InputError(_refusal(out, holder) + advice) from None


def _refusal(out: Path, holder: Holder | None) -> str:
    who = f" ({holder})" if holder else ""
    return f"{out}: another run is writing to it{who}; wait until it ends, or give another --out"


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one of that name: its last holder may have removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _holder(handle: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(handle, 4096, 0), type=Holder)
    except msgspec.DecodeError:
        return None


def _write(handle: int) -> None:
    holder = Holder(socket.gethostname(), os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"))
    os.ftruncate(handle, 0)
    os.pwrite(handle, msgspec.json.encode(asdict(holder)) + b"\n", 0)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
