"""Augmentation: copies keep wording, triggers and exact spans; mentions change within their label."""

from pathlib import Path

import pytest
from conftest import TINY_CORPUS, made

from warwire.annotations.document import Document
from warwire.train.augment import augment, dropped_tokens, kind_of, surface_pools
from warwire.train.config import Augment

DOCUMENTS = [made(source, id=f"d{i}") for i, source in enumerate(TINY_CORPUS)]


def augmented(copies: int, exchange: float, seed: int, gazetteers: Path | None = None) -> list[Document]:
    folder = str(gazetteers) if gazetteers else None
    return augment(DOCUMENTS, Augment(copies, exchange, folder, from_gazetteer=1.0), seed)


def surfaces(document: Document, label: str) -> list[str]:
    return [s.surface(document.text) for s in document.spans if s.label == label]


def test_originals_come_first_and_unchanged() -> None:
    assert augmented(2, 0.5, 1)[:3] == DOCUMENTS
    assert len(augmented(2, 0.5, 1)) == 9


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_has_the_labels_and_triggers_of_its_original_and_surfaces_of_the_pool(seed: int) -> None:
    pools = surface_pools(DOCUMENTS)
    for document, copy in zip(DOCUMENTS, augmented(1, 1.0, seed)[3:], strict=True):
        assert [s.label for s in copy.spans] == [s.label for s in document.spans]
        for span, original in zip(copy.spans, document.spans, strict=True):
            before = document.text[: original.start]
            kind = kind_of(span.label, original.surface(document.text), before)
            pool = pools.get(kind, (original.surface(document.text),))
            assert span.surface(copy.text).startswith(tuple(pool))


def test_without_exchange_the_mentions_stay() -> None:
    for document, copy in zip(DOCUMENTS, augmented(1, 0.0, 3)[3:], strict=True):
        assert surfaces(copy, "PLACE") == surfaces(document, "PLACE")


def test_the_same_seed_gives_the_same_copies() -> None:
    assert augmented(2, 0.5, 1) == augmented(2, 0.5, 1)
    assert augmented(2, 0.5, 1) != augmented(2, 0.5, 2)


def test_names_come_from_gazetteers_and_copies_get_datelines(tmp_path: Path) -> None:
    (tmp_path / "PLACE.txt").write_text("Quxx\nZyrra\n")
    copies = augmented(40, 1.0, 1, tmp_path)[3:]
    assert {name.casefold().split()[0] for copy in copies for name in surfaces(copy, "PLACE")} == {"quxx", "zyrra"}
    datelines = [copy for copy in copies if any(span.id == "dateline" for span in copy.spans)]
    assert 0 < len(datelines) < len(copies)
    assert all(surfaces(copy, "PLACE")[0] in ("QUXX", "ZYRRA", "quxx", "zyrra") for copy in datelines)


def test_some_copies_are_in_one_case_and_spans_stay_exact() -> None:
    copies = augmented(60, 0.0, 1)[3:]
    assert any(copy.text.isupper() for copy in copies)
    assert any(copy.text.islower() for copy in copies)
    for copy in copies:
        original = next(document for document in DOCUMENTS if copy.id.startswith(document.id))
        assert [s.casefold() for s in surfaces(copy, "WEAPON")] == [s.casefold() for s in surfaces(original, "WEAPON")]


def test_a_place_in_capitals_stays_in_capitals() -> None:
    documents = [made("[KHARTOUM|PLACE:p1] - Nothing.", id="a"), made("In [Lira|PLACE:p1].", id="b")]
    copies = augment(documents, Augment(30, 1.0), 1)[2:]
    assert {surfaces(c, "PLACE")[0].casefold().split()[0] for c in copies if c.id.startswith("a")} == {
        "khartoum",
        "lira",
    }
    assert all(surfaces(c, "PLACE")[0].isupper() or c.text.islower() for c in copies if c.id.startswith("a"))


KINDS = {
    ("SPEAKER", "Olena Didenko", "said "): ("SPEAKER", True, "person"),
    ("SPEAKER", "Pentagon", "The "): ("SPEAKER", True, "article"),
    ("SPEAKER", "witnesses", "but "): ("SPEAKER", False, ""),
    ("ACTOR", "Israeli", "an "): ("ACTOR", True, "demonym"),
    ("ACTOR", "Hamas", ""): ("ACTOR", True, ""),
    ("PLACE", "Golan Heights", "on the "): ("PLACE", True, "article"),
}


@pytest.mark.parametrize(("mention", "kind"), KINDS.items(), ids=lambda case: case[1])
def test_mentions_are_exchanged_within_their_kind(mention: tuple[str, str, str], kind: tuple[str, bool, str]) -> None:
    assert kind_of(*mention) == kind


def test_a_province_stays_a_province_and_a_person_is_never_a_name_behind_the(tmp_path: Path) -> None:
    (tmp_path / "PLACE.txt").write_text("Quxx\n")
    (tmp_path / "SPEAKER.txt").write_text("Ana Doe\n")
    documents = [made("In [Daraa province|PLACE:p1] the [Red Crescent|SPEAKER:s1] said so.", id="a")]
    copies = augment(documents, Augment(20, 1.0, str(tmp_path), from_gazetteer=1.0), 1)[1:]
    assert {surfaces(copy, "PLACE")[-1].casefold() for copy in copies} == {"quxx province"}
    assert {surfaces(copy, "SPEAKER")[0].casefold() for copy in copies} == {"red crescent"}


@pytest.mark.parametrize(("share", "left"), [(0.0, [1, 5, 6, 2]), (1.0, [1, 9, 9, 2])])
def test_hidden_tokens_become_the_unknown_one_and_special_tokens_stay(share: float, left: list[int]) -> None:
    assert list(dropped_tokens([[1, 5, 6, 2]], 9, frozenset({1, 2}), share)) == [left]
