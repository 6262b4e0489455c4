"""Documents for a person's eyes: the text with coloured tags, and a table of the events."""

import re
from collections.abc import Iterable
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from warwire.annotations.document import Document, Event, Span

_STYLES: Final = {
    "WEAPON": "bold red",
    "COUNT": "bold yellow",
    "PLACE": "bold green",
    "SPEAKER": "bold cyan",
    "ACTOR": "bold blue",
    "TARGET": "bold magenta",
    "TIME": "bold bright_black",
}
_TRIGGER_STYLE: Final = "reverse"
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLUMNS: Final = ("event", "who", "to whom", "weapon", "how many", "where", "when", "according to")
_ROLES: Final = ("agent", "target", "weapon", "count", "place", "time", "speaker")
_LONGEST_TEXT: Final = 20_000
"""Code points of a text shown; a longer one is cut on the screen, never in the data."""


def render(document: Document, *, coloured: bool = True) -> RenderableType:
    """What `warwire extract` prints for one document; without colours spans stand in brackets."""
    head = " · ".join(part for part in (document.id, document.date, document.title) if part)
    title = Text(shown(head), style="bold")
    if not document.events:
        return Group(title, tagged_text(document, coloured), Text("no events found\n", style="italic"))
    return Group(title, tagged_text(document, coloured), _event_table(document))


def tagged_text(document: Document, coloured: bool = True) -> Text:
    """The text with each span in its label's style and triggers reversed; control characters are left out."""
    text = Text()
    position = 0
    for span in sorted(document.spans, key=lambda s: s.start):
        if span.start >= _LONGEST_TEXT:
            break
        text.append(shown(document.text[position : span.start]))
        _append_span(text, shown(span.surface(document.text)), span, coloured)
        position = span.end
    text.append(shown(document.text[position : max(position, _LONGEST_TEXT)]))
    if len(document.text) > _LONGEST_TEXT:
        text.append(f" … ({len(document.text):,} characters in all)", style="dim")
    return text.append("\n")


def _append_span(text: Text, surface: str, span: Span, coloured: bool) -> None:
    if coloured:
        text.append(surface, style=_style(span)).append(f" {span.label.lower()}", style="dim")
    else:
        text.append(f"[{surface}|{span.label}]")


def shown(text: str) -> str:
    """The text without control and direction characters, which could rewrite what stands around it."""
    return _CONTROLS.sub("", text)


def _style(span: Span) -> str:
    return _TRIGGER_STYLE if span.is_trigger else _STYLES[span.label]


def _event_table(document: Document) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for column in _COLUMNS:
        table.add_column(column, overflow="fold")
    spans = document.span_by_id()
    for event in document.events:
        table.add_row(*_cells(document, event, spans))
    return table


def _cells(document: Document, event: Event, spans: dict[str, Span]) -> Iterable[Text]:
    trigger = shown(spans[event.trigger].surface(document.text))
    status = "" if event.status == "asserted" else f"\n{event.status}"
    yield Text(f"{event.type}\n{trigger}{status}")
    for role in _ROLES:
        surfaces = [shown(spans[span].surface(document.text)) for span in event.fillers(role)]
        if role == "place":
            surfaces += [f"from {shown(spans[span].surface(document.text))}" for span in event.fillers("origin")]
        yield Text(", ".join(surfaces))
