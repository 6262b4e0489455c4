"""Gzip and zstd as streams that notice what is wrong: cut off, corrupt, followed by garbage, or a bomb.

    chunks ─► units (gzip members, zstd frames), one after another ─► pieces

Memory is bounded: a piece has at most 1 MiB (gzip) or what 4 KiB of zstd can hold, 128 MiB in the worst case.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from warwire.annotations.errors import MissingExtraError
from warwire.model.archive.inputs import MAGIC

Report = Callable[[str, str], None]
"""Told the code and the reason of a damage."""

TORN: Final = None
"""Stands where bytes were lost and what follows starts anew."""

WINDOW_LIMIT: Final = 128 << 20
"""Largest zstd window, bytes; a file that needs more memory than this is refused."""

_PIECE: Final = 1 << 20
_ZSTD_SLICE: Final = 4096
_ZSTD_HEADER: Final = 18
_BOMB_FLOOR: Final = 16 << 20
_KEPT: Final = 16 << 20
_SKIPPABLE: Final = tuple(bytes((low,)) + b"\x2a\x4d\x18" for low in range(0x50, 0x60))


class _Unit(Protocol):
    """A decoder for one member or frame; `rest` is what follows it once it is at its end."""

    @property
    def ended(self) -> bool: ...

    @property
    def rest(self) -> bytes: ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _GzipMember:
    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(31)

    @property
    def ended(self) -> bool:
        return self._decoder.eof

    @property
    def rest(self) -> bytes:
        return self._decoder.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        decoder = self._decoder
        while True:
            piece = decoder.decompress(data, _PIECE)
            if piece:
                yield piece
            data = decoder.unconsumed_tail
            if decoder.eof or (not data and len(piece) < _PIECE):
                return


class _ZstdFrame:
    def __init__(self, decompressor: Any) -> None:
        # The decoder makes a buffer of this size at every call: small, as the slices are.
        self._decoder = decompressor.decompressobj(write_size=1 << 15)
        self.rest = b""

    @property
    def ended(self) -> bool:
        return bool(self._decoder.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            if piece := self._decoder.decompress(data[start : start + _ZSTD_SLICE]):
                yield piece
            if self._decoder.eof:
                self.rest = self._decoder.unused_data + data[start + _ZSTD_SLICE :]
                return


def magic_compression(head: bytes) -> str | None:
    """What the first bytes say that a file is compressed with: "gzip", "zstd" or None."""
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)


def decompressed_head(head: bytes) -> bytes:
    """What can be had of the first bytes of a file, whatever it is compressed with."""
    form = magic_compression(head)
    if form is None:
        return head
    return b"".join(piece for piece in decompress(iter([head]), form, 1 << 30, lambda code, reason: None) if piece)


def decompress(
    chunks: Iterator[bytes], form: str, max_ratio: int, report: Report, *, go_on: bool = False
) -> Iterator[bytes | None]:
    """The decompressed bytes, in pieces.

    Args:
        chunks: the compressed bytes.
        form: "gzip" or "zstd".
        max_ratio: decompressed to compressed size at which reading stops (above 16 MiB).
        report: told of "not-gzip", "not-zstd", "truncated", "corrupt", "trailing-garbage", "bomb", "window".
        go_on: after a corrupt unit give `TORN` and go on at the next one, without a report, in place of stopping.

    Raises:
        MissingExtraError: zstandard is not installed.
    """
    stream = _Compressed(chunks, form)
    first = True
    while stream.fill():
        if first and not stream.at_unit():
            report(f"not-{form}", f"no {form} file, whatever its name says; decompress or rename it")
            return
        if not stream.at_unit():
            if form == "gzip" and stream.data.startswith(b"\0"):
                # Padding to the block size of a tape or a disk, as gzip itself allows.
                stream.data = stream.data.lstrip(b"\0")
                continue
            if not go_on:
                report("trailing-garbage", f"what follows the {form} data is none; it is not read")
                return
            yield TORN
            stream.seek_unit(b"")
            continue
        first = False
        yield from _read_unit(stream, report, max_ratio, go_on)
        if stream.stopped:
            return


class _Compressed:
    """The compressed bytes not yet read, and how many were read and made of them."""

    def __init__(self, chunks: Iterator[bytes], form: str) -> None:
        self.data = b""
        self.form = form
        self.consumed = 0
        self.produced = 0
        self.stopped = False
        self._chunks = chunks
        self._magics = tuple(magic for magic, name in MAGIC.items() if name == form)
        if form == "zstd":
            self._magics += _SKIPPABLE
            self._zstandard = _zstandard()
            self._decompressor = self._zstandard.ZstdDecompressor(max_window_size=WINDOW_LIMIT)
        self.error: type[Exception] = zlib.error if form == "gzip" else self._zstandard.ZstdError

    def next_chunk(self) -> bytes:
        chunk = next(self._chunks, b"")
        self.consumed += len(chunk)
        return chunk

    def fill(self, least: int = 32) -> bool:
        """Have that many bytes at hand where the file has them; whether there are any."""
        while len(self.data) < least and (chunk := self.next_chunk()):
            self.data += chunk
        return bool(self.data)

    def at_unit(self) -> bool:
        return self.data.startswith(self._magics)

    def new_unit(self) -> _Unit:
        return _GzipMember() if self.form == "gzip" else _ZstdFrame(self._decompressor)

    def window(self) -> int:
        """Bytes of memory that the frame at hand asks for."""
        if self.form == "gzip" or len(self.data) < _ZSTD_HEADER:
            return 0
        return int(self._zstandard.get_frame_parameters(self.data[:32]).window_size)

    def skip_skippable(self) -> bool:
        """Leave out a frame of metadata, if there is one."""
        if not self.data.startswith(_SKIPPABLE):
            return False
        left = 8 + int.from_bytes(self.data[4:8], "little")
        while left > len(self.data) and (chunk := self.next_chunk()):
            left -= len(self.data)
            self.data = chunk
        self.data = self.data[left:]
        return True

    def seek_unit(self, kept: bytes) -> None:
        """Go to the next place that looks like a unit's start, in what was kept of a torn one and in what follows."""
        data = kept + self.data
        start = 1
        while True:
            places = [place for magic in self._magics[:1] if (place := data.find(magic, start)) >= 0]
            if places:
                self.data = data[places[0] :]
                return
            chunk = self.next_chunk()
            if not chunk:
                self.data = b""
                return
            data, start = data[-3:] + chunk, 0


def _read_unit(stream: _Compressed, report: Report, max_ratio: int, go_on: bool) -> Iterator[bytes | None]:
    kept: list[bytes] = []
    try:
        if stream.skip_skippable():
            return
        if (window := stream.window()) > WINDOW_LIMIT:
            limit = f"{WINDOW_LIMIT >> 20} MiB"
            report("window", f"needs {window >> 20} MiB to decompress, {limit} is the limit; compress it anew")
            stream.stopped = True
            return
        unit, size = stream.new_unit(), 0
        while True:
            if go_on:
                size += len(stream.data)
                kept = [*kept, stream.data] if size <= _KEPT else [stream.data]
            data, stream.data = stream.data, b""
            for piece in unit.feed(data):
                stream.produced += len(piece)
                yield piece
                if stream.produced > max(_BOMB_FLOOR, max_ratio * stream.consumed):
                    report("bomb", f"grows more than {max_ratio} times when it is decompressed; the rest is not read")
                    stream.stopped = True
                    return
            if unit.ended:
                stream.data = unit.rest
                return
            stream.data = stream.next_chunk()
            if not stream.data:
                report("truncated", f"the {stream.form} file is cut off; what came before is read")
                return
    except stream.error as error:
        if not go_on:
            report("corrupt", f"corrupt {stream.form} data ({_line(error)}); it is read to shortly before that place")
            stream.stopped = True
            return
    yield TORN
    stream.seek_unit(b"".join(kept))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:100]


def _zstandard() -> Any:
    try:
        import zstandard
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "zstandard", "archive") from None
    return zstandard
