"""A slip on the command line of `warwire archive` costs one line, and leaves the folder to the command put right."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from archive_runs import archive_of
from conftest import Ran

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.archive import preflight
from warwire.model.archive.collect import read_archive
from warwire.model.archive.inputs import ReadOptions
from warwire.model.archive.options import ArchiveOptions
from warwire.model.archive.preflight import checked_model
from warwire.model.bundle import open_bundle

Run = Callable[..., Ran]
TEXT = "Russian forces hit Kharkiv with drones on Tuesday, killing three people, the mayor said."


@pytest.fixture
def archive(run: Run, tmp_path: Path) -> Run:
    """Run `warwire archive INPUT ARGUMENT...` on the folder `out`."""

    def call(source: Path, *arguments: object, out: str = "out", workers: int = 1) -> Ran:
        more = ("--out", tmp_path / out, "--workers", workers, "--no-progress")
        return run("archive", source, *more, *arguments)

    return call


def jsonl(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps({"text": TEXT, "id": f"a{i}"} | r) + "\n" for i, r in enumerate(records)))
    return path


SLIPS = {
    "encoding": (("--encoding", "klingon"), "unknown encoding 'klingon'"),
    "delimiter": (("--delimiter", "ab"), "a delimiter is one character, no quotation mark or line end, not 'ab'"),
    "back end": (("--back-end", "int4"), "unknown back end 'int4'; there are int8"),
    "device": (("--back-end", "torch", "--device", "cdua"), "--device cdua: no such device; give cpu, cuda or cuda:1"),
    "device number": (("--back-end", "torch", "--device", "cuda:x"), "--device cuda:x: no such device"),
    "model": (("--model", "nowhere"), "nowhere: no such folder"),
    "vague": (("--vague", "nowhere"), "nowhere: No such file"),
}


@pytest.mark.parametrize(("options", "message"), SLIPS.values(), ids=SLIPS)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["real", "dry"])
def test_a_slip_is_one_line_and_nothing_is_written(
    archive: Run, tmp_path: Path, options: tuple[str, ...], message: str, dry: tuple[str, ...]
) -> None:
    ran = archive(jsonl(tmp_path / "a.jsonl", {}), *options, *dry)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert message in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("devices", "device", "message"),
    [
        (0, "cuda", "this machine has no CUDA device that torch can use; --device cpu works"),
        (1, "cuda:1", "no such device; there is only cuda:0"),
        (2, "cuda:2", "no such device; the last one is cuda:1"),
        (2, "cuda:1", None),
    ],
)
def test_a_device_is_looked_for_before_anything_is_begun(
    monkeypatch: pytest.MonkeyPatch, devices: int, device: str, message: str | None
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: devices > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: devices)
    options = ArchiveOptions(back_end="torch", device=device)
    if message is None:
        assert checked_model(options)[1] == "torch"
    else:
        with pytest.raises(InputError, match=f"^--device {device}: {message}$"):
            checked_model(options)
    assert checked_model(options if message is None else replace(options, device="cuda:7"), "ray")[1] == "torch"


@pytest.mark.parametrize(
    ("package", "options", "engine"),
    [
        ("pyarrow", ArchiveOptions(), "local"),
        ("ray", ArchiveOptions(), "ray"),
        ("torch", ArchiveOptions(back_end="torch"), "local"),
        ("openvino", ArchiveOptions(back_end="openvino"), "local"),
    ],
)
def test_what_is_not_installed_is_told_before_anything_is_begun(
    monkeypatch: pytest.MonkeyPatch, package: str, options: ArchiveOptions, engine: str
) -> None:
    monkeypatch.setattr(preflight, "find_spec", lambda name: None if name == package else name)
    with pytest.raises(MissingExtraError, match=f"needs '{package}'"):
        checked_model(options, engine)


def test_options_that_can_be_met_give_the_model_and_its_back_end() -> None:
    bundle, back_end = checked_model(ArchiveOptions(read=ReadOptions(encoding="cp1251", delimiter="\t")))
    assert (bundle.folder, back_end) == (open_bundle().folder, "int8")


def test_the_command_put_right_has_the_folder_that_bad_input_left(archive: Run, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(f"GAZA CITY, Nov 12 - {TEXT * 9}, {TEXT}")
    ran = archive(text, "--kind", "csv")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "a.txt: holds no documents (" in ran.err
    assert archive(text).code == 0
    assert [document.id for document in read_archive(tmp_path / "out")]


def test_a_model_that_does_not_load_is_bad_input_and_leaves_the_folder_free(archive: Run, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(open_bundle().folder, model)
    (model / "model.int8.onnx").write_bytes(b"no network")
    source = jsonl(tmp_path / "a.jsonl", {})
    ran = archive(source, "--model", model)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert archive(source).code == 0


def test_columns_that_are_no_names_are_named_in_part(archive: Run, tmp_path: Path) -> None:
    prose = tmp_path / "prose.csv"
    prose.write_text(", ".join([TEXT.replace(",", " and")] * 20))
    ran = archive(prose)
    assert ran.code == 2
    assert "no column 'text' for the text; the columns are 'Russian forces hit Kharkiv wit..." in ran.err
    assert "and 15 more; say which with --text-field" in ran.err
    assert len(ran.err) < 500


def test_an_archive_of_which_nothing_was_read_has_an_exit_code_and_a_line(archive: Run, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", {}, {})
    ran = archive(source, "--text-field", "body")
    assert ran.code == 3
    assert "nothing was read: every document was rejected, see rejected.jsonl\n" in ran.err
    assert archive(source, "--text-field", "body", "--max-reject-rate", "1").code == 3


DATES = ["2024-03-02", "12/05/2024", None, "2 March 2024", "yesterday", "13/05/2024 \x1b[31m", ""]


@pytest.fixture
def dated(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "a.jsonl", *({"date": date} for date in DATES))


def counts(out: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((out / "manifest.json").read_bytes())["counts"]
    return found


def test_dates_that_are_not_understood_are_counted_and_told(archive: Run, tmp_path: Path, dated: Path) -> None:
    ran = archive(dated)
    assert ran.code == 0
    assert "  3 dates not understood, e.g. '12/05/2024': read without one" in ran.err
    assert counts(tmp_path / "out")["unread_dates"] == 3
    read = [document.date for document in read_archive(tmp_path / "out")]
    assert read == ["2024-03-02", None, None, "2024-03-02", None, None, None]
    assert "3 dates not understood, e.g. '12/05/2024'" in archive(dated).err


def test_dates_of_rejected_documents_do_not_count(archive: Run, tmp_path: Path) -> None:
    strange = {"date": "13/05/2024 \x1b[31m"}
    source = jsonl(tmp_path / "a.jsonl", {"text": "", "date": "yesterday"}, strange, {**strange, "id": "a1"})
    ran = archive(source)
    assert "  1 date not understood, e.g. '13/05/2024 \ufffd[31m'" in ran.err
    assert counts(tmp_path / "out")["unread_dates"] == 1


def test_the_count_is_the_same_however_the_run_went(archive: Run, tmp_path: Path, dated: Path) -> None:
    archive(dated, "--shard-documents", 2)
    archive(dated, "--shard-documents", 2, out="two", workers=2)
    assert archive_of(tmp_path / "two") == archive_of(tmp_path / "out")
    for name in ("manifest.json", "shards/shard-000000.json"):
        (tmp_path / "two" / name).unlink()
    ran = archive(dated, "--shard-documents", 2, out="two")
    assert archive_of(tmp_path / "two") == archive_of(tmp_path / "out")
    assert "3 dates not understood, e.g. '12/05/2024'" in ran.err


def test_one_is_told_in_the_singular(archive: Run, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", {"text": "Nothing"})
    told = archive(source).err
    assert "1 document in: 1 read" in told
    assert "0 events, 0 spans, 1 word: " in told
    dry = archive(source, "--dry-run").out
    assert dry.startswith("1 file, ")
    assert "1 document, 0 of them unreadable; 1 word\n" in dry
    assert "from 1 document read here" in dry
