"""Gold documents beside their predictions, checked: what every score is computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError


@dataclass(frozen=True, slots=True)
class Pair:
    """One text as annotated and as predicted."""

    gold: Document
    predicted: Document


def pair_documents(gold: Sequence[Document], predicted: Sequence[Document]) -> tuple[Pair, ...]:
    """Each gold document with the prediction of the same id, in the order of the gold documents.

    Raises:
        InputError: there is nothing to score, a document is missing, additional or there twice, its texts
            differ, or its spans overlap or leave the text. The message names the document.
    """
    if not gold:
        raise InputError("no gold documents; give at least one to score against")
    wanted, found = by_id(gold, "gold data"), by_id(predicted, "predictions")
    missing = [name for name in wanted if name not in found]
    if missing:
        raise InputError(f"document {missing[0]}{_others(missing)} is missing from the predictions; predict them all")
    additional = [name for name in found if name not in wanted]
    if additional:
        raise InputError(
            f"document {additional[0]}{_others(additional)} is in the predictions but not in the gold data; "
            "leave it out, or give its gold file too"
        )
    return tuple(_pair(document, found[name]) for name, document in wanted.items())


def by_id(documents: Sequence[Document], where: str) -> dict[str, Document]:
    """The documents under their ids.

    Raises:
        InputError: an id is there twice; the message names it and `where`.
    """
    found: dict[str, Document] = {}
    for document in documents:
        if document.id in found:
            raise InputError(f"document {document.id} is in the {where} twice; give each document once")
        found[document.id] = document
    return found


def _others(names: Sequence[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def _pair(gold: Document, predicted: Document) -> Pair:
    if gold.text != predicted.text:
        raise InputError(
            f"document {gold.id}: the predicted text differs from the gold text at code point "
            f"{_first_difference(gold.text, predicted.text)}; predict from the very text of the gold document"
        )
    _check_flat(gold, "gold")
    _check_flat(predicted, "predicted")
    return Pair(gold, predicted)


def _first_difference(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((i for i in range(shorter) if one[i] != other[i]), shorter)


def _check_flat(document: Document, whose: str) -> None:
    spans = sorted(document.spans, key=lambda span: (span.start, span.end))
    for span, following in pairwise(spans):
        if span.overlaps(following):
            raise InputError(
                f"document {document.id}: the {whose} spans {span.id} and {following.id} overlap; spans must be flat"
            )
    last = spans[-1] if spans else None
    if last is not None and last.end > len(document.text):
        raise InputError(
            f"document {document.id}: the {whose} span {last.id} ends at {last.end}, outside the text of "
            f"{len(document.text)} code points; offsets must count Unicode code points"
        )
