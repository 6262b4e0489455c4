"""Hours and parts of the day: *4 a.m. on Friday*, *dawn*, *early on Saturday*, *half past five*, *late July*."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from warwire.model.normalise.numerals import MONTH, TEENS, UNITS
from warwire.model.normalise.time_date import WORDS, read_date
from warwire.model.normalise.time_period import (
    GRAINS,
    Period,
    calendar_unit,
    days_from,
    night_of,
    third,
)
from warwire.model.normalise.time_period import UNITS as LENGTHS

_THIRDS: Final = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_BARE_MONTH: Final = re.compile(MONTH)
_DAYPART: Final = r"(?:(?:early|late|mid)[ -])?(?:morning|afternoon|evening|night)"
_BEFORE: Final = re.compile(
    rf"(?P<part>(?:early |small |wee )?hours|(?:{_DAYPART}|pre-?dawn|daylight)(?: hours)?|early|earlier|later|mid"
    r"|middle|late|beginning|start|end|day)[ -](?:(?:on|in|of) )?(?:the )?"
)
_AFTER: Final = re.compile(rf",? (?:(?:in|during) the )?(?P<part>{_DAYPART})$")
_NIGHT_OF: Final = re.compile(r"night (?:of|on) ")  # *on the night of July 5*, reported on July 5, is over by then
_PART_ALONE: Final = re.compile(rf"(?:{_DAYPART}|early in the morning|late (?:in the evening|at night))(?: hours)?")

_NEAR: Final = (
    r"(?:(?:(?:shortly|just|soon|well|right|long|immediately|a little) )?(?:before|after|past|around|about|at|by|near"
    r"|towards?|until|till|from|approximately|approx\.?|roughly|circa|ca\.?|almost|nearly)(?: about| around)? )?"
)
_HOUR_WORD: Final = "|".join([*UNITS, *(word for word, value in TEENS.items() if value <= 12)])
_ZONE: Final = r"(?:[ -]?(?:local|gmt|utc|z|e[sd]?t|bst|ce?e?s?t|ee?s?t|msk|ist|pst|hours|hrs|h|(?:[a-z]+ )?time)\b)*"
_SUN: Final = r"dawn|daybreak|sunrise|first light|noon|midday|dusk|sunset|sundown|nightfall|dark|midnight"
_CLOCK: Final = (
    rf"{_NEAR}(?:(?P<hour>[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9])? ?(?P<half>[ap])\.?m\.?"
    r"|(?P<hour24>[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?"
    r"|(?P<military>[01][0-9]|2[0-3])[0-5][0-9](?= ?(?:gmt|utc|z\b|h\b|hours|hrs|local))"
    r"|0[0-9][0-5][0-9]|(?:[01]?[0-9]|2[0-3])\.(?:1[3-9]|[2-5][0-9])"
    rf"|(?P<word>{_SUN})(?: prayers?)?){_ZONE}"
)
_CLOCKS: Final = (
    re.compile(rf"{_CLOCK}(?:,? (?:(?:on|of) )?(?:the )?(?P<rest>.+))?"),
    re.compile(rf"(?P<rest>.+?),? {_CLOCK}"),
)
_TO_OR_PAST: Final = rf"(?:half past|half|(?:a )?quarter (?:past|to)|(?:{_HOUR_WORD}|twenty(?:-five)?) (?:past|to)) "
_HOUR: Final = rf"(?:{_HOUR_WORD}|1[0-2]|[1-9])"
_SPOKEN: Final = re.compile(
    rf"{_NEAR}(?:{_TO_OR_PAST})?(?P<hour>{_HOUR})(?:[.:][0-5][0-9])?(?: ?o'clock)?{_ZONE},? (?:on )?(?:the )?"
    r"(?P<rest>.+ (?:morning|afternoon|evening|night))"
)
_SPOKEN_ALONE: Final = re.compile(
    rf"{_NEAR}(?:{_TO_OR_PAST}{_HOUR}|{_HOUR}(?:[.:][0-5][0-9])? ?o'clock"
    rf"|{_HOUR}(?:[.:][0-5][0-9])?(?: o'clock)? (?:in the (?:early )?(?:morning|afternoon|evening)|at night)){_ZONE}"
    rf"|(?:shortly|just|soon) (?:before|after) {_HOUR}|(?:around|about) {_HOUR_WORD}|(?:{_SUN})(?: and (?:{_SUN}))?"
)


def read_clock(phrase: str, published: date | None) -> Period | None:
    """The day of a clock time where it has one, with the precision `hour`; None for what is no clock time."""
    for pattern in _CLOCKS:
        if match := pattern.fullmatch(phrase):
            if match["rest"] is None:
                days = WORDS.get(match["word"] or "")
                return days_from(published, *days) if days else Period(None, None, "hour")
            if found := _at_hour(match["rest"], _hour_of(match.groupdict()), published):
                return found
    if match := _SPOKEN.fullmatch(phrase):
        hour = UNITS.get(match["hour"]) or TEENS.get(match["hour"]) or int(match["hour"])
        if found := _at_hour(match["rest"], hour + 12 if hour in range(6, 12) else hour, published):
            return found
    return Period(None, None, "hour") if _SPOKEN_ALONE.fullmatch(phrase) else None


def _hour_of(named: dict[str, str | None]) -> int | None:
    """Hour of the day, 0 to 24, of a time in digits."""
    if half := named["half"]:
        return int(named["hour"] or 0) % 12 + 12 * (half == "p")
    hour = named["hour24"] or named["military"]
    return int(hour) if hour else None


def _at_hour(rest: str, hour: int | None, published: date | None) -> Period | None:
    """The day that holds an hour; of a night the evening's day from noon on, and the morning's before."""
    day = read_date(rest, published) or read_daypart(rest, published)
    if day is None or day.precision not in ("day", "night"):
        return None
    if day.precision == "day":
        return replace(day, precision="hour") if day.start == day.end else None
    if hour is None or day.start is None or day.end is None:
        return replace(day, precision="hour")
    one = day.start if 12 <= hour < 24 else day.end
    return Period(one, one, "hour")


def read_daypart(phrase: str, published: date | None) -> Period | None:
    """*early on Saturday*, *Tuesday night*, *late July*, *end of the month*; parts alone have a grain but no day."""
    if _PART_ALONE.fullmatch(phrase):
        return Period(None, None, GRAINS["night" if "night" in phrase else "morning"])
    before = _BEFORE.match(phrase)
    rest = phrase[before.end() :] if before else phrase
    whole = read_date(rest, published) or (_this_unit(rest, published) if before else None)
    after = None if whole else _AFTER.search(rest)
    if after:
        rest = rest[: after.start()]
        whole = read_date(rest, published)
    if whole is None or not (before or after):
        return None
    part = f"{before['part'] if before else ''} {after['part'] if after else ''}".strip()
    if whole.precision == "day":
        if part == "night" and whole.start and whole.start == published and _NIGHT_OF.match(phrase):
            return days_from(whole.start, -1, 0, "night")
        return night_of(whole) if "night" in part else whole
    return _part_of_unit(whole, part, rest, published)


def _this_unit(rest: str, published: date | None) -> Period | None:
    """*the month* in *end of the month*: the one of publication."""
    if rest not in ("week", "month", "year"):
        return None
    return calendar_unit(rest, published) if published else Period(None, None, rest)


def _part_of_unit(whole: Period, part: str, rest: str, published: date | None) -> Period | None:
    if part == "earlier":
        begun = published and whole.start and whole.start <= published <= (whole.end or published)
        return replace(whole, end=published) if begun else whole
    if part not in _THIRDS:
        return None
    found = third(whole, _THIRDS[part])
    if not published or not found.start or found.start <= published:
        return found
    if _BARE_MONTH.fullmatch(rest):
        return third(calendar_unit("month", found.start - LENGTHS["year"]), _THIRDS[part])
    return Period(None, None, whole.precision) if rest in LENGTHS else found
