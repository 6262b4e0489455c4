"""Times that count from another: *two weeks ago*, *a night earlier*, *the following morning*, *the same day*.

What counts from the event before takes that event's time, the anchor. From one day the answer is one day; from a night,
of which the words do not say whether its evening or its morning is meant, both days are moved together.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from warwire.model.normalise.numerals import read_amount
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
)

_ABOUT: Final = re.compile(
    r"(?:about|around|some|roughly|approximately|nearly|almost|just|barely|only|over|more than) "
)
_UNIT: Final = (
    r"(?P<unit>minute|hour|day|night|morning|afternoon|evening|week|fortnight|month|year|decade)(?P<plural>s?)"
)
_OFFSET: Final = re.compile(
    rf"(?:(?P<number>.+?) )?{_UNIT} (?P<way>ago|earlier|before|prior|previously|later|after|afterwards?|on)"
    r"(?: (?P<event>.+))?"
)
_STEP: Final = re.compile(
    r"(?P<way>previous|preceding|next|following|subsequent) (?:(?:early|late|mid)[ -])?"
    r"(?P<unit>day|night|morning|afternoon|evening|week|month|year)"
)
_SAME: Final = re.compile(
    r"(?:(?:early|earlier|late|later)(?: (?:on|in))? (?:the )?)?(?:same|that(?: same| very)?)"
    r" (?:(?:early|late|mid)[ -])?(?P<unit>day|night|morning|afternoon|evening|week|month|year|hour|period|time"
    r"|24 hours)"
)
_BACK: Final = frozenset({"ago", "earlier", "before", "prior", "previously", "previous", "preceding"})
_LONGEST: Final = 2 * DAY
"""Between the first and the last day of what can stand for the day of an event."""


def read_offset(phrase: str, published: date | None, anchor: Period | None) -> Period | None:
    """*two weeks ago* from publication, *day earlier* from the anchor, *day after Tuesday* from that."""
    phrase = _ABOUT.sub("", phrase, count=1)
    if match := _SAME.fullmatch(phrase):
        return _same(match["unit"], anchor)
    if match := _STEP.fullmatch(phrase):
        return _step(match["unit"], match["way"] not in _BACK, anchor)
    match = _OFFSET.fullmatch(phrase)
    if match is None or (match["way"] == "on" and match["event"]):
        return None
    unit, grain, base = match["unit"], GRAINS[match["unit"]], anchor
    number = None if match["number"] == "half an" else read_amount(match["number"], plural=bool(match["plural"]))
    later = match["way"] not in _BACK
    if match["way"] == "ago":
        base = Period(published, published, "day")
    elif match["event"] and (event := read_date(match["event"], published)):
        base = event if event.is_day else None
    if unit in ("hour", "minute"):
        return _hours(number if unit == "hour" else 1, later, base)
    if number is None or base is None or base.start is None:
        return Period(None, None, grain)
    if number == 1 and match["number"] is None and match["way"] != "ago":
        return _step(unit, later, base)
    return _moved(unit, number if later else -number, base)


def _event_days(anchor: Period | None) -> Period | None:
    """The anchor where it can stand for the day of an event."""
    if anchor is None or anchor.start is None or anchor.end is None or anchor.precision not in ("hour", "night", "day"):
        return None
    return anchor if anchor.end - anchor.start <= _LONGEST else None


def _hours(number: int | None, later: bool, base: Period | None) -> Period:
    """So many hours on: within a day where there are fewer than 24."""
    days = _event_days(base)
    if days is None or days.start is None or days.end is None:
        return Period(None, None, "hour")
    least, most = ((number or 1) // 24, -(-(number or 1) // 24))
    if days.start != days.end and most == 1 and least == 0:
        return replace(days, precision="hour")
    if later:
        return Period(days.start + least * DAY, days.end + most * DAY, "hour")
    return Period(days.start - most * DAY, days.end - least * DAY, "hour")


def _moved(unit: str, number: int, base: Period) -> Period:
    if unit in ("week", "fortnight", "month", "year", "decade"):
        if base.start is None or PRECISIONS.index(base.precision) > PRECISIONS.index(GRAINS[unit]):
            return Period(None, None, GRAINS[unit])
        if base.precision == GRAINS[unit] == "week" and base.end:
            return Period(base.start + number * UNITS[unit], base.end + number * UNITS[unit], "week")
        return calendar_unit(GRAINS[unit], base.start + number * UNITS[unit])
    days = _event_days(base)
    if days is None or days.start is None or days.end is None:
        return Period(None, None, GRAINS[unit])
    if unit == "night":
        return days_from(days.start, number, number + 1, "night")
    one = days.precision in ("night", "hour") or days.is_day
    first, last = (days.start, days.end) if one else ((days.end,) * 2 if number > 0 else (days.start,) * 2)
    return Period(first + number * DAY, last + number * DAY, "day")


def _step(unit: str, later: bool, base: Period | None) -> Period:
    """The unit before or after; the day after a night is the one that it ends on."""
    if base is None or base.start is None:
        return Period(None, None, GRAINS[unit])
    if later and base.precision == "night" and unit != "night" and GRAINS[unit] == "day":
        days = _event_days(base)
        return Period(days.end, days.end, "day") if days else Period(None, None, "day")
    return _moved(unit, 1 if later else -1, base)


def _same(unit: str, anchor: Period | None) -> Period:
    """The anchor itself, or the night, week, month or year that it lies in."""
    if unit in ("period", "time", "24 hours", "hour"):
        return anchor or UNKNOWN
    grain = GRAINS[unit]
    if anchor is None or anchor.start is None or anchor.end is None:
        return Period(None, None, grain)
    if grain in ("week", "month", "year"):
        whole = calendar_unit(grain, anchor.start)
        return whole if whole.end and anchor.end <= whole.end else Period(None, None, grain)
    days = _event_days(anchor)
    if days is None:
        return Period(None, None, grain)
    if unit == "night" and days.precision == "hour":
        return Period(None, None, grain)  # an hour of the morning belongs to the night before
    if unit == "night" and days.is_day:
        return days_from(days.start, 0, 1, "night")
    if days.precision != "night":
        return replace(days, precision=grain)
    one = {"morning": days.end, "evening": days.start}.get(unit)
    return Period(one, one, "day") if one else replace(days, precision=grain)
