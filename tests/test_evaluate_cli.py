"""`warwire evaluate` by exit code and output."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from warwire.annotations.document import Document
from warwire.annotations.formats.inline import parse_inline
from warwire.annotations.jsonl import write_documents
from warwire.model.main import SUBCOMMANDS, main

TEXT = "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Rivo|PLACE:p1]."
GOLD = parse_inline(f"# id: d1\n{TEXT}\n---\ne1: agent=a1 count=c1 weapon=w1 place=p1")
OTHER = parse_inline("# id: d2\n[Rivo|PLACE:p1] [burned|DAMAGE:e1].\n---\ne1: place=p1")


class FakeExtractor:
    """Finds what GOLD holds, and fails when it is shown the answers."""

    def extract_documents(self, documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            assert (document.spans, document.events) == ((), ())
            yield replace(document, spans=GOLD.spans, events=GOLD.events)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """The models that were loaded, all of them fake."""
    models: list[Path | None] = []

    def load_extractor(model: Path | None = None) -> FakeExtractor:
        models.append(model)
        return FakeExtractor()

    monkeypatch.setattr("warwire.model.extractor.load_extractor", load_extractor)
    return models


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return written(tmp_path / "gold.jsonl", GOLD)


def written(path: Path, *documents: Document) -> Path:
    write_documents(path, documents)
    return path


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", *map(str, arguments)])
    return int(caught.value.code or 0)


def test_prediction_files_stand_side_by_side(tmp_path: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = written(tmp_path / "empty.jsonl", replace(GOLD, spans=(), events=()))
    assert run(gold, empty, "--data", gold) == 0
    out, err = capsys.readouterr()
    (row,) = [line.split() for line in out.splitlines() if "core tag F1" in line]
    assert " ".join(row) == "core tag F1 3 1.000 P 1.000 R 1.000 0.000 P 0.000 R 0.000"
    assert out.count("|mode:strict|scheme:IOB2|docs:1|data:") == 4
    assert err == ""


def test_all_scores_and_breakdowns_are_printed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(gold, "--data", gold) == 0
    out = capsys.readouterr().out
    for score in (
        "tag F1, strict",
        "tag F1, relaxed",
        "trigger F1",
        "argument F1",
        "tuple F1",
        "exact tuple F1",
    ):
        assert f"\n {score} " in out
    for word in (
        "status right",
        "ceiling: tuple F1",
        "by label",
        "by event type",
        "by role",
        "SPEAKER",
        "DISPLACE",
    ):
        assert word in out


def test_models_tag_the_bare_texts(
    tmp_path: Path, gold: Path, loaded: list[Path | None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("default", tmp_path, "--data", gold, "--json", "-") == 0
    models = json.loads(capsys.readouterr().out)["models"]
    assert loaded == [None, tmp_path]
    assert [model["model"] for model in models] == ["default", str(tmp_path)]
    assert [model["tuple"]["f1"] for model in models] == [1.0, 1.0]


@pytest.mark.parametrize("report", [False, True])
def test_a_file_of_predictions_is_refused_before_a_model_is_loaded(
    tmp_path: Path, gold: Path, loaded: list[Path | None], capsys: pytest.CaptureFixture[str], report: bool
) -> None:
    both = written(tmp_path / "both.jsonl", GOLD, OTHER)
    options = ["--report", str(tmp_path / "report.html")] if report else []
    assert run("default", gold, "--data", both, *options) == 2
    assert (loaded, "document d2 is missing" in capsys.readouterr().err) == ([], True)


def test_models_keep_their_order_beside_files(
    gold: Path, loaded: list[Path | None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("default", gold, "--data", gold, "--json", "-") == 0
    assert [one["model"] for one in json.loads(capsys.readouterr().out)["models"]] == ["default", str(gold)]
    assert loaded == [None]


def test_several_gold_files_are_scored_together(tmp_path: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = written(tmp_path / "both.jsonl", OTHER, GOLD)
    other = written(tmp_path / "other.jsonl", OTHER)
    assert run(both, "--data", gold, "--data", other, "--json", tmp_path / "out.json") == 0
    (model,) = json.loads((tmp_path / "out.json").read_text())["models"]
    assert (model["documents"], model["tag"]["f1"], model["tag"]["gold"]) == (2, 1.0, 7)
    assert "scores over 2 documents" in capsys.readouterr().out


BAD_INPUT = {
    "no such model": (["nowhere", "--data", "gold.jsonl"], "nowhere: no such file or folder"),
    "no model in the folder": ([".", "--data", "gold.jsonl"], "no warwire model"),
    "neither folder nor JSONL": (["notes.txt", "--data", "gold.jsonl"], "neither a folder nor a .jsonl file"),
    "no such gold file": (["gold.jsonl", "--data", "none.jsonl"], "none.jsonl: no such file"),
    "a broken prediction": (["broken.jsonl", "--data", "gold.jsonl"], "broken.jsonl:1: broken JSON"),
    "a missing document": (["gold.jsonl", "--data", "both.jsonl"], "gold.jsonl: document d2 is missing"),
    "an additional document": (["both.jsonl", "--data", "gold.jsonl"], "both.jsonl: document d2 is in the"),
    "gold given twice": (
        ["both.jsonl", "--data", "gold.jsonl", "--data", "both.jsonl"],
        "both.jsonl: document d1 is also in gold.jsonl",
    ),
    "no folder to write to": (
        ["gold.jsonl", "--data", "gold.jsonl", "--json", "none/out.json"],
        "none/out.json: its folder does not exist",
    ),
    "a folder to write to": (["gold.jsonl", "--data", "gold.jsonl", "--json", "."], ".: cannot be written"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    gold: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(tmp_path / "both.jsonl", OTHER, GOLD)
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "broken.jsonl").write_text("{\n")
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("warwire: ")
    assert err.count("\n") == 1
    assert message in err


def test_gold_data_is_required(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(gold) == 2
    assert "--data" in capsys.readouterr().err


def test_help_has_the_line_of_the_list_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    out = capsys.readouterr().out
    assert SUBCOMMANDS["evaluate"].help in out
    assert "Example: warwire evaluate" in out
