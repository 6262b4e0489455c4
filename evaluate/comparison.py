"""A model against an earlier evaluation: has it become worse beyond chance? For continuous integration.

    warwire evaluate runs/new/model --data test.jsonl --against baseline.json

The baseline is the JSON of an earlier `warwire evaluate ... --json`, which holds the counts of every document, so that
the test is paired. A model fails when its loss is greater than what is tolerated and beyond chance (p below 0.05, by
approximate randomisation, after Holm's correction where several models or data sets are tested).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.evaluate.counts import Counts
from warwire.evaluate.data_sets import digest_of
from warwire.evaluate.document_counts import SCORES, count_documents
from warwire.evaluate.intervals import Resampling
from warwire.evaluate.pairs import Pair
from warwire.evaluate.significance import LEVEL, ROUNDS, Comparison, Scored, compare_models, holm

_REMEDY: Final = "make a new one with 'warwire evaluate ... --json FILE'"
_BASELINE: Final = "baseline"
_CURRENT: Final = "current"


@dataclass(frozen=True, slots=True)
class CountedSet:
    """What an evaluation found in one data set: ids of its documents, and the counts of each, by model and score."""

    name: str
    signature: str
    documents: tuple[str, ...]
    models: Mapping[str, Scored]

    @property
    def digest(self) -> str:
        """The data digest in the signature."""
        return digest_of(self.signature)


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier evaluation; `sets` by data digest. `recommended` is the model that a report recommends."""

    path: Path
    sets: Mapping[str, CountedSet]
    recommended: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One model on one data set against the baseline's model; `difference` is its own score minus the baseline's."""

    data: str
    model: str
    baseline_model: str
    value: float
    baseline_value: float
    test: Comparison
    tolerated: float

    @property
    def worse(self) -> bool:
        """Whether the loss is beyond chance and greater than what is tolerated."""
        return self.test.difference < -self.tolerated and self.test.p_holm < LEVEL

    @property
    def words(self) -> str:
        """One line that says it all."""
        test = self.test
        ends = (
            ""
            if test.low is None or test.high is None
            else f" (95% interval {_points(test.low)} to {_points(test.high)})"
        )
        return (
            f"{SCORES[test.score]} on {self.data}: {self.model} {self.value:.3f}, baseline {self.baseline_model} "
            f"{self.baseline_value:.3f}, {_points(test.difference)} points{ends}, p = {test.p_holm:.4f}: {self._told}"
        )

    @property
    def _told(self) -> str:
        beyond = self.test.p_holm < LEVEL
        if self.worse:
            return "worse beyond chance" + (f" and {100 * self.tolerated:g} points" if self.tolerated else "")
        if beyond and self.test.difference > 0:
            return "better beyond chance"
        if beyond:
            return f"worse beyond chance, by no more than the {100 * self.tolerated:g} points tolerated"
        return "no difference beyond chance"


def read_baseline(path: Path) -> Baseline:
    """The figures of an earlier `--json`, of a report or of a plain evaluation.

    Raises:
        InputError: the file cannot be read, or holds no counts to compare with.
    """
    try:
        found = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: broken JSON: {error}") from None
    try:
        schema = found.get("schema")
        if schema is None:
            return Baseline(path, _plain_sets(found["models"]))
        if schema != "warwire-report/1":
            raise InputError(f"{path}: has the schema {schema!r}, not 'warwire-report/1'; {_REMEDY}")
        sets = {one.digest: one for one in report_sets(found)}
        return Baseline(path, sets, found["answer"]["recommended"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"{path}: holds no counts of documents to compare with; {_REMEDY}") from None


def compare_with_baseline(
    baseline: Baseline,
    current: Sequence[CountedSet],
    score: str,
    tolerated: float = 0.0,
    model: str | None = None,
    resampling: Resampling | None = None,
    rounds: int = ROUNDS,
) -> tuple[Verdict, ...]:
    """Every model on every data set against one model of the baseline.

    Args:
        baseline: from `read_baseline`.
        current: the data sets of this evaluation.
        score: one of `SCORES`.
        tolerated: the loss that is no failure, in 0..1.
        model: which model of the baseline; by default its only or recommended one, or else the one of the same name.
        resampling: for the interval of the difference.
        rounds: of the randomisation test.

    Raises:
        InputError: the baseline was made on other documents or annotations, or it is not clear which model is meant.
    """
    resampling = resampling or Resampling()
    verdicts = []
    for one in current:
        check_data(baseline, [(one.name, one.digest)])
        earlier = baseline.sets[one.digest]
        for name, counts in one.models.items():
            other = _baseline_model(baseline, earlier, name, model)
            theirs = dict(zip(earlier.documents, earlier.models[other][score], strict=True))
            pair: dict[str, Scored] = {
                _CURRENT: {score: counts[score]},
                _BASELINE: {score: [theirs[name] for name in one.documents]},
            }
            (test,) = compare_models({one.name: pair}, [score], resampling, rounds)
            value, reached = (sum(pair[side][score], Counts()).f1 for side in (_CURRENT, _BASELINE))
            verdicts.append(Verdict(one.name, name, other, value, reached, test, tolerated))
    corrected = holm([verdict.test.p for verdict in verdicts])
    return tuple(_corrected(verdict, p) for verdict, p in zip(verdicts, corrected, strict=True))


def check_data(baseline: Baseline, data: Sequence[tuple[str, str]]) -> None:
    """Check that the baseline holds data sets, given as (name, digest).

    Raises:
        InputError: it does not; the message names the first that is missing.
    """
    for name, digest in data:
        if digest not in baseline.sets:
            raise InputError(
                f"{name}: its data digest {digest} is not in {baseline.path} ({', '.join(baseline.sets)}): texts or "
                "annotations differ, so that scores cannot be compared; score the baseline's model on this data again"
            )


def report_sets(figures: Mapping[str, Any]) -> tuple[CountedSet, ...]:
    """The counts in the figures of a report.

    Raises:
        KeyError, TypeError, ValueError: they are not there.
    """
    return tuple(_report_set(one["data"], one["counts"]) for one in figures["results"])


def count_set(name: str, signature: str, pairs: Mapping[str, Sequence[Pair]]) -> CountedSet:
    """The counts of each model's pairs of a data set."""
    counted = {model: count_documents(found) for model, found in pairs.items()}
    documents = next(iter(counted.values())).documents
    return CountedSet(name, signature, documents, {model: found.by_score for model, found in counted.items()})


def _corrected(verdict: Verdict, p: float) -> Verdict:
    return replace(verdict, test=replace(verdict.test, p_holm=p))


def _baseline_model(baseline: Baseline, earlier: CountedSet, name: str, wanted: str | None) -> str:
    if wanted is None:
        if len(earlier.models) == 1:
            return next(iter(earlier.models))
        wanted = baseline.recommended or name
    if wanted not in earlier.models:
        raise InputError(
            f"{baseline.path}: has no model {wanted!r}; choose with --against-model: {', '.join(earlier.models)}"
        )
    return wanted


def _report_set(name: str, counts: Mapping[str, Any]) -> CountedSet:
    documents = tuple(counts["documents"])
    models = {model: _scored(scores, len(documents)) for model, scores in counts["models"].items()}
    return CountedSet(name, counts["signature"], documents, models)


def _plain_sets(models: Sequence[Mapping[str, Any]]) -> dict[str, CountedSet]:
    documents = tuple(models[0]["counts"]["documents"])
    signature = models[0]["signature"]
    scored = {one["model"]: _scored(one["counts"]["scores"], len(documents)) for one in models}
    return {digest_of(signature): CountedSet("", signature, documents, scored)}


def _scored(scores: Mapping[str, Sequence[Sequence[Any]]], documents: int) -> dict[str, list[Counts]]:
    found = {name: [_counts(*row) for row in rows] for name, rows in scores.items()}
    if set(SCORES) - found.keys() or any(len(rows) != documents for rows in found.values()):
        raise ValueError("not the counts of every document")
    return found


def _counts(right: float, predicted: int, gold: int) -> Counts:
    # Sums of similarities were written as floats; the denominators of real ones are small.
    exact = (
        right
        if isinstance(right, int)
        else min(Fraction(right).limit_denominator(10**9), Fraction(min(predicted, gold)))
    )
    return Counts(exact, predicted, gold)


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}"
