"""Long text to overlapping windows of tokens and back, with exact offsets.

Tokens are those of the model's tokenizer. Tags belong to *units*: a unit starts at a token that begins where a word
begins (its head) and holds the tokens up to the next head, so that a tag can never end inside a word, whichever
tokenizer the model has. A word is a run of letters, digits and marks, or one other character.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD: Final = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")
_MAX_PIECE: Final = 100_000
"""Code points given to the tokenizer at once: above, its time and memory grow out of proportion."""
_IS_SPACE: Final = np.array([chr(c).isspace() for c in range(0x3002)])
"""What `str.isspace` says of each code point up to U+3001; above U+3000 there is no white space."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Encoding:
    """A text as tokens, without special tokens.

    Attributes:
        ids: token ids, shape (tokens,).
        starts, ends: code point offsets into the text, half-open, shape (tokens,), no white space at the edges.
        heads: indices of the tokens that begin a unit, ascending, shape (units,).
    """

    ids: Ints
    starts: Ints
    ends: Ints
    heads: Ints

    @cached_property
    def unit_starts(self) -> Ints:
        """Code point at which each unit starts, shape (units,)."""
        return self.starts[self.heads]

    @cached_property
    def unit_ends(self) -> Ints:
        """Code point after each unit's last one, shape (units,)."""
        if not len(self.heads):
            return self.heads
        # Tokens of white space alone, which byte-level tokenizers have, belong to no unit.
        return np.maximum.reduceat(np.where(self.ends > self.starts, self.ends, 0), self.heads)


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `start` to `end` of an encoding go through the model; tokens `keep_start` to `keep_end` count."""

    start: int
    end: int
    keep_start: int
    keep_end: int


def encode(text: str, tokenizer: "Tokenizer") -> Encoding:
    """The tokens of a text of any length."""
    return encode_batch([text], tokenizer)[0]


def encode_batch(texts: Sequence[str], tokenizer: "Tokenizer") -> list[Encoding]:
    """The tokens of several texts; the tokenizer works on them in parallel."""
    pieces = [split_text(text) for text in texts]
    flat = [text[a:b] for text, bounds in zip(texts, pieces, strict=True) for a, b in bounds]
    encoded = iter(tokenizer.encode_batch(flat, add_special_tokens=False))
    return [_join(text, bounds, [next(encoded) for _ in bounds]) for text, bounds in zip(texts, pieces, strict=True)]


def split_text(text: str, size: int = _MAX_PIECE) -> list[tuple[int, int]]:
    """Half-open pieces of at most `size` code points that cover the text, cut at paragraph ends or white space."""
    bounds, start = [], 0
    while len(text) - start > size:
        stop = start + size
        cut = text.rfind("\n", start + size // 2, stop) + 1 or text.rfind(" ", start + size // 2, stop) + 1 or stop
        bounds.append((start, cut))
        start = cut
    return [*bounds, (start, len(text))]


def cover(tokens: int, size: int, overlap: int) -> list[Window]:
    """Full windows of `size` tokens, neighbours sharing at least `overlap`; each token is kept by exactly one window.

    A token in an overlap is kept by the window in which it stands farther from the edge.

    Raises:
        ValueError: the overlap leaves no room to advance.
    """
    _check_overlap(size, overlap)
    if tokens <= size:
        return _windows([0], tokens) if tokens else []
    return _windows([*range(0, tokens - size, size - overlap), tokens - size], size)


def cover_evenly(tokens: int, size: int, overlap: int) -> list[Window]:
    """As few windows as `cover`, but all of one length, just long enough for neighbours to share `overlap`.

    A text of 300 tokens in windows of 254 with an overlap of 32 is read as 2 x 166 tokens, not as 2 x 254.

    Raises:
        ValueError: the overlap leaves no room to advance.
    """
    _check_overlap(size, overlap)
    if tokens <= size:
        return _windows([0], tokens) if tokens else []
    count = -(-(tokens - overlap) // (size - overlap))
    length = -(-(tokens + (count - 1) * overlap) // count)
    return _windows([i * (tokens - length) // (count - 1) for i in range(count)], length)


def _check_overlap(size: int, overlap: int) -> None:
    if not 0 <= overlap < size:
        raise ValueError(f"overlap {overlap} must be smaller than the window of {size} tokens")


def _windows(starts: Sequence[int], length: int) -> list[Window]:
    middles = [(left + length + right) // 2 for left, right in pairwise(starts)]
    keeps = [0, *middles, starts[-1] + length]
    return [Window(s, s + length, keeps[i], keeps[i + 1]) for i, s in enumerate(starts)]


def stitch(windows: Sequence[Window], logits: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Logits of all tokens from the logits of each window; shapes (window tokens, tags) to (tokens, tags)."""
    kept = [part[w.keep_start - w.start : w.keep_end - w.start] for w, part in zip(windows, logits, strict=True)]
    return kept[0] if len(kept) == 1 else np.concatenate(kept)


def _join(text: str, bounds: list[tuple[int, int]], encodings: list[Any]) -> Encoding:
    ids = np.concatenate([np.asarray(e.ids, dtype=np.int64) for e in encodings])
    parts = [_offsets(e) + base for e, (base, _) in zip(encodings, bounds, strict=True)]
    offsets = parts[0] if len(parts) == 1 else np.concatenate(parts)
    starts, ends = _trim(text, offsets[:, 0].copy(), offsets[:, 1].copy())
    return Encoding(ids, starts, ends, _heads(text, starts, ends))


def _offsets(encoding: Any) -> Ints:
    pairs = encoding.offsets
    return np.fromiter(chain.from_iterable(pairs), dtype=np.int64, count=2 * len(pairs)).reshape(-1, 2)


def _trim(text: str, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    # Byte-level tokenizers count the space before a word as part of its token.
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    space = _IS_SPACE[np.minimum(points, len(_IS_SPACE) - 1)]
    held = np.flatnonzero(ends > starts)
    for i in held[space[starts[held]] | space[ends[held] - 1]].tolist():
        start, end = int(starts[i]), int(ends[i])
        inner = text[start:end]
        starts[i] = start + len(inner) - len(inner.lstrip())
        ends[i] = max(starts[i], end - len(inner) + len(inner.rstrip()))
    return starts, ends


def _heads(text: str, starts: Ints, ends: Ints) -> Ints:
    word_start = np.zeros(len(text) + 1, dtype=bool)
    word_start[[match.start() for match in _WORD.finditer(text)]] = True
    if not len(starts):
        return starts
    visible = np.where(ends > starts, starts, -1)
    before = np.concatenate([[-1], np.maximum.accumulate(visible)[:-1]])
    # Several tokens can share one character (the bytes of an emoji): only the first is a head.
    heads = word_start[starts] & (ends > starts) & (starts > before)
    return np.flatnonzero(heads)
