"""`warwire ledger`: what it writes, what it says, and how it fails."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Ran
from incidents import DAY, ODESA, killed, report
from normalised_values import known

from warwire.annotations.document import Document
from warwire.annotations.jsonl import encode_document, write_documents
from warwire.evaluate.benchmarks.ledger import labelled_reports, ledger, same_name_and_day, score
from warwire.evaluate.benchmarks.ledger_archive import make_archive
from warwire.model.ledger.grouping import group_reports
from warwire.model.ledger.table import TABLES, write_csv, write_parquet

Run = Callable[..., Ran]

STRIKE = """
[Drones|WEAPON:w1] [killed|KILL:e1] [{killed}|COUNT:c1] [people|TARGET:g1] in a [strike|STRIKE:e2] on \
[{place}|PLACE:p1] on [Tuesday|TIME:t1], the [mayor|SPEAKER:s1] said.
---
e1: count=c1 target=g1 place=p1 time=t1 speaker=s1
e2: weapon=w1 place=p1 time=t1
"""


def article(id: str, killed: str = "3", place: str = "Kharkiv", **header: str) -> Document:
    document = known(STRIKE.format(killed=killed, place=place), id=id, **header)
    return replace(document, extra={"source": f"{id}.example"})


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Four articles about two strikes, one without any event."""
    path = tmp_path / "articles.jsonl"
    others = [article("b", "5", date="2024-03-07"), article("c", place="Odesa"), Document("d", "Nothing happened.")]
    write_documents(path, [article("a"), *others])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_ledger_is_written_as_tables_and_as_a_page(run: Run, articles: Path, tmp_path: Path) -> None:
    ran = run("ledger", articles, "--out", tmp_path / "ledger")
    names = [f"{table}.{suffix}" for table in TABLES for suffix in ("csv", "parquet")]
    assert (ran.code, ran.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "ledger").iterdir()) == sorted([*names, "ledger.html"])
    summary = [line.split() for line in ran.out.splitlines()]
    assert ["documents", "4"] in summary
    assert ["reports", "3"] in summary
    assert ["incidents", "2"] in summary


def test_the_tables_tell_incidents_versions_and_reasons(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ledger", articles, "--out", tmp_path, "--format", "csv")
    first, second = read(tmp_path / "incidents.csv")
    assert [(row["place"], row["reports"]) for row in (first, second)] == [("Kharkiv", "2"), ("Odesa", "1")]
    assert first["killed"] == "mayor: 5 people (2024-03-07)"
    assert (first["killed_revised"], first["killed_disputed"]) == ("yes", "no")
    told = [(row["report"], row["min"], row["speaker"], row["published"]) for row in read(tmp_path / "versions.csv")]
    assert told[:2] == [("a#1", "3", "mayor", "2024-03-06"), ("b#1", "5", "mayor", "2024-03-07")]
    (link,) = read(tmp_path / "links.csv")
    assert (link["report"], link["other"]) == ("b#1", "a#1")
    assert "same place (Kharkiv) +3" in link["why"]


def test_parquet_holds_what_csv_holds(run: Run, articles: Path, tmp_path: Path) -> None:
    import duckdb
    import pandas

    run("ledger", articles, "--out", tmp_path)
    for table in TABLES:
        rows = read(tmp_path / f"{table}.csv")
        frame = pandas.read_parquet(tmp_path / f"{table}.parquet")
        assert list(frame.columns) == list(rows[0])
        assert len(frame) == len(rows)
        counted = duckdb.sql(f"select count(*) from '{tmp_path / table}.parquet'").fetchall()
        assert counted == [(len(rows),)]
    assert pandas.read_parquet(tmp_path / "versions.parquet")["min"].tolist()[:2] == [3, 5]


def test_the_same_input_gives_the_same_bytes(run: Run, articles: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.jsonl"
    turned.write_bytes(b"".join(reversed(articles.read_bytes().splitlines(keepends=True))))
    run("ledger", articles, "--out", tmp_path / "one")
    run("ledger", turned, "--out", tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_archive_is_read(run: Run, articles: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    text = "Russian forces hit Kharkiv with drones on Tuesday, killing three people, the mayor said."
    texts.write_bytes(b"".join(encode_document(Document(name, text, "2024-03-06")) for name in "ab"))
    assert run("archive", texts, "--out", tmp_path / "tuples", "--workers", "1").code == 0
    ran = run("ledger", tmp_path / "tuples", articles, "--out", tmp_path / "ledger", "--format", "csv")
    assert ran.code == 0
    assert {row["article"] for row in read(tmp_path / "ledger" / "versions.csv")} >= {"a", "b", "a~2", "b~2"}


def test_an_archive_that_is_not_finished_is_read_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    texts, tuples = tmp_path / "texts.jsonl", tmp_path / "tuples"
    text = "Russian forces hit Kharkiv with drones on Tuesday, killing three people, the mayor said."
    texts.write_bytes(encode_document(Document("a", text, "2024-03-06")))
    assert run("archive", texts, "--out", tuples, "--workers", "1").code == 0
    (tuples / "manifest.json").unlink()
    ran = run("ledger", tuples, "--out", tmp_path / "ledger", "--format", "csv")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "the archive is not finished; the same 'warwire archive' command finishes it" in ran.err
    assert not (tmp_path / "ledger").exists()
    assert run("ledger", tuples, "--out", tmp_path / "ledger", "--format", "csv", "--unfinished").code == 0
    assert {row["article"] for row in read(tmp_path / "ledger" / "versions.csv")} == {"a"}


@pytest.mark.parametrize("command", ["archive", "ledger"])
def test_the_help_page_has_the_options_of_the_command_alone(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert (ran.code, "--install-completion" in ran.out, "--out" in ran.out) == (0, False, True)


BAD = {
    "no such file": ("{tmp}/none.jsonl", "none.jsonl: no such file"),
    "a folder that is no archive": ("{tmp}/empty", "empty"),
    "an empty file": ("{tmp}/empty.jsonl", "empty.jsonl: no documents"),
    "documents without events": ("{tmp}/bare.jsonl", "bare.jsonl: no events; run 'warwire archive'"),
}


@pytest.mark.parametrize(("name", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_one_line_and_exit_code_2(run: Run, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.jsonl").touch()
    write_documents(tmp_path / "bare.jsonl", [Document("a", "Nothing.")])
    ran = run("ledger", name.format(tmp=tmp_path), "--out", tmp_path / "out")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert message in ran.err
    assert not (tmp_path / "out").exists()


def test_a_broken_line_is_named_and_the_others_are_read(run: Run, articles: Path, tmp_path: Path) -> None:
    articles.write_bytes(articles.read_bytes() + b"{broken\n")
    ran = run("ledger", articles, "--out", tmp_path / "out", "--format", "csv")
    assert (ran.code, "articles.jsonl:5" in ran.err) == (2, True)
    assert len(read(tmp_path / "out" / "incidents.csv")) == 2


def test_the_output_may_not_be_the_input_nor_a_file(run: Run, articles: Path, tmp_path: Path) -> None:
    assert "is an input" in run("ledger", articles, "--out", articles).err
    (tmp_path / "file").touch()
    ran = run("ledger", articles, "--out", tmp_path / "file" / "x")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "a\ud800b"])
def test_cells_are_inert_in_spreadsheets_and_can_be_written(text: str, tmp_path: Path) -> None:
    told = report("a", title=text, source=text, excerpt=text, says=(killed(3, text, sentence=text),))
    incidents = group_reports([told, report("b", places=(ODESA,), published=DAY + 1)])
    for table in TABLES:
        write_csv(tmp_path / f"{table}.csv", table, incidents)
        write_parquet(tmp_path / f"{table}.parquet", table, incidents)
        cells = [cell for row in read(tmp_path / f"{table}.csv") for cell in row.values()]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) and not cell[1:2].isdigit() for cell in cells)
        assert text not in cells


def test_a_made_up_archive_is_grouped_better_than_by_name_and_day() -> None:
    archive, settings = make_archive(3, ["sudan", "iraq"], incidents=30)
    labelled = labelled_reports(archive, settings)
    reports = [item.report for item in labelled]
    found, baseline = (score(labelled, method(reports)) for method in (ledger, same_name_and_day))
    assert found.pairs.f1 > 0.8
    assert found.pairs.f1 > baseline.pairs.f1 + 0.05
    assert found.f1 > baseline.f1
