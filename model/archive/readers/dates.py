"""Days of publication from what archives write: the day as written, or none where that is not certain."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from dateutil import parser

from warwire.annotations.record import is_iso_date

_LONGEST: Final = 80
_TIMESTAMP: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ]\s*\d{1,2}:\d{2}.*|[Tt]\d{4,6}.*)")
_COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[Tt]\d{4,6}.*)?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[Tt ]\s*\d{1,2}:\d{2}.*)?")
_MONTH: Final = re.compile(r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")
_FOUR_DIGITS: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_BLANKS: Final = (datetime(2001, 1, 1), datetime(2002, 2, 2))


@lru_cache(maxsize=4096)
def parse_day(raw: str) -> str | None:
    """The day of a date or timestamp, YYYY-MM-DD; None where it is not certain.

    A timestamp is cut to the day that it says, whatever its time zone. `03/04/2024` is no day: nobody knows whether
    it is in March or April. A month must have a name, or the year come first.
    """
    raw = raw.strip()
    if len(raw) > _LONGEST:
        return None
    if is_iso_date(raw):
        return raw
    if match := _TIMESTAMP.fullmatch(raw):
        return match[1] if is_iso_date(match[1]) else None
    if match := _COMPACT.fullmatch(raw) or _YEAR_FIRST.fullmatch(raw):
        day = f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}"
        return day if is_iso_date(day) else None
    if _MONTH.search(raw) and _FOUR_DIGITS.search(raw):
        return _named_month(raw)
    return None


def _named_month(raw: str) -> str | None:
    days: set[date] = set()
    for blank in _BLANKS:
        try:
            days.add(parser.parse(raw, default=blank, ignoretz=True).date())
        except (ValueError, OverflowError):
            return None
    # What the text leaves open is filled from the blank: two results, and the text says no day.
    return days.pop().isoformat() if len(days) == 1 else None
