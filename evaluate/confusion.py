"""Which labels are taken for which: the spans of both sides, joined by overlap."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from warwire.annotations.labels import LABELS
from warwire.evaluate.disagreements import disagreements
from warwire.evaluate.pairs import Pair


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many spans have each pair of labels, the gold one before the predicted; None where there is no partner."""

    cells: Mapping[tuple[str | None, str | None], int]

    @property
    def matrix(self) -> list[list[int]]:
        """Rows gold, columns predicted, both in the order of `LABELS`, then the missed (column) and spurious (row)."""
        names = (*LABELS, None)
        return [[self.cells.get((gold, predicted), 0) for predicted in names] for gold in names]


def confusion(pairs: Iterable[Pair]) -> Confusion:
    """The confusion of labels over the documents.

    Each span is joined at most once: first to one with the same start, end and label, then to one that overlaps, of
    these first to one with the same ends, then to one with the same label, then to the first from the left.
    """
    cells: Counter[tuple[str | None, str | None]] = Counter()
    for pair in pairs:
        predicted = {(span.start, span.end, span.label) for span in pair.predicted.spans}
        for span in pair.gold.spans:
            if (span.start, span.end, span.label) in predicted:
                cells[span.label, span.label] += 1
        for one in disagreements(pair):
            cells[one.first.label if one.first else None, one.second.label if one.second else None] += 1
    return Confusion(dict(cells))
