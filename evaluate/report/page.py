"""The page of an evaluation report: one HTML file that opens offline and asks nothing of the network."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from warwire.annotations.errors import InputError
from warwire.evaluate.report.glossary import TERMS
from warwire.evaluate.report.view import report_of
from warwire.model.page.policy import content_policy
from warwire.model.page.template import page_template

_TEMPLATE: Final = "report.html.j2"
_STYLE: Final = "style.css"
_SCRIPT: Final = "script.js"


def write_page(figures: Mapping[str, Any], out: Path) -> None:
    """Write the page of a report's figures to a file.

    Raises:
        InputError: the file cannot be written.
    """
    page = render_page(figures)
    try:
        out.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None


def render_page(figures: Mapping[str, Any]) -> str:
    """The page of a report's figures (`warwire-report/1`, see `schema.md`) as HTML.

    Everything from documents, models and data sets is escaped; the security policy of the page lets no script and no
    style run but its own, and no request leave it.
    """
    style, script = _resource(_STYLE), _resource(_SCRIPT)
    return page_template(_TEMPLATE, _resource).render(
        report=report_of(figures),
        terms=TERMS,
        policy=content_policy(style, script),
        # The two files are the package's own; escaping would break their quotes.
        style=Markup(style),
        script=Markup(script),
    )


def _resource(name: str) -> str:
    return files("warwire.evaluate.report").joinpath("templates", name).read_text(encoding="utf-8")
