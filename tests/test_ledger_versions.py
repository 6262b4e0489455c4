"""The versions of a figure: revised, disputed, never added up and never chosen."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from incidents import DAY, RUSSIA, UKRAINIANS, killed, report

from warwire.model.ledger.content_rules import counts_one_thing
from warwire.model.ledger.grouping import Incident
from warwire.model.ledger.reports import Report, Speaker, Statement
from warwire.model.ledger.table import incident_row, version_rows
from warwire.model.ledger.versions import History, Version, attackers_of, histories_of


def incident(*reports: Report) -> Incident:
    return Incident(1, reports, (), ())


def history(*reports: Report) -> History:
    (found,) = histories_of(incident(*reports))
    return found


def later(name: str, days: int, *said: Any, **changes: Any) -> Report:
    return report(name, published=DAY + days, says=said, **changes)


def in_short(found: History) -> dict[str, list[int | None]]:
    return {voice.name: [version.statement.min for version in voice.versions] for voice in found.voices}


def test_a_speaker_s_figure_is_followed_through_the_days() -> None:
    found = history(later("b", 3, killed(5, "governor")), later("a", 1, killed(3, "governor")))
    assert in_short(found) == {"governor": [3, 5]}
    assert (found.is_revised, found.is_disputed) == (True, False)
    assert [version.statement.min for version in found.voices[0].latest] == [5]


def test_speakers_who_exclude_each_other_are_both_shown() -> None:
    found = history(later("a", 1, killed(3, "governor"), killed(7, "police")))
    assert in_short(found) == {"governor": [3], "police": [7]}
    assert (found.is_revised, found.is_disputed) == (False, True)
    assert (found.least, found.most) == (3, 7)


RANGES = {
    "exact and the same": (killed(3, "a"), killed(3, "b"), False),
    "at least three allows seven": (killed(3, "a", most=None), killed(7, "b"), False),
    "at least seven excludes three": (killed(7, "a", most=None), killed(3, "b"), True),
    "soldiers are no horses": (killed(3, "a", what="soldiers"), killed(9, "b", what="horses"), False),
    "a part excludes no whole": (killed(3, "a", part=True), killed(9, "b"), False),
    "words without a number": (killed(None, "a"), killed(9, "b"), False),
}


@pytest.mark.parametrize(("one", "other", "disputed"), RANGES.values(), ids=RANGES)
def test_figures_differ_where_both_cannot_be_right(one: Any, other: Any, disputed: bool) -> None:
    assert history(later("a", 1, one, other)).is_disputed == disputed


def test_an_earlier_figure_that_a_revision_replaced_is_no_disagreement() -> None:
    found = history(later("a", 1, killed(3, "governor")), later("b", 2, killed(5, "governor"), killed(5, "police")))
    assert (found.is_revised, found.is_disputed) == (True, False)


def test_at_least_and_exactly_is_no_revision() -> None:
    assert not history(later("a", 1, killed(3, "mayor", most=None)), later("b", 2, killed(3, "mayor"))).is_revised


def test_what_a_text_says_it_replaces_is_a_revision() -> None:
    assert history(later("a", 1, killed(5, "governor", earlier=(3, 3)))).is_revised


def test_each_outlet_speaks_for_itself_where_nobody_is_named() -> None:
    found = history(later("a", 1, killed(3)), later("b", 1, killed(5)))
    assert in_short(found) == {"the article (a.example)": [3], "the article (b.example)": [5]}


NAMES = {
    "the shorter name is held by the fuller": (("air force", "Ukraine's air force"), 1),
    "two ways of naming a country": (("Ukraine's air force", "Ukrainian air force"), 1),
    "the same words in another case": (("Police", "police"), 1),
    "two fuller names would do": (("officials", "local officials", "US officials"), 3),
    "others": (("governor", "police"), 2),
}


@pytest.mark.parametrize(("names", "number"), NAMES.values(), ids=NAMES)
def test_names_of_one_speaker_are_one_voice(names: tuple[str, ...], number: int) -> None:
    found = history(*(later(f"r{i}", i, killed(3, name)) for i, name in enumerate(names)))
    assert len(found.voices) == number


def test_one_word_of_two_sides_is_two_voices() -> None:
    speakers = [Speaker("defence ministry", "military", side) for side in ("RU", "UA")]
    found = history(*(later(f"r{i}", i, killed(3, s)) for i, s in enumerate(speakers)))
    assert len(found.voices) == 2


def test_all_who_are_said_to_have_done_it_are_named() -> None:
    blamed = later("b", 1, attackers=frozenset({UKRAINIANS}), agents=(("Ukraine", "UA"),))
    found = attackers_of(incident(later("a", 1, attackers=frozenset({RUSSIA})), later("c", 1), blamed))
    assert found == (("Russia", "RU", 2), ("Ukraine", "UA", 1))


SAID = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["", "governor", "police"]), st.sampled_from([3, 10, 40, 500])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(SAID)
def test_no_number_comes_out_that_nobody_said(said: list[tuple[int, str, int]]) -> None:
    reports = [later(f"r{i}", days, killed(number, speaker)) for i, (days, speaker, number) in enumerate(said)]
    numbers = {number for _, _, number in said}
    (found,) = histories_of(incident(*reports))
    row = incident_row(incident(*reports))
    assert {found.least, found.most, found.greatest, row["killed_least"], row["killed_most"]} <= numbers
    assert sum(len(voice.versions) for voice in found.voices) == len(said)
    assert sorted(r["min"] for r in version_rows(incident(*reports))) == sorted(number for _, _, number in said)


def test_every_report_has_a_row_of_versions_also_without_a_figure() -> None:
    rows = list(version_rows(incident(later("a", 1, killed(3), killed(4, "police")), later("b", 2))))
    assert [(row["report"], row.get("figure")) for row in rows] == [("a", "killed"), ("a", "killed"), ("b", None)]


SAID_OF_THINGS = st.lists(
    st.builds(
        lambda key, speaker, low, most, what, part: (
            key,
            killed(low, speaker, most=most, what=what, part=part and low is not None),
        ),
        st.sampled_from("abcd"),
        st.sampled_from(["", "mayor", "police"]),
        st.sampled_from([None, 3, 7, 9]),
        st.sampled_from([None, 9, 12]),
        st.sampled_from(["", "people", "civilians", "tanks", "soldiers"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


def as_defined(found: History) -> tuple[bool, bool]:
    """Disputed and revised by comparing every figure with every other."""
    voices = found.voices
    latest = [(v, version) for v, voice in enumerate(voices) for version in voice.latest]
    disputed = any(v != w and excludes(one, other) for v, one in latest for w, other in latest)
    pairs = [(one, other) for voice in voices for one in voice.versions for other in voice.versions]
    return disputed, any(one.report is not other.report and is_another(one, other) for one, other in pairs)


def count_one_thing(one: Version, other: Version) -> bool:
    return one.statement.part == other.statement.part and counts_one_thing(one.statement.what, other.statement.what)


def excludes(one: Version, other: Version) -> bool:
    high, low = one.range[1], other.range[0]
    below = high is not None and low is not None and high < low
    return below and not one.statement.part and count_one_thing(one, other)


def is_another(one: Version, other: Version) -> bool:
    (low, high), (other_low, other_high) = one.range, other.range
    changed = low != other_low or (high is not None and other_high is not None and high != other_high)
    return changed and count_one_thing(one, other)


@settings(max_examples=300, deadline=None)
@given(SAID_OF_THINGS)
def test_disputed_and_revised_are_what_comparing_all_pairs_finds(said: list[tuple[str, Statement]]) -> None:
    reports = [later(key, ord(key), *(s for k, s in said if k == key)) for key in sorted({key for key, _ in said})]
    found = history(*reports)
    assert (found.is_disputed, found.is_revised) == as_defined(found)


def test_the_versions_of_thousands_of_wire_copies_take_no_longer_than_reading_them() -> None:
    copies = incident(*(later(f"r{i}", i % 5, killed(3), killed(3, f"{i:04} police")) for i in range(3000)))
    start = time.process_time()
    (found,) = histories_of(copies)
    assert not found.is_disputed
    assert not found.is_revised
    assert time.process_time() - start < 5
