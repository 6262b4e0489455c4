"""Reports to incidents: every report in exactly one, in whatever order they come, and none chained through another."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
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
    groups,
    killed,
    report,
)

from warwire.model.ledger.blocking import LARGEST, candidate_pairs
from warwire.model.ledger.grouping import COMPARED, Incident, group_reports
from warwire.model.ledger.reports import Report
from warwire.model.ledger.similarity import MIN_SCORE, compare

WORDS = "Two drones fell on the tractor works a little after three and the roof was burning until the morning"


def grouped(*reports: Report) -> set[frozenset[str]]:
    return groups(group_reports(reports))


def sets(*names: str) -> set[frozenset[str]]:
    return {frozenset(name.split()) for name in names}


CASES: dict[str, tuple[list[Report], set[frozenset[str]]]] = {
    "one report alone": ([report("a")], sets("a")),
    "three of one strike": ([report(name) for name in "abc"], sets("a b c")),
    "one weapon in one night in three towns": (
        [report("a"), report("b", places=(ODESA,)), report("c", places=(CHUHUIV,)), report("d")],
        sets("a d", "b", "c"),
    ),
    "a vague report does not chain two towns": (
        [
            report("a", says=(killed(12),)),
            report("b", says=(killed(12),)),
            report("c", places=(CHUHUIV,), says=(killed(4),)),
            report("d", places=(CHUHUIV,), says=(killed(4),)),
            report("e", places=(REGION,), says=(killed(12),)),
        ],
        sets("a b e", "c d"),
    ),
    "a vague report that fits two towns alike stays by itself": (
        [report("a"), report("b", places=(CHUHUIV,)), report("c", places=(REGION,))],
        sets("a", "b", "c"),
    ),
    "copies with another date go with the first": (
        [report("a", text=WORDS), report("b"), report("c", text=WORDS, days=(-5, -5))],
        sets("a b c"),
    ),
    "two strikes on one town on two days": (
        [
            report("a", says=(killed(3),), targets=frozenset({"school"})),
            report("b", says=(killed(3),), targets=frozenset({"school"})),
            report("c", days=(2, 2), published=DAY + 2, says=(killed(11),), targets=frozenset({"depot"})),
            report("d", days=(2, 2), published=DAY + 3, says=(killed(11),), targets=frozenset({"depot"})),
        ],
        sets("a b", "c d"),
    ),
    "no place, no day, nothing": (
        [report(name, places=(), days=None, published=None) for name in "ab"],
        sets("a", "b"),
    ),
}


@pytest.mark.parametrize(("reports", "expected"), CASES.values(), ids=CASES)
def test_reports_are_grouped_as_a_reader_would(reports: list[Report], expected: set[frozenset[str]]) -> None:
    assert grouped(*reports) == expected


def test_what_was_not_joined_is_named_with_its_reason() -> None:
    found = group_reports([report("a"), report("b", places=(CHUHUIV,)), report("c", places=(REGION,))])
    region = next(incident for incident in found if incident.reports[0].article == "c")
    assert [near.why for near in region.neighbours] == ["fits this one and another about equally well"] * 2
    assert {near.incident for near in region.neighbours} == {found.index(i) + 1 for i in found} - {region.number}


def test_what_excludes_two_incidents_is_named() -> None:
    town, other = report("a", says=(killed(40),)), report("b", places=(CHUHUIV,), says=(killed(9),))
    region = [report("c", places=(REGION,), says=(killed(40), killed(9)))]
    first = group_reports([town, other, *region])[1]
    assert [near.why for near in first.neighbours] == ["reports of the two exclude each other: two places"]


def test_links_tie_all_reports_of_an_incident_together_and_say_why() -> None:
    (incident,) = group_reports([report("a"), report("b", places=(SALTIVKA,)), report("c", text=WORDS)])
    assert len(incident.links) == 2
    assert {name for link in incident.links for name in (link.one, link.other)} == {"a", "b", "c"}
    assert all(link.match.veto is None and "same day +3" in link.match.reason for link in incident.links)


def test_two_reports_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="one key"):
        group_reports([report("a"), report("a")])


def test_a_lower_score_joins_more() -> None:
    reports = [report("a", attackers=frozenset()), report("b", places=(PISOCHYN,), attackers=frozenset())]
    assert len(group_reports(reports)) == 2
    assert len(group_reports(reports, min_score=4.0)) == 1


def made_report(draw: st.DrawFn, name: str) -> Report:
    places = st.sampled_from([(KHARKIV,), (SALTIVKA,), (CHUHUIV,), (ODESA,), (REGION,), (HAMLET,), (UKRAINE,), ()])
    options: dict[str, Any] = {
        "places": draw(places),
        "days": draw(st.sampled_from([(0, 0), (0, 1), (1, 1), (2, 2), (3, 3), (0, 6), None])),
        "published": draw(st.sampled_from([DAY, DAY + 1, DAY + 3, None])),
        "weapons": draw(st.sampled_from([frozenset({"drone"}), frozenset({"artillery"}), frozenset()])),
        "says": draw(st.sampled_from([(), (killed(3),), (killed(30),), (killed(6, most=None),)])),
        "text": draw(st.sampled_from([None, WORDS, WORDS + " said the mayor"])),
    }
    return report(name, **options)


@st.composite
def some_reports(draw: st.DrawFn) -> list[Report]:
    return [made_report(draw, f"r{i}") for i in range(draw(st.integers(1, 9)))]


def described(incidents: list[Incident]) -> list[Any]:
    return [
        (i.number, [r.key for r in i.reports], [(link.one, link.other) for link in i.links], i.neighbours)
        for i in incidents
    ]


@settings(max_examples=60, deadline=None)
@given(some_reports(), st.randoms(use_true_random=False))
def test_the_order_of_reports_is_of_no_matter_and_each_is_in_one_incident(reports: list[Report], rng: Any) -> None:
    first = group_reports(reports)
    rng.shuffle(reports)
    assert described(group_reports(reports)) == described(first)
    assert sorted(r.key for incident in first for r in incident.reports) == sorted(r.key for r in reports)
    assert all(len(incident.links) == len(incident.reports) - 1 for incident in first)


@settings(max_examples=60, deadline=None)
@given(some_reports())
def test_no_incident_holds_two_places_that_exclude_each_other(reports: list[Report]) -> None:
    for incident in group_reports(reports):
        pairs = [(a, b) for a in incident.reports for b in incident.reports]
        assert not any(compare(a, b).veto == "two places" for a, b in pairs)


@settings(max_examples=60, deadline=None)
@given(some_reports())
def test_every_pair_with_a_place_and_a_day_that_would_join_is_compared(reports: list[Report]) -> None:
    towns = [r for r in reports if r.days and r.places and r.places[0].grain in {"town", "province"}]
    found = set(candidate_pairs(towns))
    for i, one in enumerate(towns):
        for j in range(i + 1, len(towns)):
            match = compare(one, towns[j])
            if match.veto is None and match.score >= MIN_SCORE and match.points[0].rule != "same country":
                assert (i, j) in found


def test_candidates_grow_with_the_reports_and_not_with_their_square() -> None:
    def number(days: int) -> int:
        reports = [
            report(f"r{day}-{i}", days=(5 * day, 5 * day), published=DAY + 5 * day)
            for day in range(days)
            for i in "abc"
        ]
        return len(set(candidate_pairs(reports)))

    assert number(40) == pytest.approx(4 * number(10), rel=0.1)


def test_a_crowded_day_is_not_compared_all_with_all() -> None:
    reports = [report(f"r{i:04}", says=(killed(i + 1),)) for i in range(2 * LARGEST)]
    assert len(set(candidate_pairs(reports))) < len(reports) * LARGEST / 2


def test_a_large_incident_is_compared_by_some_of_its_reports() -> None:
    copies = [report(f"r{i:03}", text=f"{WORDS} {i}") for i in range(3 * COMPARED)]
    assert len(group_reports(copies)) == 1


def test_the_same_words_in_one_article_stay_two_reports() -> None:
    reports = [report(f"a#{i}", article="a", text=WORDS, attackers=frozenset(), weapons=frozenset()) for i in (1, 2)]
    assert sum(len(incident.reports) for incident in group_reports(reports)) == 2


def test_incidents_are_numbered_by_day_and_place_those_without_a_day_last() -> None:
    found = group_reports(
        [
            report("late", days=(9, 9), published=DAY + 9),
            report("never", days=None, published=None, places=(ODESA,)),
            report("south", places=(ODESA,)),
            report("north"),
        ]
    )
    assert [incident.reports[0].article for incident in found] == ["north", "south", "late", "never"]
    assert date.fromordinal(DAY).isoformat() == "2024-03-05"
