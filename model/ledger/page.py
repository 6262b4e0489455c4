"""The ledger as one HTML file, which opens offline and asks nothing of the network."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from warwire.model.ledger.grouping import Incident
from warwire.model.ledger.view import days_of
from warwire.model.page.policy import content_policy
from warwire.model.page.template import page_template

MOST: Final = 2000
"""Incidents on a page unless the caller says otherwise; the tables have all."""

_TEMPLATE: Final = "ledger.html.j2"
_STYLE: Final = "ledger.css"
_SCRIPT: Final = "ledger.js"
_TOGETHER: Final = 2000
"""Pieces of template output that are handed on as one chunk."""


def ledger_page(incidents: Sequence[Incident], most: int = MOST) -> Iterator[str]:
    """The page as chunks of HTML; of more than `most` incidents those with most reports, which the page says.

    Everything from a document is escaped, links lead to http addresses alone, and the security policy of the page
    lets no script and no style run but its own.
    """
    fullest = sorted(incidents, key=lambda incident: (-len(incident.reports), incident.number))[:most]
    chosen = sorted(fullest, key=lambda incident: incident.number)
    style, script = _resource(_STYLE), _resource(_SCRIPT)
    stream = page_template(_TEMPLATE, _resource).stream(
        days=list(days_of(chosen)),
        shown=len(chosen),
        incidents=len(incidents),
        reports=sum(len(incident.reports) for incident in incidents),
        policy=content_policy(style, script),
        # The two files are the package's own; escaping would break their quotes.
        style=Markup(style),
        script=Markup(script),
    )
    stream.enable_buffering(_TOGETHER)
    yield from stream


def _resource(name: str) -> str:
    return files("warwire.model.ledger").joinpath(name).read_text(encoding="utf-8")
