"""All scores of the annotation guide's section 5 for one set of predictions."""

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import MissingExtraError
from warwire.annotations.labels import CORE_LABELS, GUIDE_VERSION
from warwire.evaluate.arguments import arguments_by_role, triggers
from warwire.evaluate.counts import Counts
from warwire.evaluate.pairs import Pair, pair_documents
from warwire.evaluate.tags import SeqevalRatios, relaxed, seqeval_strict, strict_by_label
from warwire.evaluate.tuples import TupleScores, score_tuples

_LIBRARIES: Final = ("scipy", "seqeval")


@dataclass(frozen=True, slots=True)
class Scores:
    """Every figure of the guide, micro-averaged over the documents, and the settings that made it.

    `tag` and `core_tag` are seqeval's figures, the ones to report; `tag_by_label` holds the same as counts of
    span sets, which add. `ceiling` scores the postprocessor on the gold spans and does not depend on the
    predictions.
    """

    signature: str
    documents: int
    tag: SeqevalRatios
    core_tag: SeqevalRatios
    tag_by_label: Mapping[str, Counts]
    tag_relaxed: Counts
    trigger: Counts
    argument_by_role: Mapping[str, Counts]
    events: TupleScores
    ceiling: TupleScores

    @property
    def tag_spans(self) -> Counts:
        """Strict tag counts over all labels, as span sets."""
        return _total(self.tag_by_label.values())

    @property
    def core_tag_spans(self) -> Counts:
        """Strict tag counts over WEAPON, COUNT, PLACE and SPEAKER, as span sets."""
        return _total(self.tag_by_label[label] for label in CORE_LABELS)

    @property
    def argument(self) -> Counts:
        """Argument counts over all roles."""
        return _total(self.argument_by_role.values())


def score(gold: Sequence[Document], predicted: Sequence[Document]) -> Scores:
    """The scores of predicted documents; gold and predicted ones are matched by id, in any order.

    Raises:
        InputError: a document is missing, additional or there twice, its texts differ, or its spans overlap.
        MissingExtraError: seqeval or scipy is not installed.
    """
    require_libraries()
    pairs = pair_documents(gold, predicted)
    return Scores(
        signature(gold),
        len(pairs),
        seqeval_strict(pairs),
        seqeval_strict(pairs, CORE_LABELS),
        strict_by_label(pairs),
        relaxed(pairs),
        triggers(pairs),
        arguments_by_role(pairs),
        score_tuples(pairs),
        assembler_ceiling(gold),
    )


def assembler_ceiling(gold: Iterable[Document]) -> TupleScores:
    """The tuple scores of the postprocessor when it is given the gold spans."""
    from warwire.model.assemble import assemble

    return score_tuples(Pair(document, assemble(replace(document, events=()))) for document in gold)


def require_libraries() -> None:
    """Check that the libraries of the extra `evaluate` are there, before minutes of tagging.

    Raises:
        MissingExtraError: naming the first that is not.
    """
    for library in _LIBRARIES:
        if importlib.util.find_spec(library) is None:
            raise MissingExtraError(library, "evaluate")


def signature(gold: Sequence[Document]) -> str:
    """What a figure must be quoted with, after sacreBLEU's signatures.

    `data` is the first 8 hexadecimal digits of a SHA-256 over ids, texts, spans and events of the gold
    documents, whatever order these are in and whatever ids their spans and events have.
    """
    digest = hashlib.sha256()
    for document in sorted(gold, key=lambda document: document.id):
        digest.update(msgspec.json.encode(_scored_content(document)) + b"\n")
    fields = {
        "warwire": importlib.metadata.version("warwire"),
        "guide": GUIDE_VERSION,
        "mode": "strict",
        "scheme": "IOB2",
        "docs": len(gold),
        "data": digest.hexdigest()[:8],
    }
    return "|".join(f"{key}:{value}" for key, value in fields.items())


def _scored_content(document: Document) -> list[Any]:
    place = {span.id: (span.start, span.end) for span in document.spans}
    spans = sorted((span.start, span.end, span.label) for span in document.spans)
    events = sorted(
        (
            place[event.trigger],
            event.type,
            event.status,
            sorted((a.role, place[a.span]) for a in event.arguments),
        )
        for event in document.events
    )
    return [document.id, document.text, spans, events]


def _total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())
