"""Stretches of whole days, and the arithmetic of the calendar on them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

PRECISIONS: Final = ("hour", "night", "day", "week", "month", "year", "unknown")
"""From the finest grain to the coarsest."""

DAY: Final = timedelta(days=1)
UNITS: Final = {
    **dict.fromkeys(("day", "night", "morning", "afternoon", "evening"), relativedelta(days=1)),
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
    "decade": relativedelta(years=10),
}
GRAINS: Final = {
    **dict.fromkeys(("minute", "hour"), "hour"),
    **dict.fromkeys(("morning", "afternoon", "evening", "day", "weekend"), "day"),
    **dict.fromkeys(("week", "fortnight"), "week"),
    **dict.fromkeys(("year", "decade"), "year"),
    "night": "night",
    "month": "month",
}
"""The precision of a time that is counted in a unit."""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included, None where open or unknown, and one of `PRECISIONS`."""

    start: date | None
    end: date | None
    precision: str

    @property
    def is_day(self) -> bool:
        """Whether it is one known day."""
        return self.start is not None and self.start == self.end


UNKNOWN: Final = Period(None, None, "unknown")


def days_from(base: date | None, first: int, last: int, precision: str) -> Period:
    """From `first` to `last` days after a day (before it where negative); no dates without the day."""
    return Period(base and base + first * DAY, base and base + last * DAY, precision)


def calendar_unit(unit: str, day: date) -> Period:
    """The week (from Monday, ISO 8601), month or year that holds a day."""
    first = day.replace(month=1 if unit == "year" else day.month, day=1)
    start = day - day.weekday() * DAY if unit == "week" else first
    return Period(start, start + UNITS[unit] - DAY, unit)


def third(whole: Period, which: int) -> Period:
    """The first, second or last ten days of a month, or four months of a year (0, 1, 2); other periods as they are."""
    start, end = whole.start, whole.end
    if not start or not end or whole.precision not in ("month", "year") or end - start > timedelta(days=366):
        return whole
    length = relativedelta(days=10) if whole.precision == "month" else relativedelta(months=4)
    start += which * length
    return Period(start, end if which == 2 else start + length - DAY, whole.precision)


def part_of(whole: Period, which: int, parts: int) -> Period:
    """The half (`parts` 2) or quarter (4) of a year, or the half of a month; `which` counts from 0."""
    start, end = whole.start, whole.end
    if not start or not end:
        return Period(None, None, "month")
    if whole.precision == "year" and end - start <= timedelta(days=366):
        first = start + relativedelta(months=which * 12 // parts)
        return Period(first, first + relativedelta(months=12 // parts) - DAY, "month")
    if whole.precision == "month" and parts == 2:
        middle = start + 14 * DAY
        return Period(middle + DAY, end, "month") if which else Period(start, middle, "month")
    return UNKNOWN


def night_of(days: Period) -> Period:
    """Evening to morning; of two named days in a row (*the night of 11-12 July*) both are already there."""
    if days.start is None or days.end is None:
        return replace(days, precision="night")
    if days.start == days.end:
        return days_from(days.start, 0, 1, "night")
    return replace(days, precision="night") if days.end - days.start == DAY else UNKNOWN


def date_or_none(year: int, month: int, day: int) -> date | None:
    """A day of the calendar, None where it does not exist (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
