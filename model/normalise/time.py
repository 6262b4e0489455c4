"""Dates from the surface of TIME spans, counted from the day of publication.

Where words leave a choice, it is settled so:

- a weekday or a date without a year is the last one on or before publication (*last Tuesday* too); a date that
  comes within a week after it is left open, being planned or dated in another time zone;
- *last week*, *this month*, *two weeks ago* are calendar units, weeks from Monday (ISO 8601); *past week* and
  *past 24 hours* reach back from publication;
- a night has two days, the evening's and the morning's: *overnight*, *last night*, *Tuesday night*;
- *morning*, *early*, *late* give their day with precision `day`; clock times, *dawn*, *noon* `hour`;
- *early July* is its first ten days, *mid-July* the next ten, *late July* the rest; of a year, its thirds;
- a decade has the precision `year`; seasons, which depend on the hemisphere, are not resolved;
- *day earlier* and *hours after X* count from another event, known only as `reference`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from dateutil.relativedelta import relativedelta

from warwire.model.normalise.numerals import fold, read_numeral

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


@dataclass(frozen=True, slots=True)
class _Anchor:
    published: date | None
    reference: date | None


_UNKNOWN: Final = _Period(None, None, "unknown")
_LONGEST: Final = 80  # characters; no time is longer, and the patterns below stay quick
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)

_MONTHS: Final = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(" "), 1)
}
_WEEKDAYS: Final = {name: day for day, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY: Final = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?:'?s)?\.?"
)
_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_NUMBER: Final = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_NUMBERS: Final = r"(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)?(?: ?- ?| to | and | or | until )" + _NUMBER
_DATES: Final = (
    re.compile(rf"(?:{_WEEKDAY},? )?{_MONTH} {_NUMBER}(?:,? {_YEAR})?"),
    re.compile(rf"(?:{_WEEKDAY},? )?(?:the )?{_NUMBER}(?: of)?[ -]{_MONTH}(?:(?:-|,? (?:of )?){_YEAR})?"),
    re.compile(rf"(?:between |from )?{_MONTH} {_NUMBERS}(?:,? {_YEAR})?"),
    re.compile(rf"(?:between |from )?{_NUMBERS}(?: of)? {_MONTH}(?:,? {_YEAR})?"),
)
_ISO: Final = re.compile(rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})")
_DOTTED: Final = re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}")
_SLASHED: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}")
_MONTH_YEAR: Final = re.compile(rf"(?:(?P<which>this|last|next) )?{_MONTH}(?:,? (?:of )?{_YEAR})?")
_YEARS: Final = re.compile(rf"{_YEAR}(?P<decade>'?s)?")
_ON_WEEKDAY: Final = re.compile(rf"(?:(?P<which>last|past|this past|next) )?{_WEEKDAY}")
_UNIT: Final = re.compile(r"(?P<which>last|this|next) (?P<unit>week|weekend|month|year)|weekend")
_BARE_MONTH: Final = re.compile(_MONTH)
_DAYPART: Final = re.compile("hours|morning|afternoon|evening|night")
_ANY_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_RELATIVE_YEAR: Final = re.compile(r"\b(last|this|next) year\b")
_STEPS: Final = {"last": -1, "this": 0, "next": 1}

_WORDS: Final = {
    **dict.fromkeys(("today", "this morning", "this afternoon", "this evening"), (0, 0, "day")),
    **{"yesterday": (-1, -1, "day"), "day before yesterday": (-2, -2, "day"), "tomorrow": (1, 1, "day")},
    **dict.fromkeys(("overnight", "last night"), (-1, 0, "night")),
    **{"night before last": (-2, -1, "night"), "tonight": (0, 1, "night"), "midnight": (-1, 0, "hour")},
    **dict.fromkeys(("dawn", "daybreak", "sunrise", "noon", "midday"), (0, 0, "hour")),
}
"""First and last day, in days from publication, and precision."""

_BEFORE: Final = re.compile(
    r"(?P<part>(?:early |small )hours|(?:(?:early|late) )?(?:morning|afternoon|evening|night)"
    r"|early|earlier|mid|middle|late|later|beginning|start|end)[ -](?:(?:on|in|of) )?(?:the )?"
)
_AFTER: Final = re.compile(
    r",? (?:(?:in|during) the )?(?P<part>(?:(?:early|late|mid)[ -])?(?:morning|afternoon|evening|night))$"
)
_THIRDS: Final = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_BARE: Final = re.compile(
    r"(?:(?:early|late|mid)[ -])?(?P<part>morning|afternoon|evening|night|hours)|(?P<unit>day|week|month|year)"
)
_OVERNIGHT: Final = re.compile(
    r"(?:(?P<night>overnight|night)(?: (?P<into>into|to))?(?: (?:on|of|from|between))? )?(?P<rest>.+?)"
    r"(?P<after>,? (?:overnight|night))?"
)
_ZONE: Final = r"(?:[ -]?(?:local|time|gmt|utc|e[sd]?t|bst|ce?e?s?t|ee?s?t|msk|hours|hrs)\b)*"
_CLOCK: Final = (
    r"(?:(?:shortly |just |soon )?(?:before|after|around|about|at|by|near) )?"
    r"(?:(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9])? ?[ap]\.?m\.?|(?:[01]?[0-9]|2[0-4]):[0-5][0-9]"
    r"|(?:[01][0-9]|2[0-3])[0-5][0-9](?= ?(?:gmt|utc|hours|hrs|local))"
    rf"|(?P<word>dawn|daybreak|sunrise|noon|midday|dusk|sunset|midnight)){_ZONE}"
)
_CLOCKS: Final = (
    re.compile(rf"{_CLOCK}(?:,? (?:(?:on|of) )?(?P<rest>.+))?"),
    re.compile(rf"(?P<rest>.+?),? {_CLOCK}"),
)
_WINDOW: Final = re.compile(
    r"(?:this )?(?P<which>past|last|previous|preceding|recent)(?: (?P<number>.+?))?"
    r" (?P<unit>hour|day|night|week|month|year)(?P<plural>s?)"
)
_OFFSET: Final = re.compile(
    r"(?:(?P<number>.+?) )?(?P<unit>minute|hour|day|night|week|month|year)(?P<plural>s?)"
    r" (?P<way>ago|earlier|before|prior(?: to)?|previously|later|after|afterwards?)(?: (?P<event>.+))?"
)
_EDGE: Final = re.compile(
    r"(?P<which>first|last)(?: (?P<number>.+?))? (?P<unit>day|week|month)s? of (?:the )?(?P<rest>.+)"
)
_SINCE: Final = re.compile(r"(?:ever )?since (?:the )?(?P<rest>.+)")
_RANGE_START: Final = re.compile(r"(?P<word>between|from) ")
_JOINT: Final = re.compile(r" ?-(?:to-)? ?| to | and | or | through | until | till | into ")
_AND: Final = re.compile(r" and ")
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
    if isinstance(published, datetime):
        published = published.date()
    if len(text) > _LONGEST:
        return TimeRange(None, None, "unknown")
    return _normalise(text, published, reference)


@lru_cache(maxsize=8192)
def _normalise(text: str, published: date | None, reference: date | None) -> TimeRange:
    phrase = _ASIDE.sub("", fold(text)).strip(" ,;:")
    phrase = phrase if phrase.endswith(".m.") else phrase.rstrip(".")
    if phrase.endswith("'s") and not phrase[-3:-2].isdigit():
        phrase = phrase[:-2]
    prelude = _PRELUDE.match(phrase)
    phrase = phrase[prelude.end() :] if prelude else phrase
    if published:
        phrase = _RELATIVE_YEAR.sub(lambda match: str(published.year + _STEPS[match[1]]), phrase)
    try:
        found = _read(phrase, _Anchor(published, reference))
    except OverflowError:  # beyond the years 1 to 9999
        found = _UNKNOWN
    start, end = found.start, found.end
    return TimeRange(start.isoformat() if start else None, end.isoformat() if end else None, found.precision)


def _read(phrase: str, anchor: _Anchor) -> _Period:
    return (
        _read_point(phrase, anchor)
        or _read_overnight(phrase, anchor)
        or _read_window(phrase, anchor)
        or _read_offset(phrase, anchor)
        or _read_edge(phrase, anchor)
        or _read_since(phrase, anchor)
        or _read_range(phrase, anchor)
        or _UNKNOWN
    )


def _read_point(phrase: str, anchor: _Anchor) -> _Period | None:
    return _read_date(phrase, anchor) or _read_clock(phrase, anchor) or _read_part(phrase, anchor)


def _read_date(phrase: str, anchor: _Anchor) -> _Period | None:
    if days := _WORDS.get(phrase):
        return _from(anchor.published, *days)
    if match := _ON_WEEKDAY.fullmatch(phrase):
        return _on_weekday(match, anchor.published)
    for pattern in _DATES:
        if match := pattern.fullmatch(phrase):
            return _on_date(match, anchor.published)
    if match := _ISO.fullmatch(phrase) or _DOTTED.fullmatch(phrase):
        day = _date(int(match["year"]), int(match["month"]), int(match["day"]))
        return _Period(day, day, "day") if day else _UNKNOWN
    if _SLASHED.fullmatch(phrase):
        return _Period(None, None, "day")  # day first or month first, nobody knows
    if match := _MONTH_YEAR.fullmatch(phrase):
        return _in_month(match, anchor.published)
    if match := _YEARS.fullmatch(phrase):
        year = int(match["year"])
        if not match["decade"]:
            return _calendar("year", date(year, 1, 1))
        return _Period(date(year, 1, 1), date(year + 9, 12, 31), "year") if year % 10 == 0 else None
    if match := _UNIT.fullmatch(phrase):
        return _in_unit(match["which"], match["unit"] or "weekend", anchor.published)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from(base: date | None, first: int, last: int, precision: str) -> _Period:
    return _Period(base and base + first * _DAY, base and base + last * _DAY, precision)


def _calendar(unit: str, day: date) -> _Period:
    if unit == "week":
        return _from(day, -day.weekday(), 6 - day.weekday(), "week")
    whole_year = {"month": 1} if unit == "year" else {}
    last = {"month": 12} if unit == "year" else {}
    return _Period(day + relativedelta(day=1, **whole_year), day + relativedelta(day=31, **last), unit)


def _shift(day: date, unit: str, number: int) -> date:
    """The day `number` units on; in a shorter month its last day."""
    return day + relativedelta(**{f"{unit}s": number})


def _on_weekday(match: re.Match[str], published: date | None) -> _Period:
    if published is None:
        return _Period(None, None, "day")
    back = (published.weekday() - _WEEKDAYS[match["weekday"][:3]]) % 7
    offset = 7 - back if match["which"] == "next" else -back
    return _from(published, offset, offset, "day")


def _on_date(match: re.Match[str], published: date | None) -> _Period:
    """A day, or two days of one month."""
    named = match.groupdict()
    month, last = _MONTHS[named["month"][:3]], int(named["day"])
    first = int(named.get("first") or last)
    if named["year"]:
        years = range(int(named["year"]), int(named["year"]) + 1)
    else:
        # a span of eight years without a 29 February is the longest there is; 2000 tests whether a day exists
        years = range(published.year + 1, max(published.year - 9, 0), -1) if published else range(2000, 2001)
    for year in years:
        start, end = _date(year, month, first), _date(year, month, last)
        if start is None or end is None or (published and not named["year"] and start - published > _WEEK):
            continue
        if published is None and not named["year"]:
            return _Period(None, None, "day")
        if start > end or (named.get("weekday") and _WEEKDAYS[named["weekday"][:3]] != start.weekday()):
            return _UNKNOWN
        planned = published and not named["year"] and start > published
        return _Period(None, None, "day") if planned else _Period(start, end, "day")
    return _UNKNOWN


def _in_month(match: re.Match[str], published: date | None) -> _Period:
    month = _MONTHS[match["month"][:3]]
    if match["year"]:
        return _calendar("month", date(int(match["year"]), month, 1))
    if published is None or match["which"] in ("last", "next"):
        return _Period(None, None, "month")  # *last May* is this year's to some and last year's to others
    year = published.year - (month > published.month and match["which"] is None)
    return _calendar("month", date(year, month, 1)) if year else _UNKNOWN


def _in_unit(which: str | None, unit: str, published: date | None) -> _Period:
    if published is None:
        return _Period(None, None, "day" if unit == "weekend" else unit)
    if unit != "weekend":
        return _calendar(unit, _shift(published, unit, _STEPS[str(which)]))
    back = (published.weekday() - 5) % 7
    if which == "this" and back > 1:
        return _Period(None, None, "day")  # on weekdays it is the coming one or the past one
    offset = {"last": -7 if back < 2 else 0, "next": 7}.get(which or "", 0) - back
    return _from(published, offset, offset + 1, "day")


def _read_clock(phrase: str, anchor: _Anchor) -> _Period | None:
    for pattern in _CLOCKS:
        if match := pattern.fullmatch(phrase):
            if match["rest"] is None:
                known = match["word"] and _WORDS.get(match["word"])
                return _from(anchor.published, *known) if known else _from(anchor.reference, 0, 0, "hour")
            day = _read_date(match["rest"], anchor)
            if day and day.precision == "day" and day.start == day.end:
                return _Period(day.start, day.end, "hour")
    return None


def _read_part(phrase: str, anchor: _Anchor) -> _Period | None:
    if bare := _BARE.fullmatch(phrase):
        if bare["unit"]:
            return _Period(None, None, bare["unit"])
        night = bare["part"] == "night"
        return _from(anchor.reference, 0, int(night), "night" if night else "day")
    before = _BEFORE.match(phrase)
    rest = phrase[before.end() :] if before else phrase
    whole = _read_date(rest, anchor)
    after = None if whole else _AFTER.search(rest)
    if after:
        rest = rest[: after.start()]
        whole = _read_date(rest, anchor)
    if whole is None or not (before or after):
        return None
    parts = (before["part"] if before else "", after["part"] if after else "")
    if any(_DAYPART.search(part) for part in parts):
        if whole.precision != "day":
            return None
        return _night(whole) if any("night" in part for part in parts) else whole
    part = _slice(whole, parts[0], anchor.published)
    if anchor.published and part.start and part.start > anchor.published and _BARE_MONTH.fullmatch(rest):
        return _slice(_calendar("month", _shift(part.start, "year", -1)), parts[0], None)
    return part


def _slice(whole: _Period, part: str, published: date | None) -> _Period:
    """The early, middle or late third of a month or year, or what of a period lies before or after publication."""
    start, end = whole.start, whole.end
    if start is None or end is None or whole.precision not in ("week", "month", "year"):
        return whole
    if part in ("earlier", "later"):
        if published is None or not start <= published <= end:
            return whole
        return replace(whole, end=published) if part == "earlier" else replace(whole, start=published)
    third = _THIRDS[part]
    if whole.precision == "month":
        last = end if third == 2 else start.replace(day=10 * third + 10)
        return _Period(start.replace(day=10 * third + 1), last, "month")
    if whole.precision == "year" and start.year == end.year:
        last_month = 4 * third + 4
        last = date(start.year, last_month, monthrange(start.year, last_month)[1])
        return _Period(date(start.year, last_month - 3, 1), last, "year")
    return whole


def _night(days: _Period) -> _Period:
    """From an evening to the next morning; two named days (*the night of 11-12 July*) are both already there."""
    if days.start is None or days.end is None:
        return replace(days, precision="night")
    if days.start == days.end:
        return _from(days.start, 0, 1, "night")
    return replace(days, precision="night") if days.end - days.start == _DAY else _UNKNOWN


def _read_overnight(phrase: str, anchor: _Anchor) -> _Period | None:
    """*overnight into Tuesday*, *night of Monday to Tuesday*; *overnight Tuesday* may be the night before or after."""
    match = _OVERNIGHT.fullmatch(phrase)
    if match is None or not (match["night"] or match["after"]):
        return None
    if days := _read_range(match["rest"], anchor):
        return _night(days)
    days = _read_date(match["rest"], anchor)
    if days is None or days.precision != "day" or days.start != days.end or not days.start:
        return days and replace(days, start=None, end=None)
    last = days.start if match["into"] or days.start == anchor.published else days.start + _DAY
    return _Period(days.start - _DAY, last, "night")


def _number(words: str | None) -> int | None:
    numeral = read_numeral(words) if words and words not in ("a", "an") else None
    return (
        (numeral.value if numeral.value <= 1000 else None) if numeral else 1 if words in ("a", "an") else None
    )


def _read_window(phrase: str, anchor: _Anchor) -> _Period | None:
    """*past day*, *last 24 hours*, *past two weeks*: back from publication."""
    match = _WINDOW.fullmatch(phrase)
    if match is None:
        return None
    unit, published = match["unit"], anchor.published
    number = _number(match["number"]) if match["number"] else None if match["plural"] else 1
    narrated = match["which"] in ("previous", "preceding") and unit != "hour"
    if number is None or published is None or match["which"] == "recent" or narrated:
        return _Period(None, None, unit)
    if unit == "hour":
        return _from(published, -max(1, -(-number // 24)), 0, "hour" if number < 24 else "day")
    return _Period(_shift(published, "day" if unit == "night" else unit, -number), published, unit)


def _read_offset(phrase: str, anchor: _Anchor) -> _Period | None:
    """*two weeks ago* from publication; *day earlier* from the reference; *day after X* from X where X is a date."""
    if other := _OTHER_DAY.fullmatch(phrase):
        step = {"next": 1, "following": 1, "same": 0, "that": 0}.get(other["way"], -1)
        night = other["unit"] == "night"
        known = _from(anchor.reference, step, step + night, "night" if night else "day")
        return known if anchor.reference else _UNKNOWN
    match = _OFFSET.fullmatch(phrase)
    if match is None:
        return None
    unit, base = match["unit"], anchor.reference
    if match["way"] == "ago":
        base = anchor.published
    elif match["event"] and (event := _read_date(match["event"], anchor)) and event.start == event.end:
        base = event.start
    sign = 1 if match["way"].startswith(("later", "after")) else -1
    number = _number(match["number"]) if match["number"] else None if match["plural"] else 1
    if base is None:
        return _Period(None, None, unit.replace("minute", "hour")) if match["way"] == "ago" else _UNKNOWN
    if unit in ("hour", "minute"):
        return _from(base, min(sign, 0), max(sign, 0), "hour") if number is None or number < 24 else _UNKNOWN
    if number is None:
        return _UNKNOWN
    day = _shift(base, "day" if unit == "night" else unit, sign * number)
    if unit in ("day", "night"):
        return _from(day, 0, int(unit == "night"), unit)
    return _calendar(unit, day)


def _read_ordinal(phrase: str, anchor: _Anchor) -> _Period | None:
    """*first week of March*, *first three months of 2024*, *second half of July*."""
    match = _ORDINAL.fullmatch(phrase)
    whole = match and _read_date(match["rest"], anchor)
    if not match or not whole or whole.precision not in ("month", "year"):
        return None
    number = _number(match["number"]) if match["number"] else 1
    which = _ORDINALS.get(match["which"], -1)
    if not whole.start or not whole.end or number is None or (number > 1 and which > 0):
        return _Period(None, None, "unknown")
    unit, factor = {"quarter": ("month", 3), "half": ("month", 6)}.get(match["unit"], (match["unit"], 1))
    if unit == "month" and whole.precision == "month":
        return _UNKNOWN
    length = factor * number
    start = (
        _shift(whole.start, unit, which * length) if which >= 0 else _shift(whole.end + _DAY, unit, -length)
    )
    end = _shift(start, unit, length) - _DAY
    return _Period(start, end, unit) if whole.start <= start and end <= whole.end else _UNKNOWN


def _read_since(phrase: str, anchor: _Anchor) -> _Period | None:
    match = _SINCE.fullmatch(phrase)
    since = match and _read_point(match["rest"], anchor)
    if not since:
        return None
    ended = anchor.published if since.start and anchor.published and since.start <= anchor.published else None
    return replace(since, end=ended)


def _read_range(phrase: str, anchor: _Anchor) -> _Period | None:
    """*Monday and Tuesday*, *between March 3 and April 5, 2022*: the left end is the last before the right one."""
    opening = _RANGE_START.match(phrase)
    phrase = phrase[opening.end() :] if opening else phrase
    for joint in (_AND if opening and opening["word"] == "between" else _JOINT).finditer(phrase):
        left, right = phrase[: joint.start()], phrase[joint.end() :]
        last = _read_point(right, anchor)
        first = last and _read_point(left, replace(anchor, published=last.start))
        if not last or not first:
            continue
        grain = max(first.precision, last.precision, key=PRECISIONS.index)
        if not first.start or not last.end or (_ANY_YEAR.search(left) and not _ANY_YEAR.search(right)):
            return _Period(None, None, grain)
        if first.start > last.end:
            return _UNKNOWN
        night = first.precision == "night" and first.end == last.end
        return _Period(first.start, last.end, "night" if night else grain)
    return None
