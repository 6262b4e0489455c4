"""Augmentation: copies keep wording, triggers and exact spans; mentions change within their label."""

import pytest
from conftest import TINY_CORPUS, made

from warwire.annotations.document import Document
from warwire.train.augment import augment, dropped_tokens, surface_pools

DOCUMENTS = [made(source, id=f"d{i}") for i, source in enumerate(TINY_CORPUS)]


def surfaces(document: Document, label: str) -> list[str]:
    return [s.surface(document.text) for s in document.spans if s.label == label]


def test_originals_come_first_and_unchanged() -> None:
    assert augment(DOCUMENTS, 2, 0.5, 1)[:3] == DOCUMENTS
    assert len(augment(DOCUMENTS, 2, 0.5, 1)) == 9


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_has_the_labels_and_triggers_of_its_original_and_surfaces_of_the_pool(seed: int) -> None:
    pools = surface_pools(DOCUMENTS)
    for document, copy in zip(DOCUMENTS, augment(DOCUMENTS, 1, 1.0, seed)[3:], strict=True):
        assert [s.label for s in copy.spans] == [s.label for s in document.spans]
        for span, original in zip(copy.spans, document.spans, strict=True):
            surface = span.surface(copy.text)
            pool = pools.get((span.label, surface[0].isupper()), (original.surface(document.text),))
            assert surface in pool


def test_without_exchange_the_mentions_stay() -> None:
    for document, copy in zip(DOCUMENTS, augment(DOCUMENTS, 1, 0.0, 3)[3:], strict=True):
        assert surfaces(copy, "PLACE") == surfaces(document, "PLACE")


def test_the_same_seed_gives_the_same_copies() -> None:
    assert augment(DOCUMENTS, 2, 0.5, 1) == augment(DOCUMENTS, 2, 0.5, 1)
    assert augment(DOCUMENTS, 2, 0.5, 1) != augment(DOCUMENTS, 2, 0.5, 2)


@pytest.mark.parametrize(("share", "left"), [(0.0, [1, 5, 6, 2]), (1.0, [1, 9, 9, 2])])
def test_hidden_tokens_become_the_unknown_one_and_special_tokens_stay(share: float, left: list[int]) -> None:
    assert list(dropped_tokens([[1, 5, 6, 2]], 9, frozenset({1, 2}), share)) == [left]
