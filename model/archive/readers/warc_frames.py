"""Records of a WARC cut out of its bytes, with those that are cut off or corrupt.

A record says how long it is, and an empty line follows it. Where that does not hold, the next line that begins a
record is looked for. A file that is cut off just between two records cannot be told from a whole one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

WHOLE, TRUNCATED, CORRUPT, TOO_LONG = "whole", "truncated", "corrupt", "too-long"
_START: Final = b"WARC/1."
_NEXT: Final = re.compile(rb"WARC/1\.\d\r?\n")
_BREAK: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,18})[ \t]*\r?$")
_HEADER_LIMIT: Final = 64 << 10
_HEAD_KEPT: Final = 64 << 10


@dataclass(frozen=True, slots=True)
class Frame:
    """A record, or what is there of it.

    Attributes:
        header: the lines of the WARC header and the empty one behind them; empty where it is lost.
        block: what the record holds; its beginning where `state` is "too-long", what came of it where it is another.
        state: "whole", "truncated", "corrupt" or "too-long".
        size: bytes of the block as the header gives them.
    """

    header: bytes
    block: bytes
    state: str
    size: int


def frames(pieces: Iterator[bytes | None], most: int) -> Iterator[Frame]:
    """The records in order.

    Args:
        pieces: the decompressed bytes; None where some were lost and what follows starts anew.
        most: bytes of the largest block that is held in memory.
    """
    stream = _Stream(pieces)
    while True:
        if not stream.at_record():
            lost = stream.seek_record()
            if lost or stream.torn_between:
                cut = stream.at_end() and not stream.torn_between
                stream.torn_between = False
                yield Frame(b"", b"", TRUNCATED if cut else CORRUPT, 0)
            if stream.at_end():
                return
        elif stream.torn_between:
            stream.torn_between = False
            yield Frame(b"", b"", CORRUPT, 0)
        yield _frame(stream, most)


class _Stream:
    """The bytes not yet taken, up to the next place where some were lost."""

    def __init__(self, pieces: Iterator[bytes | None]) -> None:
        self.data = b""
        self.torn = False
        self.torn_between = False
        self.ended = False
        self._pieces = pieces

    def more(self) -> bool:
        """Take in another piece; False where the bytes end or are torn."""
        if self.torn or self.ended:
            return False
        try:
            piece = next(self._pieces)
        except StopIteration:
            self.ended = True
            return False
        if piece is None:
            self.torn = True
            return False
        self.data = self.data + piece if self.data else piece
        return True

    def have(self, size: int) -> bool:
        """Have so many bytes at hand, if they are there."""
        if len(self.data) >= size:
            return True
        parts = [self.data]
        there = len(self.data)
        self.data = b""
        while there < size and self.more():
            parts.append(self.data)
            there += len(self.data)
            self.data = b""
        self.data = b"".join(parts)
        return there >= size

    def at_end(self) -> bool:
        return self.ended and not self.data

    def at_record(self) -> bool:
        """Whether a record starts here, empty lines left out."""
        while True:
            if self.data[:1] in (b"\r", b"\n"):
                self.data = self.data.lstrip(b"\r\n")
            if self.have(len(_START)):
                break
            if self.data or not self.torn:
                return False
            self.torn, self.torn_between = False, True
        return self.data.startswith(_START)

    def seek_record(self) -> bool:
        """Go to where the next record starts, or to the end; whether anything was passed over."""
        lost = False
        while True:
            place = self.data.find(_START)
            if place >= 0:
                self.data = self.data[place:]
                return lost or place > 0
            lost = lost or bool(self.data)
            self.data = self.data[-len(_START) + 1 :]
            if self.more():
                continue
            self.data = b""
            if self.ended:
                return lost
            self.torn, lost = False, True

    def take(self, size: int) -> bytes:
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def skip(self, size: int) -> bool:
        """Pass over so many bytes; False where there are fewer."""
        while size > len(self.data):
            size -= len(self.data)
            self.data = b""
            if not self.more():
                return False
        self.data = self.data[size:]
        return True

    def torn_off(self) -> str:
        """What becomes of a record that the bytes do not suffice for; what is torn is left behind."""
        self.data = b""
        if self.ended:
            return TRUNCATED
        self.torn = False
        return CORRUPT


def _frame(stream: _Stream, most: int) -> Frame:
    end = stream.data.find(_BREAK)
    while end < 0 and len(stream.data) < _HEADER_LIMIT and stream.more():
        end = stream.data.find(_BREAK)
    if end < 0:
        if len(stream.data) >= _HEADER_LIMIT:
            stream.take(len(_START))
            return Frame(b"", b"", CORRUPT, 0)
        return Frame(b"", b"", stream.torn_off(), 0)
    header = stream.take(end + len(_BREAK))
    match = _LENGTH.search(header)
    if match is None:
        return Frame(header, b"", CORRUPT, 0)
    size = int(match[1])
    if size > most:
        stream.have(_HEAD_KEPT)
        block = stream.data[:_HEAD_KEPT]
        return Frame(header, block, TOO_LONG if stream.skip(size) else stream.torn_off(), size)
    whole = stream.have(size + len(_BREAK))
    block = stream.data[:size]
    after = stream.data[size : size + len(_BREAK)]
    if after == _BREAK or (not whole and stream.ended and len(block) == size and _BREAK.startswith(after)):
        stream.data = stream.data[size + len(_BREAK) :]
        return Frame(header, block, WHOLE, size)
    # The length is wrong, or a part of this record is lost: the next one begins where it says so.
    match = _NEXT.search(stream.data)
    if match is not None:
        stream.data = stream.data[match.start() :]
        return Frame(header, block[: match.start()], CORRUPT, size)
    if whole or len(block) == size:
        stream.data = stream.data[size:]
        return Frame(header, block, CORRUPT, size)
    return Frame(header, block, stream.torn_off(), size)
