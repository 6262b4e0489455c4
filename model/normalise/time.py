"""Dates from the surface of TIME spans, counted from the day of publication.

Where words leave a choice, it is settled so:

- a weekday or a date without a year is the last one on or before publication (*last Tuesday* too);
- *last week*, *this month*, *two weeks ago* are calendar units, weeks from Monday (ISO 8601); *past week* and
  *past 24 hours* reach back from publication;
- a night has two days, the evening's and the morning's: *overnight*, *last night*, *Tuesday night*;
- *morning*, *early*, *late* give their day with precision `day`; clock times, *dawn*, *noon*, *midnight* `hour`;
- *early July* is its first ten days, *mid-July* the next ten, *late July* the rest; of a year, its thirds;
- a decade has the precision `year`; seasons, which depend on the hemisphere, are not resolved;
- *day earlier*, *hours after X*, *that night* count from another event, known only as `reference`.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from warwire.model.normalise.numerals import fold, read_numeral

PRECISIONS: Final = ("hour", "night", "day", "week", "month", "year", "unknown")
"""From the finest grain to the coarsest."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """First and last day in ISO 8601, both included, None where open or not known, and the grain of the words.

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

_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS: Final = {name: day for day, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY: Final = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)(?:'?s)?\.?"
)
_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_NUMBER: Final = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_NUMBERS: Final = rf"(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)?(?: ?- ?| to | and | or | through | until ){_NUMBER}"

_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_WEEKDAY},? )?{_MONTH} {_NUMBER}(?:,? {_YEAR})?",
        rf"(?:{_WEEKDAY},? )?(?:the )?{_NUMBER}(?: of)?[ -]{_MONTH}(?:(?:-|,? (?:of )?){_YEAR})?",
        rf"(?:between |from )?{_MONTH} {_NUMBERS}(?:,? {_YEAR})?",
        rf"(?:between |from )?{_NUMBERS}(?: of)? {_MONTH}(?:,? {_YEAR})?",
    )
)
_ISO: Final = re.compile(rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})")
_NUMERIC: Final = re.compile(rf"(?P<first>[0-9]{{1,2}})(?P<mark>[./])(?P<second>[0-9]{{1,2}})(?P=mark){_YEAR}")
_MONTH_YEAR: Final = re.compile(rf"(?:(?P<which>this|last|next) )?{_MONTH}(?:,? (?:of )?{_YEAR})?")
_YEARS: Final = re.compile(rf"{_YEAR}(?P<decade>'?s)?")
_ON_WEEKDAY: Final = re.compile(
    rf"(?:(?P<which>last|past|this past|this|next) )?{_WEEKDAY}(?:,? (?:of )?(?P<week>last|this|next) week)?"
)
_UNIT: Final = re.compile(r"(?P<which>last|this|next) (?P<unit>week|weekend|month|year)|weekend")
_ANY_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_RELATIVE_YEAR: Final = re.compile(r"\b(?P<which>last|this|next) year\b")
_STEPS: Final = {"last": -1, "this": 0, "next": 1}

_WORDS: Final = {
    "today": (0, 0, "day"),
    **dict.fromkeys(("this morning", "this afternoon", "this evening"), (0, 0, "day")),
    "yesterday": (-1, -1, "day"),
    "tomorrow": (1, 1, "day"),
    "day before yesterday": (-2, -2, "day"),
    "day after tomorrow": (2, 2, "day"),
    **dict.fromkeys(("overnight", "last night"), (-1, 0, "night")),
    "night before last": (-2, -1, "night"),
    "tonight": (0, 1, "night"),
    **dict.fromkeys(("dawn", "daybreak", "sunrise", "noon", "midday"), (0, 0, "hour")),
    "midnight": (-1, 0, "hour"),
}
"""First and last day, in days from publication, and precision."""

_PARTS: Final = re.compile(
    r"(?:(?P<before>early|earlier|mid|middle|late|later|beginning|start|end|(?:early |small )hours"
    r"|(?:(?:early|late) )?(?:morning|afternoon|evening|night))[ -](?:(?:on|in|of) )?(?:the )?)?"
    r"(?P<rest>.+?)"
    r"(?:,? (?:(?:in|during) the )?(?P<after>(?:(?:early|late|mid)[ -])?(?:morning|afternoon|evening|night)|early|late))?"
)
_THIRDS: Final = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_BARE: Final = re.compile(
    r"(?:(?:early|late|mid)[ -])?(?P<unit>morning|afternoon|evening|night|hours)|small hours"
    r"|(?P<longer>day|week|month|year)"
)
_OVERNIGHT: Final = re.compile(
    r"(?:(?P<night>overnight|night)(?: (?P<into>into|to))?(?: (?:on|of|from|between))? )?(?P<rest>.+?)"
    r"(?P<after>,? (?:overnight|night))?"
)
_ZONE: Final = r"(?:[ -]?(?:local|time|gmt|utc|e[sd]?t|bst|ce?e?s?t|ee?s?t|msk|hours|hrs|z)\b)*(?:[+-][0-9]{1,2})?"
_CLOCK: Final = (
    r"(?:(?:shortly |just |soon )?(?:before|after|around|about|at|by|near) )?"
    r"(?:(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9])? ?[ap]\.?m\.?|(?:[01]?[0-9]|2[0-4]):[0-5][0-9]"
    r"|(?:[01][0-9]|2[0-3])[0-5][0-9](?= ?(?:gmt|utc|hours|hrs|local|z))"
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
_OTHER_DAY: Final = re.compile(
    r"(?P<way>next|following|previous|preceding|prior|same|that) (?P<unit>day|night|morning|afternoon|evening)"
)
_ORDINAL: Final = re.compile(
    r"(?P<which>first|second|third|fourth|last)(?: (?P<number>.+?))? (?P<unit>day|week|month|quarter|half)s?"
    r" of (?:the )?(?P<rest>.+)"
)
_ORDINALS: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3}
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
        reference: the day of the event that *day earlier* or *hours after X* count from, of a night its evening.

    Dates that do not exist (*Feb. 30*) and words that are not understood to their end have the precision
    `unknown` and no dates.
    """
    if len(text) > _LONGEST:
        return TimeRange(None, None, "unknown")
    return _normalise(text, _as_date(published), _as_date(reference))


def _as_date(day: date | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day


@lru_cache(maxsize=8192)
def _normalise(text: str, published: date | None, reference: date | None) -> TimeRange:
    phrase = _ASIDE.sub("", fold(text)).strip(" ,;:")
    phrase = phrase if phrase.endswith(".m.") else phrase.rstrip(".")
    if phrase.endswith("'s") and not phrase[-3:-2].isdigit():
        phrase = phrase[:-2]
    prelude = _PRELUDE.match(phrase)
    phrase = phrase[prelude.end() :] if prelude else phrase
    if published:
        phrase = _RELATIVE_YEAR.sub(lambda match: str(published.year + _STEPS[match["which"]]), phrase)
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
        or _read_ordinal(phrase, anchor)
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
    if match := _ISO.fullmatch(phrase):
        return _one(_date(int(match["year"]), int(match["month"]), int(match["day"])))
    if match := _NUMERIC.fullmatch(phrase):
        return _on_numeric(match)
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


def _one(day: date | None) -> _Period:
    return _Period(day, day, "day") if day else _UNKNOWN


def _from(base: date | None, first: int, last: int, precision: str) -> _Period:
    return _Period(base and base + first * _DAY, base and base + last * _DAY, precision)


def _calendar(unit: str, day: date) -> _Period:
    if unit == "week":
        return _from(day, -day.weekday(), 6 - day.weekday(), "week")
    first = day.replace(day=1) if unit == "month" else date(day.year, 1, 1)
    month = first.month if unit == "month" else 12
    return _Period(first, date(first.year, month, monthrange(first.year, month)[1]), unit)


def _shift(day: date, unit: str, number: int) -> date:
    """The day `number` units on; in a shorter month its last day.

    Raises:
        OverflowError: it lies outside the years 1 to 9999.
    """
    if unit in ("day", "week"):
        return day + timedelta(days=number * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1), 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _on_weekday(match: re.Match[str], published: date | None) -> _Period:
    if published is None:
        return _Period(None, None, "day")
    weekday = _WEEKDAYS[match["weekday"][:3]]
    back = (published.weekday() - weekday) % 7
    if match["week"]:
        return _from(published, *[weekday - published.weekday() + 7 * _STEPS[match["week"]]] * 2, "day")
    offset = {"next": 7 - back, "this": weekday - published.weekday()}.get(match["which"], -back)
    return _from(published, offset, offset, "day")


def _on_date(match: re.Match[str], published: date | None) -> _Period:
    """A day, or two days of one month; without a year those that began last before the end of publication day."""
    named = match.groupdict()
    month, last = _MONTHS[named["month"][:3]], int(named["day"])
    first = int(named.get("first") or last)
    if named["year"]:
        years = range(int(named["year"]), int(named["year"]) + 1)
    elif published:
        years = range(published.year, max(published.year - 9, 0), -1)
    else:
        exists = _date(2000, month, first) and _date(2000, month, last) and first <= last
        return _Period(None, None, "day") if exists else _UNKNOWN
    for year in years:
        start, end = _date(year, month, first), _date(year, month, last)
        if start and end and (named["year"] or (published and start <= published)):
            if start > end or (named.get("weekday") and _WEEKDAYS[named["weekday"][:3]] != start.weekday()):
                return _UNKNOWN
            return _Period(start, end, "day")
    return _UNKNOWN


def _on_numeric(match: re.Match[str]) -> _Period:
    """`11.07.2022` is 11 July; with slashes the order of day and month is taken only where it is certain."""
    year, first, second = int(match["year"]), int(match["first"]), int(match["second"])
    if match["mark"] == "." or first > 12:
        return _one(_date(year, second, first))
    return _one(_date(year, first, second)) if second > 12 or first == second else _Period(None, None, "day")


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
        return _calendar(unit, _shift(published.replace(day=1) if unit == "month" else published, unit, _STEPS[str(which)]))
    saturday = (published.weekday() - 5) % 7
    if which == "this" and saturday > 1:
        return _Period(None, None, "day")  # on weekdays it is the coming or the past one
    weeks = {"last": -1 if saturday < 2 else 0, "next": 1}.get(which or "", 0)
    return _from(published, 7 * weeks - saturday, 7 * weeks - saturday + 1, "day")


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
        if bare["longer"]:
            return _Period(None, None, bare["longer"])
        night = bare["unit"] == "night"
        return _from(anchor.reference, 0, int(night), "night" if night else "day")
    match = _PARTS.fullmatch(phrase)
    if match is None or not (match["before"] or match["after"]):
        return None
    whole = _read_date(match["rest"], anchor)
    parts = f"{match['before'] or ''} {match['after'] or ''}"
    if whole is None:
        return None
    if "night" in parts and whole.precision == "day":
        return _night(whole)
    if whole.precision in ("month", "year") and match["before"] and whole.start:
        part = _slice(whole, match["before"], anchor.published)
        early = anchor.published and part.start and part.start > anchor.published
        if early and whole.precision == "month" and _MONTH_YEAR.fullmatch(match["rest"]) and not _ANY_YEAR.search(phrase):
            part = _slice(_calendar("month", _shift(whole.start, "year", -1)), match["before"], None)
        return part
    return _slice(whole, str(match["before"]), anchor.published) if whole.precision == "week" else whole
