"""What the readers of an archive hand on: articles, records that cannot be read, and files that are damaged."""

from dataclasses import dataclass
from typing import Final

from warwire.annotations.document import Document

STAGES: Final = ("read", "tag", "assemble", "write")
"""Where a document can be lost, in the order of its way."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record came from.

    Attributes:
        file: the file's name as `InputFile.name` gives it, the same on every run.
        number: which record of the file, from 1: line, row, WARC record; 1 for a file that is one document.
    """

    file: str
    number: int


@dataclass(frozen=True, slots=True)
class Article:
    """An input document, its spans and events left out; `document.extra` holds `source` where the input has one."""

    document: Document
    origin: Origin


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input document that has no output record.

    Attributes:
        origin: where it stands.
        stage: one of `STAGES`.
        code: the kind of fault in a word or two joined by hyphens: "broken-json", "empty", "duplicate-id", "too-long",
            "encoding", "wrong-type", ... Of the stage "read": "broken-csv", "broken-json", "corrupt", "empty",
            "encoding", "no-text", "ragged", "repeated-field", "surrogate", "too-deep", "too-long", "truncated",
            "wrong-type", and the damage's code where a file that is one document is damaged.
        reason: one line for a person, with the remedy where there is one.
        id: the document's id where it could be read.
        excerpt: the first 200 characters or so of the record, where that helps to find it.
    """

    origin: Origin
    stage: str
    code: str
    reason: str
    id: str | None = None
    excerpt: str | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """A fault of a file as a whole, which may have cost documents that nobody can count: cut off, torn, unreadable.

    Attributes:
        file: the file's name, or what was left out of a folder.
        code: from reading "bomb", "changed", "corrupt", "empty", "no-column", "not-gzip", "not-zstd",
            "trailing-garbage", "truncated", "unreadable", "window"; from planning "broken-link", "given-twice",
            "link-inside", "link-loop", "link-outside", "not-a-file", "unknown-kind", "unreadable".
        reason: one line for a person.
    """

    file: str
    code: str
    reason: str


Incoming = Article | Rejection | Damage
