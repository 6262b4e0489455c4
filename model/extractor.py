"""The whole path: articles in, documents with spans, events and normalised values out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.model.assemble import assemble_all
from warwire.model.bundle import open_bundle
from warwire.model.normalise.vague import GUIDE, VagueTable
from warwire.model.tagger import Tagger, load_tagger

SCHEMA_VERSION: Final = 1
_TOGETHER: Final = 64
"""Documents tagged at once, so that windows of similar length share a batch; memory stays bounded."""


@dataclass(frozen=True)
class Extractor:
    """A tagger followed by the postprocessor; `vague` says what *dozens* and the like come to."""

    tagger: Tagger
    vague: VagueTable = GUIDE

    @property
    def model(self) -> str:
        """Name of the model, with its back end."""
        return f"{self.tagger.bundle.manifest.name} ({self.tagger.back_end})"

    def extract(self, document: Document) -> Document:
        """One document with its spans and events."""
        return next(self.extract_documents([document]))

    def extract_documents(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Documents with their spans and events, in the order given; spans and events they had are replaced."""
        stream = iter(documents)
        while chunk := list(islice(stream, _TOGETHER)):
            tagged = self.tagger.tag([document.text for document in chunk])
            yield from assemble_all(map(self._with_spans, chunk, tagged), self.vague)

    def _with_spans(self, document: Document, spans: tuple[Span, ...]) -> Document:
        extra = {**document.extra, "schema_version": SCHEMA_VERSION, "model": self.model}
        return replace(document, spans=spans, events=(), extra=extra)


def load_extractor(
    model: Path | None = None, back_end: str | None = None, device: str = "cpu", threads: int | None = None
) -> Extractor:
    """An extractor from a model folder; without one, the embedded default.

    `threads` is the number of processor threads that the network may use; None leaves it to the library.

    Raises:
        InputError: the folder is no model, or the model fails its self-test.
    """
    return Extractor(load_tagger(open_bundle(model), back_end, device, threads))
