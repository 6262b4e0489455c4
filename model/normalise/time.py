"""Dates from the surface of TIME spans, counted from the day of publication.

Where words leave a choice, it is settled so:

- a weekday or a date without a year is the last one on or before publication (*last Tuesday* too), but a date
  that comes within a week after it stays open: planned, or dated in another time zone;
- *last week*, *this month*, *two weeks ago* are calendar units, weeks from Monday (ISO 8601), *past week* and
  *past 24 hours* reach back from publication, and *overnight* and *Tuesday night* have two days;
- *morning*, *early*, *late* give their day with precision `day`; clock times, *dawn*, *noon* `hour`;
- *early July* is its first ten days, *mid-July* the next ten, *late July* the rest; of a year, its thirds;
- a decade has the precision `year`; seasons, and dates with slashes that mean two days, are not resolved;
- *a night earlier*, *the next day*, *hours later* count from the time of the event before (see `time_anchor`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from warwire.model.normalise.numerals import fold
from warwire.model.normalise.time_anchor import read_offset
from warwire.model.normalise.time_date import STEPS
from warwire.model.normalise.time_period import PRECISIONS, UNKNOWN, Period
from warwire.model.normalise.time_stretch import read_duration, read_point, read_stretch


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


_LONGEST: Final = 80  # characters; no time is longer, and the patterns below stay quick
_RELATIVE_YEAR: Final = re.compile(r"(?<!so far )\b(last|this|next) year\b(?! so far)")
_PRELUDE: Final = re.compile(
    r"(?:(?:on or about|on or around|on|in|at|during|over|within|throughout|for|of|as of) )?(?:the )?"
)
_ASIDE: Final = re.compile(r" ?\([^)]*\)")


def normalise_time(text: str, published: date | None, anchor: TimeRange | None = None) -> TimeRange:
    """The days that the text of a TIME span names.

    Args:
        text: the span's text.
        published: the day of publication; without it, what is relative to it has the precision but no dates.
        anchor: the time of the event before, from which *a day earlier* and *the same night* count; without it
            they have the precision but no dates.

    Dates that do not exist (*Feb. 30*) and words that are not understood to their end have the precision
    `unknown` and no dates.

    Raises:
        ValueError: the anchor's dates are not in ISO 8601.
    """
    if len(text) > _LONGEST:
        return TimeRange(None, None, "unknown")
    return _normalise(text, published.date() if isinstance(published, datetime) else published, anchor)


@lru_cache(maxsize=8192)
def _normalise(text: str, published: date | None, anchor: TimeRange | None) -> TimeRange:
    phrase = _ASIDE.sub("", fold(text)).strip(" ,;:")
    phrase = phrase if phrase.endswith(".m.") else phrase.rstrip(".")
    if phrase.endswith("'s") and not phrase[-3:-2].isdigit() and not phrase.endswith("new year's"):
        phrase = phrase[:-2]
    if prelude := _PRELUDE.match(phrase):
        phrase = phrase[prelude.end() :]
    if published:
        phrase = _RELATIVE_YEAR.sub(lambda match: str(published.year + STEPS[match[1]]), phrase)
    base = Period(_day(anchor.start), _day(anchor.end), anchor.precision) if anchor else None
    try:
        found = (
            read_point(phrase, published)
            or read_offset(phrase, published, base)
            or read_stretch(phrase, published)
            or read_duration(phrase)
            or UNKNOWN
        )
    except (OverflowError, ValueError):  # the calendar's ends: a day before the year 1 or after 9999
        found = UNKNOWN
    start, end = found.start, found.end
    return TimeRange(start.isoformat() if start else None, end.isoformat() if end else None, found.precision)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
