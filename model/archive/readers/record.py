"""An article from the fields of a record, whatever file it came from."""

from collections.abc import Mapping
from typing import Any

from warwire.annotations.document import Document
from warwire.annotations.record import text_id
from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.inputs import ReadOptions
from warwire.model.archive.readers.dates import parse_day

_SHOWN = 200


def build_article(
    origin: Origin,
    options: ReadOptions,
    text: object,
    id: object = None,
    date: object = None,
    title: object = None,
    source: object = None,
    extra: Mapping[str, Any] | None = None,
) -> Article | Rejection:
    """An article, or why the fields are none.

    Args:
        origin: where the record stands.
        options: names of the fields, for messages, and `published`.
        text: kept as it is; blank is "empty", anything but a string "wrong-type".
        id: a string, kept as it is; None and "" are none, and an id is made from the text.
        date: what the record says; None and blank are none. What is no certain day is kept in `extra["date_raw"]`.
        title: a string or None.
        source: a string or None.
        extra: more to keep of the record.
    """
    if not isinstance(text, str):
        reason = f"{options.text!r} must be a string, not {type_name(text)}"
        return Rejection(origin, "read", "wrong-type", reason, id if isinstance(id, str) else None)
    if not isinstance(id, str):
        if id is not None:
            return Rejection(origin, "read", "wrong-type", f"{options.id!r} must be a string, not {type_name(id)}")
        id = ""
    if not text or text.isspace():
        return Rejection(origin, "read", "empty", "the text is empty", id or None)
    for name, value in ((options.title, title), (options.source, source)):
        if value is not None and not isinstance(value, str):
            reason = f"{name!r} must be a string or null, not {type_name(value)}"
            return Rejection(origin, "read", "wrong-type", reason, id or None, text[:_SHOWN])
    kept: dict[str, Any] = {}
    if source:
        kept["source"] = source
    if extra:
        kept.update(extra)
    if date is None:
        day = options.published
    else:
        raw = date if isinstance(date, str) else repr(date)
        day = parse_day(raw) or _no_day(raw, options, kept)
    return Article(Document(id or text_id(text), text, day, title or None, (), (), kept), origin)  # type: ignore[arg-type]


def type_name(value: object) -> str:
    """The type of a value for a message."""
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object", str: "a string"}
    return names.get(type(value), f"{type(value).__name__}")


def _no_day(raw: str, options: ReadOptions, kept: dict[str, Any]) -> str | None:
    if not raw.strip():
        return options.published
    kept["date_raw"] = raw
    return None
