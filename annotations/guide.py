"""Rules of the annotation guide that a well-formed document can still break.

A document that fails here can be read and scored; `warwire annotate check` lists each departure.
"""

import re
from collections.abc import Iterator
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.annotations.errors import Problem

_ARTICLE: Final = re.compile(r"(?:the|a|an)\s", re.IGNORECASE)
_NAMES_WITH_ARTICLE: Final = re.compile(r"The\s+(?:Hague|Gambia|Bronx|Guardian|Times|Economist|Independent)\b")
_POSSESSIVE: Final = re.compile(r".['’´`]s", re.DOTALL)
_ABBREVIATION: Final = re.compile(r"(?:\b\w\.)+|.*\b(?:Jr|Sr|St|Inc|Co|Corp|Ltd|No|Gen|Col|[ap]\.m|etc)\.", re.DOTALL)
_CLOSING: Final = {")": "(", "”": "“", "’": "‘", "»": "«", "]": "["}
_NEVER_LAST: Final = frozenset(",;:!?…-–—")
_PLURAL_WITH_APOSTROPHE: Final = re.compile(r".*[A-Z0-9]['’]s", re.DOTALL)
_LINKED_ONLY: Final = frozenset({"TARGET", "TIME"})


def check_guide(document: Document) -> tuple[Problem, ...]:
    """Every departure of a document from the guide's sections 1 and 2, in the order of the spans."""
    triggers = {event.trigger for event in document.events}
    linked = {argument.span for event in document.events for argument in event.arguments}
    problems: list[Problem] = []
    for span in document.spans:
        messages = list(_surface_faults(span.surface(document.text)))
        messages += _link_faults(span, triggers, linked)
        problems += [Problem(message, "guide", document.id, span.id) for message in messages]
    return tuple(problems)


def _surface_faults(surface: str) -> Iterator[str]:
    if _ARTICLE.match(surface) and not _NAMES_WITH_ARTICLE.match(surface):
        yield f"{surface!r} begins with an article; leave it out"
    if surface.lower().startswith("a total of"):
        yield f"{surface!r}: tag the number only"
    if _POSSESSIVE.fullmatch(surface[-3:]) and not _PLURAL_WITH_APOSTROPHE.fullmatch(surface):
        yield f"{surface!r} ends in a possessive; leave it out"
    elif _ends_in_punctuation(surface):
        yield f"{surface!r} ends in punctuation; leave it out"


def _ends_in_punctuation(surface: str) -> bool:
    last = surface[-1]
    if last == ".":
        return _ABBREVIATION.fullmatch(surface.rsplit(None, 1)[-1]) is None
    if last in _CLOSING:
        return _CLOSING[last] not in surface
    if last in "\"'":
        return surface.count(last) % 2 == 1
    return last in _NEVER_LAST


def _link_faults(span: Span, triggers: set[str], linked: set[str]) -> Iterator[str]:
    if span.is_trigger and span.id not in triggers:
        yield f"a {span.label} trigger without an event"
    if span.label in _LINKED_ONLY and span.id not in linked:
        yield f"a {span.label} that is no argument of any event; unlinked ones are not tagged"
