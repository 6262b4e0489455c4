"""Calibration and threshold curves: known cases, and scikit-learn as the oracle."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.evaluate.calibration import (
    POINTS,
    Prediction,
    calibration,
    event_predictions,
    span_predictions,
    threshold_curve,
)
from warwire.evaluate.pairs import Pair

TEXT = "x" * 40


def document(*spans: tuple[int, int, str, float | None], events: tuple[Event, ...] = ()) -> Document:
    return Document("d", TEXT, spans=tuple(Span(f"T{i}", *one) for i, one in enumerate(spans)), events=events)


def drawn(items: int, seed: int, sharpness: float = 1.0) -> list[Prediction]:
    """Predictions that are right with the chance of their confidence to the power of `sharpness`."""
    random = np.random.default_rng(seed)
    scores = random.uniform(0, 1, items)
    return [Prediction(float(s), float(random.uniform() < s**sharpness)) for s in scores]


PREDICTIONS = st.lists(st.builds(Prediction, st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=80)


def test_a_span_is_right_with_start_end_and_label() -> None:
    gold = document((0, 5, "PLACE", None), (6, 9, "ACTOR", None))
    predicted = document((0, 5, "PLACE", 0.9), (6, 8, "ACTOR", 0.6), (12, 15, "ACTOR", 0.3))
    assert span_predictions([Pair(gold, predicted)]) == (Prediction(0.9, 1), Prediction(0.6, 0), Prediction(0.3, 0))


def test_an_event_is_right_as_an_exact_tuple_or_as_far_as_it_is_similar() -> None:
    def told(score: float | None, *count: tuple[int, int, str, float | None]) -> Document:
        arguments = tuple(Argument("count", f"T{i}") for i in range(1, 1 + len(count)))
        return document((0, 5, "KILL", None), *count, events=(Event("E", "KILL", "T0", arguments, score=score),))

    pairs = [Pair(told(None, (6, 9, "COUNT", None)), told(0.8))]
    assert event_predictions(pairs, exact=True) == (Prediction(0.8, 0.0),)
    assert event_predictions(pairs, exact=False) == (Prediction(0.8, pytest.approx(2 / 3)),)


@pytest.mark.parametrize("spans", [(), ((0, 5, "PLACE", 0.9), (6, 8, "ACTOR", None))], ids=["none", "one without"])
def test_without_scores_there_is_no_calibration(spans: tuple[tuple[int, int, str, float | None], ...]) -> None:
    assert span_predictions([Pair(document(), document(*spans))]) is None


def test_a_model_that_is_as_often_right_as_it_says_has_hardly_an_error() -> None:
    honest, boastful = calibration(drawn(20_000, 1)), calibration(drawn(20_000, 1, sharpness=4))
    assert honest.ece_width < 0.02
    assert honest.ece_mass < 0.02
    # The mean of s - s**4 over s in 0..1.
    assert boastful.ece_width == pytest.approx(0.3, abs=0.02)
    assert boastful.ece_mass == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_scikit_learn_has_the_same_bins(strategy: str) -> None:
    from sklearn.calibration import calibration_curve

    predictions = drawn(1500, 2)
    found = calibration(predictions)
    ours = found.width_bins if strategy == "uniform" else found.mass_bins
    theirs = calibration_curve(
        [one.right for one in predictions], [one.score for one in predictions], n_bins=15, strategy=strategy
    )
    tolerance = 1e-9 if strategy == "uniform" else 0.03  # quantiles between items may fall on either side
    assert [one.accuracy for one in ours] == pytest.approx(list(theirs[0]), abs=tolerance)
    assert [one.confidence for one in ours] == pytest.approx(list(theirs[1]), abs=tolerance)


def test_scikit_learn_has_the_same_brier_score() -> None:
    from sklearn.metrics import brier_score_loss

    predictions = drawn(300, 3)
    expected = brier_score_loss([one.right for one in predictions], [one.score for one in predictions])
    assert calibration(predictions).brier == pytest.approx(expected)


@given(PREDICTIONS)
def test_the_bins_hold_every_prediction_once(predictions: list[Prediction]) -> None:
    found = calibration(predictions)
    assert sum(one.items for one in found.width_bins) == sum(one.items for one in found.mass_bins) == len(predictions)
    assert all(one.low <= one.confidence + 1e-9 and one.confidence <= one.high + 1e-9 for one in found.mass_bins)


def test_scikit_learn_has_the_same_curve_where_all_gold_items_are_found() -> None:
    from sklearn.metrics import precision_recall_curve

    predictions = drawn(40, 4)
    right = [one.right for one in predictions]
    precision, recall, thresholds = precision_recall_curve(right, [one.score for one in predictions])
    curve = threshold_curve(predictions, int(sum(right)))
    assert [one.threshold for one in curve] == pytest.approx(list(thresholds))
    assert [one.precision for one in curve] == pytest.approx(list(precision[:-1]))
    assert [one.recall for one in curve] == pytest.approx(list(recall[:-1]))


@given(PREDICTIONS, st.integers(0, 20))
def test_a_curve_keeps_everything_first_and_then_less_and_less(predictions: list[Prediction], missed: int) -> None:
    gold = int(sum(one.right for one in predictions)) + missed
    curve = threshold_curve(predictions, gold)
    assert curve[0].kept == len(predictions)
    assert len(curve) <= POINTS
    assert all(one.threshold < other.threshold and one.kept > other.kept for one, other in pairwise(curve))
    for point in curve:
        kept = [one for one in predictions if one.score >= point.threshold]
        right = sum(one.right for one in kept)
        assert (point.kept, point.precision) == (len(kept), pytest.approx(right / len(kept)))
        assert point.recall == pytest.approx(right / gold if gold else 0)


def test_a_curve_of_many_scores_is_thinned() -> None:
    curve = threshold_curve(drawn(5000, 5), 3000)
    assert len(curve) == POINTS
    steps = [one.kept - other.kept for one, other in pairwise(curve)]
    assert max(steps) < 2 * min(steps)
