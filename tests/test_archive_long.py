"""A long document is read section by section, and its record is that of the same document read as a whole."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import made
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import REPORTS

from warwire.annotations.document import Document, Span
from warwire.model import assemble, tagger
from warwire.model.archive import long_reading
from warwire.model.archive.columns import ListColumn, array_of, column_of
from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.long_document import LongDocument, repaired_long
from warwire.model.archive.reading import read_articles
from warwire.model.archive.records import SURROGATES_KEY, repaired
from warwire.model.archive.schema import TABLES
from warwire.model.archive.sections import SECTION, count_words, grouped, pack_text, unpack_section
from warwire.model.archive.shards import UnwritableError, write_shard
from warwire.model.archive.tables import Documents, jsonl_chunks, parquet_chunks
from warwire.model.archive.worker import _sizes
from warwire.model.attacks import attack_rows
from warwire.model.extractor import Extractor, load_extractor
from warwire.model.flags import PLACE_FAR

SMALL = 1500
"""Code points of a section in these tests."""

FAR = "A missile hit a barracks near Lima, killing 14 soldiers. Russia fired 9 drones at Odesa; 4 of them were downed."
TEXTS = st.text(st.sampled_from("ab \n.\u2028🇺é\ud83d"), min_size=1, max_size=60)


def text() -> str:
    """Reports one after the other, most of them of one war, and a place far from it near the end."""
    chance = random.Random(5)
    reports = chance.choices([made(source).text for source in REPORTS.values()], k=150)
    return "\n\n".join([*reports[:120], FAR, "A drone 🛩 struck Kyiv and Kharkiv on Friday.", *reports[120:]])


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return load_extractor(threads=1)


@pytest.fixture(autouse=True)
def _small_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    make_sections_small(monkeypatch)


def make_sections_small(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tagger, assemble):
        monkeypatch.setattr(module, "_SECTION", SMALL)
    for module in (tagger, long_reading):
        monkeypatch.setattr(module, "_TOGETHER", 2 * SMALL)


def article(of: str = "", name: str = "long") -> Article:
    return Article(Document(name, of or text(), "2024-03-02", "Many reports", extra={"source": "S"}), Origin("f", 1))


def read(extractor: Extractor, *articles: Article) -> tuple[Document | LongDocument, ...]:
    found = read_articles(articles, extractor)
    assert found.rejections == ()
    return found.documents


@pytest.fixture(scope="module")
def both(extractor: Extractor) -> tuple[Document, LongDocument]:
    """The document read as a whole, and read in sections."""
    with pytest.MonkeyPatch.context() as patch:
        make_sections_small(patch)
        whole, long = read(extractor, article(), article().packed(1000, SMALL))
    assert isinstance(whole, Document)
    assert isinstance(long, LongDocument)
    return whole, long


def encoded(format: str, table: str, documents: Documents) -> bytes:
    make: Any = parquet_chunks if format == "parquet" else jsonl_chunks
    return b"".join(make(table, documents))


# --- sections -----------------------------------------------------------------------------------------------------


def test_sections_are_those_of_the_tagger_and_the_assembler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert tagger._SECTION == assemble._SECTION == SECTION
    assert tagger._TOGETHER == long_reading._TOGETHER


@given(TEXTS, st.integers(2, 30))
def test_a_packed_text_comes_back_with_its_words_and_lone_surrogates(of: str, size: int) -> None:
    sections = pack_text(of, size)
    assert "".join(map(unpack_section, sections)) == of
    assert count_words(sections) == len(of.split())
    assert all(len(unpack_section(section)) <= size for section in sections)


@given(st.lists(st.integers(1, 9)), st.integers(1, 12), st.none() | st.integers(1, 3))
def test_groups_hold_everything_once_and_as_much_as_goes(sizes: list[int], most: int, items: int | None) -> None:
    groups = list(grouped(sizes, most, items))
    assert [i for group in groups for i in group] == list(range(len(sizes)))
    held = [sum(sizes[i] for i in group) for group in groups]
    assert all(size <= most or len(group) == 1 for size, group in zip(held, groups, strict=True))
    for size, group, after in zip(held, groups, groups[1:], strict=False):
        assert size + sizes[after.start] > most or len(group) == items


def test_a_short_article_is_not_packed_and_a_long_one_keeps_what_is_told_of_it() -> None:
    short = article("Kyiv was shelled.")
    assert short.packed(17) is short
    long = short.packed(16)
    assert (long.document.text, long.characters, long.words) == ("", 17, 3)
    assert long.excerpt == short.excerpt == "Kyiv was shelled."


# --- columns ------------------------------------------------------------------------------------------------------

ITEMS = st.lists(
    st.none() | st.fixed_dictionaries({"a": st.none() | st.text("xy"), "b": st.none() | st.lists(st.integers(0, 9))})
)
ITEM = pa.struct({"a": pa.string(), "b": pa.list_(pa.int64())})


@settings(deadline=None)
@given(st.lists(st.none() | ITEMS), st.data())
def test_a_column_in_pieces_is_the_array_of_all_values(values: list[Any], data: st.DataObject) -> None:
    column, at = column_of(pa.list_(ITEM)), 0
    while at < len(values):
        end = data.draw(st.integers(at + 1, len(values)))
        column.append(array_of(values[at:end], pa.list_(ITEM)))
        at = end
    assert column.close().to_pylist() == values
    assert column.close().to_pylist() == []


@settings(deadline=None)
@given(st.lists(ITEMS, max_size=4))
def test_a_list_in_parts_is_one_list(parts: list[list[Any]]) -> None:
    column = ListColumn(pa.list_(ITEM))
    column.append(array_of([[], None], pa.list_(ITEM)))
    for part in parts:
        column.append_part(array_of(part, ITEM))
    column.end_list()
    assert column.close().to_pylist() == [[], None, [item for part in parts for item in part]]


# --- the record ---------------------------------------------------------------------------------------------------


def test_the_text_of_these_tests_has_what_takes_the_whole_document(both: tuple[Document, LongDocument]) -> None:
    whole, long = both
    assert len(long.texts) > 4
    assert any(PLACE_FAR in event.flags for event in whole.events)
    assert any(not event.flags for event in whole.events)
    values = [value for event in whole.events for value in (event.normalised or {}).get("count", ())]
    assert any(int((value["part_of"] or "E0")[1:]) > 20 for value in values)


def test_spans_and_events_in_sections_are_those_of_the_whole(both: tuple[Document, LongDocument]) -> None:
    whole, long = both
    findings = list(long.findings())
    assert tuple(span for found in findings for span in found.spans) == whole.spans
    assert tuple(event for found in findings for event in found.events) == whole.events
    assert replace(long.head, text=whole.text, spans=whole.spans, events=whole.events) == whole
    assert _sizes([long]) == _sizes([whole])


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_the_same_bytes(both: tuple[Document, LongDocument], format: str, table: str) -> None:
    whole, long = both
    short = Document("short", "Kyiv", spans=(Span("T1", 0, 4, "PLACE"),))
    assert encoded(format, table, [long]) == encoded(format, table, [whole])
    assert encoded(format, table, [short, long, short]) == encoded(format, table, [short, whole, short])


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_lone_surrogates_are_replaced_and_counted_as_in_the_whole(
    both: tuple[Document, LongDocument], tmp_path: Path, format: str
) -> None:
    halves = [replace(whole_or_head, title="\ud83d\ud83d") for whole_or_head in (both[0], both[1].head)]
    section = unpack_section(both[1].texts[2])
    torn = section[:-3] + "\ud83d" + section[-2:]
    whole = replace(halves[0], text=both[0].text.replace(section, torn))
    sections = (*both[1].texts[:2], *pack_text(torn), *both[1].texts[3:])
    long = replace(both[1], head=halves[1], texts=sections)
    assert repaired_long(long).head.extra[SURROGATES_KEY] == repaired(whole).extra[SURROGATES_KEY] == 3
    for name, document in (("whole", whole), ("long", long)):
        (tmp_path / name).mkdir()
        write_shard(tmp_path / name, 0, [document], format)
    assert contents(tmp_path / "whole") == contents(tmp_path / "long")


def test_attacks_beyond_the_limit_are_joined_part_by_part_and_numbered_on(
    both: tuple[Document, LongDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, long = both
    parts = list(long.parts(4 * SMALL))
    assert len(parts) > 1
    assert "".join(part.text for part in parts) == text()
    monkeypatch.setattr(LongDocument, "parts", lambda self: iter(parts))
    rows = [json.loads(line) for line in encoded("jsonl", "attacks", [long]).splitlines()]
    numbers = list(dict.fromkeys(row["attack"] for row in rows))
    assert numbers == [f"A{n}" for n in range(1, len(numbers) + 1)]
    assert [row["events"] for row in rows] == [row["events"] for part in parts for row in attack_rows(part)]


# --- faults -------------------------------------------------------------------------------------------------------


def broken(*_: object) -> Any:
    raise ZeroDivisionError("by nothing")


@pytest.mark.parametrize("stage", ["tag", "assemble"])
def test_a_section_that_fails_costs_its_document_alone(
    extractor: Extractor, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = tagger.Tagger.tag if stage == "tag" else assemble.assemble
    calls: list[object] = []

    def third_fails(*arguments: Any) -> Any:
        calls.append(arguments)
        return broken() if len(calls) == 3 else real(*arguments)

    found = read_articles([article("Kyiv was shelled.", "a"), article("Kyiv was shelled.", "b")], extractor)
    if stage == "tag":
        monkeypatch.setattr(tagger.Tagger, "tag", third_fails)
        calls.append("the short ones")
    else:
        monkeypatch.setattr(long_reading, "assemble", third_fails)
    articles = [article("Kyiv was shelled.", "a"), article().packed(1000, SMALL), article("Kyiv was shelled.", "b")]
    again = read_articles(articles, extractor)
    assert again.documents == found.documents
    (rejection,) = again.rejections
    reason = "ZeroDivisionError: by nothing; please report this article"
    assert rejection == Rejection(Origin("f", 1), stage, "failed", reason, "long", text()[:200])


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_a_long_document_that_has_no_record_is_named_and_nothing_is_written(
    both: tuple[Document, LongDocument], tmp_path: Path, format: str
) -> None:
    _, long = both
    bad = replace(long, head=replace(long.head, extra={"x": object()}))
    with pytest.raises(UnwritableError) as caught:
        write_shard(tmp_path, 0, [Document("a", "Kyiv"), bad], format)
    assert [index for index, _ in caught.value.faults] == [1]
    assert contents(tmp_path) == {}


# --- the run ------------------------------------------------------------------------------------------------------

PROGRAM = f"""
from warwire.model.archive import sift
sift.LONG, sift.SECTION = 2000, {SMALL}
from warwire.model.main import main
main()
"""
"""`warwire archive` to which a document of 2,000 characters is a long one."""


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("timings", ".")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def start(source: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    options = ["archive", str(source), "--out", str(out), "--shard-documents", "2", "--workers", str(workers)]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *options, "--no-progress"], start_new_session=True)


def records() -> Iterator[dict[str, str]]:
    for number in range(7):
        yield {"id": f"a{number}", "date": "2024-03-02", "text": text() if number == 3 else f"Kyiv, {number} killed."}


def test_a_run_killed_over_a_long_document_goes_on_and_any_number_of_workers_writes_the_same(tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records()))
    assert start(source, tmp_path / "straight", 1).wait() == 0
    out = tmp_path / "killed"
    process = start(source, out, 2)
    while process.poll() is None and not list(out.glob("shards/*.json")):
        time.sleep(0.01)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert start(source, out, 2).wait() == 0
    assert contents(out) == contents(tmp_path / "straight")
    counts = json.loads((out / "manifest.json").read_bytes())["counts"]
    assert (counts["documents"], counts["tagged"], counts["rejected"]) == (7, 7, 0)
