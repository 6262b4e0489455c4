"""How far two annotators agree on the same texts.

The scores are the guide's, with the first annotator in the place of the gold data and the second in that of the
predictions. Every F1, the status and kappa are the same when the two change places.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.labels import CORE_LABELS
from warwire.evaluate.arguments import arguments_by_role, triggers
from warwire.evaluate.counts import Counts
from warwire.evaluate.disagreements import Disagreement, EventDisagreement, disagreements, event_disagreements
from warwire.evaluate.pairs import Pair, by_id, pair_documents
from warwire.evaluate.scores import require_libraries, signature
from warwire.evaluate.tags import cut, iob2_tags, strict_by_label
from warwire.evaluate.tuples import TupleScores, score_tuples

_OUTSIDE: Final = "O"


@dataclass(frozen=True, slots=True)
class TokenTable:
    """How many tokens have each pair of labels, the first annotator's before the second's; "O" is no label."""

    cells: Mapping[tuple[str, str], int]

    @property
    def tokens(self) -> int:
        """Number of tokens."""
        return sum(self.cells.values())

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa, at most 1; None where both give one and the same label throughout, or without a token."""
        first: Counter[str] = Counter()
        second: Counter[str] = Counter()
        for (one, other), number in self.cells.items():
            first[one] += number
            second[other] += number
        agreed = sum(number for (one, other), number in self.cells.items() if one == other)
        chance = sum(number * second[label] for label, number in first.items())
        possible = self.tokens**2 - chance
        return (self.tokens * agreed - chance) / possible if possible else None

    def only(self, label: str) -> "TokenTable":
        """The same tokens with every other label taken for none."""
        cells: Counter[tuple[str, str]] = Counter()
        for (one, other), number in self.cells.items():
            cells[one if one == label else _OUTSIDE, other if other == label else _OUTSIDE] += number
        return TokenTable(dict(cells))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of two annotators, micro-averaged over the documents that both have.

    In `Counts`, `gold` is the first annotator's number and `predicted` the second's. `only_first` and
    `only_second` are ids of documents that one annotator alone has; they count nowhere else.
    """

    signature: str
    documents: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    span_by_label: Mapping[str, Counts]
    trigger: Counts
    argument_by_role: Mapping[str, Counts]
    events: TupleScores
    tokens: TokenTable
    disagreements: tuple[Disagreement, ...]
    event_disagreements: tuple[EventDisagreement, ...]

    @property
    def span(self) -> Counts:
        """Spans with the same start, end and label."""
        return sum(self.span_by_label.values(), Counts())

    @property
    def core_span(self) -> Counts:
        """The same over WEAPON, COUNT, PLACE and SPEAKER."""
        return sum((self.span_by_label[label] for label in CORE_LABELS), Counts())

    @property
    def argument(self) -> Counts:
        """Arguments over all roles."""
        return sum(self.argument_by_role.values(), Counts())


def agreement(first: Sequence[Document], second: Sequence[Document]) -> Agreement:
    """The agreement of two annotators; documents are matched by id, in any order.

    Raises:
        InputError: no document is in both, one is there twice, its texts differ, or its spans overlap.
        MissingExtraError: seqeval or scipy is not installed.
    """
    require_libraries()
    ours, theirs = by_id(first, "first annotation"), by_id(second, "second annotation")
    shared = [name for name in ours if name in theirs]
    if not shared:
        raise InputError("the two annotators have no document in common; give two annotations of the same documents")
    for name in shared:
        _check_same_text(ours[name], theirs[name])
    pairs = pair_documents([ours[name] for name in shared], [theirs[name] for name in shared])
    return Agreement(
        _signature(pairs),
        len(pairs),
        tuple(name for name in ours if name not in theirs),
        tuple(name for name in theirs if name not in ours),
        strict_by_label(pairs),
        triggers(pairs),
        arguments_by_role(pairs),
        score_tuples(pairs),
        token_table(pairs),
        tuple(found for pair in pairs for found in disagreements(pair)),
        tuple(found for pair in pairs for found in event_disagreements(pair)),
    )


def token_table(pairs: Iterable[Pair]) -> TokenTable:
    """The labels of all tokens: words and punctuation marks, cut again where a span of either ends inside one."""
    cells: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        text = pair.gold.text
        cuts = cut(text, (*pair.gold.spans, *pair.predicted.spans))
        tags = zip(iob2_tags(cuts, pair.gold.spans), iob2_tags(cuts, pair.predicted.spans), strict=True)
        for start, (one, other) in zip(cuts, tags, strict=False):
            # White space would count as agreement that nobody had to make.
            if not text[start].isspace():
                cells[one.partition("-")[2] or _OUTSIDE, other.partition("-")[2] or _OUTSIDE] += 1
    return TokenTable(dict(cells))


def _check_same_text(one: Document, other: Document) -> None:
    if one.text == other.text:
        return
    shorter = min(len(one.text), len(other.text))
    where = next((i for i in range(shorter) if one.text[i] != other.text[i]), shorter)
    raise InputError(
        f"document {one.id}: the annotators' texts differ at code point {where}; "
        "agreement needs two annotations of the very same text"
    )


def _signature(pairs: Sequence[Pair]) -> str:
    second = signature([pair.predicted for pair in pairs]).rpartition("data:")[2]
    return f"{signature([pair.gold for pair in pairs])}|second:{second}"
