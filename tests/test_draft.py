"""`warwire annotate draft`: bare text, tagged by a model, the least certain first."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import TINY_CORPUS, Ran, made

from warwire.annotations.formats.inline import read_inline
from warwire.annotations.jsonl import read_documents, write_documents
from warwire.annotations.sources import read_sources

Run = Callable[..., Ran]
KNOWN = made(TINY_CORPUS[0]).text
STRANGE = "Wolthuis quantified Bragg peaks; the Kestrel syndicate shelled walnuts, and nine jurors demurred."


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    path = tmp_path / "bare.jsonl"
    lines = [{"id": "known", "text": KNOWN, "date": "2024-03-02"}, {"id": "strange/1", "text": STRANGE}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_the_least_certain_text_comes_first(tmp_path: Path, bare: Path, run: Run, tiny_bundle: Path) -> None:
    assert run("annotate", "draft", bare, "--out", tmp_path / "drafts", "--model", tiny_bundle).code == 0
    first, second = (read_inline(path) for path in sorted((tmp_path / "drafts").iterdir()))
    assert (first.id, second.id) == ("strange/1", "known")
    assert float(first.extra["meta"]["doubt"]) > float(second.extra["meta"]["doubt"])


def test_a_draft_keeps_text_and_date_and_has_spans_and_events(
    tmp_path: Path, bare: Path, run: Run, tiny_bundle: Path
) -> None:
    run("annotate", "draft", bare, "--out", tmp_path / "drafts.jsonl", "--model", tiny_bundle)
    known = read_documents(tmp_path / "drafts.jsonl")[1]
    assert (known.text, known.date) == (KNOWN, "2024-03-02")
    assert {span.label for span in known.spans} >= {"SPEAKER", "WEAPON", "LAUNCH"}
    assert known.events


def test_an_inline_draft_can_be_read_again(tmp_path: Path, bare: Path, run: Run, tiny_bundle: Path) -> None:
    run("annotate", "draft", bare, "--out", tmp_path / "drafts", "--model", tiny_bundle)
    located, problems = read_sources([tmp_path / "drafts"])
    assert (sorted(item.document.text for item in located), problems) == (sorted([KNOWN, STRANGE]), [])


def test_a_folder_of_texts_is_read(tmp_path: Path, run: Run, tiny_bundle: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(f"\n{KNOWN}\n")
    run(
        "annotate", "draft", tmp_path / "texts", "--out", tmp_path / "d", "--model", tiny_bundle, "--date", "2024-03-02"
    )
    (found,) = read_sources([tmp_path / "d"])[0]
    assert (found.document.id, found.document.date) == ("a", "2024-03-02")


def test_a_limit_keeps_the_least_certain(tmp_path: Path, bare: Path, run: Run, tiny_bundle: Path) -> None:
    run("annotate", "draft", bare, "--out", tmp_path / "d", "--model", tiny_bundle, "--limit", "1")
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["00001-strange_1.ann.txt"]


@pytest.mark.parametrize("out", ["drafts", "drafts.jsonl"])
def test_corrections_are_never_overwritten(tmp_path: Path, bare: Path, run: Run, tiny_bundle: Path, out: str) -> None:
    command = ("annotate", "draft", bare, "--out", tmp_path / out, "--model", tiny_bundle)
    assert run(*command).code == 0
    again = run(*command)
    assert again.code == 2
    assert "may hold corrections" in again.err or "perhaps corrections" in again.err


def test_a_text_in_the_inline_form_is_refused_and_the_others_are_drafted(
    tmp_path: Path, run: Run, tiny_bundle: Path
) -> None:
    marked = made(TINY_CORPUS[0], id="plain")
    path = tmp_path / "bare.jsonl"
    write_documents(path, [marked])
    path.write_text(path.read_text() + json.dumps({"id": "odd", "text": "A [bomb|WEAPON:w1] fell."}) + "\n")
    ran = run("annotate", "draft", path, "--out", tmp_path / "d", "--model", tiny_bundle)
    assert ran.code == 2
    assert "document odd: its text looks like the inline form" in ran.err
    assert len(list((tmp_path / "d").iterdir())) == 1


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ('{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n', "document a is there twice"),
        ('{"id": "a", "text": "One."}\n{"id": "b"\n', "bare.jsonl:2"),
    ],
)
def test_bad_input_is_named(tmp_path: Path, run: Run, tiny_bundle: Path, lines: str, what: str) -> None:
    (tmp_path / "bare.jsonl").write_text(lines)
    ran = run("annotate", "draft", tmp_path / "bare.jsonl", "--out", tmp_path / "d", "--model", tiny_bundle)
    assert ran.code == 2
    assert what in ran.err
