"""Input files of an archive, whole and faulty, made by code, and their reading in one call."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import zstandard

from warwire.annotations.document import Document
from warwire.model.archive.incoming import Article, Damage, Incoming, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions, plan_inputs
from warwire.model.archive.readers.reading import read_file

TEXT = "Rebels fired nine rockets at Lira overnight, the mayor said."


def planned(path: Path | str, kind: str | None = None) -> InputFile:
    """The one file at a path or address."""
    (file,), _ = plan_inputs([str(path)], kind, digest=False)
    return file


def read(path: Path | str, start: int = 0, kind: str | None = None, **options: Any) -> list[Incoming]:
    """All that comes of a file."""
    return list(read_file(planned(path, kind), ReadOptions(**options), start))


def read_bytes(folder: Path, name: str, data: bytes, **options: Any) -> list[Incoming]:
    """All that comes of a file with this content."""
    path = folder / name
    path.write_bytes(data)
    return read(path, **options)


def one(folder: Path, name: str, data: bytes, **options: Any) -> Document:
    """The only document of a file with this content."""
    (item,) = read_bytes(folder, name, data, **options)
    assert isinstance(item, Article), item
    return item.document


def outline(items: Iterable[Incoming]) -> list[str]:
    """What came, in short: an article's number and text, a rejection's number and code, a damage's code."""
    return [_short(item) for item in items]


def damages(items: Iterable[Incoming]) -> list[str]:
    """The codes of the damages."""
    return [item.code for item in items if isinstance(item, Damage)]


def texts(items: Iterable[Incoming]) -> list[str]:
    """The texts of the articles."""
    return [item.document.text for item in items if isinstance(item, Article)]


def _short(item: Incoming) -> str:
    if isinstance(item, Article):
        return f"{item.origin.number} {item.document.text}"
    return f"{item.origin.number} !{item.code}" if isinstance(item, Rejection) else f"damage {item.code}"


def jsonl(records: Iterable[Any]) -> bytes:
    """Lines of JSON."""
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def numbered(count: int) -> bytes:
    """JSONL with the texts t1, t2, ..."""
    return jsonl({"id": f"d{number}", "text": f"t{number}"} for number in range(1, count + 1))


def zst(data: bytes, window_log: int | None = None) -> bytes:
    """A zstd frame, with a window of that many bits."""
    if window_log is None:
        return zstandard.ZstdCompressor(write_checksum=True).compress(data)
    parameters = zstandard.ZstdCompressionParameters(window_log=window_log, compression_level=3)
    # Without the size of the content, a frame asks for the whole window.
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return frame.compress(data) + frame.flush()


def page(body: str = f"<article><p>{TEXT}</p></article>", head: str = "<title>Rockets hit Lira</title>") -> str:
    """An HTML page."""
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def http(body: bytes, headers: Mapping[str, str] | None = None, status: str = "200 OK") -> bytes:
    """An HTTP response with an HTML page."""
    given = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def warc_record(number: int, block: bytes, kind: str = "response", headers: Mapping[str, str] | None = None) -> bytes:
    """A WARC record; headers go before those that it has by itself."""
    given = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "WARC-Date": "2024-03-02T23:30:00Z",
        "WARC-Target-URI": f"https://news.example/{number}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **(headers or {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def warc_pages(count: int) -> list[bytes]:
    """WARC records with the pages 1, 2, ..., the text of each with its number."""
    return [
        warc_record(number, http(page(f"<article><p>{TEXT} No {number}.</p></article>").encode()))
        for number in range(1, count + 1)
    ]


def gz_members(parts: Sequence[bytes]) -> bytes:
    """A gzip file with a member for each part, as WARCs have them."""
    return b"".join(gzip.compress(part, mtime=0) for part in parts)
