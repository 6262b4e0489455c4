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
