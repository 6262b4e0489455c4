"""Days, weeks, months and years by name or number: *Tuesday*, *July 11*, *last week*, *May 2022*, *the 27th*."""

import re
from datetime import date
from typing import Final

from warwire.model.normalise.numerals import MONTH, MONTHS, WEEKDAY, WEEKDAYS
from warwire.model.normalise.time_period import DAY, UNITS, UNKNOWN, Period, calendar_unit, date_or_none, days_from

STEPS: Final = {"last": -1, "this": 0, "next": 1}
WORDS: Final = {
    **dict.fromkeys(("today", "this day", "this morning", "this afternoon", "this evening"), (0, 0, "day")),
    **dict.fromkeys(("early hours", "small hours", "wee hours", "early morning hours"), (0, 0, "day")),
    **dict.fromkeys(("dawn", "daybreak", "sunrise", "first light", "noon", "midday"), (0, 0, "hour")),
    **dict.fromkeys(("predawn", "pre-dawn", "predawn hours", "pre-dawn hours"), (0, 0, "hour")),
    **dict.fromkeys(("overnight", "last night", "yesterday night"), (-1, 0, "night")),
    **dict.fromkeys(("yesterday", "last evening"), (-1, -1, "day")),
    "midnight": (-1, 0, "hour"),
    "tonight": (0, 1, "night"),
    "night before last": (-2, -1, "night"),
    "day before yesterday": (-2, -2, "day"),
    "tomorrow": (1, 1, "day"),
    "day after tomorrow": (2, 2, "day"),
}
"""First and last day, in days from publication, and precision."""

_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_NUMBER: Final = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_NUMBERS: Final = (
    r"(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)?(?:, [0-3]?[0-9](?:st|nd|rd|th)?)*"
    r"(?: ?- ?|,? to |,? and |,? or | until | through )(?:the )?" + _NUMBER
)
_DATES: Final = (
    re.compile(rf"(?:{WEEKDAY},? )?{MONTH} (?:the )?{_NUMBER}(?:,? {_YEAR})?"),
    re.compile(rf"(?:{WEEKDAY},? )?(?:the )?{_NUMBER}(?: of)?[ -]{MONTH}(?:(?:-|,? (?:of )?){_YEAR})?"),
    re.compile(rf"(?:between |from )?{MONTH} (?:the )?{_NUMBERS}(?:,? {_YEAR})?"),
    re.compile(rf"(?:between |from )?(?:the )?{_NUMBERS}(?: of)? {MONTH}(?:,? {_YEAR})?"),
)
_FULL_DATES: Final = (
    re.compile(rf"{_YEAR}([-/])(?P<month>[0-9]{{2}})\2(?P<day>[0-9]{{2}})(?:t[0-9:.]+z?)?"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}"),
)
_SLASHED: Final = re.compile(rf"(?P<one>[0-9]{{1,2}})/(?P<other>[0-9]{{1,2}})/{_YEAR}")
_ORDINALS: Final = (
    re.compile(rf"(?:{WEEKDAY},? )?(?:the )?(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)"),
    re.compile(rf"{WEEKDAY},? (?P<day>[0-3]?[0-9])"),
)
_HOLIDAYS: Final = {"new year's eve": (12, 31), "new year's day": (1, 1), "new year's": (1, 1), "new year": (1, 1)}
"""Feasts that fall on the same day in every calendar in use where news is written; Easter and Christmas do not."""

_MONTH_YEAR: Final = re.compile(rf"(?:(?P<which>this|last|next) )?{MONTH}(?:,? (?:of )?{_YEAR})?")
_YEARS: Final = re.compile(r"(?P<year>(?:19|20)[0-9]{2})|(?P<decade>(?:19|20)[0-9]0)'?s")
_ON_WEEKDAY: Final = re.compile(rf"(?:(?P<which>last|past|this past|next) )?{WEEKDAY}(?: prayers?)?")
_UNIT: Final = re.compile(r"(?P<which>last|this|next) (?P<unit>week|weekend|month|year)|weekend")


def read_date(phrase: str, published: date | None) -> Period | None:
    """The days that a folded phrase names, None where it names none; `UNKNOWN` where they do not exist."""
    if days := WORDS.get(phrase):
        return days_from(published, *days)
    if match := _ON_WEEKDAY.fullmatch(phrase):
        offset = -((published.weekday() - WEEKDAYS[match["weekday"][:3]]) % 7) if published else 0
        offset += 7 if match["which"] == "next" else 0
        return days_from(published, offset, offset, "day")
    for pattern in _DATES:
        if match := pattern.fullmatch(phrase):
            return _on_date(match.groupdict(), published)
    if feast := _HOLIDAYS.get(phrase):
        month, day = feast
        return _last_of((day, day), month, None, published)
    return _read_number(phrase, published) or _read_unit(phrase, published)


def _read_number(phrase: str, published: date | None) -> Period | None:
    """Dates in digits alone; with slashes only where both orders of day and month name the same day."""
    for pattern in _FULL_DATES:
        if match := pattern.fullmatch(phrase):
            return _single(date_or_none(int(match["year"]), int(match["month"]), int(match["day"])))
    if match := _SLASHED.fullmatch(phrase):
        year, one, other = int(match["year"]), int(match["one"]), int(match["other"])
        found = {date_or_none(year, one, other), date_or_none(year, other, one)} - {None}
        return _single(found.pop()) if len(found) == 1 else UNKNOWN
    for pattern in _ORDINALS:
        if match := pattern.fullmatch(phrase):
            return _in_any_month(int(match["day"]), match["weekday"], published)
    return None


def _single(day: date | None) -> Period:
    return Period(day, day, "day") if day else UNKNOWN


def _in_any_month(number: int, weekday: str | None, published: date | None) -> Period:
    """*the 27th*: the last one on or before publication; *Wednesday the 22nd* must be a Wednesday too."""
    if published is None or not 1 <= number <= 31:
        return Period(None, None, "day") if 1 <= number <= 31 else UNKNOWN
    for back in range(32 + 31):
        day = published - back * DAY
        if day.day == number:
            return _single(day if not weekday or WEEKDAYS[weekday[:3]] == day.weekday() else None)
    return UNKNOWN


def _on_date(named: dict[str, str], published: date | None) -> Period:
    month, last = MONTHS[named["month"][:3]], int(named["day"])
    first = int(named.get("first") or last)
    if not named["year"]:
        return _last_of((first, last), month, named.get("weekday"), published)
    return _agreeing(int(named["year"]), month, (first, last), named.get("weekday"))


def _agreeing(year: int, month: int, days: tuple[int, int], weekday: str | None) -> Period:
    start, end = date_or_none(year, month, days[0]), date_or_none(year, month, days[1])
    if start is None or end is None or start > end:
        return UNKNOWN
    agrees = not weekday or WEEKDAYS[weekday[:3]] == start.weekday()
    return Period(start, end, "day") if agrees else UNKNOWN


def _last_of(days: tuple[int, int], month: int, weekday: str | None, published: date | None) -> Period:
    """A day, or days of one month, without a year: the last to have begun by the day of publication."""
    newest = published.year + 1 if published else 2000
    # 29 February comes back within eight years
    for year in range(newest, newest - 10, -1):
        start, end = date_or_none(year, month, days[0]), date_or_none(year, month, days[1])
        if start is None or end is None or start > end:
            continue
        ahead = (start - published).days if published else 1
        if ahead > 7:
            continue
        return Period(None, None, "day") if ahead > 0 else _agreeing(year, month, days, weekday)
    return UNKNOWN


def _read_unit(phrase: str, published: date | None) -> Period | None:
    if match := _MONTH_YEAR.fullmatch(phrase):
        return _in_month(MONTHS[match["month"][:3]], match["year"], match["which"], published)
    if match := _YEARS.fullmatch(phrase):
        year = int(match["year"] or match["decade"])
        return Period(date(year, 1, 1), date(year + 9 * bool(match["decade"]), 12, 31), "year")
    if match := _UNIT.fullmatch(phrase):
        return _in_unit(match["which"], match["unit"] or "weekend", published)
    return None


def _in_month(month: int, year: str | None, which: str | None, published: date | None) -> Period:
    """*May*; *last May* only where it was last year, since of a May of this year it may be that or the one before."""
    if year is not None:
        return calendar_unit("month", date(int(year), month, 1))
    if published is None or which in ("this", "next") or (which == "last" and month <= published.month):
        return Period(None, None, "month")
    return calendar_unit("month", date(published.year - (month > published.month), month, 1))


def _in_unit(which: str | None, unit: str, published: date | None) -> Period:
    if published is None:
        return Period(None, None, "day" if unit == "weekend" else unit)
    if unit != "weekend":
        return calendar_unit(unit, published + STEPS[str(which)] * UNITS[unit])
    back = (published.weekday() - 5) % 7
    if which == "this" and back > 1:
        return Period(None, None, "day")  # on weekdays it is the coming one or the past one
    offset = {"last": -7 if back < 2 else 0, "next": 7}.get(which or "", 0) - back
    return days_from(published, offset, offset + 1, "day")
