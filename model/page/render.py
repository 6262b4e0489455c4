"""The page itself: one HTML file over a stream of documents, that opens offline and asks nothing of the network.

The index of articles can only be written when the last one is known; it stands at the end of the file and the style
shows it first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from warwire.annotations.document import Document
from warwire.annotations.labels import ARGUMENT_LABELS
from warwire.model.page.policy import content_policy
from warwire.model.page.template import page_template
from warwire.model.page.view import Article, article_of

_TEMPLATE: Final = "article.html.j2"
_STYLE: Final = "style.css"
_SCRIPT: Final = "script.js"
_TOGETHER: Final = 2000
"""Pieces of template output that are handed on as one chunk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index."""

    number: int
    name: str
    date: str
    events: int


def article_page(documents: Iterable[Document]) -> Iterator[str]:
    """The page as chunks of HTML, each document written as it comes; memory holds one document and the index.

    Everything from a document is escaped; the security policy of the page lets no script and no style run but its
    own, and no request leave it.
    """
    entries: list[Entry] = []
    style, script = _resource(_STYLE), _resource(_SCRIPT)
    stream = page_template(_TEMPLATE, _resource).stream(
        articles=_articles(documents, entries),
        entries=entries,
        labels=ARGUMENT_LABELS,
        policy=content_policy(style, script),
        # The two files are the package's own; escaping would break their quotes.
        style=Markup(style),
        script=Markup(script),
    )
    stream.enable_buffering(_TOGETHER)
    yield from stream


def _articles(documents: Iterable[Document], entries: list[Entry]) -> Iterator[Article]:
    for number, document in enumerate(documents, 1):
        article = article_of(document, number)
        entries.append(Entry(number, article.name, article.date, article.events))
        yield article


def _resource(name: str) -> str:
    return files("warwire.model.page").joinpath(name).read_text(encoding="utf-8")
