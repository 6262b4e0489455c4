"""Intervals and paired tests: oracles, simulations whose answer is known, and properties."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from conftest import made
from scipy.stats import bootstrap

from warwire.evaluate.counts import Counts
from warwire.evaluate.document_counts import count_documents, f1, matrix
from warwire.evaluate.intervals import MIN_DOCUMENTS, Resampling, intervals
from warwire.evaluate.pairs import Pair
from warwire.evaluate.scores import score
from warwire.evaluate.significance import compare_models, holm, randomisation_test


def drawn(documents: int, chance: float, seed: int, items: int = 12) -> list[Counts]:
    """Documents of different length whose items are right with a chance that differs from document to document."""
    random = np.random.default_rng(seed)
    lengths = random.integers(4, 2 * items, documents)
    chances = np.clip(random.normal(chance, 0.1, documents), 0, 1)
    return [Counts(int(random.binomial(n, p)), int(n), int(n)) for n, p in zip(lengths, chances, strict=True)]


def test_an_interval_is_scipys_percentile_interval() -> None:
    counts = drawn(60, 0.7, seed=1)
    table = matrix(counts)
    ours = intervals({"tag": counts}, Resampling(20_000))["tag"].f1
    theirs = bootstrap(
        (np.arange(60),),
        lambda rows, axis: f1(table[rows].sum(axis=-2)),
        n_resamples=20_000,
        method="percentile",
        rng=np.random.default_rng(2),
        batch=2_000,
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.003)


def test_a_95_percent_interval_holds_the_true_value_in_about_95_percent_of_the_samples() -> None:
    held = 0
    for seed in range(300):
        found = intervals({"tag": drawn(50, 0.7, seed)}, Resampling(400, seed))["tag"].f1
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.7 <= found.high
    assert 0.90 <= held / 300 <= 0.98


def test_values_are_the_scores_of_the_whole_data() -> None:
    gold = made("[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] at [Rivo|PLACE:p1].\n---\ne1: agent=a1 count=c1")
    other = made("[Rebels|SPEAKER:a1] [fired|LAUNCH:e1] nine at [Rivo|PLACE:p1].\n---\ne1: origin=p1")
    counts = count_documents([Pair(gold, other)])
    found, whole = intervals(counts.by_score), score([gold], [other])
    assert {name: one.f1.value for name, one in found.items()} == pytest.approx(
        {
            "core_tag": whole.core_tag.f1,
            "tag": whole.tag.f1,
            "tag_relaxed": whole.tag_relaxed.f1,
            "trigger": whole.trigger.f1,
            "argument": whole.argument.f1,
            "tuple": whole.events.tuples.f1,
            "exact_tuple": whole.events.exact.f1,
            "status": whole.events.status.accuracy,
        }
    )


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ([Counts(1, 1, 1)] * (MIN_DOCUMENTS - 1), (None, None)),
        ([Counts(1, 2, 2)] * MIN_DOCUMENTS, (0.5, 0.5)),
        ([Counts(1, 2, 2)] * (MIN_DOCUMENTS - 1) + [Counts()] * 20, (None, None)),
        ([Counts()] * 20, (None, None)),
    ],
    ids=["too few documents", "no spread", "too few with anything to count", "nothing to count"],
)
def test_an_interval_is_left_out_where_too_few_documents_count(
    counts: Sequence[Counts], ends: tuple[float | None, float | None]
) -> None:
    found = intervals({"tag": counts})["tag"].f1
    assert (found.low, found.high) == ends


def test_a_model_that_equals_another_in_every_document_differs_by_chance_alone() -> None:
    counts = {"tag": drawn(40, 0.7, seed=5)}
    (found,) = compare_models({"d": {"a": counts, "b": counts}}, ["tag"], Resampling(200), rounds=200)
    assert (found.difference, found.low, found.high, found.p, found.identical) == (0, 0, 0, 1, True)


def test_a_small_test_gives_the_share_of_all_exchanges() -> None:
    ours = [Counts(right, 9, 10) for right in (8, 5, 9, 3, 7, 6)]
    theirs = [Counts(right, 11, 10) for right in (6, 6, 5, 2, 7, 3)]
    first, second = matrix(ours), matrix(theirs)

    def difference(swaps: Sequence[int]) -> float:
        swapped = np.array(swaps, dtype=bool)[:, None]
        one, other = np.where(swapped, second, first).sum(axis=0), np.where(swapped, first, second).sum(axis=0)
        return abs(float(f1(one) - f1(other)))

    every = [difference(swaps) for swaps in product((0, 1), repeat=6)]
    exact = sum(one >= every[0] - 1e-12 for one in every) / len(every)
    assert randomisation_test([first], [second], rounds=20_000) == pytest.approx([exact], abs=0.01)


def test_equally_good_models_differ_beyond_5_percent_in_about_5_percent_of_the_samples() -> None:
    p_values = []
    for seed in range(300):
        first, second = matrix(drawn(30, 0.7, 2 * seed)), matrix(drawn(30, 0.7, 2 * seed + 1))
        p_values += randomisation_test([first], [second], rounds=400, seed=seed)
    assert 0.02 <= np.mean(np.array(p_values) < 0.05) <= 0.08


def test_a_clearly_better_model_is_better_beyond_chance() -> None:
    worse, better = {"tag": drawn(40, 0.6, seed=6)}, {"tag": drawn(40, 0.8, seed=6)}
    (found,) = compare_models({"d": {"worse": worse, "better": better}}, ["tag"], Resampling(500), rounds=1000)
    assert found.beyond_chance
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.difference < found.high < 0


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.01, 0.01], [0.02, 0.02]),
    ],
)
def test_holm_multiplies_by_the_tests_left_and_never_falls(p_values: list[float], corrected: list[float]) -> None:
    assert holm(p_values) == pytest.approx(corrected)


def test_every_pair_on_every_data_set_and_score_is_corrected_together() -> None:
    models = {name: {"tag": drawn(20, 0.7, i), "tuple": drawn(20, 0.7, i + 9)} for i, name in enumerate("abc")}
    found = compare_models({"d1": models, "d2": models}, ["tag", "tuple"], Resampling(100), rounds=100)
    assert len({(one.data, one.score, one.first, one.second) for one in found}) == 12
    assert [one.p_holm for one in found] == holm([one.p for one in found])


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    counts = {"tag": drawn(40, 0.7, seed=3)}
    assert intervals(counts, Resampling(500, 1)) == intervals(counts, Resampling(500, 1))
    assert intervals(counts, Resampling(500, 1)) != intervals(counts, Resampling(500, 2))


def test_many_documents_are_sampled_in_blocks_that_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"tag": drawn(40, 0.7, seed=4)}
    whole = intervals(counts, Resampling(500))
    monkeypatch.setattr("warwire.evaluate.intervals._CELLS", 40 * 7)
    assert intervals(counts, Resampling(500)) == whole
