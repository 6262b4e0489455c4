"""Files that are one document: plain text, kept to the last character, and HTML, of which the main text is taken.

A document's id is the file's name without its suffixes, so that it is unique among the files of a folder.
"""

from collections.abc import Iterator
from typing import Any, Final

from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions, bare_name
from warwire.model.archive.readers.compression import Report
from warwire.model.archive.readers.content import read_all
from warwire.model.archive.readers.encoding import HINT, decode_text
from warwire.model.archive.readers.html import Page, PageError, read_page
from warwire.model.archive.readers.record import build_article

_WEB: Final = ("http://", "https://")


def read_whole(file: InputFile, options: ReadOptions, start: int, report: Report) -> Iterator[Article | Rejection]:
    """The one document of the file, where `start` is 0."""
    faults: list[str] = []

    def note(code: str, reason: str) -> None:
        faults.append(code)
        report(code, reason)

    data = read_all(file, options, note)
    if start > 0:
        return
    origin, name = Origin(file.name, 1), bare_name(file.name)
    if data is None:
        reason = f"more than {options.max_bytes} bytes, which is the limit; raise --max-bytes"
        yield Rejection(origin, "read", "too-long", reason, name)
    elif faults:
        yield Rejection(origin, "read", faults[0], "the file is damaged, and a part of an article is none", name)
    elif file.kind == "html":
        yield _html(data, origin, name, file, options)
    else:
        yield _text(data, origin, name, options)


def _text(data: bytes, origin: Origin, name: str, options: ReadOptions) -> Article | Rejection:
    text = decode_text(data, options.encoding)
    if text is None:
        return Rejection(origin, "read", "encoding", f"its encoding is not sure; {HINT}", name, _shown(data))
    return build_article(origin, options, text, name)


def _html(data: bytes, origin: Origin, name: str, file: InputFile, options: ReadOptions) -> Article | Rejection:
    try:
        page = read_page(data, None, options.encoding)
    except PageError as error:
        return Rejection(origin, "read", error.code, error.reason, name, _shown(data))
    address = page.address or (file.address if file.address.startswith(_WEB) else None)
    return page_article(origin, options, page, name, address, page.day or page.day_raw, {})


def page_article(
    origin: Origin,
    options: ReadOptions,
    page: Page,
    id: str | None,
    source: str | None,
    date: str | None,
    extra: dict[str, Any],
) -> Article | Rejection:
    """The article of a page; a page without a main text is "empty"."""
    if not page.text.strip():
        return Rejection(origin, "read", "empty", "no main text found in this page", id)
    return build_article(origin, options, page.text, id, date, page.title, source, extra)


def _shown(data: bytes) -> str:
    return data[:800].decode("utf-8", "backslashreplace")[:200]
