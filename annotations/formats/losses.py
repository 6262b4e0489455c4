"""What a format cannot hold, counted, so that a conversion can name it."""

from collections import Counter
from collections.abc import Iterable

from warwire.annotations.document import Document


def lost_values(documents: Iterable[Document], *, keeps: Iterable[str] = ()) -> Counter[str]:
    """How many documents or events have something that a format without it leaves out.

    Args:
        documents: to be written.
        keeps: of "date", "title", "events" and "other keys", what the format holds.
    """
    held, lost = set(keeps), Counter[str]()
    for document in documents:
        lost["dates"] += document.date is not None and "date" not in held
        lost["titles"] += document.title is not None and "title" not in held
        lost["documents' other keys"] += bool(document.extra) and "other keys" not in held
        lost["events"] += 0 if "events" in held else len(document.events)
        lost["scores of spans"] += sum(span.score is not None for span in document.spans)
        lost["normalised values of events"] += sum(event.normalised is not None for event in document.events)
    return +lost
