"""What a reader sees: tags in colour on a terminal, in brackets elsewhere, and nothing that could harm a screen."""

import io

from conftest import made
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from warwire.annotations.document import Document
from warwire.model.assemble import assemble
from warwire.model.render import render, shown

DOCUMENT = assemble(
    made(
        "[Rebels|ACTOR:a1] denied [shelling|STRIKE:e1] [Lira|PLACE:p1] from [Sona|PLACE:p2].\n---\n"
        "e1: agent=a1 place=p1 origin=p2"
    )
)


def printed(document: Document, *, coloured: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, width=120, force_terminal=coloured, color_system="standard" if coloured else None)
    console.print(render(document, coloured=coloured))
    return out.getvalue()


def test_without_colours_spans_stand_in_brackets() -> None:
    assert "[Rebels|ACTOR] denied [shelling|STRIKE] [Lira|PLACE]" in printed(DOCUMENT, coloured=False)


def test_with_colours_spans_are_styled() -> None:
    out = printed(DOCUMENT, coloured=True)
    assert "\x1b[7mshelling" in out
    assert "|STRIKE]" not in out


def test_the_table_names_status_and_origin() -> None:
    out = printed(DOCUMENT, coloured=False)
    assert "denied" in out.split("according to")[1]
    assert "from Sona" in out


def test_a_document_without_events_says_so() -> None:
    assert "no events found" in printed(Document("d", "Calm."), coloured=False)


def test_a_very_long_text_is_cut_on_the_screen_only() -> None:
    out = printed(Document("d", "calm " * 10_000), coloured=False)
    assert "(50,000 characters in all)" in out


@given(st.text())
def test_no_control_or_direction_character_is_shown(text: str) -> None:
    assert not set(shown(text)) & {"\x00", "\x07", "\x08", "\x1b", "\x7f", "\x9b", "\r", "\u202e", "\u2066"}
