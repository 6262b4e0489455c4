"""Fixtures shared by the test files; conventions in tests/README.md."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from warwire.annotations.document import Document
from warwire.annotations.formats.inline import parse_inline

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run `warwire` in this process; gives exit code and output."""
    from warwire.model.main import main

    def call(*arguments: object) -> Ran:
        capfd.readouterr()
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def run_process() -> Callable[..., Ran]:
    """Run `warwire` as a process of its own, with bytes on standard input."""

    def call(*arguments: object, stdin: bytes = b"") -> Ran:
        command = [sys.executable, "-c", "from warwire.model.main import main; main()", *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def made(source: str, **header: str) -> Document:
    """A document from inline annotation; id and event part are added where they are left out."""
    lines = "".join(f"# {key}: {value}\n" for key, value in {"id": "made-up", **header}.items())
    body = source if "\n---\n" in source else source + "\n---\n"
    return parse_inline(lines + body)


TINY_CORPUS = [
    "The [army|SPEAKER:s1] said [rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at "
    "[Lira|PLACE:p1] [overnight|TIME:t1].\n---\ne1: agent=a1 count=c1 weapon=w1 place=p1 time=t1 speaker=s1",
    "[Three|COUNT:c1] [farmers|TARGET:g1] were [killed|KILL:e1] in [Sona|PLACE:p1] on [Monday|TIME:t1], "
    "[police|SPEAKER:s1] said.\n---\ne1: target=g1 count=c1 place=p1 time=t1 speaker=s1",
    "[Drones|WEAPON:w1] [struck|STRIKE:e1] the [depot|TARGET:g1] near [Lira|PLACE:p1], the [mayor|SPEAKER:s1] said."
    "\n---\ne1: weapon=w1 target=g1 place=p1 speaker=s1",
]


def tiny_config(folder: Path, augment: dict[str, object] | None = None, **optimiser: object) -> Path:
    """A configuration file that trains a very small encoder on the tiny corpus, with its data beside it."""
    import yaml

    from warwire.annotations.jsonl import write_documents

    documents = [made(source, id=f"d{i}", date="2024-03-02") for i, source in enumerate(TINY_CORPUS)]
    write_documents(folder / "train.jsonl", documents)
    dev = [made(source.replace("said", "added"), id=f"v{i}") for i, source in enumerate(TINY_CORPUS)]
    write_documents(folder / "dev.jsonl", dev)
    config = {
        "name": "tiny",
        "out": str(folder / "run"),
        "data": {"train": ["train.jsonl"], "dev": ["dev.jsonl"]},
        "encoder": {
            "vocabulary": 400,
            "layers": 1,
            "width": 32,
            "heads": 2,
            "feed_forward": 32,
            "dropout": 0.0,
        },
        "windows": {"size": 64, "overlap": 8},
        "optimiser": {"epochs": 40, "learning_rate": 0.01, "batch": 3, "patience": 0, **optimiser},
        "augment": augment or {},
        "select_by": "f1",
        "report_to": [],
    }
    (folder / "tiny.yaml").write_text(yaml.safe_dump(config))
    return folder / "tiny.yaml"


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle trained on the tiny corpus by `warwire train` and exported by `warwire export`."""
    import warnings

    from warwire.train.config import load_config
    from warwire.train.export import export
    from warwire.train.finetune import finetune

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = finetune(load_config(tiny_config(tmp_path_factory.mktemp("tiny"))), quiet=True)
        export(result.bundle)
    return result.bundle
