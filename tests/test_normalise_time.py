"""What the words of a TIME span come to, as dates."""

from calendar import day_name, month_abbr, month_name
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from warwire.model.normalise.time import TimeRange, normalise_time

WEDNESDAY = date(2022, 7, 13)

DAYS = {
    "today": "2022-07-13",
    "this morning": "2022-07-13",
    "earlier today": "2022-07-13",
    "yesterday": "2022-07-12",
    "yesterday's": "2022-07-12",
    "yesterday morning": "2022-07-12",
    "day before yesterday": "2022-07-11",
    "tomorrow": "2022-07-14",
    "Wednesday": "2022-07-13",
    "Tuesday": "2022-07-12",
    "on Tuesday": "2022-07-12",
    "Tues.": "2022-07-12",
    "last Tuesday": "2022-07-12",
    "Thursday": "2022-07-07",
    "next Tuesday": "2022-07-19",
    "Saturday morning": "2022-07-09",
    "early on Saturday": "2022-07-09",
    "early hours of Saturday": "2022-07-09",
    "late Saturday": "2022-07-09",
    "July 11": "2022-07-11",
    "11 July": "2022-07-11",
    "the 11th of July": "2022-07-11",
    "Dec. 28": "2021-12-28",
    "February 29": "2020-02-29",
    "July 11, 2022": "2022-07-11",
    "Monday, July 11": "2022-07-11",
    "Monday, July 11, 2022": "2022-07-11",
    "11.07.2022": "2022-07-11",
    "2022-07-11": "2022-07-11",
    "11 Jul 2022": "2022-07-11",
    "Tuesday (July 12)": "2022-07-12",
    "three days ago": "2022-07-10",
    "day after Sunday": "2022-07-11",
    "last evening": "2022-07-12",
    "early hours": "2022-07-13",
    "early hours of Tuesday 12": "2022-07-12",
    "day of 3 February": "2022-02-03",
    "27th": "2022-06-27",
    "the 11th": "2022-07-11",
    "Wednesday the 6th": "2022-07-06",
    "July 12th": "2022-07-12",
    "25/12/2021": "2021-12-25",
    "03/03/2022": "2022-03-03",
    "2022/03/03": "2022-03-03",
    "2022-03-03T14:00": "2022-03-03",
    "New Year's Eve": "2021-12-31",
    "New Year's Day": "2022-01-01",
    "Friday prayers": "2022-07-08",
    "later on Tuesday": "2022-07-12",
    "on or about July 4": "2022-07-04",
    "day after tomorrow": "2022-07-15",
}

HOURS = {
    "dawn": "2022-07-13",
    "dawn on Tuesday": "2022-07-12",
    "4 p.m. ET Friday": "2022-07-08",
    "Friday at 3:30 am": "2022-07-08",
    "Tuesday 1400 GMT": "2022-07-12",
    "first light yesterday": "2022-07-12",
    "towards noon": "2022-07-13",
    "midday on the 18th": "2022-06-18",
    "nine yesterday morning": "2022-07-12",
    "four this morning": "2022-07-13",
    "9.02 on Monday morning": "2022-07-11",
    "about 11 on Saturday night": "2022-07-09",
    "2000 hrs last night": "2022-07-12",
    "around 02:00 am local time last night": "2022-07-13",
    "shortly after sunset prayers on Friday": "2022-07-08",
    "4 a.m. and 8:20 a.m. (Sanaa time) on March 9": "2022-03-09",
    "between 4 a.m. and 6 a.m. on Tuesday": "2022-07-12",
}

NIGHTS = {
    "overnight": ("2022-07-12", "2022-07-13"),
    "last night": ("2022-07-12", "2022-07-13"),
    "late last night": ("2022-07-12", "2022-07-13"),
    "tonight": ("2022-07-13", "2022-07-14"),
    "Tuesday night": ("2022-07-12", "2022-07-13"),
    "night of July 11": ("2022-07-11", "2022-07-12"),
    "night of July 11-12": ("2022-07-11", "2022-07-12"),
    "night of 11-12 July": ("2022-07-11", "2022-07-12"),
    "overnight into Tuesday": ("2022-07-11", "2022-07-12"),
    "overnight from Monday to Tuesday": ("2022-07-11", "2022-07-12"),
    "Monday night into Tuesday": ("2022-07-11", "2022-07-12"),
    "overnight Monday": ("2022-07-10", "2022-07-12"),
    "two nights ago": ("2022-07-11", "2022-07-12"),
    "past three nights": ("2022-07-10", "2022-07-13"),
    "night of July 13": ("2022-07-12", "2022-07-13"),
    "night between Monday and Tuesday": ("2022-07-11", "2022-07-12"),
    "Monday-to-Tuesday night": ("2022-07-11", "2022-07-12"),
    "nights of May 3 and 4": ("2022-05-03", "2022-05-05"),
}

SPANS = {
    "midnight": ("2022-07-12", "2022-07-13", "hour"),
    "hours ago": ("2022-07-12", "2022-07-13", "hour"),
    "past day": ("2022-07-12", "2022-07-13", "day"),
    "past 24 hours": ("2022-07-12", "2022-07-13", "day"),
    "last 48 hours": ("2022-07-11", "2022-07-13", "day"),
    "past 12 hours": ("2022-07-12", "2022-07-13", "hour"),
    "past three days": ("2022-07-10", "2022-07-13", "day"),
    "past week": ("2022-07-06", "2022-07-13", "week"),
    "past two weeks": ("2022-06-29", "2022-07-13", "week"),
    "last week": ("2022-07-04", "2022-07-10", "week"),
    "this week": ("2022-07-11", "2022-07-17", "week"),
    "earlier this week": ("2022-07-11", "2022-07-13", "week"),
    "two weeks ago": ("2022-06-27", "2022-07-03", "week"),
    "first week of March": ("2022-03-01", "2022-03-07", "week"),
    "weekend": ("2022-07-09", "2022-07-10", "day"),
    "over the weekend": ("2022-07-09", "2022-07-10", "day"),
    "last month": ("2022-06-01", "2022-06-30", "month"),
    "a month ago": ("2022-06-01", "2022-06-30", "month"),
    "in May": ("2022-05-01", "2022-05-31", "month"),
    "July": ("2022-07-01", "2022-07-31", "month"),
    "August": ("2021-08-01", "2021-08-31", "month"),
    "July 2010": ("2010-07-01", "2010-07-31", "month"),
    "February 2024": ("2024-02-01", "2024-02-29", "month"),
    "May last year": ("2021-05-01", "2021-05-31", "month"),
    "early July": ("2022-07-01", "2022-07-10", "month"),
    "mid-March": ("2022-03-11", "2022-03-20", "month"),
    "end of May": ("2022-05-21", "2022-05-31", "month"),
    "late July": ("2021-07-21", "2021-07-31", "month"),
    "first three months of this year": ("2022-01-01", "2022-03-31", "month"),
    "last three months": ("2022-04-13", "2022-07-13", "month"),
    "this year": ("2022-01-01", "2022-12-31", "year"),
    "past year": ("2021-07-13", "2022-07-13", "year"),
    "2014": ("2014-01-01", "2014-12-31", "year"),
    "early 2014": ("2014-01-01", "2014-04-30", "year"),
    "late 2023": ("2023-09-01", "2023-12-31", "year"),
    "1990s": ("1990-01-01", "1999-12-31", "year"),
    "since October 7": ("2021-10-07", "2022-07-13", "day"),
    "since 2014": ("2014-01-01", "2022-07-13", "year"),
    "Monday and Tuesday": ("2022-07-11", "2022-07-12", "day"),
    "between Monday and Wednesday": ("2022-07-11", "2022-07-13", "day"),
    "Friday to Monday": ("2022-07-08", "2022-07-11", "day"),
    "March 3-5": ("2022-03-03", "2022-03-05", "day"),
    "between 3 and 5 March": ("2022-03-03", "2022-03-05", "day"),
    "30 March - 2 April 2022": ("2022-03-30", "2022-04-02", "day"),
    "December 28 to January 3": ("2021-12-28", "2022-01-03", "day"),
    "January to March 2022": ("2022-01-01", "2022-03-31", "month"),
    "between 2014 and 2016": ("2014-01-01", "2016-12-31", "year"),
    "past few hours": ("2022-07-12", "2022-07-13", "hour"),
    "past 24h": ("2022-07-12", "2022-07-13", "day"),
    "24 hours to Monday morning": ("2022-07-10", "2022-07-11", "day"),
    "late Tuesday into early Wednesday": ("2022-07-12", "2022-07-13", "day"),
    "May 3, 4 and 5": ("2022-05-03", "2022-05-05", "day"),
    "past fortnight": ("2022-06-29", "2022-07-13", "week"),
    "week to Tuesday": ("2022-07-06", "2022-07-12", "week"),
    "week of June 20": ("2022-06-20", "2022-06-26", "week"),
    "second week of March": ("2022-03-08", "2022-03-14", "week"),
    "earlier in the week": ("2022-07-11", "2022-07-13", "week"),
    "start of the month": ("2022-07-01", "2022-07-10", "month"),
    "last September": ("2021-09-01", "2021-09-30", "month"),
    "first half of the year": ("2022-01-01", "2022-06-30", "month"),
    "first quarter of 2022": ("2022-01-01", "2022-03-31", "month"),
    "so far this year": ("2022-01-01", "2022-07-13", "year"),
    "since the new year": ("2022-01-01", "2022-07-13", "day"),
    "past decade": ("2012-07-13", "2022-07-13", "year"),
}

OPEN = {
    "T-72": "unknown",
    "72": "unknown",
    "T-72 on Tuesday": "unknown",
    "Feb. 30": "unknown",
    "February 30, 2022": "unknown",
    "2022-13-01": "unknown",
    "31.06.2022": "unknown",
    "Tuesday, July 11, 2022": "unknown",
    "11/07/2022": "unknown",
    "3000": "unknown",
    "summer": "unknown",
    "recently": "unknown",
    "morning prayers": "unknown",
    "day earlier": "day",
    "night earlier": "night",
    "three days earlier": "day",
    "hours afterwards": "hour",
    "day after the attack": "day",
    "": "unknown",
    "July 14": "day",
    "March 3, 2020 to April 5": "day",
    "this weekend": "day",
    "past few days": "day",
    "days ago": "day",
    "week": "week",
    "recent weeks": "week",
    "last July": "month",
    "03:30": "hour",
    "04/03/2022": "unknown",
    "spring of 2022": "unknown",
    "last June": "month",
    "end of the month": "month",
    "three days": "day",
    "third straight night": "night",
    "late afternoon": "day",
    "half past five": "hour",
    "three in the morning": "hour",
    "dusk": "hour",
    "same night": "night",
    "the next day": "day",
}

UNDATED = {
    "overnight": "night",
    "Tuesday night": "night",
    "Tuesday": "day",
    "today": "day",
    "July 11": "day",
    "past 24 hours": "day",
    "dawn": "hour",
    "last week": "week",
    "May": "month",
    "mid-March": "month",
    "this year": "year",
    "Feb. 30": "unknown",
}

FROM_A_DAY = {
    "day earlier": ("2022-07-12", "2022-07-12", "day"),
    "a night earlier": ("2022-07-12", "2022-07-13", "night"),
    "the day before": ("2022-07-12", "2022-07-12", "day"),
    "previous evening": ("2022-07-12", "2022-07-12", "day"),
    "the night before": ("2022-07-12", "2022-07-13", "night"),
    "three days earlier": ("2022-07-10", "2022-07-10", "day"),
    "two days later": ("2022-07-15", "2022-07-15", "day"),
    "the next day": ("2022-07-14", "2022-07-14", "day"),
    "the following morning": ("2022-07-14", "2022-07-14", "day"),
    "morning after": ("2022-07-14", "2022-07-14", "day"),
    "day after the strike": ("2022-07-14", "2022-07-14", "day"),
    "the same day": ("2022-07-13", "2022-07-13", "day"),
    "later that day": ("2022-07-13", "2022-07-13", "day"),
    "that night": ("2022-07-13", "2022-07-14", "night"),
    "hours later": ("2022-07-13", "2022-07-14", "hour"),
    "half an hour later": ("2022-07-13", "2022-07-14", "hour"),
    "about 36 hours later": ("2022-07-14", "2022-07-15", "hour"),
    "hours earlier": ("2022-07-12", "2022-07-13", "hour"),
    "week before": ("2022-07-04", "2022-07-10", "week"),
    "the same week": ("2022-07-11", "2022-07-17", "week"),
    "month before": ("2022-06-01", "2022-06-30", "month"),
    "a year earlier": ("2021-01-01", "2021-12-31", "year"),
}

FROM_A_NIGHT = {
    "a night earlier": ("2022-07-11", "2022-07-12", "night"),
    "the same night": ("2022-07-12", "2022-07-13", "night"),
    "the following night": ("2022-07-13", "2022-07-14", "night"),
    "the following morning": ("2022-07-13", "2022-07-13", "day"),
    "the next day": ("2022-07-13", "2022-07-13", "day"),
    "that evening": ("2022-07-12", "2022-07-12", "day"),
    "two days later": ("2022-07-14", "2022-07-15", "day"),
    "hours later": ("2022-07-12", "2022-07-13", "hour"),
}

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
