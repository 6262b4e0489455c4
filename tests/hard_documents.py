"""Documents that are hard to hold in a format of annotation tools, and what of them must survive."""

from dataclasses import replace

from conftest import made

from warwire.annotations.document import Document, Span

HARD = [
    made(
        "[Kyiv|PLACE:p1] 🇺🇦 — “[Nine|COUNT:c1]” [Shahed-136|WEAPON:w1]s [hit|STRIKE:e1] é̂.\n\n"
        "[Two|COUNT:c2] [died|KILL:e2], "
        "[one|COUNT:c3] of them a [child|TARGET:g1]; the [army|SPEAKER:s1] denies [shelling|STRIKE:e3] and "
        "[fire|LAUNCH:e4]\n---\ne1: weapon=w1 count=c1 place=p1 target=p1\ne2: count=c2 place=p1\n"
        "e2b: trigger=e2 count=c3 target=g1 place=p1\ne3: agent=s1 speaker=s1 status=denied\n"
        "e3b: trigger=e3 status=planned\ne4:",
        id="emoji, combining marks/two events",
        date="2024-03-02",
        title="A title",
        story="s1",
    ),
    made("Nothing happened.", id="bare"),
    made(
        "[Rebels|ACTOR:a1] and\n[troops|ACTOR:a2] in [Port\nRivo|PLACE:p1] [clashed|CLASH:e1]."
        "\n---\ne1: agent=a2,a1 place=p1",
        id="O",
    ),
    made("👩‍🚒 and [👨🏻‍✈️|ACTOR:a1] [fi|LAUNCH:e1]red [cafe\u0301s|TARGET:g1].\n---\n", id="trigger without event"),
    Document("mark", "\ufeffKyiv fell", spans=(Span("T1", 1, 5, "PLACE"),)),
    Document(
        "line ends",
        " In\u2028Port\r\n\r\nRivo,\tand New\x85York\u2029and Al\x0bB \r",
        spans=(Span("T2", 4, 14, "PLACE"), Span("T1", 20, 28, "PLACE"), Span("T3", 33, 37, "PLACE")),
    ),
    Document("x" * 300, "Long id."),
]
SCORED = replace(
    HARD[0],
    spans=tuple(replace(span, score=0.5, extra={"x": 1}) for span in HARD[0].spans),
    events=tuple(replace(event, score=0.5, sentence="Kyiv", flags=("f",), normalised={}) for event in HARD[0].events),
    extra={"meta": {"story": "s1"}, "entities": 3, "answer": "x", "tokens": [], "label": {}, "2x": None},
)


def content(document: Document) -> object:
    """All of a document but the names of spans and events, and orders without meaning."""
    places = {span.id: (span.start, span.end, span.label) for span in document.spans}
    events = [
        (places[e.trigger], e.type, e.status, sorted((a.role, places[a.span]) for a in e.arguments))
        for e in document.events
    ]
    spans = sorted(places.values())
    return document.id, document.date, document.title, document.text, dict(document.extra), spans, sorted(events)
