"""Lines of a stream of bytes, split at the byte 0x0A alone, numbered from 1, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from warwire.model.archive.readers.encoding import HEAD, stream_encoding, utf8_chunks

_SHOWN: Final = 800


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line larger than the limit: its first bytes, its size in bytes, and how many quotation marks it has."""

    head: bytes
    size: int
    quotes: int


Line = tuple[int, bytes | LongLine, bool]
"""Number, content without the line feed, and whether a line feed ends it (the last line may have none)."""


def as_utf8(chunks: Iterator[bytes], encoding: str | None) -> Iterator[bytes]:
    """Chunks in UTF-8, of a file in the encoding given or found out from its head, without its byte order mark."""
    taken: list[bytes] = []
    size = 0
    for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size >= HEAD:
            break
    head = b"".join(taken)
    name, mark = stream_encoding(head[:HEAD], encoding)
    return utf8_chunks(chain((head[mark:],), chunks), name)


def numbered_lines(chunks: Iterator[bytes], most: int, skip: int = 0) -> Iterator[Line]:
    """The lines behind the first `skip`.

    Args:
        chunks: the bytes.
        most: bytes of the largest line that is held in memory.
        skip: lines to leave out, which are counted and not cut out.
    """
    number = 0
    rest: list[bytes] = []
    size = 0
    long: LongLine | None = None
    for chunk in chunks:
        if number < skip:
            count = chunk.count(b"\n")
            if number + count < skip or not count:
                number += count
                # What follows the last line feed belongs to the next line: kept only where that one is wanted.
                continue
            # The line feed that ends the last line to be skipped lies in this chunk.
            pieces = chunk.split(b"\n", skip - number)
            number, chunk = skip, pieces[-1]
        pieces = chunk.split(b"\n")
        for piece in islice(pieces, len(pieces) - 1):
            number += 1
            if long is not None:
                yield number, _grown(long, piece), True
                long = None
            elif rest:
                rest.append(piece)
                whole = b"".join(rest)
                rest, size = [], 0
                yield number, (whole if len(whole) <= most else _long(whole)), True
            else:
                yield number, (piece if len(piece) <= most else _long(piece)), True
        last = pieces[-1]
        if long is not None:
            long = _grown(long, last)
        elif last:
            rest.append(last)
            size += len(last)
            if size > most:
                long, rest, size = _long(b"".join(rest)), [], 0
    if number >= skip and (long is not None or rest):
        yield number + 1, long if long is not None else b"".join(rest), False


def excerpt(data: bytes | LongLine) -> str:
    """The first 200 characters of a line, for a person to find it by."""
    head = data.head if isinstance(data, LongLine) else data[:_SHOWN]
    return head.decode("utf-8", "backslashreplace")[:200]


def _long(data: bytes) -> LongLine:
    return LongLine(data[:_SHOWN], len(data), data.count(b'"'))


def _grown(line: LongLine, piece: bytes) -> LongLine:
    return LongLine(line.head, line.size + len(piece), line.quotes + piece.count(b'"'))
