"""Pages of evaluation reports as a browser finds them, also of figures that say hostile things."""

import json
import re
from html.parser import HTMLParser
from typing import Any

from report_figures import figures

from warwire.evaluate.report.page import render_page

Figures = dict[str, Any]

VOID = {"meta", "link", "input", "br"}


class Parsed(HTMLParser):
    """What a browser would find in a page: tags, texts by the class, id or name of the element around."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._stack: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            self._stack.append(found.get("id") or found.get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        self._stack.pop()

    def handle_data(self, data: str) -> None:
        for name in set(self._stack):
            self.texts.setdefault(name, []).append(data)

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]

    def data(self) -> Any:
        """The documents, as the page's script reads them."""
        return json.loads("".join(self.texts["error-data"]))


def parsed(found: Figures) -> Parsed:
    return Parsed(render_page(found))


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}} {% raw %} {# x #}",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "</style><style>body{display:none}</style>",
    "<!-- <script> --> <![CDATA[ ]]>",
    "&lt;b&gt; &amp; \\u003c \\",
    "\x1b]0;x\x07 \u2028\u2029 \u202e \x00",
]
PLACES = re.compile(
    "model-0|set-0|d1|Ukraine|live blog|One note|a headline|title of|a curve|articles|a sweep|TIME missed|quiet"
    "|core_tag meaning|core_tag title|Values|b4e33c|tag F1|0badcafe"
)


def hostile(text: str) -> Figures:
    """Figures that say the text wherever a document, model or data set can say anything."""

    def said(value: Any) -> Any:
        if isinstance(value, str):
            return PLACES.sub(lambda found: found[0] + text, value)
        if isinstance(value, list):
            return [said(one) for one in value]
        return {said(key): said(one) for key, one in value.items()} if isinstance(value, dict) else value

    found: Figures = said(figures(2, 1))
    return found
