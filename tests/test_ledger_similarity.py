"""Two reports of one incident or of two: the rule that decides, and what it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from incidents import (
    CHUHUIV,
    DAY,
    HAMLET,
    KHARKIV,
    ODESA,
    PISOCHYN,
    REGION,
    SALTIVKA,
    UKRAINE,
    UKRAINIANS,
    killed,
    report,
)

from warwire.model.ledger.location import RELATIONS, relation
from warwire.model.ledger.reports import Report
from warwire.model.ledger.shingles import KEPT, resemblance, sketch_of
from warwire.model.ledger.similarity import MIN_SCORE, compare
from warwire.model.ledger.weights import WEIGHTS

LINES = [
    "The night was quiet until the first drones came in low over the river and hit the old tractor works.",
    "Firemen from four districts fought the flames until noon while the power failed in half of the city.",
]

PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], bool, str]] = {
    "one town, one day": ({}, {}, True, "same place"),
    "a suburb is its town": ({}, {"places": (SALTIVKA,)}, True, "same place"),
    "one name on no map": ({"places": (HAMLET,)}, {"places": (HAMLET,)}, True, "same name, on no map"),
    "a night and its evening": ({"days": (0, 1)}, {"days": (0, 0)}, True, "overlapping days"),
    "the region of the town": ({}, {"places": (REGION,)}, True, "place within"),
    "no day, published the day after": ({"days": None}, {}, True, "day fits publication"),
    "an aircraft drops bombs": ({"weapons": {"aircraft"}}, {"weapons": {"air_bomb"}}, True, "weapons may be one"),
    "each side blames the other": ({"attackers": {UKRAINIANS}}, {"says": ()}, True, "other side"),
    "a denial of what others tell": ({"statuses": {"denied"}}, {}, True, "same place"),
    "a toll that rises": ({"says": [killed(3)]}, {"says": [killed(5)]}, True, "figures near"),
    "a wrong date, but the very words": (
        {"text": " ".join(LINES)},
        {"text": " ".join(LINES), "days": (-6, -6)},
        True,
        "copy",
    ),
    "no date at all, but weekday and figure": (
        {"says": [killed(31)]},
        {"says": [killed(31)], "published": None, "days": None, "weekdays": {"tues"}},
        True,
        "same weekday",
    ),
    "the next day in the same town": (
        {"says": [killed(3)]},
        {"days": (1, 1), "says": [killed(9)]},
        False,
        "next day",
    ),
    "a town 11 km away": ({}, {"places": (PISOCHYN,), "weapons": {"artillery"}}, False, "near place"),
    "no more than the country": ({}, {"places": (UKRAINE,), "attackers": ()}, False, "same country"),
    "other weapons and far other figures": (
        {"weapons": {"artillery"}, "says": [killed(2)]},
        {"says": [killed(40)], "days": (0, 1)},
        False,
        "figures far apart",
    ),
    "two towns in one night, few of them shared": (
        {"places": (KHARKIV, CHUHUIV, ODESA)},
        {"attackers": ()},
        False,
        "few of several places",
    ),
    "one article tells two": (
        {"article": "a", "key": "a#1"},
        {"article": "a", "key": "a#2", "weapons": {"artillery"}},
        False,
        "one article",
    ),
    "an arrest is no strike": ({"kinds": {"DETAIN"}, "weapons": ()}, {"attackers": ()}, False, "other events"),
}

VETOED = {
    "two towns": ({}, {"places": (ODESA,)}, "two places"),
    "towns of one region": ({}, {"places": (CHUHUIV,)}, "two places"),
    "two weeks": ({}, {"days": (14, 14), "published": DAY + 15}, "two days"),
    "three days": ({}, {"days": (3, 3), "published": DAY + 4}, "two days"),
    "no day, but published long before": ({}, {"days": None, "published": DAY - 1}, "two days"),
    "no day, but published long after": ({}, {"days": None, "published": DAY + 9}, "two days"),
    "a plan": ({}, {"mood": "planned"}, "planned"),
}


def pair(left: dict[str, Any], right: dict[str, Any]) -> tuple[Report, Report]:
    """Two reports with their differences; sets are frozen."""
    frozen = [
        {name: frozenset(v) if isinstance(v, set) or v == () else v for name, v in side.items()}
        for side in (left, right)
    ]
    for side in frozen:
        side.update({"says": tuple(side["says"])} if "says" in side else {})
    return report("a", **frozen[0]), report("b", **frozen[1])


@pytest.mark.parametrize(("left", "right", "one", "rule"), PAIRS.values(), ids=PAIRS)
def test_the_rule_that_decides_whether_two_reports_are_of_one_incident(
    left: dict[str, Any], right: dict[str, Any], one: bool, rule: str
) -> None:
    match = compare(*pair(left, right))
    assert rule in {point.rule for point in match.points}
    assert (match.veto is None and match.score >= MIN_SCORE) == one, match.reason


@pytest.mark.parametrize(("left", "right", "veto"), VETOED.values(), ids=VETOED)
def test_a_veto_holds_whatever_the_score(left: dict[str, Any], right: dict[str, Any], veto: str) -> None:
    alike = {"says": [killed(31)], "targets": {"school"}}
    assert compare(*pair(left | alike, right | alike)).veto == veto


def test_every_point_tells_its_rule_its_weight_and_its_reason() -> None:
    match = compare(report("a", says=[killed(3)]), report("b", places=(SALTIVKA,), says=[killed(3)]))
    assert match.reason == (
        "same place (Kharkiv, 4 km apart) +3, same day +3, drone +1, killed 3 and 3 +1, same side (Russia) +0.5, "
        "attack +0.5"
    )
    assert all(WEIGHTS[point.rule] == point.value for point in match.points)


def test_figures_of_other_things_are_not_compared() -> None:
    match = compare(report("a", says=[killed(3, what="soldiers")]), report("b", says=[killed(90, what="horses")]))
    assert not any(point.rule.startswith("figure") for point in match.points)


def test_a_part_is_not_compared_with_a_whole() -> None:
    match = compare(report("a", says=[killed(3, part=True)]), report("b", says=[killed(90)]))
    assert not any(point.rule.startswith("figure") for point in match.points)


PLACES = [KHARKIV, SALTIVKA, CHUHUIV, PISOCHYN, ODESA, REGION, UKRAINE, HAMLET]


@pytest.mark.parametrize("left", PLACES, ids=lambda place: place.name)
@pytest.mark.parametrize("right", PLACES, ids=lambda place: place.name)
def test_places_stand_to_each_other_alike_from_both_sides(left: Any, right: Any) -> None:
    assert relation(left, right) == relation(right, left)
    assert relation(left, right)[0] in RELATIONS
    assert relation(left, left)[0] == "same"


WORDS = st.lists(
    st.sampled_from("the drones hit a plant in town and fire broke out at night again".split()), max_size=40
)


@given(WORDS, WORDS)
def test_short_texts_are_compared_exactly(ours: list[str], theirs: list[str]) -> None:
    left, right = ({" ".join(words[i : i + 4]) for i in range(len(words) - 3)} for words in (ours, theirs))
    share = len(left & right) / len(left | right) if left and right else 0.0
    found = resemblance(sketch_of(" ".join(ours)), sketch_of(" ".join(theirs)))
    assert len(left | right) > KEPT or found == pytest.approx(share)


def test_the_sketches_of_long_texts_tell_their_resemblance_roughly() -> None:
    words = [f"w{i}" for i in range(2000)]
    left, right = sketch_of(" ".join(words[:1500])), sketch_of(" ".join(words[500:]))
    assert resemblance(left, right) == pytest.approx(0.5, abs=0.2)
