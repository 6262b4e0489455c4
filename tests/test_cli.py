"""Every command by its exit code and output; bad input is one clear line, exit code 2, and loses nothing else."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import TINY_CORPUS, Ran, made
from hypothesis import given
from hypothesis import strategies as st

from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents, write_documents
from warwire.model.main import SUBCOMMANDS

Run = Callable[..., Ran]

ARTICLE = (
    "Government forces shelled the northern suburbs of Lira overnight, killing at least seven people, "
    "the health ministry said on Saturday.\n"
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    write_documents(path, [made(source, id=f"d{i}", date="2024-03-02") for i, source in enumerate(TINY_CORPUS)])
    return path


# --- help ---------------------------------------------------------------------------------------------------------


def test_help_names_every_command(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert all(name in ran.out and command.help[:40] in ran.out for name, command in SUBCOMMANDS.items())


@pytest.mark.parametrize(
    "command",
    [
        *[[name] for name in SUBCOMMANDS],
        *(["annotate", c] for c in ("check", "stats", "audit", "convert", "agreement", "split", "draft")),
    ],
)
def test_every_command_has_help_with_an_example(run: Run, command: list[str]) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "Example: warwire" in ran.out or command == ["annotate"]


@pytest.mark.parametrize("name", [name for name in SUBCOMMANDS if name != "annotate"])
def test_the_line_in_the_help_page_is_the_command_s_own(run: Run, name: str) -> None:
    assert SUBCOMMANDS[name].help in " ".join(run(name, "--help").out.split())


@pytest.mark.parametrize(
    "arguments", [["nope"], ["extract"], ["extract", "x", "--format", "xml"], ["annotate", "nope"]]
)
def test_wrong_usage_ends_with_code_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


# --- extract ------------------------------------------------------------------------------------------------------


def test_extract_prints_text_and_events_for_a_reader(run: Run, article: Path, tiny_bundle: Path) -> None:
    ran = run("extract", article, "--model", tiny_bundle)
    assert (ran.code, ran.err) == (0, "")
    assert "article" in ran.out
    assert "killing" in ran.out
    assert "|PLACE]" in ran.out or "|ACTOR]" in ran.out or "no events found" in ran.out


def test_extract_gives_documents_that_read_back(run: Run, corpus: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    ran = run("extract", corpus, "--model", tiny_bundle, "--format", "jsonl")
    (tmp_path / "out.jsonl").write_text(ran.out)
    found = read_documents(tmp_path / "out.jsonl")
    assert [d.text for d in found] == [d.text for d in read_documents(corpus)]
    assert all(d.extra["schema_version"] == 1 and "tiny" in d.extra["model"] for d in found)
    assert all(s.score is not None for d in found for s in d.spans)
    assert all(e.score is not None and e.sentence and e.normalised is not None for d in found for e in d.events)


def test_extract_keeps_offsets_into_the_very_text_given(run: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    text = "\tRebels’ drones\r\nstruck the 🚀 depot near Lira\u2028overnight, the mayor said.\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    [record] = map(
        json.loads,
        run("extract", tmp_path / "a.txt", "-f", "jsonl", "--model", tiny_bundle).out.split("\n")[:-1],
    )
    assert record["text"] == text


def test_extract_gives_rows_with_every_column(run: Run, corpus: Path, tiny_bundle: Path) -> None:
    from warwire.model.rows import COLUMNS

    ran = run("extract", corpus, "--model", tiny_bundle, "--format", "rows")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["type"], rows[0]["weapon"], rows[0]["count_min"], rows[0]["time_start"]) == (
        "LAUNCH",
        "rockets",
        "9",
        "2024-03-01",
    )


def test_extract_reads_standard_input(run_process: Run, tiny_bundle: Path) -> None:
    plain = run_process("extract", "-", "--model", tiny_bundle, "-f", "jsonl", stdin=ARTICLE.encode())
    lines = run_process(
        "extract", "-", "--model", tiny_bundle, "-f", "jsonl", stdin=json.dumps({"text": ARTICLE}).encode()
    )
    assert plain.code == lines.code == 0
    assert json.loads(plain.out)["text"] == json.loads(lines.out)["text"] == ARTICLE


def test_extract_reads_html(run: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    pytest.importorskip("resiliparse")
    html = f"<html><head><title>x</title><script>var rockets</script></head><body><p>{ARTICLE}</p></body></html>"
    (tmp_path / "a.html").write_text(html)
    record = json.loads(run("extract", tmp_path / "a.html", "-f", "jsonl", "--model", tiny_bundle).out)
    assert record["text"].strip() == ARTICLE.strip()


def test_the_date_given_is_for_documents_without_one(run: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    write_documents(tmp_path / "d.jsonl", [Document("a", ARTICLE), Document("b", ARTICLE, date="2020-01-01")])
    ran = run("extract", tmp_path / "d.jsonl", "--date", "2024-03-02", "-f", "jsonl", "--model", tiny_bundle)
    assert [json.loads(line)["date"] for line in ran.out.splitlines()] == ["2024-03-02", "2020-01-01"]


def test_the_same_text_gives_the_same_output_alone_or_among_others(run: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    documents = [Document(str(i), made(TINY_CORPUS[i % 3]).text * (1 + i % 5)) for i in range(70)]
    write_documents(tmp_path / "all.jsonl", documents)
    write_documents(tmp_path / "one.jsonl", documents[66:67])
    options = ("--model", tiny_bundle, "-f", "jsonl", "--back-end", "fp32")
    together = run("extract", tmp_path / "all.jsonl", *options).out.splitlines()
    spans = [[(s["start"], s["label"]) for s in json.loads(line)["spans"]] for line in together]
    [alone] = run("extract", tmp_path / "one.jsonl", *options).out.splitlines()
    assert [(s["start"], s["label"]) for s in json.loads(alone)["spans"]] == spans[66]


BAD_FILES = {
    "empty": (b"", "the file is empty"),
    "white space": (b" \n\n", "the file is empty"),
    "binary": (b"\x7fELF\x02\x01\x00\x00", "a binary file"),
    "no UTF-8": (b"Lira caf\xe9 fell", "no UTF-8 at byte offset 8 (0xe9)"),
    "UTF-16": ("Lira fell".encode("utf-16"), "binary file"),
}


@pytest.mark.parametrize(("content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_line_and_the_others_are_read(
    run: Run, article: Path, tmp_path: Path, tiny_bundle: Path, content: bytes, message: str
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    ran = run("extract", bad, article, "-f", "jsonl", "--model", tiny_bundle)
    assert ran.code == 2
    [line] = ran.err.splitlines()
    assert line.startswith(f"warwire: {bad}: ")
    assert message in line
    assert [json.loads(text)["id"] for text in ran.out.splitlines()] == ["article"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere.txt", "no such file"), (".", "is a folder"), ("nowhere.jsonl", "no such file")],
)
def test_a_missing_file_is_one_line(run: Run, tmp_path: Path, name: str, message: str) -> None:
    ran = run("extract", tmp_path / name)
    assert (ran.code, len(ran.err.splitlines()), message in ran.err) == (2, 1, True)


def test_a_broken_line_is_named_and_the_others_are_read(run: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    lines = [json.dumps({"id": str(i), "text": ARTICLE}) for i in range(5)]
    lines[2], lines[3] = '{"id": "2", "te', '{"id": "3"}'
    (tmp_path / "d.jsonl").write_text("\n".join(lines) + "\n")
    ran = run("extract", tmp_path / "d.jsonl", "-f", "jsonl", "--model", tiny_bundle)
    assert ran.code == 2
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["0", "1", "4"]
    assert [line.split(": ")[1].rsplit(":", 1)[1] for line in ran.err.splitlines()] == ["3", "4"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--date", "2.3.2024"], "is no day like 2024-03-02"),
        (["--model", "nowhere"], "no such folder"),
        (["--model", "."], "no warwire model"),
        (["--back-end", "gpu"], "unknown back end"),
    ],
)
def test_bad_options_are_one_line(run: Run, article: Path, options: list[str], message: str) -> None:
    ran = run("extract", article, *options)
    assert (ran.code, len(ran.err.splitlines()), message in ran.err, ran.out) == (2, 1, True, "")


UNTAGGED = "The said, near the in, were said at the near.\n"
"""Words that the tiny model leaves alone; in others, which it tags at random, it finds 200,000 events."""


def test_an_article_of_5_megabytes_is_read_to_its_end(run_process: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(UNTAGGED * (5_000_000 // len(UNTAGGED) + 1) + ARTICLE)
    ran = run_process("extract", path, "-f", "jsonl", "--model", tiny_bundle)
    record = json.loads(ran.out)
    assert (ran.code, len(record["text"])) == (0, path.stat().st_size)
    assert any(span["start"] > 5_000_000 for span in record["spans"])


def test_a_list_without_a_full_stop_takes_no_longer_than_sentences() -> None:
    unit = "[rebels|ACTOR:a{0}] [killed|KILL:e{0}] and "
    source = "".join(unit.format(i) for i in range(4000)) + "left\n---\n" + "\n".join(f"e{i}:" for i in range(4000))
    from warwire.model.assemble import assemble

    assert len(assemble(made(source)).events) == 4000


@pytest.mark.parametrize("text", ["x" * 1_000_000, "." * 200_000, "🚀" * 50_000], ids=["word", "dots", "emoji"])
def test_an_endless_word_does_no_harm(run: Run, tmp_path: Path, tiny_bundle: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text + " " + ARTICLE)
    ran = run("extract", tmp_path / "a.txt", "-f", "jsonl", "--model", tiny_bundle)
    assert (ran.code, ran.err) == (0, "")


def test_vague_words_come_to_what_the_user_chooses(run: Run, tmp_path: Path) -> None:
    source = "[Dozens|COUNT:c1] were [killed|KILL:e1].\n---\ne1: count=c1"
    write_documents(tmp_path / "d.jsonl", [made(source)])
    (tmp_path / "own.tsv").write_text("dozens\t30\t60\n")
    lines = [
        run("assemble", tmp_path / "d.jsonl", "--vague", v, "-f", "rows").out for v in ("acled", tmp_path / "own.tsv")
    ]
    assert ["Dozens,12,12" in lines[0], "Dozens,30,60" in lines[1]] == [True, True]
    assert run("assemble", tmp_path / "d.jsonl", "--vague", tmp_path / "none.tsv").code == 2


HOSTILE = "[/INST] [red]x[/red] \x1b]0;title\x07 \x9b31m {{7*7}} <script>alert(1)</script> =HYPERLINK(1) \u202eabc"


@pytest.mark.parametrize("format", ["table", "jsonl", "rows", "attacks", "geojson", "html"])
def test_text_that_means_harm_is_only_text(run: Run, tmp_path: Path, tiny_bundle: Path, format: str) -> None:
    (tmp_path / "a.txt").write_text(HOSTILE + " " + ARTICLE)
    ran = run("extract", tmp_path / "a.txt", "-f", format, "--model", tiny_bundle)
    assert ran.code == 0
    assert format != "table" or not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out)
    assert "[red]x[/red]" in ran.out or format != "jsonl"


@given(st.text(max_size=30))
def test_no_csv_cell_is_a_formula(cell: str) -> None:
    from warwire.model.rows import _harmless

    safe = _harmless(cell)
    assert not safe.startswith(("=", "@", "\t", "\r"))
    assert safe.lstrip("'") == cell.lstrip("'") or safe == "'" + cell


# --- assemble -----------------------------------------------------------------------------------------------------


def test_assemble_replaces_events_and_keeps_spans(run: Run, corpus: Path, tmp_path: Path) -> None:
    ran = run("assemble", corpus)
    (tmp_path / "out.jsonl").write_text(ran.out)
    gold, found = read_documents(corpus), read_documents(tmp_path / "out.jsonl")
    assert [d.spans for d in found] == [d.spans for d in gold]
    assert [[e.type for e in d.events] for d in found] == [["LAUNCH"], ["KILL"], ["STRIKE"]]


def test_assemble_prints_tables_and_rows_too(run: Run, corpus: Path) -> None:
    assert "LAUNCH" in run("assemble", corpus, "--format", "table").out
    assert run("assemble", corpus, "--format", "rows").out.count("\n") == 4


def test_assemble_names_broken_lines(run: Run, corpus: Path) -> None:
    corpus.write_bytes(b"{\n" + corpus.read_bytes())
    ran = run("assemble", corpus)
    assert (ran.code, ran.out.count("\n"), f"{corpus}:1: broken JSON" in ran.err) == (2, 3, True)


def test_assemble_refuses_an_empty_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").touch()
    ran = run("assemble", tmp_path / "e.jsonl")
    assert (ran.code, "the file is empty" in ran.err) == (2, True)


# --- annotate -----------------------------------------------------------------------------------------------------


def test_check_passes_sound_files(run: Run, corpus: Path) -> None:
    assert (run("annotate", "check", corpus).out, run("annotate", "check", corpus).code) == (
        "3 documents, no problem\n",
        0,
    )


def test_check_names_every_departure_with_file_line_document_and_span(run: Run, corpus: Path) -> None:
    documents = read_documents(corpus)
    faulty = made("They hit [the town|PLACE:p9].", id="faulty")
    write_documents(corpus, [*documents, faulty])
    ran = run("annotate", "check", corpus)
    assert ran.code == 2
    assert (
        ran.err == f"warwire: {corpus}:4: document faulty, span p9: 'the town' begins with an article; leave it out\n"
    )


def test_stats_counts_as_table_and_as_json(run: Run, corpus: Path) -> None:
    figures = json.loads(run("annotate", "stats", corpus, "--json").out)
    assert (figures["documents"], figures["spans"], figures["events"]) == (3, 18, 3)
    assert figures["by_label"]["PLACE"] == figures["by_role"]["place"] == 3
    assert "3 documents" in " ".join(run("annotate", "stats", corpus).out.split())


def test_split_goes_by_story_and_puts_each_document_once(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "inline"
    folder.mkdir()
    for i in range(60):
        source = TINY_CORPUS[i % 3]
        (folder / f"{i:02}.ann.txt").write_text(f"# id: d{i}\n# story: s{i // 2}\n{source}\n")
    assert run("annotate", "split", folder, "--out", tmp_path / "out").code == 0
    splits = {n: read_documents(tmp_path / "out" / f"{n}.jsonl") for n in ("train", "dev", "test")}
    stories = {name: {d.extra["meta"]["story"] for d in documents} for name, documents in splits.items()}
    assert sum(len(documents) for documents in splits.values()) == 60
    assert not stories["train"] & (stories["dev"] | stories["test"])
    assert not stories["dev"] & stories["test"]


def test_split_refuses_two_documents_of_one_id(run: Run, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.ann.txt").write_text(f"# id: same\n{TINY_CORPUS[0]}\n")
    ran = run("annotate", "split", tmp_path, "--out", tmp_path / "out")
    assert (ran.code, "this id was already used in" in ran.err) == (2, True)


# --- export -------------------------------------------------------------------------------------------------------


def test_export_refuses_what_is_no_model(run: Run, tmp_path: Path) -> None:
    ran = run("export", tmp_path)
    assert (ran.code, "no warwire model" in ran.err) == (2, True)


def test_the_version_is_told(run: Callable[..., Ran]) -> None:
    assert run("--version").out == f"warwire {version('warwire')}\n"


@pytest.mark.parametrize("format", ["table", "rows", "jsonl", "html"])
def test_output_that_cannot_be_written_is_one_line(tmp_path: Path, format: str) -> None:
    (tmp_path / "a.txt").write_text("Rebels fired nine rockets at Lira on Monday.")
    code = "from warwire.model.main import main; main()"
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", code, "extract", str(tmp_path / "a.txt"), "-f", format]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert ended.stderr.decode() == "warwire: the output cannot be written: no space left on device\n"
