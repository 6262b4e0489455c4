"""`warwire evaluate --against`: exit codes, and what they depend on."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Ran, made

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import write_documents
from warwire.evaluate.cli import evaluate as evaluate_models
from warwire.evaluate.cli import write_json
from warwire.evaluate.comparison import read_baseline
from warwire.evaluate.intervals import Resampling
from warwire.evaluate.report.build import build_report
from warwire.evaluate.report.figures import ReportSettings

SOURCE = (
    "[Rebels|ACTOR:a1] [killed|KILL:e1] [nine|COUNT:c1] men in [Rivo|PLACE:p1].\n---\ne1: agent=a1 count=c1 place=p1"
)
GOLD = [made(SOURCE, id=f"d{i}") for i in range(12)]


def lacking(number: int) -> list[Document]:
    """Predictions without the events and the counts of the first documents."""
    return [
        replace(one, spans=tuple(s for s in one.spans if s.label != "COUNT"), events=()) if i < number else one
        for i, one in enumerate(GOLD)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gold and predicted documents, and baselines made of them."""
    folder = tmp_path_factory.mktemp("against")
    held = {"gold": GOLD, "whole": GOLD, "near": lacking(1), "worse": lacking(8)}
    held["later"] = [replace(one, id=f"x{one.id}") for one in GOLD]
    held["all"] = [*GOLD, *held["later"]]
    paths = {name: folder / f"{name}.jsonl" for name in held}
    for name, documents in held.items():
        write_documents(paths[name], documents)
    for name in ("whole", "worse"):
        write_json(evaluate_models([str(paths[name])], [paths["gold"]]), str(folder / f"{name}.json"))
    settings = ReportSettings(resampling=Resampling(100), rounds=100)
    report = build_report([str(paths["worse"]), str(paths["whole"])], [paths["gold"]], settings, timed=False)
    (folder / "report.json").write_text(json.dumps(report))
    return folder


Evaluate = Callable[..., Ran]


@pytest.fixture
def evaluate(run: Callable[..., Ran], folder: Path) -> Evaluate:
    """Run `warwire evaluate` on the gold file, with models and baselines of the folder."""

    def call(*arguments: object) -> Ran:
        known = {path.stem if path.suffix == ".jsonl" else path.name: path for path in folder.iterdir()}
        given = [known.get(str(one), one) for one in arguments]
        return run("evaluate", *given, "--data", folder / "gold.jsonl", "--resamples", 100)

    return call


CASES = {
    "the same predictions": (["whole"], "whole.json", [], 0, "no difference beyond chance"),
    "a loss beyond chance": (["worse"], "whole.json", [], 1, "worse beyond chance"),
    "a loss that may be chance": (["near"], "whole.json", [], 0, "no difference beyond chance"),
    "a gain": (["whole"], "worse.json", [], 0, "better beyond chance"),
    "a loss that is tolerated": (["worse"], "whole.json", ["--fail-under", 40], 0, "no more than the 40 points"),
    "a loss beyond what is tolerated": (["worse"], "whole.json", ["--fail-under", 5], 1, "worse beyond chance and 5"),
    "another score": (["worse"], "whole.json", ["--score", "tuple"], 1, "tuple F1 on"),
    "one of two models": (["whole", "worse"], "whole.json", [], 1, "worse beyond chance"),
    "a report's recommended model": (["worse"], "report.json", [], 1, "worse beyond chance"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_model_fails_when_it_is_worse_beyond_chance(evaluate: Evaluate, name: str) -> None:
    models, baseline, more, code, message = CASES[name]
    ran = evaluate(*models, "--against", baseline, *more)
    assert (ran.code, ran.err) == (code, "")
    assert message in ran.out


def test_a_model_of_the_baseline_can_be_chosen(evaluate: Evaluate) -> None:
    chosen = ("--against", "report.json", "--against-model")
    assert evaluate("worse", *chosen, "worse").code == 0
    assert "choose with --against-model" in evaluate("worse", *chosen, "nobody").err


def test_a_report_can_be_written_in_the_same_call(evaluate: Evaluate, tmp_path: Path) -> None:
    ran = evaluate("worse", "--no-speed", "--report", tmp_path / "new.html", "--against", "whole.json")
    assert ran.code == 1
    assert (tmp_path / "new.html").is_file()


def test_json_on_standard_output_stays_json(evaluate: Evaluate) -> None:
    ran = evaluate("worse", "--json", "-", "--against", "whole.json")
    assert json.loads(ran.out)["models"]
    assert "worse beyond chance" in ran.err


def test_the_test_is_paired_by_document_whatever_their_order(evaluate: Evaluate, folder: Path, tmp_path: Path) -> None:
    found = json.loads((folder / "worse.json").read_text())
    counts = found["models"][0]["counts"]
    counts["documents"].reverse()
    for rows in counts["scores"].values():
        rows.reverse()
    (tmp_path / "turned.json").write_text(json.dumps(found))
    ran = evaluate("worse", "--against", tmp_path / "turned.json")
    assert "+0.0 points (95% interval +0.0 to +0.0), p = 1.0000" in ran.out


def test_other_data_is_refused_before_a_model_is_run(run: Callable[..., Ran], folder: Path) -> None:
    ran = run("evaluate", "default", "--data", folder / "later.jsonl", "--against", folder / "whole.json")
    assert ran.code == 2
    assert "texts or annotations differ" in ran.err


def test_files_scored_apart_in_the_baseline_are_compared_apart(
    run: Callable[..., Ran], folder: Path, tmp_path: Path
) -> None:
    model, data = folder / "all.jsonl", [folder / "gold.jsonl", folder / "later.jsonl"]
    settings = ReportSettings(resampling=Resampling(100), rounds=100)
    (tmp_path / "apart.json").write_text(json.dumps(build_report([str(model)], data, settings, timed=False)))
    write_json(evaluate_models([str(model)], data), str(tmp_path / "pooled.json"))
    for baseline, tests in (("apart.json", 2), ("pooled.json", 1)):
        ran = run("evaluate", model, "--data", data[0], "--data", data[1], "--against", tmp_path / baseline)
        assert ran.out.count("no difference beyond chance") == tests


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "broken JSON"),
        ("[]", "holds no counts"),
        ('{"models": [{"model": "a", "signature": "s"}]}', "holds no counts"),
        ('{"schema": "warwire-report/9"}', "not 'warwire-report/1'"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "b.json").write_text(content)
    with pytest.raises(InputError, match=message):
        read_baseline(tmp_path / "b.json")


@pytest.mark.parametrize("option", ["--fail-under", "--against-model"])
def test_options_of_the_comparison_need_a_baseline(evaluate: Evaluate, option: str) -> None:
    ran = evaluate("whole", option, 1)
    assert (ran.code, "need --against" in ran.err) == (2, True)
