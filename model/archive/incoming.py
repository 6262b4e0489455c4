"""What the readers of an archive hand on: articles, records that cannot be read, and files that are damaged."""

from dataclasses import dataclass, replace
from typing import Final

from warwire.annotations.document import Document
from warwire.model.archive.sections import SECTION, count_words, pack_text, unpack_section

STAGES: Final = ("read", "tag", "assemble", "write")
"""Where a document can be lost, in the order of its way."""

LONG: Final = 500_000
"""Code points above which a document is read in sections."""

_EXCERPT: Final = 200


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
    """An input document, its spans and events left out; `document.extra` holds `source` where the input has one.

    A long one has its text in `sections` (see `sections.pack_text`), and none in `document`.
    """

    document: Document
    origin: Origin
    sections: tuple[bytes, ...] = ()
    characters: int = -1
    """Code points of the text."""

    def __post_init__(self) -> None:
        if self.characters < 0:
            object.__setattr__(self, "characters", len(self.document.text))

    @property
    def excerpt(self) -> str:
        """The first 200 characters of the text."""
        return (unpack_section(self.sections[0]) if self.sections else self.document.text)[:_EXCERPT]

    @property
    def words(self) -> int:
        """How many words the text has."""
        return count_words(self.sections) if self.sections else len(self.document.text.split())

    def packed(self, longest: int = LONG, section: int = SECTION) -> "Article":
        """The article with its text in sections, if that has more than `longest` code points."""
        text = self.document.text
        if len(text) <= longest:
            return self
        return Article(replace(self.document, text=""), self.origin, pack_text(text, section), len(text))


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
