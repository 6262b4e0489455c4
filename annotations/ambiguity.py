"""Surfaces with more than one label: meant (*army* says and acts) or a slip of the annotator.

The corpus keeps its list of them in `annotations/corpus/ambiguous.tsv`, so that a new case shows in a review.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from warwire.annotations.document import Document

CONTEXT: Final = 40
"""Code points of text shown on either side of an example."""

HEADER: Final = "surface\tlabel\tnumber\tdocument\texample"


@dataclass(frozen=True, slots=True)
class LabelUse:
    """How often a surface has a label, with the first place where it has."""

    label: str
    number: int
    document: str
    example: str


@dataclass(frozen=True, slots=True)
class AmbiguousSurface:
    """A case-folded surface with its labels, at least two, the most frequent first."""

    surface: str
    uses: tuple[LabelUse, ...]

    @property
    def minority(self) -> int:
        """Number of spans that do not have the most frequent label."""
        return sum(use.number for use in self.uses[1:])


def ambiguous_surfaces(documents: Iterable[Document]) -> tuple[AmbiguousSurface, ...]:
    """Surfaces that have more than one label, those with the most spans outside their main label first."""
    found: defaultdict[str, dict[str, LabelUse]] = defaultdict(dict)
    for document in documents:
        for span in document.spans:
            labels = found[" ".join(span.surface(document.text).casefold().split())]
            use = labels.get(span.label)
            example = use.example if use else _example(document.text, span.start, span.end)
            labels[span.label] = LabelUse(
                span.label, use.number + 1 if use else 1, use.document if use else document.id, example
            )
    surfaces = (
        AmbiguousSurface(surface, tuple(sorted(labels.values(), key=lambda use: (-use.number, use.label))))
        for surface, labels in found.items()
        if len(labels) > 1
    )
    return tuple(sorted(surfaces, key=lambda item: (-item.minority, item.surface)))


def to_tsv(surfaces: Iterable[AmbiguousSurface]) -> str:
    """A line for each label of each surface, tab-separated, under `HEADER`."""
    lines = [
        f"{item.surface}\t{use.label}\t{use.number}\t{use.document}\t{use.example}"
        for item in surfaces
        for use in item.uses
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def _example(text: str, start: int, end: int) -> str:
    shown = f"{text[max(0, start - CONTEXT) : start]}[{text[start:end]}]{text[end : end + CONTEXT]}"
    return " ".join(shown.split())
