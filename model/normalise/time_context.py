"""The times of a document, each with what the text around it says: what it counts from, and the day it stands beside.

What counts from the event before (*a day earlier*, *that night*) is counted from the last day named before it in its
sentence, tagged or not (*said on Tuesday that ... a day earlier*), or else from the last day-long time of the few
sentences before. *A day after* with a clause behind it (*a day after rebels took Lira*) counts from that clause, and is
left open where no day stands in it. An hour without a day (*at 4 a.m.*) takes the day named beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.model.normalise.numerals import fold
from warwire.model.normalise.time import TimeRange, normalise_time
from warwire.model.sentences import Sentences, split_sentences

_REACH: Final = 3
"""Sentences back in which the time of the event before may stand."""

_DETERMINER: Final = re.compile(
    r"\b(?P<words>(?:(?:earlier|later|early|late) )?(?:this|that|(?:the )?same|next|previous|following|last|past))\s+$",
    re.IGNORECASE,
)
_DIRECTION: Final = re.compile(r"\s+(?P<words>earlier|later|ago|afterwards)\b")
_LAST_UNIT: Final = re.compile(r"last (?P<unit>week|month|year)", re.IGNORECASE)
_THE: Final = re.compile(r"\b(?:in|over|during|within) the $", re.IGNORECASE)
_SINCE: Final = re.compile(r"\bsince (?:(?P<the>the )|about |around |late |early )?$", re.IGNORECASE)
_NOUN_FOLLOWS: Final = re.compile(r" [a-z]")
_BARE_NUMBER: Final = re.compile(r"[0-3]?[0-9](?:st|nd|rd|th)?")
_MONTHS: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_DAY_NUMBER: Final = r"[0-3]?[0-9](?:st|nd|rd|th)?"
_MONTH_AFTER: Final = re.compile(
    rf"(?:(?:,? (?:and|or|to|until)|,) (?:the )?{_DAY_NUMBER})*(?: ?[-\u2013] ?{_DAY_NUMBER})?(?: of)? "
    rf"(?P<month>{_MONTHS}(?: (?:19|20)[0-9]{{2}})?)"
)
_MONTH_BEFORE: Final = re.compile(
    rf"(?P<month>{_MONTHS}) {_DAY_NUMBER}(?:,? (?:and|or|to|until)|,| ?[-\u2013]) ?(?:the )?$"
)

_MONTH_LAST: Final = re.compile(rf"{_MONTHS}(?P<day> {_DAY_NUMBER})?$")
_YEAR_AFTER_DAY: Final = re.compile(r", (?:1[5-9]|20)[0-9]{2}\b(?![.,][0-9])")
_YEAR_AFTER_MONTH: Final = re.compile(r",? (?:1[5-9]|20)[0-9]{2}\b(?![.,][0-9])")

_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MENTION: Final = re.compile(
    rf"\b(?:{_WEEKDAY}(?:,? {_MONTHS} {_DAY_NUMBER})?(?: night)?|[Yy]esterday|[Tt]oday"
    rf"|(?<=[Oo]n ){_MONTHS} {_DAY_NUMBER}(?:, (?:19|20)[0-9]{{2}})?"
    rf"|(?<=[Oo]n ){_DAY_NUMBER} {_MONTHS}(?: (?:19|20)[0-9]{{2}})?)\b"
)
_BESIDE: Final = re.compile(r"(?: \([^)]*\)|,? local time)?,? (?:(?:on|of) (?:the )?)?")
_COUNTS_ON: Final = re.compile(r"\b(?:before|after)$", re.IGNORECASE)
_EVENT_NAMED: Final = re.compile(r"\b(?:before|after)\b.*\w", re.IGNORECASE)
_CLAUSE_FOLLOWS: Final = re.compile(r"\s+[\w\"'\u201c\u2018]")
_CLAUSE_END: Final = re.compile(r"[,.;:!?)]")
_LEADING_ON: Final = re.compile(r",? (?:(?:at|by|from|in|about|around|since)(?: the)? )*")
_CLOCK: Final = re.compile(r"[0-9]|o'clock|half past|quarter| in the (?:early )?(?:morning|afternoon|evening)")
_HOURLY: Final = re.compile(
    r"[0-9]|o'clock|half past|quarter|dawn|daybreak|sunrise|first light|noon|midday|dusk|sunset|sundown|nightfall"
    r"|dark\b|midnight|morning|afternoon|evening|night|hours"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A resolved time and where it stands."""

    start: int
    sentence: int
    time: TimeRange


def anchored_times(document: Document, sentences: Sentences | None = None) -> dict[str, TimeRange]:
    """The time of every TIME span of a document, by span id.

    `sentences` are those of the document's text, split here where they are not given.

    Raises:
        ValueError: the document's date is not in ISO 8601.
    """
    published = date.fromisoformat(document.date) if document.date else None
    spans = sorted((span for span in document.spans if span.label == "TIME"), key=lambda span: span.start)
    if not spans:
        return {}
    sentences = sentences or split_sentences(document.text)
    told: list[_Told] = []
    times: dict[str, TimeRange] = {}
    for span in spans:
        surface = _with_year(document, span) or _past(document.text, span)
        found = normalise_time(surface, published)
        index = sentences.index_at(span.start)
        if found.start is None and (wider := _widened(document.text, span)) != surface:
            widened = normalise_time(wider, published)
            if widened.precision != "unknown":
                surface, found = wider, widened
        if found.start is None and found.precision != "unknown":
            sentence = sentences.items[index]
            bounds = (min(sentence.start, span.start), max(sentence.end, span.end))
            found = _from_context(document.text, span, surface, published, bounds, told, index) or found
        times[span.id] = _to_publication(found, published) if _is_since(document.text, span) else found
        if found.start is not None:
            told.append(_Told(span.start, index, found))
    return times


def _with_year(document: Document, span: Span) -> str | None:
    """The surface with the year right behind it, *October 7* of *October 7, 2023*, unless that is a span's own."""
    month = _MONTH_LAST.search(document.text, span.start, span.end)
    year = (_YEAR_AFTER_DAY if month and month["day"] else _YEAR_AFTER_MONTH).match(document.text, span.end)
    if month is None or year is None or any(one.start < year.end() and span.end < one.end for one in document.spans):
        return None
    return span.surface(document.text) + year[0]


def _past(text: str, span: Span) -> str:
    """The surface, but *in the last week* for *in the past week*, which is not the calendar week before."""
    surface = span.surface(text)
    last = _LAST_UNIT.fullmatch(surface)
    if last is None or not _THE.search(text, max(0, span.start - 8), span.start) or text.startswith(" of", span.end):
        return surface
    return f"past {last['unit']}"


def _is_since(text: str, span: Span) -> bool:
    """Whether *since* stands before the span; *since the Tuesday attack* tells the day of the attack."""
    since = _SINCE.search(text, max(0, span.start - 12), span.start)
    return since is not None and not (since["the"] and _NOUN_FOLLOWS.match(text, span.end))


def _to_publication(time: TimeRange, published: date | None) -> TimeRange:
    """*since* a time: from its start up to publication, whose day is unknown where the document has none."""
    if time.start is None or (published and time.start > published.isoformat()):
        return time
    return TimeRange(time.start, published.isoformat() if published else None, time.precision)


def _widened(text: str, span: Span) -> str:
    """The span with the words beside it that its meaning hangs on: *this* before, *earlier* or a month behind."""
    surface = span.surface(text)
    before, after = text[max(0, span.start - 24) : span.start], text[span.end : span.end + 40]
    if _BARE_NUMBER.fullmatch(surface):
        match = _MONTH_AFTER.match(after) or _MONTH_BEFORE.search(before)
        return f"{surface} {match['month']}" if match else surface
    if (words := _DETERMINER.search(before)) and not surface[:1].isdigit():
        surface = f"{words['words']} {surface}"
    elif (words := _DIRECTION.match(after)) and surface[-1:].isalpha():
        surface = f"{surface} {words['words']}"
    return surface


def _from_context(
    text: str,
    span: Span,
    surface: str,
    published: date | None,
    bounds: tuple[int, int],
    told: Sequence[_Told],
    index: int,
) -> TimeRange | None:
    before, after = text[bounds[0] : span.start], text[span.end : bounds[1]]
    own = [time for time in told if time.sentence == index and time.start >= bounds[0]]
    anchor = _named_before(before, bounds[0], published, own)
    if _COUNTS_ON.search(surface) and _CLAUSE_FOLLOWS.match(after):
        end = _CLAUSE_END.search(after)
        anchor = _mentioned(after[: end.start()] if end else after, published)
    elif _EVENT_NAMED.search(surface):
        return None
    elif anchor is None:
        anchor = _last_day(told, index, published)
    found = normalise_time(surface, published, anchor) if anchor else None
    if found and found.start:
        return _until(found, published)
    phrase = fold(surface)
    if not _HOURLY.search(phrase):
        return None
    days = _days_beside(before, after, own)
    if not days and _CLOCK.search(phrase) and told and index - told[-1].sentence <= 1:
        days = _day_of(told[-1].time)
    return _at_hour(surface, days, published) if days else None


def _named_before(before: str, offset: int, published: date | None, own: Sequence[_Told]) -> TimeRange | None:
    """The last day named before the span in its sentence, in a TIME span or outside one."""
    mentions = list(_MENTION.finditer(before))
    tagged = own[-1] if own else None
    if mentions and (tagged is None or tagged.start < offset + mentions[-1].start()):
        return _resolved(mentions[-1][0], published)
    return tagged.time if tagged else None


def _mentioned(words: str, published: date | None) -> TimeRange | None:
    match = _MENTION.search(words)
    return _resolved(match[0], published) if match else None


def _resolved(words: str, published: date | None) -> TimeRange | None:
    found = normalise_time(words, published)
    return found if found.start else None


def _last_day(told: Sequence[_Told], index: int, published: date | None) -> TimeRange | None:
    """The last time told in the sentences before, without what reaches up to publication from long before it."""
    for time in reversed(told):
        if index - time.sentence > _REACH:
            return None
        if time.sentence < index and not _is_background(time.time, published):
            return time.time
    return None


def _until(time: TimeRange, published: date | None) -> TimeRange | None:
    """What happened by the day of publication; None for what would lie after it."""
    today = published.isoformat() if published else None
    if today is None or time.start is None or time.end is None or time.end <= today:
        return time
    if time.start > today:
        return None
    return TimeRange(time.start, today, time.precision) if time.precision in ("hour", "day") else time


def _is_background(time: TimeRange, published: date | None) -> bool:
    today = published.isoformat() if published else "9999"
    if not time.start or not time.end or time.start > today:
        return True
    length = date.fromisoformat(time.end) - date.fromisoformat(time.start)
    return time.precision == "year" or (time.end >= today and length > timedelta(days=1))


def _days_beside(before: str, after: str, own: Sequence[_Told]) -> str | None:
    """The day that stands right behind an hour or a part of the day, or before it in its sentence."""
    lead = _BESIDE.match(after)
    if lead and (behind := _MENTION.match(after, lead.end())):
        return behind[0]
    if own and (day := _day_of(own[-1].time)):
        return day
    mentions = list(_MENTION.finditer(before))
    return mentions[-1][0] if mentions and _LEADING_ON.fullmatch(before[mentions[-1].end() :]) else None


def _day_of(time: TimeRange) -> str | None:
    """The words for the one day or night of a time, None where it is longer."""
    if time.precision == "night" and time.start and time.end:
        length = date.fromisoformat(time.end) - date.fromisoformat(time.start)
        return f"night of {time.start}" if length == timedelta(days=1) else None
    return time.start if time.start == time.end and time.precision in ("day", "hour") else None


def _at_hour(surface: str, days: str, published: date | None) -> TimeRange | None:
    for phrase in (f"{surface} on {days}", f"{days} {surface}"):
        found = normalise_time(phrase, published)
        if found.start:
            return _until(found, published)
    return None
