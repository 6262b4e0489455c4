"""Dev scores during training: seqeval, strict IOB2, over the legal sequences that decoding gives."""

from collections.abc import Callable
from typing import Any, Final

from warwire.annotations.labels import BIO_TAGS, CORE_LABELS
from warwire.model.decode import best_legal_sequence
from warwire.train.features import IGNORED

_CORE_TAGS: Final = frozenset(f"{prefix}-{label}" for label in CORE_LABELS for prefix in "BI")


def compute_metrics(prediction: Any) -> dict[str, float]:
    """Precision, recall and F1 over all labels, and F1 over the core labels, of the windows of a dev set.

    Args:
        prediction: a transformers `EvalPrediction` with logits (windows, tokens, tags) and labels (windows, tokens).
    """
    gold: list[list[str]] = []
    found: list[list[str]] = []
    for logits, labels in zip(prediction.predictions, prediction.label_ids, strict=True):
        heads = labels != IGNORED
        if heads.any():
            gold.append([BIO_TAGS[i] for i in labels[heads]])
            found.append([BIO_TAGS[i] for i in best_legal_sequence(logits[heads])])
    precision, recall, f1 = _seqeval(gold, found)
    core = _seqeval([_only_core(tags) for tags in gold], [_only_core(tags) for tags in found])
    return {"precision": precision, "recall": recall, "f1": f1, "core_f1": core[2]}


def _only_core(tags: list[str]) -> list[str]:
    return [tag if tag in _CORE_TAGS else "O" for tag in tags]


def _seqeval(gold: list[list[str]], found: list[list[str]]) -> tuple[float, float, float]:
    from seqeval.metrics import f1_score, precision_score, recall_score
    from seqeval.scheme import IOB2

    if not any(tag != "O" for tags in gold for tag in tags):
        return 0.0, 0.0, 0.0
    scores: tuple[Callable[..., float], ...] = (precision_score, recall_score, f1_score)
    precision, recall, f1 = (float(s(gold, found, mode="strict", scheme=IOB2, zero_division=0)) for s in scores)
    return precision, recall, f1
