"""The README: its commands run as written, and what it shows is what they print."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Ran

from warwire.annotations.jsonl import read_documents

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
COMMANDS = [line[2:] for block in BLOCKS for line in block.splitlines() if line.startswith("$ ")]
BY_CI = {"make demo", "make test", "make lint", "make model", "pip install .", "pip install '.[train]'"}


def test_every_command_is_of_make_pip_or_warwire() -> None:
    assert {command.split()[0] for command in COMMANDS} <= {"make", "pip", "warwire"}
    assert {command for command in COMMANDS if not command.startswith("warwire")} <= BY_CI


@pytest.mark.filterwarnings("ignore")
def test_every_warwire_command_runs_as_written(
    run: Callable[..., Ran], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("readme")
    for name in ("annotations", "train"):
        (folder / name).symlink_to(ROOT / name)
    monkeypatch.chdir(folder)
    for command in COMMANDS:
        if not command.startswith("warwire"):
            continue
        line, _, target = command.partition(" > ")
        arguments = shlex.split(line)[1:]
        ran = run(*arguments, *_small(arguments[0], folder))
        assert (command, ran.code, ran.err if ran.code else "") == (command, 0, "")
        if target:
            (folder / target).write_text(ran.out)


def _small(command: str, folder: Path) -> list[str]:
    """Overrides that make a run of days one of seconds."""
    if command == "train":
        return ["base=null", "optimiser.epochs=0.01", "encoder.layers=1", "augment.copies=0"]
    if command == "sweep":
        return ["base=null", "optimiser.epochs=0.01", "encoder.layers=1", "augment.copies=0", "--seeds", "1"]
    if command == "evaluate":
        return ["--resamples", "100", "--no-speed"]
    if command == "pseudolabel":
        return ["--documents", "5"]
    if command != "pretrain":
        return []
    texts = [document.text for document in read_documents(ROOT / "annotations" / "corpus" / "dev.jsonl")]
    (folder / "news.txt").write_text("\n\n".join(re.sub(r"\n\s*\n", "\n", text) for text in texts))
    schedule = {"tokens": 64, "length": 16, "batch": 2, "compile": False, "precision": "fp32"}
    return [
        f"text=[{{path: {folder / 'news.txt'}}}]",
        "encoder.layers=1",
        "encoder.vocabulary=800",
        "co_occurrence.tokens=2000",
        "held_out=10",
        *(f"schedule.{key}={str(value).lower()}" for key, value in schedule.items()),
    ]


def test_the_first_screen_shows_what_the_demo_prints(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = re.search(r"\$ make demo\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    printed = run("extract", "annotations/corpus/example.txt", "--date", "2024-03-02").out
    rows = [re.sub(r"\s+", " ", line).strip() for line in printed.splitlines() if line.strip()]
    wanted = [
        re.sub(r"\s+", " ", line).strip() for line in shown[1].splitlines() if line.strip() and line.strip() != "..."
    ]
    assert [line for line in wanted if line not in rows] == []
