"""Vague counts under the table that a user chooses, and what a broken table is answered with."""

from pathlib import Path

import pytest

from warwire.annotations.errors import InputError
from warwire.model.normalise.count import CountRange, normalise_count
from warwire.model.normalise.vague import ACLED, GUIDE, VagueTable, read_vague_table, vague_table

OWN = """# counts of the archive desk
dozens\t30\t90
several\t4\t9
a clutch\t3\t6
many\t20
tens of thousands\t15000\t99999
"""

ACLED_COUNTS = {
    "tens": (10, 10),
    "dozens": (12, 12),
    "hundreds": (100, 100),
    "thousands": (1000, 1000),
    "dozens of people": (12, 12),
    "tens of thousands": (10_000, 10_000),
    "hundreds of thousands": (100_000, 100_000),
    "dozens, if not hundreds": (12, 12),
    "at least dozens": (12, None),
    "several": (3, None),
    "several dozen": (36, None),
    "two dozen": (24, 24),
    "15": (15, 15),
}

OWN_COUNTS = {
    "dozens": (30, 90),
    "up to dozens": (0, 90),
    "several": (4, 9),
    "several hundred": (400, 900),
    "a clutch": (3, 6),
    "many": (20, None),
    "tens of thousands": (15_000, 99_999),
    "hundreds": (200, None),
    "20": (20, 20),
}

BROKEN = {
    "dozens 12": ":1: 'dozens 12' is no entry",
    "tens\t10\t20\ndozens\ttwelve": ":2: 'twelve' is no whole number",
    "dozens\t\t12": ":1: 'dozens' lacks its least number",
    "dozens\t-3": ":1: '-3' is no whole number",
    "dozens\t90\t30": ":1: 'dozens' runs from 90 down to 30",
    "# a comment\n\ndozens\t12\ndozens\t24": ":4: 'dozens' is there twice",
    "a dozen\t10\t14": ":1: 'a dozen' is no vague word",
    "dozens\t1\t2\t3": "is no entry",
    "\n# nothing\n": ": no words in it",
}


@pytest.mark.parametrize(("text", "expected"), ACLED_COUNTS.items())
def test_acled_writes_the_least_number(text: str, expected: tuple[int, int | None]) -> None:
    found = normalise_count(text, ACLED)
    assert found is not None
    assert (found.min, found.max) == expected


@pytest.mark.parametrize(("text", "expected"), OWN_COUNTS.items())
def test_a_users_table_goes_before_the_guides(tmp_path: Path, text: str, expected: tuple[int, int | None]) -> None:
    path = tmp_path / "desk.tsv"
    path.write_text(OWN, encoding="utf-8")
    found = normalise_count(text, read_vague_table(path))
    assert found is not None
    assert (found.min, found.max) == expected


@pytest.mark.parametrize(("content", "message"), BROKEN.items())
def test_a_broken_table_is_one_line_with_its_place(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "broken.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_vague_table(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unreadable_table_names_the_choices(tmp_path: Path) -> None:
    (tmp_path / "latin.tsv").write_bytes(b"d\xe9but\t1\n")
    for path, message in ((tmp_path / "missing.tsv", "guide, acled"), (tmp_path / "latin.tsv", "UTF-8")):
        with pytest.raises(InputError, match=message):
            read_vague_table(path)


def test_tables_are_chosen_by_name_or_path(tmp_path: Path) -> None:
    (tmp_path / "desk.tsv").write_text(OWN, encoding="utf-8")
    assert (vague_table("guide"), vague_table("acled")) == (GUIDE, ACLED)
    assert vague_table(str(tmp_path / "desk.tsv")).name == "desk"


def test_the_guides_table_is_the_default() -> None:
    assert normalise_count("dozens") == normalise_count("dozens", GUIDE) == CountRange(24, None, "vague")


def test_an_impossible_table_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="dozens"):
        VagueTable("mine", (("dozens", 24, 12),))
