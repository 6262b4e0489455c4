"""Which encoding bytes are in, and text from them without a single character made up.

In this order: a byte order mark; the encoding asked for; UTF-8; UTF-16 and UTF-32 by their zero bytes; the guess of a
detector that a second one finds plausible. A guess that is not sure enough is none: the record is rejected. So is one
from a few bytes that are neither part of a word nor common punctuation.

Measured on samples of 11 languages in 24 encodings, 30 characters to 4,000: resiliparse's detector is right in every
8-bit and East Asian one but EUC-KR and KOI8-U, charset-normalizer errs in a sixth of them (Polish, short Russian,
Hebrew, Japanese) and takes eight times as long, but knows EUC-KR and UTF-16 without a mark.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from warwire.annotations.errors import InputError, MissingExtraError

HEAD: Final = 256 << 10
"""Bytes at the head of a file of lines from which its encoding is found out."""

HINT: Final = "say which with --encoding"

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffe\uffff]")
_CONTROL_BYTES: Final = bytes({*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)})
_LEAST_WIDE: Final = 7
_SMALL: Final = bytes(range(0x10))
_ASCII: Final = bytes(range(128))
_TYPOGRAPHIC: Final = b"\x85\x91\x92\x93\x94\x96\x97"
"""Quotation marks, dashes and the ellipsis in every code page of Windows."""

_EAST_ASIAN: Final = frozenset({"cp949", "euc_kr", "johab", "utf_16_le", "utf_16_be", "utf_16", "gb18030", "big5"})
_BOX_DRAWING: Final = re.compile("[\u2550-\u256c]")
_SAMPLE: Final = 64 << 10
_FEW: Final = 8
_ODD_ONE: Final = re.compile(r"(?<![A-Za-z])[^\W\d_A-Za-z]+(?![A-Za-z])|[^\w\x00-\x7f‘’‚“”„–—…•€£°§«»½¼¾´\xa0]")
_TORN_ERRORS: Final = "warwire-torn"
_TORN_MARK: Final = "\udc80"


def check_encoding(name: str) -> None:
    """Refuse a name that Python knows no text encoding of.

    Raises:
        InputError: naming it.
    """
    try:
        "".encode(name)
    except LookupError:
        raise InputError(f"unknown encoding {name!r}; names are like utf-8, cp1251, shift_jis") from None


def byte_order_mark(data: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark says, and the mark's length in bytes."""
    return next(((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), None)


def decode_text(data: bytes, encoding: str | None = None) -> str | None:
    """The text of a whole file, its byte order mark dropped; None where its encoding is not sure.

    Args:
        data: the bytes.
        encoding: asked for; a byte order mark goes before it.
    """
    if (mark := byte_order_mark(data)) is not None:
        return _strict(data[mark[1] :], mark[0])
    if encoding is not None:
        return _strict(data, encoding)
    found = guess_encoding(data)
    return None if found is None else _strict(data, found)


def stream_encoding(head: bytes, encoding: str | None = None) -> tuple[str, int]:
    """The encoding of a file of lines, and the length of its byte order mark.

    "utf-8" also where nothing else is sure: the lines that are none are then rejected one by one.

    Args:
        head: its first bytes, `HEAD` of them where it has so many.
        encoding: asked for; a byte order mark goes before it.
    """
    if (mark := byte_order_mark(head)) is not None:
        return mark
    if encoding is not None:
        return encoding, 0
    whole = head[: head.rfind(b"\n") + 1] or head
    return guess_encoding(whole) or "utf-8", 0


def guess_encoding(data: bytes) -> str | None:
    """The encoding of bytes without a mark, None where no guess is sure enough."""
    wide = _wide_encoding(data)
    if wide is not None:
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        around = data[max(0, error.start - _SAMPLE) : error.start + _SAMPLE]
        return None if _broken_utf8(around) else _eight_bit_encoding(data)
    return "utf-8"


def utf8_chunks(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Chunks in an encoding as chunks in UTF-8; what cannot be decoded becomes bytes that are no UTF-8.

    So a broken place costs the line that it is in, and the others are read.
    """
    if codecs.lookup(encoding).name == "utf-8":
        yield from chunks
        return
    codecs.register_error(_TORN_ERRORS, _torn)
    decoder = codecs.getincrementaldecoder(encoding)(_TORN_ERRORS)
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.encode("utf-8", "surrogatepass")
    if text := decoder.decode(b"", final=True):
        yield text.encode("utf-8", "surrogatepass")


def detect(data: bytes) -> str | None:
    """The guess of a detector of 8-bit and East Asian encodings; None where it has none, or says UTF-8.

    Raises:
        MissingExtraError: resiliparse is not installed.
    """
    try:
        from resiliparse.parse.encoding import detect_encoding
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "resiliparse", "archive") from None
    found: str | None = detect_encoding(data)
    if found is None or codecs.lookup(found).name == "utf-8":
        return None
    if found == "koi8-r" and _BOX_DRAWING.search(data.decode("koi8-r")):
        # The four letters that Ukrainian has and Russian has not are frames of tables in KOI8-R.
        return "koi8-u"
    return found


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, ValueError):
        return None


def _beginning(data: bytes, encoding: str) -> str | None:
    """The text of bytes that may end within a character."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeError:
        return None


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark. Plain letters in it are UTF-8 too, with a zero byte beside each."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    if len(sample) < _LEAST_WIDE or len(sample.translate(None, _CONTROL_BYTES)) > 0.95 * len(sample):
        return None
    for name in ("utf-32-le", "utf-32-be"):
        if _beginning(data, name):
            return name
    halves = sample[::2], sample[1::2]
    is_utf8 = _beginning(sample, "utf-8") is not None
    signs = _CONTROL_BYTES if is_utf8 else b"\0"
    counts = [len(half) - len(half.translate(None, signs)) for half in halves]
    if min(counts) > 0.05 * sum(counts) or not any(counts):
        return None
    name, high = ("utf-16-le", halves[1]) if counts[1] > counts[0] else ("utf-16-be", halves[0])
    # In a script of few characters every second byte is a small number, which in UTF-8 would be a control character.
    if is_utf8 and len(high.translate(None, _SMALL)) > 0.3 * len(high):
        return None
    text = _beginning(data, name)
    return name if text and len(_CONTROLS.findall(text)) <= 0.01 * len(text) else None


def _broken_utf8(data: bytes) -> bool:
    """Whether this is UTF-8 with broken places, rather than another encoding: most of what is not ASCII is UTF-8."""
    text = data.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= character <= "\udcff" for character in text)
    return sum(character > "\x7f" for character in text) - broken >= broken


def _eight_bit_encoding(data: bytes) -> str | None:
    if not data.translate(None, _ASCII + _TYPOGRAPHIC):
        return "cp1252"
    found = detect(data)
    text = None if found is None else _strict(data, found)
    if found is not None and text is not None:
        few = len(data.translate(None, _ASCII)) < _FEW and found == "cp1252"
        odd = few and _ODD_ONE.search(text)
        if not odd and len(_CONTROLS.findall(text)) <= 0.001 * len(text) and _plausible(data, found):
            return found
    best = _second_opinion(data, None)
    return best if best in _EAST_ASIAN and _strict(data, best) else None


def _plausible(data: bytes, encoding: str) -> bool:
    return _second_opinion(data, encoding) is not None


def _second_opinion(data: bytes, encoding: str | None) -> str | None:
    """What charset-normalizer takes the bytes for: any encoding, or whether the one given makes sense."""
    try:
        from charset_normalizer import from_bytes
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "charset-normalizer", "archive") from None
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        # No character may be cut at its end.
        sample = sample[: sample.rfind(b"\n")] if b"\n" in sample else sample[: sample.rfind(b" ")]
    best = from_bytes(sample, cp_isolation=None if encoding is None else [encoding]).best()
    return None if best is None else str(best.encoding)


def _torn(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _TORN_MARK, error.end
