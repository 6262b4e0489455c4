"""The bytes of an input file, decompressed, and what is wrong with the file as a whole."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from warwire.annotations.errors import WarwireError
from warwire.model.archive.inputs import InputFile, ReadOptions, file_compression
from warwire.model.archive.readers.compression import Report, decompress, magic_compression
from warwire.model.archive.remote import is_remote, open_address

_COMPRESSED_CHUNK: Final = 1 << 16
_PLAIN_CHUNK: Final = 1 << 20


def read_content(file: InputFile, options: ReadOptions, report: Report) -> Iterator[bytes]:
    """The bytes in chunks, up to where the file is whole.

    Args:
        file: as planned.
        options: `max_ratio` counts.
        report: told of "unreadable", "changed" and what `compression.decompress` tells.
    """
    return (piece for piece in _pieces(file, options, report, go_on=False) if piece is not None)


def read_torn_content(file: InputFile, options: ReadOptions, report: Report) -> Iterator[bytes | None]:
    """The same, going on behind corrupt places, with `TORN` where each of them is."""
    return _pieces(file, options, report, go_on=True)


def read_all(file: InputFile, options: ReadOptions, report: Report) -> bytes | None:
    """All bytes of a file, None where there are more than `max_bytes`."""
    pieces, size = [], 0
    for piece in read_content(file, options, report):
        size += len(piece)
        if size > options.max_bytes:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _pieces(file: InputFile, options: ReadOptions, report: Report, *, go_on: bool) -> Iterator[bytes | None]:
    chunks = _raw_chunks(file, report)
    first = next(chunks, b"")
    form = file_compression(file.name.split("::", 1)[0]) or magic_compression(first)
    if not first:
        return
    whole = chain((first,), chunks)
    if form is None:
        yield from whole
    else:
        yield from decompress(whole, form, options.max_ratio, report, go_on=go_on)


def _raw_chunks(file: InputFile, report: Report) -> Iterator[bytes]:
    remote = is_remote(file.address)
    left = file.size
    size = _COMPRESSED_CHUNK if file_compression(file.name) else _PLAIN_CHUNK
    try:
        with open_address(file.address) as stream:
            # A local file may grow while it is read: what was not there when the run was planned is left alone.
            while chunk := stream.read(size if remote else min(size, left)):
                left -= len(chunk)
                yield chunk
    except WarwireError:
        raise
    except Exception as error:
        # A remote store may raise anything: what it is costs this file, not the run.
        report("unreadable", f"reading failed: {_line(error)}")
        return
    if left > 0:
        code = "truncated" if remote else "changed"
        report(code, f"ended {left} bytes before the {file.size} that it had when the run was planned")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
