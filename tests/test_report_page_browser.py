"""The page of an evaluation report in a browser: filters choose what is read, and nothing of a document runs."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from parsed_page import digest
from report_figures import ERRORS, document, figures
from report_pages import HOSTILE, hostile

from warwire.evaluate.document_counts import SCORES
from warwire.evaluate.report.page import render_page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# Each step does something to the page and tells which documents and errors are then there to be read.
STEPS = """
const one = (id) => document.getElementById(id);
const all = (what) => [...document.querySelectorAll(what)];
const told = {};
const tell = (name) => {
  told[name] = [all("#documents h3").map((head) => head.textContent).join(" "), all("#documents .item").length];
};
const set = (id, value) => {
  one(id).value = value;
  one(id).dispatchEvent(new Event("input", {bubbles: true}));
};
const press = (what, words) => all(what).find((button) => button.textContent.includes(words)).click();
tell("at first");
set("f-label", "2"); tell("label PLACE");
set("f-label", "-1"); tell("all labels");
press("#f-kinds button", "missed"); tell("missed alone");
told.pressed = all("#f-kinds [aria-pressed=true]").length;
press("#f-kinds button", "link"); tell("missed and link");
one("f-clear").click(); tell("cleared");
press("#patterns button", "TIME missed"); tell("pattern");
told.lines = all("#documents .hit").map((line) => line.innerText.replace(/\\s+/g, " ").trim());
press("#patterns button", "TIME missed"); tell("pattern again");
set("f-model", "1"); tell("other model");
set("f-model", "0"); set("f-data", "1"); tell("other data set");
set("f-data", "-1"); set("f-id", "D2"); tell("id");
set("f-id", ""); set("f-order", "id"); tell("by id");
press("#f-kinds button", "spurious");
one("f-only").click();
told.paragraphs = all("#documents article:first-child .text p").map((part) => part.textContent);
one("f-only").click();
press("#f-kinds button", "spurious");
press(".sets button", "set-1");
told.sets = all(".group[data-set]:not([hidden])").map((group) => group.dataset.set)
  .filter((name, i, names) => names.indexOf(name) === i);
document.querySelector("#documents .item").focus();
told.lit = all("#documents .lit").length;
told.scripts = [all("script").length, all("img, iframe, [onerror], [onmouseover]").length];
document.body.setAttribute("data-told", JSON.stringify(told));
"""


def browsed(source: str, steps: str, folder: Path, width: int = 800) -> dict[str, Any]:
    """What the steps found in the page, opened in Chromium."""
    source = source.replace("script-src ", f"script-src &#39;{digest(steps)}&#39; ", 1)
    (folder / "page.html").write_text(source.replace("</body>", f"<script>{steps}</script></body>"), encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--window-size={width},2000",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
    ]
    command = [CHROMIUM or "", *options, (folder / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r'data-told="([^"]*)"', dom)
    assert found is not None
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_filters_choose_the_documents_and_errors_that_are_read(tmp_path: Path) -> None:
    models = ["model-0", "model-1"]
    given = figures(2, 2, [document("d1", models), document("d2", models, clean=True)])
    for model in models[1:]:
        given["results"][0]["errors"]["documents"][0]["errors"][model] = []
    every = len(ERRORS)
    assert browsed(render_page(given), STEPS, tmp_path) == {
        "at first": ["d1 d1 d2 d2", 2 * every],
        "label PLACE": ["d1 d1", 2],
        "all labels": ["d1 d1 d2 d2", 2 * every],
        "missed alone": ["d1 d1", 2],
        "pressed": 1,
        "missed and link": ["d1 d1", 4],
        "cleared": ["d1 d1 d2 d2", 2 * every],
        "pattern": ["d1", 1],
        "lines": ["overnight − TIME"],
        "pattern again": ["d1 d1 d2 d2", 2 * every],
        "other model": ["d1 d2 d1 d2", 0],
        "other data set": ["d1 d2", every],
        "id": ["d2 d2", 0],
        "by id": ["d1 d1 d2 d2", 2 * every],
        "paragraphs": ["1 paragraph without errors", "The + SPEAKERarmy said that it was quiet."],
        "sets": ["set-1"],
        "lit": 2,
        "scripts": [3, 0],
    }


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_nothing_hostile_runs_in_a_browser(tmp_path: Path) -> None:
    text = "".join(HOSTILE[:10])
    steps = """
    const parts = document.querySelectorAll("script, img, iframe, style, a[href^=javascript]");
    const told = {parts: [...parts].map((part) => part.localName), text: document.querySelector(".text").textContent};
    document.body.setAttribute("data-told", JSON.stringify(told));
    """
    told = browsed(render_page(hostile(text)), steps, tmp_path)
    assert told["parts"] == ["style", "script", "script", "script"]
    assert text in told["text"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_leaderboard_fits_a_window_of_1300_pixels(tmp_path: Path) -> None:
    given = figures(3)
    for one in given["scores"]:
        one["title"] = SCORES[one["name"]]
    source = render_page(given).replace("model-2", "runs/some-student-of-2/model")
    steps = """
    const box = document.querySelector("table.leaderboard").parentElement;
    document.body.setAttribute("data-told", JSON.stringify({over: box.scrollWidth - box.clientWidth}));
    """
    assert browsed(source, steps, tmp_path, width=1300)["over"] <= 0
