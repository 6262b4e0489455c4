"""`warwire annotate audit`: near-duplicates, names that cross splits, surfaces with more than one label."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, made

from warwire.annotations.ambiguity import ambiguous_surfaces, to_tsv
from warwire.annotations.crossing_names import crossing_names, looks_like_a_person
from warwire.annotations.document import Document
from warwire.annotations.jsonl import write_documents
from warwire.annotations.near_duplicates import near_duplicates

ARTICLE = (
    "Gunners on the ridge above the ferry landing kept up their fire until the rain came, and the last boat "
    "left without its mails, a clerk at the harbour office recalled."
)
OTHER = (
    "Nothing moved in the market of the lower town on Friday except the cats, although the truce had by then been "
    "in force for the better part of a week."
)


def bare(name: str, text: str) -> Document:
    return made(text, id=name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ARTICLE, True),
        (ARTICLE.upper().replace(",", ""), True),
        (ARTICLE.replace("rain", "snow"), True),
        (OTHER + " " + ARTICLE + " " + OTHER.replace("Friday", "Sunday"), True),
        (OTHER, False),
        ("Gunners fired.", False),
    ],
    ids=["the same", "other case and commas", "one word", "within a longer one", "another article", "a few words"],
)
def test_an_article_that_repeats_another_is_found(text: str, found: bool) -> None:
    pairs = near_duplicates({"train": [bare("a", ARTICLE)], "test": [bare("b", text)]})
    assert [(pair.one, pair.other, pair.splits) for pair in pairs] == [("a", "b", ("train", "test"))] * found


@pytest.mark.parametrize(
    ("surface", "person"),
    [
        ("Ihor Taburets", True),
        ("Abd al-Rahman al-Suri", True),
        ("J. T. Okafor", True),
        ("Ministry of Defence", False),
        ("Gaza City", False),
        ("police", False),
        ("Kivu", False),
        ("two soldiers", False),
    ],
)
def test_a_persons_name_is_told_from_a_body(surface: str, person: bool) -> None:
    assert looks_like_a_person(surface) is person


def test_a_name_in_two_splits_is_found_unless_known() -> None:
    splits = {
        "train": [made("[Odd Varga|SPEAKER:s1] agreed.", id="a"), made("[Odd Varga|SPEAKER:s1] left.", id="b")],
        "test": [made("[Odd Varga|SPEAKER:s1] denied it.", id="c"), made("[Lena Ruud|SPEAKER:s1] too.", id="d")],
    }
    (name,) = crossing_names(splits)
    assert (name.name, name.documents) == ("Odd Varga", {"train": ("a", "b"), "test": ("c",)})
    assert crossing_names(splits, known=["odd varga"]) == ()


def test_a_surface_with_two_labels_is_listed_with_an_example_of_each() -> None:
    documents = [
        made("The [Army|SPEAKER:s1] said the [army|ACTOR:a1] and the [army|ACTOR:a2] won.", id="a"),
        made("[Mortars|WEAPON:w1] and [mortars|WEAPON:w2].", id="b"),
    ]
    (found,) = ambiguous_surfaces(documents)
    assert [(use.label, use.number) for use in found.uses] == [("ACTOR", 2), ("SPEAKER", 1)]
    assert found.minority == 1
    assert to_tsv([found]).splitlines()[2] == "army\tSPEAKER\t1\ta\tThe [Army] said the army and the army won."


def test_the_command_ends_with_one_where_something_is_found(tmp_path: Path, run: Callable[..., Ran]) -> None:
    write_documents(tmp_path / "train.jsonl", [bare("a", ARTICLE), bare("b", OTHER)])
    write_documents(tmp_path / "test.jsonl", [bare("c", ARTICLE)])
    ran = run("annotate", "audit", tmp_path / "train.jsonl", tmp_path / "test.jsonl", "--ambiguous", tmp_path / "a.tsv")
    assert ran.code == 1
    assert "100% of the shorter one is in both" in ran.out
    assert (tmp_path / "a.tsv").read_text().startswith("surface\tlabel")
    assert run("annotate", "audit", tmp_path / "train.jsonl").code == 0
