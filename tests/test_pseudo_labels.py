"""`warwire pseudolabel`: unlabelled articles, tagged by teachers together, as training data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import TINY_CORPUS, Ran, made

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents, write_documents
from warwire.model.bundle import open_bundle
from warwire.train.features import DOUBTFUL, IGNORED, WindowShape, build_rows
from warwire.train.pseudo_labels import Selection, load_teachers, once, pseudo_labelled

Run = Callable[..., Ran]
TAUGHT = made(TINY_CORPUS[0]).text
QUIET = "The museum opens at nine and closes at five; tickets are sold at the door, and children need none."
EVERY = Selection(quiet_share=1.0)


def labelled(texts: list[str], bundle: Path, selection: Selection = EVERY, **more: list[Document]) -> list[Document]:
    return list(pseudo_labelled(texts, load_teachers([bundle, bundle]), selection, **more))


def test_an_article_gets_the_spans_that_its_teachers_agree_on(tiny_bundle: Path) -> None:
    [document] = labelled([TAUGHT], tiny_bundle)
    found = [(span.surface(document.text), span.label) for span in document.spans]
    assert found == [(s.surface(TAUGHT), s.label) for s in made(TINY_CORPUS[0]).spans]


def test_articles_without_events_are_kept_now_and_then(tiny_bundle: Path) -> None:
    quiet = [f"{QUIET} {number}" for number in range(200)]
    kept = labelled(quiet, tiny_bundle, Selection(words_a_trigger=1, quiet_share=0.25))
    assert 20 < len(kept) < 80
    assert labelled(quiet, tiny_bundle, Selection(words_a_trigger=1, quiet_share=0.0)) == []


def test_texts_of_a_test_set_are_left_out(tiny_bundle: Path) -> None:
    excluded = [made(f"Before it. {QUIET} After it.", id="test")]
    assert [d.text for d in labelled([f"Again: {QUIET}", TAUGHT], tiny_bundle, excluded=excluded)] == [TAUGHT]


def test_words_that_are_undecided_do_not_count_in_the_loss(tiny_bundle: Path) -> None:
    undecided = labelled([TAUGHT], tiny_bundle, Selection(quiet_share=1.0, surest=1.1))
    rows, _ = build_rows(undecided, open_bundle(tiny_bundle).tokenizer, WindowShape(64, 8, (1,), (2,)))
    assert len(undecided[0].extra[DOUBTFUL]) > 10
    assert set(np.concatenate([row["labels"] for row in rows])) == {IGNORED}


@pytest.mark.parametrize("separator", ["\n", " "])
def test_a_long_article_is_cut_where_it_can_be(tiny_bundle: Path, separator: str) -> None:
    [document] = labelled([separator.join([TAUGHT] * 9)], tiny_bundle, Selection(longest=400, quiet_share=1.0))
    assert 200 < len(document.text) <= 400
    assert document.text.rstrip() == document.text


def test_an_article_is_taken_once(tiny_bundle: Path) -> None:
    assert len(list(once(labelled([TAUGHT, QUIET, TAUGHT], tiny_bundle)))) == 2


def test_teachers_have_to_share_a_tokenizer(tiny_bundle: Path) -> None:
    default = Path(__file__).parent.parent / "model" / "default"
    with pytest.raises(InputError, match="its tokenizer is not that of"):
        list(pseudo_labelled([TAUGHT], load_teachers([tiny_bundle, default]), EVERY))


def test_the_command_writes_training_data(tiny_bundle: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "news.txt").write_text(f"{TAUGHT}\n\n{QUIET}\n\n{TAUGHT}\n")
    write_documents(tmp_path / "test.jsonl", [made(QUIET, id="t")])
    ran = run(
        *("pseudolabel", tiny_bundle, "--text", tmp_path / "news.txt", "--out", tmp_path / "p.jsonl"),
        *("--exclude", tmp_path / "test.jsonl", "--no-progress"),
    )
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'p.jsonl'}: 1 articles, 7 spans\n")
    assert [d.text for d in read_documents(tmp_path / "p.jsonl")] == [TAUGHT]


def test_without_an_article_worth_keeping_nothing_is_written(tiny_bundle: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "news.txt").write_text("Calm.\n")
    ran = run("pseudolabel", tiny_bundle, "--text", tmp_path / "news.txt", "--out", tmp_path / "p.jsonl")
    assert (ran.code, "nothing is written" in ran.err, (tmp_path / "p.jsonl").exists()) == (2, True, False)
