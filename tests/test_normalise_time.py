"""What the words of a TIME span come to, as dates."""

from calendar import day_name, month_abbr, month_name
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from time_phrases import DAYS, FROM_A_DAY, FROM_A_NIGHT, HOURS, NIGHTS, OPEN, SPANS, UNDATED, WEDNESDAY

from warwire.model.normalise.time import TimeRange, normalise_time

WORDS = (
    *(
        "early",
        "late",
        "mid-",
        "last",
        "this",
        "next",
        "past",
        "since",
        "between",
        "and",
        "to",
        "-",
        "of",
        "the",
    ),
    *(
        "on",
        "at",
        "first",
        "overnight",
        "night",
        "morning",
        "dawn",
        "4 p.m.",
        "Tuesday",
        "weekend",
        "week",
        "year",
    ),
    *(
        "July",
        "Feb.",
        "11",
        "30",
        "2022",
        "1990s",
        "two",
        "days",
        "ago",
        "earlier",
        "after",
        "hours",
        "yesterday",
    ),
)
DATES = st.dates(date(1950, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_starts_and_ends_on_itself(text: str, day: str) -> None:
    assert normalise_time(text, WEDNESDAY) == TimeRange(day, day, "day")


@pytest.mark.parametrize(("text", "day"), HOURS.items())
def test_an_hour_keeps_its_day(text: str, day: str) -> None:
    assert normalise_time(text, WEDNESDAY) == TimeRange(day, day, "hour")


@pytest.mark.parametrize(("text", "days"), NIGHTS.items())
def test_a_night_runs_from_evening_to_morning(text: str, days: tuple[str, str]) -> None:
    assert normalise_time(text, WEDNESDAY) == TimeRange(*days, "night")


@pytest.mark.parametrize(("text", "expected"), SPANS.items())
def test_a_longer_time_has_its_first_and_last_day(text: str, expected: tuple[str, str, str]) -> None:
    assert normalise_time(text, WEDNESDAY) == TimeRange(*expected)


@pytest.mark.parametrize(("text", "precision"), OPEN.items())
def test_what_is_not_sure_has_no_dates(text: str, precision: str) -> None:
    assert normalise_time(text, WEDNESDAY) == TimeRange(None, None, precision)


@pytest.mark.parametrize(("text", "precision"), UNDATED.items())
def test_without_publication_only_the_grain_is_known(text: str, precision: str) -> None:
    assert normalise_time(text, None) == TimeRange(None, None, precision)


@pytest.mark.parametrize("text", ["July 11, 2022", "11 Jul 2022", "2022-07-11", "11.07.2022"])
def test_a_full_date_needs_no_publication(text: str) -> None:
    assert normalise_time(text, None) == TimeRange("2022-07-11", "2022-07-11", "day")


@pytest.mark.parametrize(("text", "expected"), FROM_A_DAY.items())
def test_another_events_day_resolves_what_counts_from_it(text: str, expected: tuple[str, str, str]) -> None:
    assert normalise_time(text, None, TimeRange("2022-07-13", "2022-07-13", "day")) == TimeRange(*expected)


@pytest.mark.parametrize(("text", "expected"), FROM_A_NIGHT.items())
def test_from_a_night_evening_and_morning_both_count(text: str, expected: tuple[str, str, str]) -> None:
    assert normalise_time(text, None, TimeRange("2022-07-12", "2022-07-13", "night")) == TimeRange(*expected)


@pytest.mark.parametrize("text", ["a day earlier", "that night", "hours later", "a week earlier"])
def test_nothing_finer_than_the_anchor_counts_from_it(text: str) -> None:
    assert normalise_time(text, WEDNESDAY, TimeRange("2022-05-01", "2022-05-31", "month")).start is None


@pytest.mark.parametrize(("published", "first"), [(date(2022, 7, 15), "2022-07-09"), (date(2022, 7, 17), "2022-07-16")])
def test_the_weekend_is_the_last_to_have_begun(published: date, first: str) -> None:
    assert normalise_time("weekend", published).start == first


@pytest.mark.parametrize("text", ["yesterday", "last month", "last year", "overnight", "past 100 years"])
def test_before_the_first_year_there_is_no_date(text: str) -> None:
    assert normalise_time(text, date(1, 1, 1)).start is None


def test_a_publication_time_counts_as_its_day() -> None:
    published = datetime(2022, 7, 13, 23, 30, tzinfo=UTC)
    assert normalise_time("Tuesday", published) == normalise_time("Tuesday", WEDNESDAY)


@pytest.mark.parametrize(("start", "end", "precision"), [("2022-07-12", "2022-07-11", "day"), (None, None, "era")])
def test_an_impossible_time_cannot_be_built(start: str | None, end: str | None, precision: str) -> None:
    with pytest.raises(ValueError, match=r"before start|unknown precision"):
        TimeRange(start, end, precision)


@given(DATES, st.integers(0, 6))
def test_a_weekday_is_the_last_on_or_before_publication(published: date, back: int) -> None:
    day = published - timedelta(days=back)
    assert normalise_time(day_name[day.weekday()], published).start == day.isoformat()


@given(DATES, st.integers(0, 300))
def test_a_date_without_a_year_is_the_last_before_publication(published: date, back: int) -> None:
    day = published - timedelta(days=back)
    for text in (f"{month_name[day.month]} {day.day}", f"{day.day} {month_abbr[day.month]}."):
        assert normalise_time(text, published).end == day.isoformat()


@given(DATES, DATES)
def test_a_date_with_a_year_needs_no_anchor(day: date, published: date) -> None:
    expected = TimeRange(day.isoformat(), day.isoformat(), "day")
    for text in (
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%A}, {day:%d %b %Y}",
    ):
        assert normalise_time(text, published) == expected


@given(DATES, DATES)
def test_a_range_runs_from_its_first_to_its_last_date(first: date, last: date) -> None:
    assume(first < last)
    expected = TimeRange(first.isoformat(), last.isoformat(), "day")
    assert normalise_time(f"between {first:%d %B %Y} and {last:%d %B %Y}", None) == expected


@settings(deadline=None)
@given(st.text(), st.none() | st.dates())
def test_no_text_raises(text: str, published: date | None) -> None:
    assert normalise_time(text, published).precision != ""


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=8), st.none() | st.dates(), st.none() | st.dates())
def test_no_time_ends_before_it_starts(words: list[str], published: date | None, reference: date | None) -> None:
    day = reference.isoformat() if reference else None
    found = normalise_time(" ".join(words), published, TimeRange(day, day, "day"))
    assert (found.start or "0000") <= (found.end or "9999")
