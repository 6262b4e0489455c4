"""Longer times: windows before publication, nights between two days, parts of months, ranges of dates, durations."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from warwire.model.normalise.numerals import read_amount, read_numeral
from warwire.model.normalise.time_clock import read_clock, read_daypart
from warwire.model.normalise.time_date import read_date
from warwire.model.normalise.time_period import (
    DAY,
    GRAINS,
    PRECISIONS,
    UNITS,
    UNKNOWN,
    Period,
    calendar_unit,
    days_from,
    night_of,
    part_of,
)

_UNIT_NAMES: Final = "minute|hour|day|night|week|fortnight|month|year|decade"
_WINDOW: Final = re.compile(
    r"(?P<which>past|last|previous|preceding|recent)(?: (?P<number>.+?))?(?: |(?<=[0-9]))"
    rf"(?P<unit>{_UNIT_NAMES}|hr|h)(?P<plural>s?)"
)
_TO_DATE: Final = re.compile(r"(?:so far )?this (?P<unit>week|month|year)(?: so far)?|(?P<year>year) to date")
_OVERNIGHT: Final = re.compile(
    r"(?:overnight|(?P<nights>nights?)) (?:(?P<into>into|to) )?(?:(?:on|of|between|from) )?(?:the )?(?P<rest>.+)"
)
_NIGHT_AFTER: Final = re.compile(r"(?P<rest>.+? ?(?:-|to|into|and|-to-) ?.+?) night")
_EDGE: Final = re.compile(
    r"(?P<which>first|opening|second|third|fourth|last|final)(?: (?P<number>.+?))? (?P<unit>day|week|month)"
    r"(?P<plural>s?) of (?:the )?(?P<rest>.+)"
)
_PART: Final = re.compile(
    r"(?P<which>first|second|third|fourth|last) (?P<part>half|quarter) of (?:the )?(?P<rest>.+)"
    r"|q(?P<q>[1-4]) (?P<year>.+)"
)
_ORDER: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_UP_TO: Final = re.compile(
    r"(?:(?P<number>.+?) )?(?P<unit>hour|day|week)(?P<plural>s?) (?:to|until|till|ending|ended|through|up to)"
    r"(?: on)? (?P<rest>.+)"
)
_WEEK_OF: Final = re.compile(r"week (?:of|starting|beginning|commencing)(?: on)? (?P<rest>.+)")
_SINCE: Final = re.compile(r"since (?:the )?(?P<rest>.+)")
_JOINT: Final = re.compile(r" ?- ?(?:to ?- ?)?| to | and | or | through | until | till | into |, ")
_ANY_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_QUALIFIERS: Final = frozenset(
    """
    a an about around some nearly almost over under more less than at least half just only whole entire single first
    second third fourth fifth sixth seventh last next coming following subsequent recent same several few couple of many
    consecutive straight successive one
    """.split()
)
_IN_A_ROW: Final = re.compile(r" (?:running|in a row|straight|on end)$")


def read_point(phrase: str, published: date | None) -> Period | None:
    """A date, a clock time or a part of the day."""
    return read_date(phrase, published) or read_clock(phrase, published) or read_daypart(phrase, published)


def read_stretch(phrase: str, published: date | None) -> Period | None:
    """The days of a longer time, None for what is none."""
    return (
        _read_window(phrase, published)
        or _read_part(phrase, published)
        or _read_up_to(phrase, published)
        or _read_overnight(phrase, published)
        or read_range(phrase, published)
    )


def read_duration(phrase: str) -> Period | None:
    """*three days*, *third night*: how long or which, but not when: the grain alone."""
    *words, unit = _IN_A_ROW.sub("", phrase).replace("-", " ").split() or [""]
    grain = GRAINS.get(unit) or GRAINS.get(unit.removesuffix("s"))
    known = all(word in _QUALIFIERS or read_numeral(word) for word in words)
    return Period(None, None, grain) if grain and known else None


def _read_overnight(phrase: str, published: date | None) -> Period | None:
    """*overnight into Tuesday*, *night of Monday to Tuesday*; *overnight Tuesday* is before or after it."""
    if after := _NIGHT_AFTER.fullmatch(phrase):
        days = read_range(after["rest"], published)
        return night_of(days) if days else None
    match = _OVERNIGHT.fullmatch(phrase)
    if match is None:
        return None
    days = read_range(match["rest"], published)
    if match["nights"] == "nights":
        days = days or read_date(match["rest"], published)
        return Period(days.start, days.end + DAY, "night") if days and days.end else None
    if days:
        return night_of(days)
    days = read_date(match["rest"], published)
    if days is None or days.precision != "day" or days.start != days.end:
        return None
    return days_from(days.start, -1, 0 if match["into"] or days.start == published else 1, "night")


def _read_window(phrase: str, published: date | None) -> Period | None:
    """*past day*, *last 24 hours*, *past two weeks*, *so far this year*: back from publication."""
    if match := _TO_DATE.fullmatch(phrase):
        unit = match["unit"] or match["year"]
        return replace(calendar_unit(unit, published), end=published) if published else Period(None, None, unit)
    match = _WINDOW.fullmatch(phrase)
    if match is None:
        return None
    unit, number = match["unit"], read_amount(match["number"], plural=bool(match["plural"]))
    unit = "hour" if unit in ("h", "hr") else unit
    grain = GRAINS[unit]
    if match["which"] not in ("past", "last"):
        return Period(None, None, grain)
    if unit in ("hour", "minute"):
        hours = number if number and unit == "hour" else 1
        return days_from(published, -((hours + 23) // 24), 0, "hour" if hours < 24 else "day")
    if number is None or published is None:
        return Period(None, None, grain)
    return Period(published - number * UNITS[unit], published, grain)


def _read_part(phrase: str, published: date | None) -> Period | None:
    """*first week of March*, *first half of 2024*, *week of March 3*; and *since October 7*, up to publication."""
    if since := _SINCE.fullmatch(phrase):
        first = read_point(since["rest"], published)
        known = first and first.start and published and first.start <= published
        return first and replace(first, end=published if known else None)
    if week := _WEEK_OF.fullmatch(phrase):
        day = read_date(week["rest"], published)
        return calendar_unit("week", day.start) if day and day.is_day and day.start else None
    if match := _PART.fullmatch(phrase):
        whole = _whole(match["rest"] or match["year"], published)
        parts = 2 if match["part"] == "half" else 4
        which = parts - 1 if match["which"] == "last" else int(match["q"] or 1) - 1
        return part_of(whole, _ORDER.get(match["which"] or "", which), parts) if whole else None
    match = _EDGE.fullmatch(phrase)
    whole = match and _whole(match["rest"], published)
    if not match or not whole or whole.precision not in ("month", "year"):
        return None
    unit, number = match["unit"], read_amount(match["number"], plural=bool(match["plural"]))
    if number is None or not whole.start or not whole.end:
        return Period(None, None, unit)
    length = number * UNITS[unit]
    if match["which"] in ("last", "final"):
        start = whole.end + DAY - length
    else:
        start = whole.start + _ORDER.get(match["which"], 0) * length
    end = start + length - DAY
    return Period(start, end, unit) if whole.start <= start and end <= whole.end else UNKNOWN


def _whole(rest: str, published: date | None) -> Period | None:
    """A month or a year, that of publication for *the year*."""
    if rest in ("month", "year"):
        return calendar_unit(rest, published) if published else Period(None, None, rest)
    return read_date(rest, published)


def _read_up_to(phrase: str, published: date | None) -> Period | None:
    """*week to Wednesday*, *24 hours to Monday morning*: so long, up to that day."""
    match = _UP_TO.fullmatch(phrase)
    last = match and read_point(match["rest"], published)
    if not match or not last or last.precision not in ("day", "hour"):
        return None
    unit, number = match["unit"], read_amount(match["number"], plural=bool(match["plural"]))
    if number is None or last.end is None:
        return Period(None, None, unit)
    if unit == "hour":
        return days_from(last.end, -((number + 23) // 24), 0, "hour" if number < 24 else "day")
    return Period(last.end - number * UNITS[unit] + DAY, last.end, unit)


def read_range(phrase: str, published: date | None) -> Period | None:
    """*Monday and Tuesday*, *March 3 to April 5, 2022*; the left end is the last before the right."""
    phrase = phrase.removeprefix("between ").removeprefix("from ")
    for joint in _JOINT.finditer(phrase):
        left, right = phrase[: joint.start()], phrase[joint.end() :].removeprefix("the ")
        last = read_point(right, published)
        first = last and read_point(left, last.start)
        if not last or not first:
            continue
        grain = max(first.precision, last.precision, key=PRECISIONS.index)
        if not first.start and first.precision == "hour" and last.is_day:
            return replace(last, precision="hour")  # *4 a.m. and 8 a.m. on March 9*
        if not first.start or not last.end or (_ANY_YEAR.search(left) and not _ANY_YEAR.search(right)):
            return Period(None, None, grain)
        if first.start > last.end:
            return UNKNOWN
        nightly = first.precision == "night" and first.end == last.end
        return Period(first.start, last.end, "night" if nightly else grain)
    return None
