"""The learned scorer: its file fits the code, numpy gives what torch gave, and what it gives are probabilities."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import made
from reports import REPORTS

from warwire.annotations.errors import InputError
from warwire.annotations.labels import ROLES
from warwire.model.linking.layout import lay_out
from warwire.model.linking.learned import link
from warwire.model.linking.rules import link_by_rules
from warwire.model.linking.scorer import SCORER, Scorer, read_scorer, shipped_scorer, signature, write_scorer
from warwire.model.linking.signals import Signals, signals_of
from warwire.train.linker import weights_of
from warwire.train.linker_batches import batch_of, number
from warwire.train.linker_examples import examples_of, vocabulary_of
from warwire.train.linker_network import LinkNetwork

REPORT = made(REPORTS["six of them, of the sentence before"])


def signals() -> Signals:
    layout = lay_out(REPORT)
    return signals_of(layout, link_by_rules(layout))


@pytest.fixture
def network() -> LinkNetwork:
    torch.manual_seed(3)
    return LinkNetwork(words=400, cues=400, width=16, hidden=24, dropout=0.5).eval()


@pytest.fixture
def scorer(network: LinkNetwork) -> Scorer:
    words = vocabulary_of(signals().words.names(), 1)
    cues = vocabulary_of(signals().cues.names(), 1)
    even, none = np.full(len(ROLES), 0.5, np.float32), np.zeros(len(ROLES), np.float32)
    return Scorer((weights_of(network),), words, cues, even, none, 1.0)


def test_the_shipped_file_fits_the_code_and_is_small() -> None:
    shipped = read_scorer(SCORER)
    assert all(len(weights["words.weight"]) == len(shipped.words) + 1 for weights in shipped.networks)
    assert SCORER.stat().st_size < 2_000_000


def test_numpy_gives_what_torch_gave(network: LinkNetwork, scorer: Scorer) -> None:
    [example] = examples_of([REPORT], 0, 0)
    batch = batch_of([number(example, scorer.words, scorer.cues)])
    with torch.inference_mode():
        _, logits, statuses = network(batch)
    links, found = scorer.score(signals())
    np.testing.assert_allclose(links, torch.sigmoid(logits).numpy() * batch.allowed.numpy(), atol=1e-5)
    np.testing.assert_allclose(found, torch.softmax(statuses, 1).numpy(), atol=1e-5)


def test_a_document_comes_out_the_same_to_the_last_bit_whatever_it_is_scored_with() -> None:
    documents = [signals_of(layout, link_by_rules(layout)) for layout in map(lay_out, map(made, REPORTS.values()))]
    scorer, chance = shipped_scorer(), random.Random(4)
    alone = [scorer.score(document) for document in documents]
    for size in (2, 5, len(documents)):
        for start in range(0, len(documents), size):
            chosen = chance.sample(range(len(documents)), size) if start else list(range(size))
            for n, found in zip(chosen, scorer.score_all([documents[n] for n in chosen]), strict=True):
                for one, other in zip(found, alone[n], strict=True):
                    np.testing.assert_array_equal(one, other)


def test_what_a_label_cannot_fill_has_no_probability(scorer: Scorer) -> None:
    links, statuses = scorer.score(signals())
    assert ((links > 0).sum(axis=1) <= 3).all()
    np.testing.assert_allclose(statuses.sum(axis=1), 1, atol=1e-5)


def test_trust_in_the_rules_raises_what_they_link(scorer: Scorer) -> None:
    trusting = Scorer(scorer.networks, scorer.words, scorer.cues, scorer.thresholds, scorer.trust + 2, 1.0)
    before, after = scorer.score(signals())[0], trusting.score(signals())[0]
    raised = {(int(r), int(c)) for r, c in np.argwhere(after > before)}
    lowered = {(int(r), int(c)) for r, c in np.argwhere(after < before)}
    assert raised
    assert lowered
    assert not raised & lowered


def test_a_file_gives_the_scorer_back(scorer: Scorer, tmp_path: Path) -> None:
    write_scorer(tmp_path / "scorer.npz", scorer)
    back = read_scorer(tmp_path / "scorer.npz")
    assert (back.words, back.cues, back.status_trust) == (scorer.words, scorer.cues, scorer.status_trust)
    np.testing.assert_allclose(back.score(signals())[0], scorer.score(signals())[0], atol=0.02)


def test_a_file_for_other_features_is_refused(scorer: Scorer, tmp_path: Path) -> None:
    path = tmp_path / "scorer.npz"
    write_scorer(path, scorer)
    with np.load(path) as file:
        arrays = dict(file)
    manifest = json.loads(arrays["manifest"].tobytes()) | {"signature": "0" * len(signature())}
    arrays["manifest"] = np.frombuffer(json.dumps(manifest).encode(), dtype=np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(InputError, match="other features"):
        read_scorer(path)


@pytest.mark.parametrize("content", [None, b"", b"no zip file"])
def test_a_missing_or_broken_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "scorer.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="no readable scorer file"):
        read_scorer(path)


def test_events_come_in_the_order_of_their_triggers_whatever_the_scorer_says(scorer: Scorer) -> None:
    starts = [draft.trigger.index for draft in link(lay_out(REPORT), scorer)]
    assert starts == sorted(starts)
    assert set(starts) == {m.index for m in lay_out(REPORT).mentions if m.is_trigger}
