"""The page of the ledger: everything is told with its speaker, nothing of a document runs, and it works by keyboard."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from incidents import CHUHUIV, DAY, ODESA, REGION, UKRAINIANS, killed, place, report
from parsed_page import Parsed, digest

from warwire.model.ledger.grouping import Incident, Neighbour, group_reports
from warwire.model.ledger.page import ledger_page
from warwire.model.ledger.reports import Report, Speaker

STRIKE = [
    report("a", says=(killed(3, "governor"),), link="https://a.example/1", title="Drones hit Kharkiv"),
    report("b", says=(killed(5, "governor"), killed(9, "police")), published=DAY + 2),
    report("c", places=(ODESA,), weapons=frozenset({"ballistic_missile"}), days=(2, 2), published=DAY + 2),
    report("d", places=(CHUHUIV,), days=(2, 2), published=DAY + 2, attackers=frozenset({UKRAINIANS})),
    report("e", places=(REGION,)),
]


def page(incidents: list[Incident], most: int = 2000) -> str:
    return "".join(ledger_page(incidents, most))


def parsed(*reports: Report) -> Parsed:
    return Parsed(page(group_reports(reports)))


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}} {% raw %} {# x #}",
    "javascript:alert(1)",
    "</style></script><script>alert(1)</script>",
    "<!-- --> <![CDATA[ ]]>",
    "&lt;b&gt; &#60;",
]


def hostile(text: str) -> list[Report]:
    """Two reports of one incident that say the text wherever a report can say anything."""
    said = replace(killed(3, Speaker(text, text, text)), text=text, what=text, sentence=text, status="denied")
    there = replace(place(text, 50.0, 36.0), country=text)
    made = {"source": text, "title": text, "excerpt": text, "agents": ((text, text),), "places": (there,)}
    made |= {"weapons": frozenset({text}), "models": frozenset({text}), "targets": frozenset({text}), "says": (said,)}
    return [report(f"{text} {i}", article=f"{text} {i}", **made) for i in range(2)]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_document_says_stays_text(text: str) -> None:
    clean, dirty = parsed(*hostile("x")), parsed(*hostile(text))
    assert [tag for tag, _ in dirty.tags if tag in {"script", "style", "img", "iframe"}] == ["style", "script"]
    assert {name for _, attrs in dirty.tags for name in attrs} == {name for _, attrs in clean.tags for name in attrs}
    for part in ("cite", "blockquote", "where", "said", "point"):
        assert text in dirty.texts[part]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_address_leads_anywhere_but_to_the_web(text: str) -> None:
    linked = [replace(one, link="https://a.example/?q=1&b=2") for one in hostile(text)]
    found = parsed(*linked)
    allowed = r"#(?:main|i\d+|d[\d-]+|d-none)|data:,|https://a\.example/\?q=1&b=2"
    assert all(re.fullmatch(allowed, address) for address in found.attributes("href"))
    assert found.attributes("src") == []
    assert "://" not in page(group_reports([report("a")]))


def test_the_policy_lets_the_page_s_own_script_and_style_run_and_nothing_else() -> None:
    found = parsed(*STRIKE)
    policy = next(attrs["content"] or "" for _, attrs in found.tags if "http-equiv" in attrs)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{digest(found.texts['style'])}'",
        f"script-src '{digest(found.texts['script'])}'",
        *("img-src data:", "base-uri 'none'", "form-action 'none'"),
    ]
    assert found.attributes("style") == []


def test_figures_stand_with_their_speaker_and_disagreement_is_told_in_words() -> None:
    found = parsed(*STRIKE[:2])
    assert found.texts["figure"] == "killed 5 – 9 ≠"
    assert "killed ≠ differ" in " ".join(found.texts["tbody"].split())
    assert "governor ↻ revised" in " ".join(found.texts["tbody"].split())
    assert [found.texts["said"].count(day) for day in ("2024-03-06", "2024-03-07")] == [1, 2]


def test_links_lead_to_the_sources_and_reasons_are_told() -> None:
    found = parsed(*STRIKE[:2])
    assert "https://a.example/1" in found.attributes("href")
    assert "same place (Kharkiv) +3" in found.texts["point"]
    assert "Drones hit Kharkiv" in found.texts["cite"]


def test_days_list_their_incidents_and_ids_are_unique() -> None:
    found = parsed(*STRIKE)
    assert [a for a in found.attributes("href") if a.startswith("#d")] == ["#d2024-03-05", "#d2024-03-07"]
    ids = found.attributes("id")
    assert len(ids) == len(set(ids))


def test_what_may_be_the_same_is_linked_where_the_page_shows_it() -> None:
    near = (Neighbour(2, 5.0, "two places"), Neighbour(9, 5.0, "two days"))
    one, other = (Incident(i, (report(name),), (), near if i == 1 else ()) for i, name in ((1, "a"), (2, "b")))
    found = Parsed(page([one, other]))
    assert "#i2" in found.attributes("href")
    assert "#i9" not in found.attributes("href")
    assert "incident 9: two days" in found.texts["near"]


def test_a_page_of_too_many_says_so_and_keeps_those_with_most_reports() -> None:
    source = page(group_reports(STRIKE), most=1)
    assert "this page shows the 1 with most reports" in source
    assert source.count('<details class="incident"') == 1
    assert "Drones hit Kharkiv" in source


def test_control_and_direction_characters_are_not_shown() -> None:
    assert not {"\x00", "\x1b", "\x9b", "\u202e"} & set(page(group_reports(hostile("a\x00b \x9b31m \u202eabc"))))


# --- in a browser -------------------------------------------------------------------------------------------------

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# Each step does something to the page and tells which incidents are then shown and open.
STEPS = """
const told = {};
const shown = () => [...document.querySelectorAll("details.incident")].filter((d) => d.offsetParent !== null);
const names = (list) => list.map((d) => d.id);
const tell = (name) => { told[name] = [names(shown()), names(shown().filter((d) => d.open))]; };
const find = document.getElementById("find"), disputed = document.getElementById("disputed");
const type = (text) => { find.value = text; find.dispatchEvent(new Event("input")); };
tell("at first");
document.querySelector("#i1 summary").click(); tell("one opened");
type("odesa"); tell("found by place");
type("ballistic MISSILE"); tell("found by weapon");
type("nowhere"); tell("not found"); told.status = document.getElementById("found").textContent;
type(""); disputed.click(); tell("speakers differ"); disputed.click();
document.getElementById("open").click(); tell("all opened");
document.getElementById("close").click(); tell("all closed");
dispatchEvent(new Event("beforeprint")); tell("printed"); dispatchEvent(new Event("afterprint")); tell("after print");
told.keyboard = [...document.querySelectorAll("summary")].every((s) => s.tabIndex >= 0);
told.wide = document.documentElement.scrollWidth <= document.documentElement.clientWidth;
document.body.setAttribute("data-told", JSON.stringify(told));
"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_incidents_open_and_are_found(tmp_path: Path) -> None:
    source = page(group_reports(STRIKE)).replace("script-src ", f"script-src &#39;{digest(STEPS)}&#39; ", 1)
    (tmp_path / "page.html").write_text(source.replace("</body>", f"<script>{STEPS}</script></body>"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    command = [CHROMIUM or "", *options, "--window-size=500,900", (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r'data-told="([^"]*)"', dom)
    assert found is not None
    told = json.loads(html.unescape(found[1]))
    every = ["i1", "i2", "i3"]
    assert told == {
        "at first": [every, []],
        "one opened": [every, ["i1"]],
        "found by place": [["i3"], []],
        "found by weapon": [["i3"], []],
        "not found": [[], []],
        "status": "0 of 3",
        "speakers differ": [["i1"], ["i1"]],
        "all opened": [every, every],
        "all closed": [every, []],
        "printed": [every, every],
        "after print": [every, []],
        "keyboard": True,
        "wide": True,
    }
