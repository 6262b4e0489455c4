"""Self-training: unlabelled articles tagged by several models together, to be trained on like annotated ones.

The teachers' probabilities are averaged, word by word, before decoding. Words on which the mean is undecided are
marked `doubtful` in the document, and training leaves them out of its loss.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.model.decode import Floats, softmax
from warwire.model.tagger import Tagger, spans_of
from warwire.model.windows import Encoding, encode_batch
from warwire.train.features import DOUBTFUL

_TOGETHER: Final = 64
_SHINGLE: Final = 12
_WORD: Final = re.compile(r"\w+")
_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are kept, and how much of each.

    Attributes:
        longest: code points kept of an article, cut at the end of a paragraph or word.
        share: of all articles, drawn by a hash of their text, so many are looked at.
        words_a_trigger: an article with fewer triggers than one in so many words is kept only now and then,
        quiet_share: that often.
        surest: a word whose most probable tag has a smaller mean probability is doubtful.
    """

    longest: int = 2500
    share: float = 1.0
    words_a_trigger: int = 100
    quiet_share: float = 0.1
    surest: float = 0.6


def pseudo_labelled(
    texts: Iterable[str], teachers: Sequence[Tagger], selection: Selection, excluded: Sequence[Document] = ()
) -> Iterator[Document]:
    """The articles that are kept, tagged.

    Args:
        texts: plain articles.
        teachers: taggers with one and the same tokenizer.
        selection: what is kept.
        excluded: documents of a test set; a text that shares a run of 12 words with one of them is left out.

    Raises:
        InputError: no teacher, or teachers with different tokenizers.
    """
    _check(teachers)
    forbidden = {shingle for document in excluded for shingle in _shingles(document.text)}
    drawn = (text for text in texts if _draw(f"share/{text}") < selection.share)
    short = (_cut(text, selection.longest) for text in drawn)
    kept = (text for text in short if forbidden.isdisjoint(_shingles(text)))
    while chunk := list(islice(kept, _TOGETHER)):
        encodings = encode_batch(chunk, teachers[0].bundle.tokenizer)
        for text, encoding, means in zip(chunk, encodings, _means(encodings, teachers), strict=True):
            document = _document(text, encoding, means, selection)
            if _is_kept(document, selection):
                yield document


def once(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents without those whose text was there before."""
    seen: set[str] = set()
    for document in documents:
        if document.id not in seen:
            seen.add(document.id)
            yield document


def _check(teachers: Sequence[Tagger]) -> None:
    if not teachers:
        raise InputError("no teacher; name at least one model folder")
    for teacher in teachers:
        if teacher.bundle.manifest.tokenizer_sha256 != teachers[0].bundle.manifest.tokenizer_sha256:
            raise InputError(
                f"{teacher.bundle.folder}: its tokenizer is not that of {teachers[0].bundle.folder}; "
                "teachers have to share one"
            )


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    stop = text.rfind("\n", longest // 2, longest)
    return text[: stop if stop > 0 else text.rfind(" ", 0, longest)].rstrip()


def _shingles(text: str) -> Iterator[str]:
    words = _WORD.findall(text.casefold())
    return (" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def _means(encodings: Sequence[Encoding], teachers: Sequence[Tagger]) -> list[Floats]:
    """Mean probabilities of the tags of every token, each of shape (tokens, tags)."""
    of_teachers = [[softmax(logits) for logits in teacher.logits(encodings)] for teacher in teachers]
    return [np.mean(parts, axis=0, dtype=np.float32) for parts in zip(*of_teachers, strict=True)]


def _document(text: str, encoding: Encoding, means: Floats, selection: Selection) -> Document:
    spans = spans_of(text, encoding, np.log(means + _LEAST))
    unsure = np.flatnonzero(means[encoding.heads].max(axis=1) < selection.surest) if len(encoding.heads) else ()
    doubtful = [[int(encoding.unit_starts[i]), int(encoding.unit_ends[i])] for i in unsure]
    return Document(f"pseudo-{_digest(text)[:16]}", text, spans=spans, extra={DOUBTFUL: doubtful})


def _is_kept(document: Document, selection: Selection) -> bool:
    triggers = sum(span.is_trigger for span in document.spans)
    if triggers * selection.words_a_trigger >= len(document.text.split()):
        return triggers > 0
    return _draw(document.text) < selection.quiet_share


def _draw(text: str) -> float:
    """A number in 0..1 that the text gives."""
    return int(_digest(text)[:8], 16) / 16**8


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def load_teachers(folders: Sequence[Path]) -> list[Tagger]:
    """The teachers, by their full-precision networks where there are any."""
    from warwire.model.bundle import ONNX, open_bundle
    from warwire.model.tagger import load_tagger

    bundles = [open_bundle(folder) for folder in folders]
    return [load_tagger(b, "fp32" if (b.folder / ONNX["fp32"]).is_file() else None) for b in bundles]


def without_scores(document: Document) -> Document:
    """The document as training data, in which a span is a span."""
    return replace(document, spans=tuple(replace(span, score=None) for span in document.spans))
