"""Dates from the surface of TIME spans, counted from the day of publication.

Where words leave a choice, it is settled so:

- a weekday or a date without a year is the last one on or before publication (*last Tuesday* too), but a date
  that comes within a week after it stays open: planned, or dated in another time zone;
- *last week*, *this month*, *two weeks ago* are calendar units, weeks from Monday (ISO 8601), *past week* and
  *past 24 hours* reach back from publication, and *overnight* and *Tuesday night* have two days;
- *morning*, *early*, *late* give their day with precision `day`; clock times, *dawn*, *noon* `hour`;
- *early July* is its first ten days, *mid-July* the next ten, *late July* the rest; of a year, its thirds;
- a decade has the precision `year`; seasons and dates with slashes mean two things and are not resolved.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from dateutil.relativedelta import relativedelta

from warwire.model.normalise.numerals import MONTH, MONTHS, WEEKDAY, WEEKDAYS, fold, read_amount

PRECISIONS: Final = ("hour", "night", "day", "week", "month", "year", "unknown")
"""From the finest grain to the coarsest."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """First and last day in ISO 8601, both included, None where open or unknown, and the grain.

    Raises:
        ValueError: the end is before the start, or the precision is none of `PRECISIONS`.
    """

    start: str | None
    end: str | None
    precision: str

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"end {self.end} is before start {self.start}")
        if self.precision not in PRECISIONS:
            raise ValueError(f"unknown precision {self.precision!r}")


@dataclass(frozen=True, slots=True)
class _Period:
    start: date | None
    end: date | None
    precision: str


_UNKNOWN: Final = _Period(None, None, "unknown")
_LONGEST: Final = 80  # characters; no time is longer, and the patterns below stay quick
_DAY: Final = timedelta(days=1)
_UNITS: Final = {
    **dict.fromkeys(("day", "night"), relativedelta(days=1)),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}
_STEPS: Final = {"last": -1, "this": 0, "next": 1}
_THIRDS: Final = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_GRAINS: Final = {"morning": "day", "afternoon": "day", "evening": "day", "night": "night", "week": "week"}
_WORDS: Final = {
    **dict.fromkeys(("today", "this morning", "this afternoon", "this evening"), (0, 0, "day")),
    **dict.fromkeys(("dawn", "daybreak", "sunrise", "noon", "midday"), (0, 0, "hour")),
    **dict.fromkeys(("overnight", "last night", "yesterday night"), (-1, 0, "night")),
    "midnight": (-1, 0, "hour"),
    "tonight": (0, 1, "night"),
    "night before last": (-2, -1, "night"),
    "yesterday": (-1, -1, "day"),
    "day before yesterday": (-2, -2, "day"),
    "tomorrow": (1, 1, "day"),
}
"""First and last day, in days from publication, and precision."""

_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_NUMBER: Final = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_NUMBERS: Final = r"(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)?(?: ?- ?| to | and | or | until )" + _NUMBER
_DATES: Final = (
    re.compile(rf"(?:{WEEKDAY},? )?{MONTH} {_NUMBER}(?:,? {_YEAR})?"),
    re.compile(rf"(?:{WEEKDAY},? )?(?:the )?{_NUMBER}(?: of)?[ -]{MONTH}(?:(?:-|,? (?:of )?){_YEAR})?"),
    re.compile(rf"(?:between |from )?{MONTH} {_NUMBERS}(?:,? {_YEAR})?"),
    re.compile(rf"(?:between |from )?{_NUMBERS}(?: of)? {MONTH}(?:,? {_YEAR})?"),
)
_ISO: Final = re.compile(rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})")
_DOTTED: Final = re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}")
_MONTH_YEAR: Final = re.compile(rf"(?:(?P<which>this|last|next) )?{MONTH}(?:,? (?:of )?{_YEAR})?")
_YEARS: Final = re.compile(r"(?P<year>(?:19|20)[0-9]{2})|(?P<decade>(?:19|20)[0-9]0)'?s")
_ON_WEEKDAY: Final = re.compile(rf"(?:(?P<which>last|past|this past|next) )?{WEEKDAY}")
_UNIT: Final = re.compile(r"(?P<which>last|this|next) (?P<unit>week|weekend|month|year)|weekend")
_BARE_MONTH: Final = re.compile(MONTH)
_ANY_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_RELATIVE_YEAR: Final = re.compile(r"\b(last|this|next) year\b")

_DAYPART: Final = r"(?:(?:early|late|mid)[ -])?(?:morning|afternoon|evening|night)"
_BEFORE: Final = re.compile(
    rf"(?P<part>(?:early |small )hours|{_DAYPART}|early|earlier|mid|middle|late|beginning|start|end)"
    r"[ -](?:(?:on|in|of) )?(?:the )?"
)
_AFTER: Final = re.compile(rf",? (?:(?:in|during) the )?(?P<part>{_DAYPART})$")
_OVERNIGHT: Final = re.compile(r"(?:overnight|night) (?:(?P<into>into|to) )?(?:(?:on|of) )?(?P<rest>.+)")
_CLOCK: Final = (
    r"(?:(?:shortly |just |soon )?(?:before|after|around|about|at|by|near) )?"
    r"(?:(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9])? ?[ap]\.?m\.?|(?:[01]?[0-9]|2[0-4]):[0-5][0-9]"
    r"|(?:[01][0-9]|2[0-3])[0-5][0-9](?= ?(?:gmt|utc|hours|hrs|local))"
    r"|(?P<word>dawn|daybreak|sunrise|noon|midday|dusk|sunset|midnight))"
    r"(?:[ -]?(?:local|time|gmt|utc|e[sd]?t|bst|ce?e?s?t|ee?s?t|msk|hours|hrs)\b)*"
)
_CLOCKS: Final = (
    re.compile(rf"{_CLOCK}(?:,? (?:(?:on|of) )?(?P<rest>.+))?"),
    re.compile(rf"(?P<rest>.+?),? {_CLOCK}"),
)
_WINDOW: Final = re.compile(
    r"(?P<which>past|last|previous|preceding|recent)(?: (?P<number>.+?))?"
    r" (?P<unit>hour|day|night|week|month|year)(?P<plural>s?)"
)
_OFFSET: Final = re.compile(
    r"(?:(?P<number>.+?) )?(?P<unit>hour|day|night|week|month|year)(?P<plural>s?)"
    r" (?P<way>ago|earlier|before|later|after|afterwards?)(?: (?P<event>.+))?"
)
_EDGE: Final = re.compile(
    r"(?P<which>first|last)(?: (?P<number>.+?))? (?P<unit>day|week|month)(?P<plural>s?) of (?P<rest>.+)"
)
_SINCE: Final = re.compile(r"since (?:the )?(?P<rest>.+)")
_JOINT: Final = re.compile(r" ?-(?:to-)? ?| to | and | or | through | until | into ")
_PRELUDE: Final = re.compile(r"(?:(?:on|in|at|during|over|within|throughout|for|of) )?(?:the )?")
_ASIDE: Final = re.compile(r" ?\([^)]*\)")


def normalise_time(text: str, published: date | None, *, reference: date | None = None) -> TimeRange:
    """The days that the text of a TIME span names.

    Args:
        text: the span's text.
        published: the day of publication; without it, what is relative to it has the precision but no dates.
        reference: the day of the event that *day earlier* or *hours after X* count from.

    Dates that do not exist (*Feb. 30*) and words that are not understood to their end have the precision
    `unknown` and no dates.
    """
    if len(text) > _LONGEST:
        return TimeRange(None, None, "unknown")
    days = [day.date() if isinstance(day, datetime) else day for day in (published, reference)]
    return _normalise(text, *days)


@lru_cache(maxsize=8192)
def _normalise(text: str, published: date | None, reference: date | None) -> TimeRange:
    phrase = _ASIDE.sub("", fold(text)).strip(" ,;:")
    phrase = phrase if phrase.endswith(".m.") else phrase.rstrip(".")
    if phrase.endswith("'s") and not phrase[-3:-2].isdigit():
        phrase = phrase[:-2]
    if prelude := _PRELUDE.match(phrase):
        phrase = phrase[prelude.end() :]
    if published:
        phrase = _RELATIVE_YEAR.sub(lambda match: str(published.year + _STEPS[match[1]]), phrase)
    try:
        found = _read(phrase, published, reference)
    except (OverflowError, ValueError):  # the calendar's ends: a day before the year 1 or after 9999
        found = _UNKNOWN
    start, end = found.start, found.end
    return TimeRange(start.isoformat() if start else None, end.isoformat() if end else None, found.precision)


def _read(phrase: str, published: date | None, reference: date | None) -> _Period:
    return (
        _read_point(phrase, published)
        or _read_window(phrase, published)
        or _read_offset(phrase, published, reference)
        or _read_edge(phrase, published)
        or _read_overnight(phrase, published)
        or _read_range(phrase, published)
        or _UNKNOWN
    )


def _read_point(phrase: str, published: date | None) -> _Period | None:
    return _read_date(phrase, published) or _read_clock(phrase, published) or _read_part(phrase, published)


def _read_date(phrase: str, published: date | None) -> _Period | None:
    if days := _WORDS.get(phrase):
        return _from(published, *days)
    if match := _ON_WEEKDAY.fullmatch(phrase):
        offset = -((published.weekday() - WEEKDAYS[match["weekday"][:3]]) % 7) if published else 0
        offset += 7 if match["which"] == "next" else 0
        return _from(published, offset, offset, "day")
    for pattern in _DATES:
        if match := pattern.fullmatch(phrase):
            return _on_date(match.groupdict(), published)
    if match := _ISO.fullmatch(phrase) or _DOTTED.fullmatch(phrase):
        day = _date(int(match["year"]), int(match["month"]), int(match["day"]))
        return _Period(day, day, "day") if day else _UNKNOWN
    if match := _MONTH_YEAR.fullmatch(phrase):
        return _in_month(MONTHS[match["month"][:3]], match["year"], None if match["which"] else published)
    if match := _YEARS.fullmatch(phrase):
        year = int(match["year"] or match["decade"])
        return _Period(date(year, 1, 1), date(year + 9 * bool(match["decade"]), 12, 31), "year")
    if match := _UNIT.fullmatch(phrase):
        return _in_unit(match["which"], match["unit"] or "weekend", published)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from(base: date | None, first: int, last: int, precision: str) -> _Period:
    return _Period(base and base + first * _DAY, base and base + last * _DAY, precision)


def _calendar(unit: str, day: date) -> _Period:
    first = day.replace(month=1 if unit == "year" else day.month, day=1)
    start = day - day.weekday() * _DAY if unit == "week" else first
    return _Period(start, start + _UNITS[unit] - _DAY, unit)


def _on_date(named: dict[str, str], published: date | None) -> _Period:
    """A day, or two days of one month; without a year the last to have begun by the day of publication."""
    month, last = MONTHS[named["month"][:3]], int(named["day"])
    first, weekday = int(named.get("first") or last), named.get("weekday")
    newest = int(named["year"] or (published.year + 1 if published else 2000))
    # 29 February comes back within eight years
    for year in range(newest, newest - (1 if named["year"] else 10), -1):
        start, end = _date(year, month, first), _date(year, month, last)
        if start is None or end is None or start > end:
            continue
        if not named["year"]:
            ahead = (start - published).days if published else 1
            if ahead > 7:
                continue
            if ahead > 0:
                return _Period(None, None, "day")
        agrees = not weekday or WEEKDAYS[weekday[:3]] == start.weekday()
        return _Period(start, end, "day") if agrees else _UNKNOWN
    return _UNKNOWN


def _in_month(month: int, year: str | None, published: date | None) -> _Period:
    if year is None and published is None:
        return _Period(None, None, "month")
    latest = published.year - (month > published.month) if published else 0
    return _calendar("month", date(int(year or latest), month, 1))


def _in_unit(which: str | None, unit: str, published: date | None) -> _Period:
    if published is None:
        return _Period(None, None, "day" if unit == "weekend" else unit)
    if unit != "weekend":
        return _calendar(unit, published + _STEPS[str(which)] * _UNITS[unit])
    back = (published.weekday() - 5) % 7
    if which == "this" and back > 1:
        return _Period(None, None, "day")  # on weekdays it is the coming one or the past one
    offset = {"last": -7 if back < 2 else 0, "next": 7}.get(which or "", 0) - back
    return _from(published, offset, offset + 1, "day")


def _read_clock(phrase: str, published: date | None) -> _Period | None:
    for pattern in _CLOCKS:
        if match := pattern.fullmatch(phrase):
            if match["rest"] is None:
                days = _WORDS.get(match["word"] or "")
                return _from(published, *days) if days else _Period(None, None, "hour")
            day = _read_date(match["rest"], published)
            if day and day.precision == "day" and day.start == day.end:
                return replace(day, precision="hour")
    return None


def _read_part(phrase: str, published: date | None) -> _Period | None:
    if grain := _GRAINS.get(phrase):
        return _Period(None, None, grain)
    before = _BEFORE.match(phrase)
    rest = phrase[before.end() :] if before else phrase
    whole = _read_date(rest, published)
    after = None if whole else _AFTER.search(rest)
    if after:
        rest = rest[: after.start()]
        whole = _read_date(rest, published)
    if whole is None or not (before or after):
        return None
    part = f"{before['part'] if before else ''} {after['part'] if after else ''}".strip()
    if whole.precision == "day":
        return _night(whole) if "night" in part else whole
    if part == "earlier":
        begun = published and whole.start and whole.start <= published <= (whole.end or published)
        return replace(whole, end=published) if begun else whole
    if part not in _THIRDS:
        return None
    third = _third(whole, _THIRDS[part])
    if published and third.start and third.start > published and _BARE_MONTH.fullmatch(rest):
        return _third(_calendar("month", third.start - _UNITS["year"]), _THIRDS[part])
    return third


def _third(whole: _Period, third: int) -> _Period:
    start, end = whole.start, whole.end
    if not start or not end or whole.precision not in ("month", "year") or end - start > timedelta(days=366):
        return whole
    length = relativedelta(days=10) if whole.precision == "month" else relativedelta(months=4)
    start += third * length
    return _Period(start, end if third == 2 else start + length - _DAY, whole.precision)


def _night(days: _Period) -> _Period:
    """Evening to morning; of two named days in a row (*the night of 11-12 July*) both are already there."""
    if days.start is None or days.end is None:
        return replace(days, precision="night")
    if days.start == days.end:
        return _from(days.start, 0, 1, "night")
    return replace(days, precision="night") if days.end - days.start == _DAY else _UNKNOWN


def _read_overnight(phrase: str, published: date | None) -> _Period | None:
    """*overnight into Tuesday*, *night of Monday to Tuesday*; *overnight Tuesday* is before or after it."""
    match = _OVERNIGHT.fullmatch(phrase)
    if match is None:
        return None
    if days := _read_range(match["rest"], published):
        return _night(days)
    days = _read_date(match["rest"], published)
    if days is None or days.precision != "day" or days.start != days.end:
        return None
    return _from(days.start, -1, 0 if match["into"] or days.start == published else 1, "night")


def _read_window(phrase: str, published: date | None) -> _Period | None:
    """*past day*, *last 24 hours*, *past two weeks*: back from publication."""
    match = _WINDOW.fullmatch(phrase)
    if match is None:
        return None
    unit, number = match["unit"], read_amount(match["number"], plural=bool(match["plural"]))
    if unit == "hour" and number:
        return _from(published, -((number + 23) // 24), 0, "hour" if number < 24 else "day")
    if number is None or published is None or match["which"] not in ("past", "last"):
        return _Period(None, None, unit)
    return _Period(published - number * _UNITS[unit], published, unit)


def _read_offset(phrase: str, published: date | None, reference: date | None) -> _Period | None:
    """*two weeks ago* from publication, *day earlier* from the reference, *day after Tuesday* from that."""
    match = _OFFSET.fullmatch(phrase)
    if match is None:
        return None
    unit, number, base = match["unit"], read_amount(match["number"], plural=bool(match["plural"])), reference
    sign = 1 if match["way"].startswith(("later", "after")) else -1
    if match["way"] == "ago":
        base = published
    elif match["event"] and (event := _read_date(match["event"], published)):
        base = event.start if event.start == event.end else None
    if base and unit == "hour" and (number or 1) < 24:
        return _from(base, min(sign, 0), max(sign, 0), "hour")
    if base is None or number is None or unit == "hour":
        return _Period(None, None, unit) if match["way"] == "ago" else _UNKNOWN
    day = base + sign * number * _UNITS[unit]
    return _from(day, 0, int(unit == "night"), unit) if unit in ("day", "night") else _calendar(unit, day)


def _read_edge(phrase: str, published: date | None) -> _Period | None:
    """*first week of March*, *first three months of 2024*; and *since October 7*, up to publication."""
    if since := _SINCE.fullmatch(phrase):
        first = _read_point(since["rest"], published)
        known = first and first.start and published and first.start <= published
        return first and replace(first, end=published if known else None)
    match = _EDGE.fullmatch(phrase)
    whole = match and _read_date(match["rest"], published)
    if not match or not whole or whole.precision not in ("month", "year"):
        return None
    unit, number = match["unit"], read_amount(match["number"], plural=bool(match["plural"]))
    if number is None or not whole.start or not whole.end:
        return _Period(None, None, unit)
    length = number * _UNITS[unit]
    start = whole.start if match["which"] == "first" else whole.end + _DAY - length
    end = start + length - _DAY
    return _Period(start, end, unit) if whole.start <= start and end <= whole.end else _UNKNOWN


def _read_range(phrase: str, published: date | None) -> _Period | None:
    """*Monday and Tuesday*, *March 3 to April 5, 2022*; the left end is the last before the right."""
    phrase = phrase.removeprefix("between ").removeprefix("from ")
    for joint in _JOINT.finditer(phrase):
        left, right = phrase[: joint.start()], phrase[joint.end() :]
        last = _read_point(right, published)
        first = last and _read_point(left, last.start)
        if not last or not first:
            continue
        grain = max(first.precision, last.precision, key=PRECISIONS.index)
        if not first.start or not last.end or (_ANY_YEAR.search(left) and not _ANY_YEAR.search(right)):
            return _Period(None, None, grain)
        if first.start > last.end:
            return _UNKNOWN
        nightly = first.precision == "night" and first.end == last.end
        return _Period(first.start, last.end, "night" if nightly else grain)
    return None
