"""The committed corpus: valid by the guide, built from its sources, split by story."""

import re

import pytest
from conftest import ROOT

from warwire.annotations.ambiguity import ambiguous_surfaces, to_tsv
from warwire.annotations.audit import audit
from warwire.annotations.card import counts
from warwire.annotations.cli import check, split
from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents
from warwire.annotations.labels import EVENT_TYPES, LABELS, STATUSES
from warwire.annotations.sources import read_sources
from warwire.annotations.splits import SPLITS, story_of
from warwire.annotations.statistics import describe

FOLDER = ROOT / "annotations" / "corpus"
CORPUS: dict[str, list[Document]] = {name: read_documents(FOLDER / f"{name}.jsonl") for name in SPLITS}
ALL = [document for documents in CORPUS.values() for document in documents]

GENRES = {
    "analysis",
    "breaking story",
    "broadcast transcript",
    "daily military update",
    "eyewitness feature",
    "headline list",
    "live blog",
    "official press release",
    "picture caption",
    "social-media post",
    "translated local report",
    "UN or aid-agency report",
    "wrap-up",
}


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


def test_no_article_repeats_another_and_no_invented_name_crosses_splits() -> None:
    assert audit(CORPUS) == []


def test_surfaces_with_more_than_one_label_are_the_listed_ones() -> None:
    assert to_tsv(ambiguous_surfaces(ALL)) == (FOLDER / "ambiguous.tsv").read_text()


def test_no_span_begins_with_an_article_or_ends_in_punctuation() -> None:
    surfaces = [span.surface(document.text) for document in ALL for span in document.spans]
    assert [s for s in surfaces if re.match(r"(?i)(the|an?)\s", s) and s.split()[0].islower()] == []
    assert [s for s in surfaces if s[-1] in ",;:!?" or s.strip() != s] == []
    assert [s for s in surfaces if s.endswith(".") and not re.search(r"\b[a-zA-Z]\.$", s)] == []


def test_it_is_as_large_as_it_should_be() -> None:
    whole = describe(ALL)
    assert len(ALL) >= 500
    assert whole.words >= 120_000
    assert whole.spans >= 28_000
    assert whole.events >= 8_000


@pytest.mark.parametrize(
    ("kind", "names", "least"),
    [("label", LABELS, 450), ("type", EVENT_TYPES, 300), ("status", STATUSES, 150)],
)
def test_every_label_type_and_status_is_frequent_in_the_training_split(
    kind: str, names: tuple[str, ...], least: int
) -> None:
    counts = getattr(describe(CORPUS["train"]), f"by_{kind}")
    assert {name: counts[name] for name in names if counts[name] < least} == {}


def test_an_eighth_is_annotated_a_second_time_from_the_same_text() -> None:
    second = {item.document.id: item.document.text for item in read_sources([FOLDER / "second"])[0]}
    first = {document.id: document.text for document in ALL}
    assert len(second) >= 0.12 * len(first)
    assert {name for name, text in second.items() if first.get(name) != text} == set()


def test_the_card_has_the_counts_of_the_corpus() -> None:
    assert counts(CORPUS) in (FOLDER / "README.md").read_text()


def test_the_datasets_library_loads_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    from datasets import load_dataset

    files = {name: str(FOLDER / f"{name}.jsonl") for name in SPLITS}
    loaded = load_dataset("json", data_files=files, cache_dir=str(tmp_path_factory.mktemp("cache")))
    assert {name: loaded[name].num_rows for name in SPLITS} == {name: len(CORPUS[name]) for name in SPLITS}
    assert loaded["dev"][0]["text"] == CORPUS["dev"][0].text
    assert loaded["dev"][0]["spans"][0]["label"] == CORPUS["dev"][0].spans[0].label


def test_genres_and_conflicts_vary() -> None:
    genres = {document.extra["meta"]["genre"] for document in ALL}
    assert genres == GENRES
    assert len({document.extra["meta"]["conflict"] for document in ALL}) >= 25


@pytest.mark.parametrize("key", ["story", "conflict", "region", "year", "genre", "style"])
def test_every_article_records_how_it_varies(key: str) -> None:
    assert [document.id for document in ALL if not document.extra["meta"].get(key)] == []


def test_every_article_has_a_day_of_publication() -> None:
    assert [document.id for document in ALL if document.date is None] == []
