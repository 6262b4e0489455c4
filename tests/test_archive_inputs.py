"""The plan of an archive's inputs: which files, in which order, of which kind, and what is left out and why."""

import gzip
import hashlib
import os
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import fsspec
import pytest
from archive_files import gz_members, numbered, page, warc_pages, zst

from warwire.annotations.errors import InputError
from warwire.model.archive.incoming import Damage
from warwire.model.archive.inputs import InputFile, bare_name, plan_inputs


def tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def below(root: Path, items: Iterable[InputFile | Damage]) -> list[str]:
    names = [item.name if isinstance(item, InputFile) else f"{item.file} {item.code}" for item in items]
    return [name.removeprefix(f"{root}/") for name in names]


def plan(*inputs: Path | str, **options: Any) -> tuple[tuple[InputFile, ...], tuple[Damage, ...]]:
    return plan_inputs([str(given) for given in inputs], **options)


def test_a_folder_gives_its_files_at_every_depth_in_the_order_of_their_paths(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a/z.txt", "a/b/c.html", "B.txt", "a.txt", "ä.txt")
    files, damages = plan(tmp_path)
    assert below(tmp_path, files) == ["B.txt", "a.txt", "a/b/c.html", "a/z.txt", "b.txt", "ä.txt"]
    assert damages == ()
    assert plan(f"{tmp_path}/") == (files, ())


def test_inputs_keep_the_order_in_which_they_are_given(tmp_path: Path) -> None:
    tree(tmp_path, "b/1.txt", "a/1.txt", "c.txt")
    files, _ = plan(tmp_path / "c.txt", tmp_path / "b", tmp_path / "a")
    assert below(tmp_path, files) == ["c.txt", "b/1.txt", "a/1.txt"]


def test_names_are_as_given_and_not_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree(tmp_path, "a/b.txt"))
    assert [file.name for file in plan("a")[0]] == ["a/b.txt"]
    assert [file.name for file in plan("a/b.txt")[0]] == ["a/b.txt"]
    assert [file.name for file in plan("./a/")[0]] == ["./a/b.txt"]
    assert [file.name for file in plan(".")[0]] == ["./a/b.txt"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text"),
        ("a.HTML", "html"),
        ("a.htm", "html"),
        ("a.xhtml", "html"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.csv.zst", "csv"),
        ("a.tsv", "csv"),
        ("a.parquet", "parquet"),
        ("CC-NEWS-2024.warc.gz", "warc"),
        ("a.b.warc", "warc"),
    ],
)
def test_the_suffix_tells_the_kind(tmp_path: Path, name: str, kind: str) -> None:
    tree(tmp_path, name)
    assert [file.kind for file in plan(tmp_path)[0]] == [kind]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (numbered(1), "jsonl"),
        (b"\xef\xbb\xbf" + numbered(1), "jsonl"),
        (gzip.compress(numbered(1)), "jsonl"),
        (zst(numbered(1)), "jsonl"),
        (page().encode(), "html"),
        (warc_pages(1)[0], "warc"),
        (gz_members(warc_pages(2)), "warc"),
        (b"PAR1...", "parquet"),
    ],
)
@pytest.mark.parametrize("name", ["dump", "dump.json", "dump.gz.old"])
def test_a_file_given_by_name_is_told_by_its_first_bytes(tmp_path: Path, content: bytes, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert [file.kind for file in plan(tmp_path / name)[0]] == [kind]


def test_what_nothing_tells_is_refused_by_name_and_named_in_a_folder(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.pdf", "c")
    with pytest.raises(InputError, match=r"b\.pdf: no known suffix.*--kind"):
        plan(tmp_path / "b.pdf")
    assert below(tmp_path, plan(tmp_path)[1]) == ["b.pdf unknown-kind", "c unknown-kind"]
    assert below(tmp_path, plan(f"{tmp_path}/*")[1]) == ["b.pdf unknown-kind", "c unknown-kind"]


def test_a_kind_that_is_given_goes_for_every_file(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.pdf")
    assert [file.kind for file in plan(tmp_path, kind="jsonl")[0]] == ["jsonl", "jsonl"]
    with pytest.raises(InputError, match="unknown kind 'pdf'; the kinds are text"):
        plan(tmp_path, kind="pdf")


def test_patterns_give_files_and_folders_in_order(tmp_path: Path) -> None:
    tree(tmp_path, "a/1.txt", "a/2.html", "b/1.txt", "b/c/3.txt", "1.txt")
    assert below(tmp_path, plan(f"{tmp_path}/*.txt")[0]) == ["1.txt"]
    assert below(tmp_path, plan(f"{tmp_path}/?")[0]) == ["a/1.txt", "a/2.html", "b/1.txt", "b/c/3.txt"]
    assert below(tmp_path, plan(f"{tmp_path}/**/*.txt")[0]) == ["1.txt", "a/1.txt", "b/1.txt", "b/c/3.txt"]
    assert below(tmp_path, plan(f"{tmp_path}/**")[0]) == ["1.txt", "a/1.txt", "a/2.html", "b/1.txt", "b/c/3.txt"]


def test_a_name_with_the_signs_of_a_pattern_is_a_name_where_it_exists(tmp_path: Path) -> None:
    tree(tmp_path, "[a].txt", "a.txt")
    assert below(tmp_path, plan(tmp_path / "[a].txt")[0]) == ["[a].txt"]


def test_links_out_of_a_folder_in_a_circle_and_to_nowhere_are_named_and_not_followed(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", "secret.txt")
    root = tree(tmp_path / "root", "a.txt", "d/b.txt")
    (root / "d" / "up").symlink_to(root)
    (root / "d" / "self").symlink_to(root / "d")
    (root / "out").symlink_to(outside)
    (root / "out.txt").symlink_to("../outside/secret.txt")
    (root / "nowhere.txt").symlink_to("missing")
    (root / "again.txt").symlink_to("a.txt")
    files, damages = plan(root)
    assert below(root, files) == ["a.txt", "d/b.txt"]
    assert below(root, damages) == [
        "again.txt link-inside",
        "d/self link-loop",
        "d/up link-loop",
        "nowhere.txt broken-link",
        "out link-outside",
        "out.txt link-outside",
    ]


def test_patterns_follow_no_links(tmp_path: Path) -> None:
    tree(tmp_path, "a/1.txt", "b/2.txt")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "3.txt").symlink_to("../b/2.txt")
    files, damages = plan(f"{tmp_path}/a/**/*.txt")
    assert below(tmp_path, files) == ["a/1.txt"]
    assert below(tmp_path, damages) == ["a/3.txt link-outside"]


def test_a_link_given_as_an_input_is_followed(tmp_path: Path) -> None:
    tree(tmp_path / "a", "1.txt")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "link.txt").symlink_to("a/1.txt")
    assert below(tmp_path, plan(tmp_path / "link", tmp_path / "link.txt")[0]) == ["link/1.txt", "link.txt"]


def test_pipes_and_sockets_are_named_and_refused_by_name(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.txt"))
        files, damages = plan(tmp_path)
        assert below(tmp_path, files) == ["a.txt"]
        assert below(tmp_path, damages) == ["pipe.txt not-a-file", "s.txt not-a-file"]
        with pytest.raises(InputError, match="pipe, socket or device"):
            plan(tmp_path / "pipe.txt")


def test_unreadable_files_and_folders_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a.txt", "b.txt", "d/c.txt")
    may, scan = os.access, os.scandir

    def scan_all_but_d(path: Any) -> Any:
        if str(path).endswith("d"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    # Root may read everything: the refusal is played.
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("b.txt") and may(path, mode))
    monkeypatch.setattr(os, "scandir", scan_all_but_d)
    files, damages = plan(tmp_path)
    assert below(tmp_path, files) == ["a.txt"]
    assert below(tmp_path, damages) == ["d unreadable", "b.txt unreadable"]
    with pytest.raises(InputError, match=r"b\.txt: may not be read"):
        plan(tmp_path / "b.txt")


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt")
    files, damages = plan(tmp_path / "b.txt", tmp_path, tmp_path / "a.txt")
    assert below(tmp_path, files) == ["b.txt", "a.txt"]
    assert below(tmp_path, damages) == ["b.txt given-twice", "a.txt given-twice"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("missing.txt", ["a.txt"]),
        ("missing", ["a.txt"]),
        ("*.jsonl", ["a.txt"]),
        ("", ["a.pdf"]),
        ("", []),
    ],
)
def test_nothing_to_read_is_an_error(tmp_path: Path, given: str, names: list[str]) -> None:
    tree(tmp_path, *names)
    with pytest.raises(InputError, match=r"no such file or folder|no input"):
        plan(tmp_path / given)


def test_empty_files_alone_are_no_input(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    with pytest.raises(InputError, match="every file is empty"):
        plan(tmp_path)
    tree(tmp_path, "b.txt")
    assert [file.size for file in plan(tmp_path)[0]] == [0, 5]


def test_size_and_digest_are_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc" * 1_000_000)
    (file,), _ = plan(tmp_path)
    assert (file.size, file.digest) == (3_000_000, hashlib.sha256(b"abc" * 1_000_000).hexdigest())
    (file,), _ = plan(tmp_path, digest=False)
    assert (file.size, file.digest) == (3_000_000, "")


@pytest.fixture
def store(tmp_path: Path) -> str:
    base = f"memory://{tmp_path.name}"
    for name in ("b.txt", "a/c.jsonl", "a/d.pdf", "a/e.txt.gz"):
        with fsspec.open(f"{base}/{name}", "wb", compression=None) as file:
            file.write(name.encode())
    return base


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("", ["a/c.jsonl", "a/e.txt.gz", "b.txt"]),
        ("/", ["a/c.jsonl", "a/e.txt.gz", "b.txt"]),
        ("/a", ["a/c.jsonl", "a/e.txt.gz"]),
        ("/b.txt", ["b.txt"]),
        ("/*.txt", ["b.txt"]),
        ("/**/*.jsonl", ["a/c.jsonl"]),
    ],
)
def test_addresses_give_files_folders_and_patterns(store: str, given: str, names: list[str]) -> None:
    files, _ = plan(store + given)
    assert [file.name for file in files] == [f"{store}/{name}" for name in names]
    assert [file.address for file in files] == [file.name for file in files]
    assert all(file.size == len(name) and len(file.digest) == 64 for file, name in zip(files, names, strict=True))


def test_a_changed_file_at_an_address_has_another_digest(store: str) -> None:
    (before,), _ = plan(f"{store}/b.txt")
    assert plan(f"{store}/b.txt")[0] == (before,)
    with fsspec.open(f"{store}/b.txt", "wb") as file:
        file.write(b"other")
    assert plan(f"{store}/b.txt")[0][0].digest != before.digest


def test_addresses_in_a_chain_reach_into_an_archive(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("d/1.txt", "one")
        archive.writestr("d/2.txt", "two")
        archive.writestr("3.jsonl", "{}")
    chained = f"::file://{tmp_path}/a.zip"
    assert [file.name for file in plan(f"zip://d/*.txt{chained}")[0]] == [f"zip://d/{n}.txt{chained}" for n in (1, 2)]
    assert [file.name for file in plan(f"zip://d{chained}")[0]] == [f"zip://d/{n}.txt{chained}" for n in (1, 2)]
    with fsspec.open(plan(f"zip://d{chained}")[0][1].address, "rb") as file:
        assert file.read() == b"two"


def test_a_file_address_is_a_path(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    (file,), _ = plan(f"file://{tmp_path}/a.txt")
    assert (file.name, file.address) == (f"file://{tmp_path}/a.txt", f"{tmp_path}/a.txt")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("memory://nowhere/a.txt", "no such file or folder"),
        ("memory://nowhere/*.txt", "no file to read"),
        ("klingon://a.txt", "unknown kind of address 'klingon'"),
    ],
)
def test_an_address_that_leads_nowhere_is_an_error(given: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        plan(given)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("a/b.txt", "a/b"),
        ("a/b.txt.gz", "a/b"),
        ("a/b.c.html", "a/b.c"),
        ("a/b", "a/b"),
        ("b.gz", "b"),
        ("a.d/b", "a.d/b"),
    ],
)
def test_the_bare_name_lacks_the_suffixes_of_kind_and_compression(name: str, bare: str) -> None:
    assert bare_name(name) == bare
