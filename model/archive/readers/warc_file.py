"""WARC: a document a response with an HTML page, or a resource or conversion with a page or plain text.

Other records (requests, errors, redirects, pictures, revisits, ...) hold no document: they are passed over and not
counted. The date is the page's own, else the day of the capture; `extra["date_from"]` says which: "page" or
"capture". The id is the record's, its source the address of the page. A page that the crawler itself cut short is
taken, with its reason in `extra["warc_truncated"]`.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from warwire.annotations.errors import MissingExtraError
from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions
from warwire.model.archive.readers.compression import Report
from warwire.model.archive.readers.content import read_torn_content
from warwire.model.archive.readers.encoding import HINT, decode_text
from warwire.model.archive.readers.html import Page, PageError, read_page
from warwire.model.archive.readers.warc_frames import CORRUPT, TOO_LONG, TRUNCATED, WHOLE, Frame, frames
from warwire.model.archive.readers.whole_file import page_article

_TYPE: Final = re.compile(rb"(?im)^warc-type:[ \t]*([a-z]+)")
_HTTP: Final = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_CONTENT_TYPE: Final = re.compile(rb"(?im)^content-type:[ \t]*([^\r\n]*)")
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_UUID: Final = re.compile(r"^<?(?:urn:uuid:)?(.*?)>?$")
_REASONS: Final = {
    TRUNCATED: "the file is cut off within this record",
    CORRUPT: "the file is corrupt within this record",
}


@dataclass(frozen=True, slots=True)
class _Payload:
    """What a record brought: the bytes, whether they are HTML, and what the server says of their encoding."""

    data: bytes
    is_html: bool
    charset: str | None


def read_warc(file: InputFile, options: ReadOptions, start: int, report: Report) -> Iterator[Article | Rejection]:
    """The documents behind `start`."""
    faults: dict[str, int] = {}
    reported: set[str] = set()

    def note(code: str, reason: str) -> None:
        reported.add(code)
        report(code, reason)

    number = 0
    nothing = True
    for frame in frames(read_torn_content(file, options, note), options.max_bytes):
        nothing = False
        if frame.state in (TRUNCATED, CORRUPT):
            faults[frame.state] = faults.get(frame.state, 0) + 1
        if not _may_hold_document(frame):
            continue
        number += 1
        if number > start:
            yield _item(frame, Origin(file.name, number), options)
    if nothing:
        note("empty", "the file has no records")
    if CORRUPT in faults:
        reason = f"corrupt in {faults[CORRUPT]} places; a record or more lost at each, the others are read"
        report("corrupt", reason)
    if TRUNCATED in faults and not reported & {"truncated", "changed", "unreadable", "bomb", "window"}:
        report("truncated", "the file is cut off within its last record; what came before is read")


def _may_hold_document(frame: Frame) -> bool:
    """By the headers of the record alone, so that the number of a record does not depend on what is made of it."""
    match = _TYPE.search(frame.header)
    kind = match[1].lower() if match else b""
    if kind == b"response":
        status = _HTTP.match(frame.block)
        return status is not None and status[1] == b"200" and _content_type(_http_head(frame.block)) in _HTML_TYPES
    if kind in (b"resource", b"conversion"):
        return _content_type(frame.header) in (*_HTML_TYPES, "text/plain")
    return False


def _http_head(block: bytes) -> bytes:
    end = block.find(b"\r\n\r\n")
    return block[: end if end >= 0 else 64 << 10]


def _content_type(header: bytes) -> str:
    match = _CONTENT_TYPE.search(header)
    return match[1].decode("latin-1").partition(";")[0].strip().lower() if match else ""


def _item(frame: Frame, origin: Origin, options: ReadOptions) -> Article | Rejection:
    headers = _headers(frame.header)
    match = _UUID.match(headers.get("warc-record-id", ""))
    name = match[1] or None if match else None
    if frame.state == TOO_LONG:
        reason = f"a record of {frame.size} bytes, {options.max_bytes} is the limit; raise --max-bytes"
        return Rejection(origin, "read", TOO_LONG, reason, name, headers.get("warc-target-uri"))
    if frame.state != WHOLE:
        reason = _REASONS[frame.state]
        return Rejection(origin, "read", frame.state, reason, name, headers.get("warc-target-uri"))
    try:
        payload = _payload(frame, options)
        page = _page(payload, options)
    except PageError as error:
        return Rejection(origin, "read", error.code, error.reason, name, headers.get("warc-target-uri"))
    extra: dict[str, Any] = {}
    date = page.day
    if date is None:
        date = headers.get("warc-date", "")[:10] or None
        if page.day_raw is not None:
            extra["date_raw"] = page.day_raw
    if date is not None:
        extra["date_from"] = "capture" if page.day is None else "page"
    if (cut := headers.get("warc-truncated")) is not None:
        extra["warc_truncated"] = cut
    return page_article(origin, options, page, name, headers.get("warc-target-uri"), date, extra)


def _payload(frame: Frame, options: ReadOptions) -> _Payload:
    if not frame.block.startswith(b"HTTP/"):
        value = _CONTENT_TYPE.search(frame.header)
        said = value[1].decode("latin-1") if value else ""
        return _Payload(frame.block, _content_type(frame.header) in _HTML_TYPES, _charset_of(said))
    try:
        record = _parse(frame)
        record.parse_http(auto_decode="all")
        data = record.reader.read(options.max_bytes + 1)
    except MissingExtraError:
        raise
    except Exception:
        # The headers say that the content is compressed or chunked, and it is not: archives keep it decoded at times.
        data = frame.block[len(_http_head(frame.block)) + 4 :]
    if len(data) > options.max_bytes:
        raise PageError(TOO_LONG, f"decodes to more than {options.max_bytes} bytes; raise --max-bytes")
    value = _CONTENT_TYPE.search(_http_head(frame.block))
    return _Payload(data, True, _charset_of(value[1].decode("latin-1") if value else ""))


def _charset_of(content_type: str) -> str | None:
    match = re.search(r"(?i)charset\s*=\s*[\"']?\s*([\w.:-]+)", content_type)
    return match[1] if match else None


def _page(payload: _Payload, options: ReadOptions) -> Page:
    if payload.is_html:
        return read_page(payload.data, payload.charset, options.encoding)
    text = decode_text(payload.data, options.encoding)
    if text is None:
        raise PageError("encoding", f"its encoding is not sure; {HINT}")
    return Page(text, None, None, None, None)


def _headers(header: bytes) -> dict[str, str]:
    """The lines of a WARC header by their names in lower case; the first counts of several of one name."""
    found: dict[str, str] = {}
    for line in header.split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            found.setdefault(_header_text(name).lower(), _header_text(value))
    return found


def _header_text(value: bytes) -> str:
    try:
        return value.decode().strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


def _parse(frame: Frame) -> Any:
    try:
        from fastwarc.warc import WarcRecord
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "fastwarc", "archive") from None
    return WarcRecord.from_reader(io.BytesIO(frame.header + frame.block + b"\r\n\r\n"))
