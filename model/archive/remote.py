"""Files at fsspec addresses: s3://, http://, memory://, zip://*.txt::s3://..., and what their stores say of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from warwire.annotations.errors import InputError, MissingExtraError, WarwireError

_CONTENT_MARKS: Final = ("ETag", "etag", "md5Hash", "content_md5", "contentMD5", "crc32c", "checksum", "CRC")
"""Where stores keep a mark of a file's content."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file of a store: its address, its size in bytes (-1 unknown), and a digest of what the store says of it."""

    address: str
    size: int
    digest: str


def is_remote(address: str) -> bool:
    """Whether an address is for fsspec; `file://` is a local path."""
    return ("://" in address or "::" in address) and not _is_file_address(address)


def local_path(address: str) -> str:
    """The path of a local address."""
    return address.removeprefix("file://") if _is_file_address(address) else address


def open_address(address: str) -> BinaryIO:
    """Open a path or an fsspec address for reading bytes.

    Raises:
        MissingExtraError: fsspec is not installed.
        OSError: it cannot be opened.
    """
    if not is_remote(address):
        return Path(address).open("rb")
    return cast(BinaryIO, _fsspec(address).open(address, "rb", compression=None).open())


def read_head(address: str, size: int) -> bytes:
    """The first bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    with open_address(address) as stream:
        return stream.read(size)


def expand_address(given: str) -> Iterator[Remote]:
    """The file at an address, the files of a folder, or those that match a pattern, in order.

    Raises:
        InputError: there is none, the store cannot be reached, or its package is not installed.
        MissingExtraError: fsspec is not installed.
    """
    fsspec = _fsspec(given)
    try:
        store, path = fsspec.core.url_to_fs(given)
        if any(mark in path for mark in "*?[") and not store.exists(path):
            paths = sorted(found for found in store.glob(path) if not store.isdir(found))
        elif store.isdir(path):
            paths = sorted(store.find(path))
        else:
            paths = [path]
        found = [_describe(store, one, given if one == path else _address(given, path, one)) for one in paths]
    except WarwireError:
        raise
    except ImportError as error:
        # Which package a store needs is known to fsspec alone; it is none of an extra's.
        raise InputError(f"{given}: cannot be read: {_line(error)}") from None
    except FileNotFoundError:
        raise InputError(f"{given}: no such file or folder") from None
    except Exception as error:
        # What a store raises is its own affair: network, permission, protocol.
        raise InputError(f"{given}: cannot be read: {_line(error)}") from None
    yield from found


def _describe(store: Any, path: str, address: str) -> Remote:
    info = store.info(path)
    size = info.get("size")
    size = size if isinstance(size, int) else -1
    mark = next((info[key] for key in _CONTENT_MARKS if info.get(key)), None)
    mark = store.checksum(path) if mark is None else mark
    return Remote(address, size, hashlib.sha256(f"{mark}:{size}".encode()).hexdigest())


def _address(given: str, root: str, path: str) -> str:
    """The address of a path found at another address: the part of a chain that holds the path takes it over.

    Args:
        given: the address asked for.
        root: what the store makes of it, the host and the like left out.
        path: what the store found there.
    """
    head, chain, rest = given.partition("::")
    if "://" not in head:
        return f"{head}::{_address(rest, root, path)}" if chain else path
    bare = head.rstrip("/") if head.endswith(root.rstrip("/") + "/") else head
    root = root.rstrip("/")
    base = bare[: len(bare) - len(root)] if bare.endswith(root) else f"{head.partition('://')[0]}://"
    return f"{base}{path}{chain}{rest}"


def _is_file_address(address: str) -> bool:
    return address.startswith("file://") and "::" not in address


def _fsspec(address: str) -> Any:
    try:
        import fsspec
        import fsspec.core
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "fsspec", "archive") from None
    protocol = address.partition("://")[0]
    if "::" not in address and protocol not in fsspec.available_protocols():
        raise InputError(f"{address}: unknown kind of address {protocol!r}")
    return fsspec


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
