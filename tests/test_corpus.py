"""The committed corpus: valid by the guide, built from its sources, split by story."""

import pytest
from conftest import ROOT

from warwire.annotations.cli import check, split
from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents
from warwire.annotations.labels import EVENT_TYPES, LABELS, STATUSES
from warwire.annotations.splits import SPLITS, story_of
from warwire.annotations.statistics import describe

FOLDER = ROOT / "annotations" / "corpus"
CORPUS: dict[str, list[Document]] = {name: read_documents(FOLDER / f"{name}.jsonl") for name in SPLITS}
ALL = [document for documents in CORPUS.values() for document in documents]


def test_it_passes_the_annotation_guide() -> None:
    assert check([FOLDER / f"{name}.jsonl" for name in SPLITS]) == len(ALL)


def test_it_is_what_its_sources_build(tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("built")
    split([FOLDER / "inline"], out)
    for name in SPLITS:
        assert (out / f"{name}.jsonl").read_bytes() == (FOLDER / f"{name}.jsonl").read_bytes()


def test_no_story_is_in_two_splits() -> None:
    stories = [{story_of(document) for document in documents} for documents in CORPUS.values()]
    assert sum(map(len, stories)) == len(set().union(*stories))


def test_no_article_is_there_twice() -> None:
    shingles = {d.id: {tuple(w[i : i + 8]) for w in [d.text.lower().split()] for i in range(len(w) - 7)} for d in ALL}
    seen: dict[tuple[str, ...], str] = {}
    shared: dict[tuple[str, str], int] = {}
    for name, own in shingles.items():
        for shingle in own:
            other = seen.setdefault(shingle, name)
            if other != name:
                shared[other, name] = shared.get((other, name), 0) + 1
    assert [pair for pair, n in shared.items() if n > 0.2 * min(len(shingles[name]) for name in pair)] == []


def test_every_label_type_and_status_is_in_the_training_split() -> None:
    counts = describe(CORPUS["train"])
    assert [label for label in LABELS if not counts.by_label[label]] == []
    assert [kind for kind in EVENT_TYPES if not counts.by_type[kind]] == []
    assert [status for status in STATUSES if not counts.by_status[status]] == []


@pytest.mark.parametrize("key", ["story", "conflict", "region", "year", "genre", "style"])
def test_every_article_records_how_it_varies(key: str) -> None:
    assert [document.id for document in ALL if not document.extra["meta"].get(key)] == []


def test_every_article_has_a_day_of_publication() -> None:
    assert [document.id for document in ALL if document.date is None] == []
