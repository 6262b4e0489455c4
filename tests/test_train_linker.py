"""Training the scorer that links spans: it learns, the same data give the same file, spoilt copies stay consistent."""

from pathlib import Path

import pytest
from conftest import TINY_CORPUS, made

from warwire.annotations.document import Document
from warwire.annotations.guide import check_guide
from warwire.annotations.jsonl import write_documents
from warwire.annotations.record import parse_record, to_record
from warwire.annotations.splits import split_of
from warwire.model.linking.layout import lay_out
from warwire.model.linking.learned import link
from warwire.model.linking.scorer import read_scorer
from warwire.train.linker import main, read_training
from warwire.train.linker_examples import examples_of, spoilt_copies, vocabulary_of
from warwire.train.linker_plain import plain_documents

STORIES = [name for name in (f"story-{i}" for i in range(99)) if split_of(name) == "train"]


def corpus() -> list[Document]:
    return [made(source, id=story, story=story) for story, source in zip(STORIES, TINY_CORPUS * 8, strict=False)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("linker")
    write_documents(folder / "train.jsonl", corpus())
    files = [folder / "one.npz", folder / "two.npz"]
    data = str(folder / "train.jsonl")
    for out in files:
        main([data, "--dev", data, "--out", str(out), "--networks", "1", "--plain", "0"])
    return files


def test_the_same_data_give_the_same_scorer(trained: list[Path]) -> None:
    assert trained[0].read_bytes() == trained[1].read_bytes()


def test_it_learns_what_it_was_shown(trained: list[Path]) -> None:
    scorer = read_scorer(trained[0])
    for document in corpus()[:3]:
        [event] = document.events
        [draft] = link(lay_out(document), scorer)
        found = {(role, m.span.id) for role, fillers in draft.roles.items() for m in fillers}
        assert found == {(argument.role, argument.span) for argument in event.arguments}


def test_stories_of_dev_and_test_are_left_out(tmp_path: Path) -> None:
    kept = made(TINY_CORPUS[0], id="kept", story=STORIES[0])
    other = next(name for name in (f"story-{i}" for i in range(99)) if split_of(name) == "dev")
    write_documents(tmp_path / "both.jsonl", [kept, made(TINY_CORPUS[1], id="other", story=other)])
    assert [document.id for document in read_training([tmp_path / "both.jsonl"])] == ["kept"]


def test_inline_folders_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.ann.txt").write_text(f"# id: a\n# story: {STORIES[0]}\n{TINY_CORPUS[0]}\n", encoding="utf-8")
    assert [document.id for document in read_training([tmp_path])] == ["a"]


def test_spoilt_copies_are_valid_documents() -> None:
    for document in spoilt_copies(corpus()[0], 40, seed=1):
        assert parse_record(to_record(document)) == document


def test_the_answers_are_the_annotated_arguments() -> None:
    [example] = examples_of([made(TINY_CORPUS[0])], 0, 0)
    assert example.links.sum() == 6
    assert example.statuses.tolist() == [0]


def test_rare_features_are_told_by_what_stands_for_them() -> None:
    assert vocabulary_of([["B1=by", "B1=by", "B1=shelled", "B1=bombed"]], least=2) == {"B1=<ed>": 1, "B1=by": 2}


def test_plain_sentences_are_annotated_by_the_guide() -> None:
    documents = plain_documents(3, seed=5)
    assert [problem for document in documents for problem in check_guide(document)] == []
    assert documents == plain_documents(3, seed=5)
