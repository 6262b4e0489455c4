"""The counts in a corpus's dataset card, written into its README between two marks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.annotations.splits import SPLITS
from warwire.annotations.statistics import Statistics, describe

BEGIN: Final = "<!-- counts: written by `warwire annotate card` -->"
END: Final = "<!-- end of counts -->"

_LENGTHS: Final = ((0, 100), (100, 200), (200, 300), (300, 400), (400, None))
_MOST: Final = 40
"""Conflicts named one by one; the others are summed up."""


def write_card(folder: Path) -> Path:
    """Rewrite the counts in `README.md` of a folder that holds train.jsonl, dev.jsonl and test.jsonl.

    Raises:
        InputError: a split is missing, or the README lacks the marks.
    """
    card = folder / "README.md"
    try:
        text = card.read_text(encoding="utf-8")
    except OSError:
        raise InputError(f"{card}: no such file; write the card first, with a place for the counts") from None
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError(f"{card}: the lines {BEGIN!r} and {END!r} are missing; put them where the counts belong")
    card.write_text(f"{before}{BEGIN}\n\n{counts(_read(folder))}\n{END}{after}", encoding="utf-8", newline="\n")
    return card


def counts(splits: Mapping[str, Sequence[Document]]) -> str:
    """Markdown tables: sizes, labels, event types and statuses by split; genre, region, length, year, conflict."""
    whole = [document for documents in splits.values() for document in documents]
    described = {**{name: describe(documents) for name, documents in splits.items()}, "all": describe(whole)}
    return "\n".join([*_by_split(described), *_by_meta(whole)])


def _read(folder: Path) -> dict[str, list[Document]]:
    return {name: read_documents(folder / f"{name}.jsonl") for name in SPLITS}


def _by_split(described: Mapping[str, Statistics]) -> Iterator[str]:
    sizes = {name: [getattr(s, name) for s in described.values()] for name in ("documents", "words", "spans", "events")}
    yield from _table(("", *described), sizes.items())
    for title, kind in (("label", "by_label"), ("event type", "by_type"), ("status", "by_status")):
        rows = {name: [getattr(s, kind)[name] for s in described.values()] for name in getattr(described["all"], kind)}
        yield from _table((title, *described), rows.items())


def _by_meta(documents: Sequence[Document]) -> Iterator[str]:
    for key in ("genre", "region"):
        found = Counter(_meta(document, key) for document in documents)
        yield from _table((key, "articles"), ((name, [number]) for name, number in _descending(found)))
    yield from _table(("words", "articles"), ((name, [number]) for name, number in _lengths(documents)))
    decades = Counter(f"{_meta(document, 'year')[:3]}0s" for document in documents)
    yield from _table(("decade", "articles"), ((name, [number]) for name, number in sorted(decades.items())))
    conflicts = _descending(Counter(_meta(document, "conflict") for document in documents))
    named = ", ".join(f"{name} {number}" for name, number in conflicts[:_MOST])
    rest = conflicts[_MOST:]
    others = f", and {len(rest)} others in {sum(number for _, number in rest)} articles" if rest else ""
    yield f"{len(conflicts)} conflicts: {named}{others}.\n"


def _lengths(documents: Sequence[Document]) -> Iterator[tuple[str, int]]:
    words = [len(document.text.split()) for document in documents]
    for low, high in _LENGTHS:
        name = f"{low} to {high - 1}" if high else f"{low} and more"
        yield name, sum(low <= number and (high is None or number < high) for number in words)


def _meta(document: Document, key: str) -> str:
    meta: Any = document.extra.get("meta")
    return str(meta.get(key, "unknown")) if isinstance(meta, dict) else "unknown"


def _descending(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _table(header: Sequence[str], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|---|{'---:|' * (len(header) - 1)}"
    for name, numbers in rows:
        yield f"| {name} | {' | '.join(f'{number:,}' for number in numbers)} |"
    yield ""
