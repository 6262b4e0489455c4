"""A long text in sections, as compact as UTF-8: cut where the tagger and the assembler cut it."""

from collections.abc import Iterator, Sequence
from typing import Final

from warwire.model.windows import split_text

SECTION: Final = 100_000
"""Code points of a section at most: what `Tagger.tag` and `assemble` read as if it were a text of its own."""

# A text stays in main memory for as long as it is worked on; one emoji makes four bytes of every character of a string.
_ENCODING: Final = "utf-8"
_ERRORS: Final = "surrogatepass"


def pack_text(text: str, size: int = SECTION) -> tuple[bytes, ...]:
    """The sections of a text, of at most `size` code points each, encoded."""
    return tuple(text[start:end].encode(_ENCODING, _ERRORS) for start, end in split_text(text, size))


def unpack_section(section: bytes) -> str:
    """The text of a section: `"".join(map(unpack_section, pack_text(text))) == text`."""
    return section.decode(_ENCODING, _ERRORS)


def count_words(sections: Sequence[bytes]) -> int:
    """How many words the text of the sections has; one that is cut in two counts once."""
    words = 0
    open_word = False
    for text in map(unpack_section, sections):
        words += len(text.split()) - (open_word and not text[0].isspace())
        open_word = not text[-1].isspace()
    return words


def grouped(sizes: Sequence[int], most: int, items: int | None = None) -> Iterator[range]:
    """Indices of neighbours whose sizes together come to at most `most`, as many as go; a larger one is alone.

    `items` is the most that go together.
    """
    first, held = 0, 0
    for index, size in enumerate(sizes):
        if index > first and (held + size > most or index - first == items):
            yield range(first, index)
            first, held = index, 0
        held += size
    if first < len(sizes):
        yield range(first, len(sizes))
