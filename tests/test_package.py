"""The package: nothing heavy is imported early, nothing is missing from the wheel, the layout's rules hold."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

FOLDERS = ("annotations", "model", "train", "evaluate")
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
HEAVY = ("torch", "transformers", "datasets", "scipy", "seqeval", "sklearn", "pandas")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def imported_after(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(' '.join({{m.split('.')[0] for m in sys.modules}}))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_help_imports_neither_torch_nor_transformers() -> None:
    loaded = imported_after(
        "from warwire.model.main import main\nimport contextlib, io\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main(['--help'])"
    )
    assert not loaded & {*HEAVY, "onnxruntime", "tokenizers", "numpy"}


def test_extracting_imports_no_training_library() -> None:
    loaded = imported_after(
        "from warwire.model.extractor import load_extractor\nfrom warwire.annotations.document import Document\n"
        "load_extractor().extract(Document('d', 'Rebels fired nine rockets at Lira.'))"
    )
    assert not loaded & set(HEAVY)


def test_the_core_requires_no_heavy_library() -> None:
    names = {re.split(r"[<>=\[ ]", requirement)[0] for requirement in PROJECT["project"]["dependencies"]}
    assert not names & set(HEAVY)


def test_every_folder_with_code_is_packaged() -> None:
    folders = {path.parent.relative_to(ROOT) for path in SOURCES}
    packaged = {Path(*name.split(".")[1:]) for name in PROJECT["tool"]["setuptools"]["packages"]}
    assert packaged == {folder for folder in folders if (ROOT / folder / "__init__.py").exists()}


def test_imports_point_one_way() -> None:
    allowed = {
        "annotations": {"annotations"},
        "model": {"annotations", "model"},
        "train": {"annotations", "model", "train"},
        "evaluate": {"annotations", "model", "evaluate"},
        # Benchmarks measure every stage, training too, and nothing imports them.
        "evaluate/benchmarks": {"annotations", "model", "train", "evaluate"},
    }
    for path in SOURCES:
        folder = path.parent.relative_to(ROOT).as_posix()
        folder = folder if folder in allowed else folder.partition("/")[0]
        found = set(re.findall(r"(?:from|import) warwire\.(\w+)", path.read_text()))
        assert found <= allowed[folder], path


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_have_at_most_400_lines_and_functions_60(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert text.count("\n") <= 400
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 60] == []


def test_every_pinned_version_fits_its_requirement() -> None:
    pins = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#"
    )
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = {re.split(r"[<>=\[ ]", r)[0] for group in extras.values() for r in group} - {"warwire"}
    wanted |= {re.split(r"[<>=\[ ]", r)[0] for r in PROJECT["project"]["dependencies"]}
    assert {name.lower() for name in wanted} <= {name.lower() for name in pins}
    assert pins["torch"] == "2.13.0"
