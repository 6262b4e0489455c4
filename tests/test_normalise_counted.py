"""What a count counts, and which numbers count nothing."""

import pytest
from conftest import made

from warwire.model.normalise.counted import is_designator
from warwire.model.normalise.fields import normalise, read_document

STRIKES = {
    "the jets carried out a number of raids": (
        "[Jets|WEAPON:w1] made [nine|COUNT:c1] [raids|STRIKE:e1] on the [camp|TARGET:g1].",
        "attack",
    ),
    "how often": ("[Jets|WEAPON:w1] [hit|STRIKE:e1] the [camp|TARGET:g1] [12|COUNT:c1] times.", "attack"),
    "how often, in the span": ("The [camp|TARGET:g1] was [hit|STRIKE:e1] [nine times|COUNT:c1].", "attack"),
    "twice": ("[Jets|WEAPON:w1] [bombed|STRIKE:e1] the [camp|TARGET:g1] [twice|COUNT:c1].", "attack"),
    "attacks of a weapon": ("[Six|COUNT:c1] [drone|WEAPON:w1] [attacks|STRIKE:e1] on [tankers|TARGET:g1].", "attack"),
    "a plural behind the count": ("[Jets|WEAPON:w1] flew [22|COUNT:c1] [sorties|STRIKE:e1].", "attack"),
    "what was hit": ("[Jets|WEAPON:w1] [struck|STRIKE:e1] [five|COUNT:c1] [hangars|TARGET:g1].", "target"),
    "what was hit, in the passive": (
        "[Four|COUNT:c1] [hangars|TARGET:g1] were [hit|STRIKE:e1] by [jets|WEAPON:w1].",
        "target",
    ),
    "what hit": ("[Two|COUNT:c1] [shells|WEAPON:w1] [hit|STRIKE:e1] the [camp|TARGET:g1].", "weapon"),
    "what hit, of them": ("[Three|COUNT:c1] of the [shells|WEAPON:w1] [hit|STRIKE:e1] a [bakery|TARGET:g1].", "weapon"),
    "by what it was hit": (
        "The [camp|TARGET:g1] was [hit|STRIKE:e1] by [two|COUNT:c1] [shells|WEAPON:w1].",
        "weapon",
    ),
    "a weapon left out": ("[One|COUNT:c1] [landed|STRIKE:e1] on the [camp|TARGET:g1].", "weapon"),
    "a weapon named before": (
        "[Bombs|WEAPON:w1] [fell|STRIKE:e1] in a river, [one|COUNT:c1] on an [orchard|TARGET:g1].",
        "weapon",
    ),
}


@pytest.mark.parametrize("name", STRIKES)
def test_the_count_of_a_strike_is_of_what_it_stands_before(name: str) -> None:
    source, expected = STRIKES[name]
    roles = " ".join(f"{role}={id}" for role, id in (("weapon", "w1"), ("target", "g1")) if f":{id}]" in source)
    document = made(f"{source}\n---\ne1: count=c1 {roles}")
    (count,) = normalise(read_document(document), document.events[0])["count"]
    assert count["of"] == expected


@pytest.mark.parametrize(
    ("before", "digits"),
    [
        ("A missile hit Ukraine International Airlines Flight ", "752"),
        ("A missile hit flight PS", "752"),
        ("The wreck of MH", "17"),
        ("They fought at Hill ", "3234"),
        ("Rebels cut Route ", "443"),
        ("They lost a T-", "72"),
        ("Press release No. ", "161"),
        ("A missile hit ", "flight 752"),
    ],
)
def test_numbers_that_name_a_thing_are_no_counts(before: str, digits: str) -> None:
    document = made(f"{before}[{digits}|COUNT:c1] and people [died|KILL:e1].\n---\ne1: count=c1")
    (count,) = normalise(read_document(document), document.events[0])["count"]
    assert (count["min"], count["max"], count["bound"]) == (None, None, None)


@pytest.mark.parametrize("text", ["They said 17 died.", "The Army lost 17.", "On the flight 176 people died."])
def test_other_numbers_are_counts(text: str) -> None:
    start = next(at for at, sign in enumerate(text) if sign.isdigit())
    end = next(at for at in range(start, len(text) + 1) if not text[at : at + 1].isdigit())
    assert not is_designator(text, start, end)


@pytest.mark.parametrize(
    ("source", "least"),
    [
        ("[twice|COUNT:c1] as many fighters [died|KILL:e1].", None),
        ("[Three times|COUNT:c1] the number [died|KILL:e1] in Lira.", None),
        ("[Two|COUNT:c1] more fighters [died|KILL:e1].", 2),
        ("The [camp|TARGET:g1] was [hit|STRIKE:e1] [twice|COUNT:c1].", 2),
    ],
)
def test_a_multiple_of_another_number_is_no_count(source: str, least: int | None) -> None:
    document = made(source + "\n---\ne1: count=c1")
    [value] = normalise(read_document(document), document.events[0])["count"]
    assert value["min"] == least
