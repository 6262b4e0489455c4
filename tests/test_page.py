"""The page of articles: everything is there, nothing of a document runs, and pointing at an event lights its parts."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Ran, made
from hypothesis import given
from hypothesis import strategies as st
from normalised_values import known
from parsed_page import Parsed, digest

from warwire.annotations.document import Document, Span
from warwire.annotations.jsonl import write_documents
from warwire.model.page.render import article_page
from warwire.model.page.view import article_of

Run = Callable[..., Ran]

RAID = """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [up to nine|COUNT:c1] [rockets|WEAPON:w1] at [Kyiv|PLACE:p1].

The [army|SPEAKER:s1] said [six|COUNT:c2] were [downed|INTERCEPT:e2].
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e2: count=c2 weapon=w1 speaker=s1 status=unverified
"""


def page(*documents: Document) -> str:
    return "".join(article_page(documents))


def parsed(*documents: Document) -> Parsed:
    return Parsed(page(*documents))


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}} {% raw %} {# x #}",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "</style><style>body{display:none}</style>",
    "<!-- --> <![CDATA[ ]]>",
    "&lt;b&gt; &amp; &#60;",
]


def hostile(text: str) -> Document:
    """A document that says the text wherever a document can say anything."""
    document = known(RAID, id="x")
    event = replace(document.events[0], flags=(text,), channel=text, id=text)
    values = {role: tuple({**v, "name": text, "side": text} for v in vs) for role, vs in event.normalised.items()}  # type: ignore[union-attr]
    end = len(document.text) + 1 + len(text)
    spans = (*document.spans, Span(text, len(document.text) + 1, end, "WEAPON"))
    events = (replace(event, normalised=values), document.events[1])
    return replace(document, id=text, title=text, text=f"{document.text} {text}", spans=spans, events=events)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_document_says_stays_text(text: str) -> None:
    clean, dirty = parsed(known(RAID, id="x", title="x")), parsed(hostile(text))
    assert [tag for tag, _ in dirty.tags if tag in {"script", "style", "img", "iframe"}] == ["style", "script"]
    assert {name for _, attrs in dirty.tags for name in attrs} == {name for _, attrs in clean.tags for name in attrs}
    assert dirty.texts["text"].count(text) == 1
    assert text in dirty.texts["h2"]
    assert text in dirty.texts["flag"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_address_leads_out_of_the_page(text: str) -> None:
    found = parsed(hostile(text))
    assert all(re.fullmatch(r"#(?:index|a\d+)|data:,", address) for address in found.attributes("href"))
    assert found.attributes("src") == []
    assert "://" not in page(known(RAID))


def test_the_policy_lets_the_page_s_own_script_and_style_run_and_nothing_else() -> None:
    found = parsed(hostile(HOSTILE[1]))
    policy = next(attrs["content"] or "" for _, attrs in found.tags if "http-equiv" in attrs)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{digest(found.texts['style'])}'",
        f"script-src '{digest(found.texts['script'])}'",
        *("img-src data:", "base-uri 'none'", "form-action 'none'"),
    ]
    assert found.attributes("style") == []


def test_the_page_shows_every_character_and_every_event() -> None:
    found = parsed(known(RAID, title="A raid"))
    assert "".join(found.texts["text"].split()) == "".join(known(RAID).text.split())
    assert found.texts["type"] == "LAUNCHINTERCEPT"
    assert found.texts["status"] == "unverified"
    assert "≤ 9" in found.texts["small"]
    assert "Kyiv, UA" in found.texts["small"]


def test_control_and_direction_characters_are_not_shown() -> None:
    assert not {"\x00", "\x1b", "\x9b", "\u202e"} & set(page(Document("d\x1b", "a\x00b \x9b31m \u202eabc\x1b]0;x")))


def test_the_index_names_each_article_with_its_events() -> None:
    found = parsed(*(known(RAID, id=f"d{i}") for i in range(3)))
    assert [href for href in found.attributes("href") if re.fullmatch(r"#a\d+", href)] == ["#a1", "#a2", "#a3"]
    assert "3 articles, 6 events" in found.texts["nav"]


def test_ids_are_unique_over_articles_with_the_same_names() -> None:
    ids = parsed(known(RAID), known(RAID)).attributes("id")
    assert len(ids) == len(set(ids))


def test_each_event_stands_beside_the_paragraph_of_its_trigger() -> None:
    blocks = article_of(known(RAID), 1).blocks
    assert [[card.type for card in block.cards] for block in blocks] == [["LAUNCH"], ["INTERCEPT"]]


def test_documents_are_written_as_they_come() -> None:
    pulled: list[int] = []

    def stream() -> Iterator[Document]:
        for i in range(200):
            pulled.append(i)
            yield known(RAID, id=f"d{i}")

    next(article_page(stream()))
    assert len(pulled) < 100


WORDS = ["Rebels", "fired", ".", "\n\n", "A" * 2600, "é̂🚀", "\u2028", "\x1f", "said.", "The"]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.booleans(), st.sampled_from(["", " ", "\n"])), max_size=12))
def test_no_span_is_cut_and_no_character_lost(words: list[tuple[str, bool, str]]) -> None:
    text, spans = "", []
    for word, tagged, space in words:
        if tagged and word.strip() == word:
            spans.append(Span(f"T{len(spans)}", len(text), len(text) + len(word), "PLACE"))
        text += word + space
    pieces = [
        piece for block in article_of(Document("d", text, spans=tuple(spans)), 1).blocks for piece in block.pieces
    ]
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())
    assert [piece.text for piece in pieces if piece.number] == [span.surface(text) for span in spans]


def test_a_megabyte_in_one_line_is_cut_into_blocks_between_sentences() -> None:
    unit = known(RAID).text.replace("\n", " ") + " "
    count = 1_000_000 // len(unit)
    spans = tuple(Span(f"T{i}", i * len(unit), i * len(unit) + 6, "ACTOR") for i in range(count))
    blocks = article_of(Document("d", unit * count, spans=spans), 1).blocks
    assert max(sum(len(piece.text) for piece in block.pieces) for block in blocks) <= 2500
    assert sum(piece.number is not None for block in blocks for piece in block.pieces) == count


def test_assemble_prints_the_page(run: Run, tmp_path: Path) -> None:
    write_documents(tmp_path / "a.jsonl", [made(RAID)])
    out = run("assemble", tmp_path / "a.jsonl", "--format", "html").out
    assert (out.startswith("<!doctype html>"), out.rstrip().endswith("</html>")) == (True, True)


# --- in a browser -------------------------------------------------------------------------------------------------

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# Each step does something to the page and tells which parts of it are then lit.
STEPS = """
const name = (e) => e.id + (e.dataset.role ? "=" + e.dataset.role : "");
const lit = () => [...document.querySelectorAll(".lit")].map(name);
const on = (id, event) => document.getElementById(id).dispatchEvent(event);
const over = (id) => on(id, new PointerEvent("pointerover", {bubbles: true, pointerType: "mouse"}));
const off = () => document.body.dispatchEvent(new PointerEvent("pointerover", {bubbles: true, pointerType: "mouse"}));
const told = {};
const tell = (name) => { told[name] = lit().sort(); };
over("e1-2"); tell("over an event");
off(); tell("off again");
over("s1-4"); tell("over a span");
on("e1-1", new FocusEvent("focusin", {bubbles: true})); tell("focus by keyboard");
on("e1-1", new FocusEvent("focusout", {bubbles: true})); tell("focus lost");
document.getElementById("e1-2").click(); off(); tell("pinned by a click");
told.pressed = [document.getElementById("e1-2").getAttribute("aria-pressed")];
over("e1-1"); tell("over another one meanwhile");
document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})); tell("let go by Escape");
document.getElementById("s1-4").click(); document.getElementById("s1-4").click(); off(); tell("second click on a span");
document.body.setAttribute("data-told", JSON.stringify(told));
"""

FIRST = ["e1-1", "s1-1=who", "s1-2=LAUNCH", "s1-3=how many", "s1-4=with", "s1-5=where"]
SECOND = ["e1-2", "s1-4=with", "s1-6=says", "s1-7=how many", "s1-8=INTERCEPT"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_events_and_spans_light_each_other_up(tmp_path: Path) -> None:
    source = page(known(RAID))
    source = source.replace("script-src ", f"script-src &#39;{digest(STEPS)}&#39; ", 1)
    (tmp_path / "page.html").write_text(source.replace("</body>", f"<script>{STEPS}</script></body>"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    command = [CHROMIUM or "", *options, (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r'data-told="([^"]*)"', dom)
    assert found is not None
    assert json.loads(html.unescape(found[1])) == {
        "over an event": SECOND,
        "off again": [],
        "over a span": ["e1-1", "e1-2", "s1-4"],
        "focus by keyboard": FIRST,
        "focus lost": [],
        "pinned by a click": SECOND,
        "pressed": ["true"],
        "over another one meanwhile": FIRST,
        "let go by Escape": [],
        "second click on a span": SECOND,
    }
