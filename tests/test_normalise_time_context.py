"""The times of a document: what the words and the days around a TIME span make of it."""

import pytest

from warwire.annotations.document import Document, Span
from warwire.model.normalise.time import TimeRange
from warwire.model.normalise.time_context import anchored_times

PUBLISHED = "2022-07-13"
"""A Wednesday."""

LAST_TIMES = {
    # from the event before
    "Shells hit Lira on [Monday]. A [night earlier] drones came.": ("2022-07-10", "2022-07-11", "night"),
    "Drones came [overnight]. A [night earlier] there were more.": ("2022-07-11", "2022-07-12", "night"),
    "Lira fell on [July 1]. [Two days later] it was retaken. The [next day] it burned.": ("2022-07-04",) * 2 + ("day",),
    "Lira was hit on [Monday] and Sona the [same day].": ("2022-07-11", "2022-07-11", "day"),
    "Lira was hit on [Monday]. [Two hours] later Sona was.": ("2022-07-11", "2022-07-12", "hour"),
    "It has gone on since [2014]. A [day earlier] it rained shells.": (None, None, "day"),
    "A [day earlier] shells hit Lira.": (None, None, "day"),
    "Lira was hit on [Tuesday]. [Two days later] it fell.": (None, None, "day"),
    # from a day of speaking that bears no tag
    "Police said on Tuesday that gunmen killed two a [day earlier].": ("2022-07-11", "2022-07-11", "day"),
    # from the clause behind
    "Rockets flew on [Monday], a [day after] rebels took Lira.": (None, None, "day"),
    "Rockets flew a [day after] the Sunday blast.": ("2022-07-11", "2022-07-11", "day"),
    # words that the span leaves out
    "It fell on [June 6], 1944, they say.": ("1944-06-06", "1944-06-06", "day"),
    "Sieges ended in [May] 2021 and there was calm.": ("2021-05-01", "2021-05-31", "month"),
    "A bomb fell on [6 August] 1945.": ("1945-08-06", "1945-08-06", "day"),
    "On [July 6], 2,000 people fled.": ("2022-07-06", "2022-07-06", "day"),
    "On [July 6] 2000 people fled.": ("2022-07-06", "2022-07-06", "day"),
    "Guns shelled the market this [morning].": ("2022-07-13", "2022-07-13", "day"),
    "It is the worst attack this [year].": ("2022-01-01", "2022-12-31", "year"),
    "He said that [last week] three died.": ("2022-07-04", "2022-07-10", "week"),
    "In the [last week] three died.": ("2022-07-06", "2022-07-13", "week"),
    "In the [last week] of May three died.": ("2022-07-04", "2022-07-10", "week"),
    "Clashes went on on [17] and 18 May.": ("2022-05-17", "2022-05-17", "day"),
    "Forty have died since [May].": ("2022-05-01", "2022-07-13", "month"),
    "It was hit since the [Tuesday] attack.": ("2022-07-12", "2022-07-12", "day"),
    "It was hit since the Tuesday attack and in the [hours afterwards].": ("2022-07-12", "2022-07-13", "hour"),
    # hours that take the day beside them
    "The bridge was hit at [6 p.m.] on Monday.": ("2022-07-11", "2022-07-11", "hour"),
    "On 1 July, at [about 11:40 p.m.], a ship sank.": ("2022-07-01", "2022-07-01", "hour"),
    "Troops were driven back [Sunday], then fled at [nightfall].": ("2022-07-10", "2022-07-10", "hour"),
    "Lira was raided on [Monday night]. They came at [11:45 p.m.].": ("2022-07-11", "2022-07-11", "hour"),
    "Lira was raided on [Monday night]. They left at [4 a.m.].": ("2022-07-12", "2022-07-12", "hour"),
    "They came at [4 a.m.].": (None, None, "hour"),
}


def read(marked: str, published: str | None) -> Document:
    text, spans = "", []
    for piece in marked.split("["):
        surface, closed, rest = piece.partition("]")
        if closed:
            spans.append(Span(f"t{len(spans)}", len(text), len(text) + len(surface), "TIME"))
        text += surface + rest
    return Document("made-up", text, published, spans=tuple(spans))


@pytest.mark.parametrize(("marked", "expected"), LAST_TIMES.items())
def test_the_last_time_of_a_text(marked: str, expected: tuple[str | None, str | None, str]) -> None:
    document = read(marked, PUBLISHED)
    assert anchored_times(document)[document.spans[-1].id] == TimeRange(*expected)


def test_every_time_span_has_a_time() -> None:
    document = read("[Overnight], on [T-72] and [recently].", PUBLISHED)
    assert list(anchored_times(document)) == ["t0", "t1", "t2"]


def test_without_publication_only_full_dates_count() -> None:
    document = read("Lira fell on [July 11, 2022]. A [day earlier] it burned. [Yesterday] it rained.", None)
    assert [time.start for time in anchored_times(document).values()] == ["2022-07-11", "2022-07-10", None]


def test_a_document_without_times_has_none() -> None:
    assert anchored_times(Document("made-up", "", PUBLISHED)) == {}
