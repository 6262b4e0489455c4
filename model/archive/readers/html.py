"""HTML pages: the main text, the title, the day of publication and the address that the page says is its own.

The main text is what resiliparse takes for it. Its encoding is found out from a byte order mark, from the bytes being
UTF-8, and otherwise by weighing what the server and the page say against what a detector makes of the bytes.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from warwire.annotations.errors import MissingExtraError
from warwire.model.archive.readers.dates import parse_day
from warwire.model.archive.readers.encoding import HINT, byte_order_mark, detect, guess_encoding

DEEPEST: Final = 500
"""Nesting above which a page is refused: the search for the main text takes the square of it."""

_MARK: Final = "\ufdd0"
_MARK_ERRORS: Final = "warwire-mark"
_NONE: Final = "\ufffd"
_SNIFFED: Final = 1024
_META_CHARSET: Final = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_.:-]{2,40})")
_XML_CHARSET: Final = re.compile(rb"(?i)^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([a-z0-9_.:-]{2,40})")
_SERVERS_DEFAULT: Final = frozenset({"cp1252", "iso8859-1", "ascii", "utf-8"})
_PUBLISHED: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{4,80})"')
_DATE_NAMES: Final = (
    "article:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "parsely-pub-date",
    "sailthru.date",
)
_JSON_LD: Final = "application/ld+json"
_HEAD_LIMIT: Final = 256 << 10
_TAG: Final = re.compile(r"""<\w+\s((?:[^<>"']++|"[^"<]{0,4000}"|'[^'<]{0,4000}')*+)>""")
_COUNTS: Final = re.compile("og:title|og:url|canonical|date|published_time|dcterms.created")
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TIMES: Final = (
    "meta[itemprop=datePublished], time[itemprop=datePublished], time[pubdate]",
    "article time[datetime], main time[datetime]",
)
_DEEP: Final = tuple(" ".join([tag] * DEEPEST) for tag in ("div", "article"))
_MANY_TAGS: Final = 2 * DEEPEST


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes:
        text: the main text; blank where there is none.
        title: of the article, else of the page, else the first heading.
        day: of publication, YYYY-MM-DD.
        day_raw: what stands for the day, where that is no certain one.
        address: of the page, where it names one.
    """

    text: str
    title: str | None
    day: str | None
    day_raw: str | None
    address: str | None


class PageError(Exception):
    """A page that gives no text: code and reason."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


def read_page(data: bytes, charset: str | None = None, encoding: str | None = None) -> Page:
    """The page in some bytes.

    Args:
        data: the HTML.
        charset: what the server says of the encoding.
        encoding: asked for by the user; goes before all but a byte order mark.

    Raises:
        PageError: the page is nested too deeply, its encoding is not sure, or a part of its main text cannot be
            decoded.
        MissingExtraError: resiliparse is not installed.
    """
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "resiliparse", "archive") from None
    html = decode_html(data, charset, encoding)
    tree: Any = HTMLTree.parse(html)
    if html.count("<") > _MANY_TAGS and any(tree.document.query_selector(deep) is not None for deep in _DEEP):
        raise PageError("too-deep", f"more than {DEEPEST} elements within one another")
    text = extract_plain_text(tree, main_content=True, alt_texts=False)
    if _MARK in text or (_NONE in text and _NONE not in html):
        raise PageError("encoding", "the main text holds bytes or references that stand for no character")
    metas, scripts, canonical = _head(html, tree)
    day, day_raw = _day(tree, metas, scripts)
    address = canonical or metas.get("og:url")
    return Page(text, _title(tree, metas), day, day_raw, address if address and "://" in address else None)


def decode_html(data: bytes, charset: str | None = None, encoding: str | None = None) -> str:
    """The text of a page; what cannot be decoded becomes U+FDD0, which is no character, never U+FFFD.

    Raises:
        PageError: the encoding is not sure.
    """
    if (mark := byte_order_mark(data)) is not None:
        return _decode(data[mark[1] :], mark[0])
    if encoding is not None:
        return _decode(data, encoding)
    if b"\0" not in data[:_SNIFFED]:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    found = _charset(data, charset)
    if found is None:
        raise PageError("encoding", f"its encoding is not sure; {HINT}")
    return _decode(data, found)


def _charset(data: bytes, charset: str | None) -> str | None:
    """The encoding of a page that is not UTF-8 throughout.

    Servers say UTF-8 or Latin-1 of all their pages, whatever they are in, so that nobody is to be believed when the
    bytes speak for something else.
    """
    if b"\0" in data[:_SNIFFED] and (wide := guess_encoding(data)) is not None:
        return wide
    if _mostly_utf8(data):
        return "utf-8"
    said = [name for name in (_known(charset), _known(_meta_charset(data))) if name is not None]
    exact = [name for name in said if _decodes(data, name)]
    found = _known(detect(data)) or _known(guess_encoding(data))
    if found is not None and (found in said or all(name in _SERVERS_DEFAULT for name in exact)):
        return found
    specific = [name for name in said if name not in _SERVERS_DEFAULT]
    # Last, one that is said and does not fit everywhere: a detector gives up at a single byte that is none.
    order = [name for name in specific if name in exact] + [found] + exact + specific
    return next((name for name in order if name is not None), None)


def _mostly_utf8(data: bytes) -> bool:
    sample = data[: 1 << 18].decode("utf-8", "surrogateescape")
    wide = [character for character in sample if character > "\x7f"]
    broken = sum("\udc80" <= character <= "\udcff" for character in wide)
    return len(wide) - broken > broken


def _meta_charset(data: bytes) -> str | None:
    head = data[:4096]
    match = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    return match[1].decode("ascii") if match else None


def _known(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
        "".encode(found)
    except (LookupError, ValueError):
        return None
    # As browsers do: what says Latin-1 or ASCII is Windows-1252, and GBK is a part of GB18030.
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}.get(found, found)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _decode(data: bytes, encoding: str) -> str:
    codecs.register_error(_MARK_ERRORS, _marked)
    return data.decode(encoding, _MARK_ERRORS)


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _MARK, error.end


def _head(html: str, tree: Any) -> tuple[dict[str, str], list[str], str | None]:
    """Contents of the meta elements by name, the JSON-LD scripts, and the canonical address."""
    metas: dict[str, str] = {}
    scripts: list[str] = []
    canonical: str | None = None
    for tag, content in _head_tags(html):
        if tag == "script":
            scripts.append(content)
            continue
        given = _attributes(content)
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("itemprop")
            if name and "content" in given:
                metas.setdefault(name.lower(), given["content"])
        elif given.get("rel", "").lower() == "canonical":
            canonical = canonical or given.get("href")
    if not scripts and _JSON_LD in html:
        script = tree.document.query_selector(f"script[type='{_JSON_LD}']")
        scripts += [] if script is None else [script.text or ""]
    return metas, scripts, canonical


def _head_tags(html: str) -> Iterator[tuple[str, str]]:
    """The attributes of the meta and link elements that count, and the text of JSON-LD scripts.

    By searching: going through the nodes of the tree takes longer than finding the main text.
    """
    place = html.find("<", 0, _HEAD_LIMIT)
    while place >= 0:
        tag = html[place + 1 : place + 7].lower()
        end = place + 1
        if tag.startswith(("meta", "link")):
            if (match := _TAG.match(html, place)) is not None:
                end = match.end()
                if _COUNTS.search(match[1].lower()):
                    yield tag[:4], match[1]
        elif tag == "script":
            end = html.find("</script", place)
            end = end if end >= 0 else len(html)
            start = html.find(">", place, end)
            if start >= 0 and _JSON_LD in html[place:start]:
                yield tag, html[start + 1 : end]
        elif tag.startswith("!--"):
            end = html.find("-->", place)
            end = end if end >= 0 else len(html)
        elif tag.startswith("body"):
            return
        place = html.find("<", end, _HEAD_LIMIT)


def _attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        value = unescape(double or single or bare).strip()
        if value:
            found.setdefault(name.lower(), value)
    return found


def _title(tree: Any, metas: dict[str, str]) -> str | None:
    for found in (metas.get("og:title"), tree.title):
        if (title := _clean(found)) is not None:
            return title
    heading = tree.document.query_selector("h1")
    return None if heading is None else _clean(heading.text)


def _clean(title: str | None) -> str | None:
    one_line = " ".join((title or "").split())
    return None if not one_line or _MARK in one_line or _NONE in one_line else one_line


def _day(tree: Any, metas: dict[str, str], scripts: list[str]) -> tuple[str | None, str | None]:
    """The first certain day among all that the page says, and what it says where none is certain."""
    first_raw: str | None = None
    for raw in _said_days(tree, metas, scripts):
        if (day := parse_day(raw)) is not None:
            return day, None
        first_raw = first_raw or raw
    return None, first_raw


def _said_days(tree: Any, metas: dict[str, str], scripts: list[str]) -> Iterator[str]:
    if (raw := metas.get(_DATE_NAMES[0])) is not None:
        yield raw
    for script in scripts:
        if match := _PUBLISHED.search(script):
            yield match[1]
    for name in _DATE_NAMES[1:]:
        if (raw := metas.get(name)) is not None:
            yield raw
    for selector in _TIMES:
        if (node := tree.document.query_selector(selector)) is not None:
            yield node.getattr("datetime") or node.getattr("content") or node.text or ""
    # Outside an article, times may be those of other articles: one counts where it is the only one.
    if len(tree.document.query_selector_all("time[datetime]")) == 1:
        yield tree.document.query_selector("time[datetime]").getattr("datetime")
