"""Decoding: only legal IOB2 sequences, the best of them, and scores that are probabilities."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from warwire.annotations.labels import BIO_TAGS
from warwire.model.decode import RESTART, best_legal_sequence, decode, is_legal, restarts

INDEX = {tag: i for i, tag in enumerate(BIO_TAGS)}


def favouring(*tags: str, strength: float = 9.0) -> NDArray[np.float32]:
    """Logits that favour one tag a unit."""
    logits = np.zeros((len(tags), len(BIO_TAGS)), dtype=np.float32)
    logits[range(len(tags)), [INDEX[tag] for tag in tags]] = strength
    return logits


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        (["O", "O"], []),
        (["B-PLACE", "I-PLACE", "O"], [(0, 2, "PLACE")]),
        (["B-PLACE", "B-PLACE"], [(0, 1, "PLACE"), (1, 2, "PLACE")]),
        (["B-COUNT", "B-WEAPON", "I-WEAPON"], [(0, 1, "COUNT"), (1, 3, "WEAPON")]),
        (["O", "B-KILL"], [(1, 2, "KILL")]),
    ],
)
def test_legal_sequences_decode_as_they_are(tags: list[str], spans: list[tuple[int, int, str]]) -> None:
    assert [(u.start, u.end, u.label) for u in decode(favouring(*tags))] == spans


@pytest.mark.parametrize(
    "tags", [["I-PLACE", "I-PLACE"], ["O", "I-KILL"], ["B-PLACE", "I-WEAPON"], ["B-TIME", "O", "I-TIME"]]
)
def test_illegal_favourites_still_give_a_legal_sequence(tags: list[str]) -> None:
    assert not is_legal(favouring(*tags).argmax(axis=1))
    assert is_legal(best_legal_sequence(favouring(*tags)))


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_any_logits_give_a_legal_sequence_and_scores_in_0_1(seed: int, units: int) -> None:
    logits = np.random.default_rng(seed).normal(scale=3, size=(units, len(BIO_TAGS))).astype(np.float32)
    assert is_legal(best_legal_sequence(logits))
    assert all(0.0 <= u.score <= 1.0 and u.start < u.end for u in decode(logits))


@given(st.integers(0, 2**32 - 1))
def test_the_sequence_is_the_best_of_all_legal_ones(seed: int) -> None:
    allowed = [INDEX[tag] for tag in ("O", "B-PLACE", "I-PLACE", "B-TIME", "I-TIME")]
    logits = np.full((4, len(BIO_TAGS)), -1e4, dtype=np.float32)
    logits[:, allowed] = np.random.default_rng(seed).normal(size=(4, 5))
    legal = [s for s in product(allowed, repeat=4) if is_legal(np.array(s))]
    best = max(legal, key=lambda s: logits[range(4), s].sum(dtype=np.float64) - RESTART * restarts(np.array(s)).sum())
    assert best_legal_sequence(logits).tolist() == list(best)


def _costs() -> NDArray[np.float64]:
    """What each tag costs behind each other, infinity where it may not stand there; shape (before, tag)."""
    cost = np.full((len(BIO_TAGS), len(BIO_TAGS)), np.inf)
    for before, tag in product(range(len(BIO_TAGS)), repeat=2):
        start = [before - 1, before] if before and before % 2 == 0 else [before]
        if is_legal(np.array([*start, tag])):
            cost[before, tag] = RESTART * restarts(np.array([before, tag]))[1]
    return cost


COSTS = _costs()


def _best_score(logits: NDArray[np.float32]) -> float:
    """The score of the best legal sequence, by dynamic programming over all pairs of tags."""
    score = logits[0] + np.where(COSTS[0] == 0, 0.0, -np.inf)
    for row in logits[1:]:
        score = (score[:, None] - COSTS).max(axis=0) + row
    return float(score.max())


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from([0.5, 2.0, 6.0]))
def test_searching_around_breaks_alone_finds_the_best_of_the_whole(seed: int, units: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    likely = random.choice(len(BIO_TAGS), size=6, replace=False)
    logits = np.full((units, len(BIO_TAGS)), -9.0, dtype=np.float32)
    logits[:, likely] = random.normal(scale=spread, size=(units, 6))
    found = best_legal_sequence(logits)
    score = logits[np.arange(units), found].sum(dtype=np.float64) - RESTART * restarts(found).sum()
    assert is_legal(found)
    assert score == pytest.approx(_best_score(logits), abs=1e-3)


def test_a_weak_restart_goes_on_with_the_span_before() -> None:
    logits = favouring("B-PLACE", "B-PLACE")
    logits[1, INDEX["I-PLACE"]] = 9.0 - RESTART / 2
    assert [(u.start, u.end) for u in decode(logits)] == [(0, 2)]


def test_a_score_is_the_product_of_the_unit_probabilities() -> None:
    logits = np.log(np.full((2, len(BIO_TAGS)), 0.1 / 34))
    logits[0, INDEX["B-PLACE"]], logits[1, INDEX["O"]] = np.log(0.9), np.log(0.9)
    [span] = decode(logits.astype(np.float32))
    assert span.score == pytest.approx(0.9 * (1 - 0.1 / 34), abs=1e-4)  # begins here, and does not go on


def test_surer_logits_give_higher_scores() -> None:
    tags = ["B-PLACE", "I-PLACE", "O"]
    weak, strong = (decode(favouring(*tags, strength=s))[0].score for s in (4.0, 8.0))
    assert weak < strong


def test_no_units_give_no_spans() -> None:
    assert decode(np.zeros((0, len(BIO_TAGS)), dtype=np.float32)) == ()
