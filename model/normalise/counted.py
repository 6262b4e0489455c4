"""What a count counts, from the words around it; and numbers that count nothing.

The event type settles it (the guide's table of roles), but for a STRIKE, whose count is of attacks (*nine raids*, *hit
three times*), of weapons (*two shells hit*) or of what was hit (*five hangars*): the first of these behind the number.
"""

import re
from collections.abc import Mapping
from typing import Final

from warwire.annotations.document import Event, Span

_COUNTS_OF: Final = {
    "LAUNCH": "weapon",
    "INTERCEPT": "weapon",
    "CLASH": "attack",
    "KILL": "target",
    "INJURE": "target",
    "DETAIN": "target",
    "DISPLACE": "target",
    "DAMAGE": "target",
    "CONTROL": "place",
}

_TIMES: Final = re.compile(r"(?:\b(?:once|twice|thrice|times))$", re.IGNORECASE)
_TIMES_BEHIND: Final = re.compile(r"(?: or \w+| more)? times\b")
_OF_THEM: Final = re.compile(r" (?:more |others? )?(?:of (?:them|which|those|these) )?")
_ENDS: Final = re.compile(r"[,.;:!?()\n]")
_REACH: Final = 45
"""Code points behind a count in which what it counts begins."""
_ATTACKS: Final = re.compile(
    r"(?:\w+ )?(?:(?:air ?)?strikes|attacks|raids|blasts|explosions|detonations|bombings|bombardments|shellings|impacts"
    r"|arrivals|hits|passes|barrages|salvos|volleys|incidents|impact|explosion|blast)",
    re.IGNORECASE,
)
_OTHER_ATTACKS: Final = re.compile(r"[a-z]+s(?: of [a-z]+)?|(?:air ?)?strike|attack|raid|bombing", re.IGNORECASE)
"""Right behind a count these are nouns too: *22 sorties*, *one strike*."""
_ELLIPSIS: Final = re.compile(r" (?:on|in|at|near|into|over|outside|inside|from|against|by|to)\b")
"""*one on the orchard*: what is counted was named before."""

_NAMED: Final = re.compile(
    r"(?:\bFlight|(?<!\bthe )(?<!\ba )(?<!\bthat )\bflight|\b[Nn](?:o|r)\.|\b[Nn]umber"
    r"|\b(?:Highway|Route|Hill|Height|Point|Resolution|Article|Boeing|Airbus|Tupolev|Antonov|Type|Mark|Mk)"
    r")[ -](?:[A-Z]{1,3}[ -]?)?$"
)
_GLUED: Final = re.compile(r"\b[A-Z]{1,4}[a-z]?[-‐‑–]?$")
_DIGITS: Final = re.compile(r"(?:[Ff]light )?(?:[A-Z]{1,3}[ -]?)?[0-9]{1,4}[A-Z]?")

_MULTIPLE: Final = re.compile(r"(?:twice|thrice|double|\w+ times)", re.IGNORECASE)
_OF_ANOTHER: Final = re.compile(r" (?:as (?:many|much|high)|more|the (?:number|toll|figure|total|rate))\b")


def counted(text: str, spans: Mapping[str, Span], event: Event, count: Span) -> str:
    """What the count of an event counts: weapon, target, attack or place."""
    if event.type != "STRIKE":
        return _COUNTS_OF[event.type]
    if _TIMES.search(count.surface(text)) or _TIMES_BEHIND.match(text, count.end):
        return "attack"
    return _behind(text, spans, event, count) or _by_roles(event)


def is_designator(text: str, start: int, end: int) -> bool:
    """Whether digits name a thing (*Flight 752*, *Route 443*, the 72 of *T-72*) and count none."""
    if _DIGITS.fullmatch(text, start, end) is None:
        return False
    before = text[max(0, start - 24) : start]
    return _NAMED.search(before) is not None or _GLUED.search(before) is not None


def is_multiple(text: str, start: int, end: int) -> bool:
    """Whether a number multiplies another (*twice as many*, *three times the toll*) and counts none."""
    return _MULTIPLE.fullmatch(text, start, end) is not None and _OF_ANOTHER.match(text, end) is not None


def _behind(text: str, spans: Mapping[str, Span], event: Event, count: Span) -> str | None:
    """The first behind the count: a noun that is the trigger, a weapon, a target; *two fell* is of weapons."""
    trigger = spans[event.trigger]
    if _ELLIPSIS.match(text, count.end):
        return None
    end = _ENDS.search(text, count.end, count.end + _REACH)
    last = end.start() if end else count.end + _REACH
    is_noun = _ATTACKS.fullmatch(text, trigger.start, trigger.end) is not None
    words = _OF_THEM.match(text, count.end)
    if words is not None and words.end() == trigger.start:
        return "attack" if is_noun or _OTHER_ATTACKS.fullmatch(text, trigger.start, trigger.end) else "weapon"
    fillers = [(spans[id], role) for role in ("weapon", "target") for id in event.fillers(role)]
    near = [(span.start, span.end, role) for span, role in fillers if count.end <= span.start < last]
    start, stop, role = min(near, default=(last, last, ""))
    if is_noun and count.end <= trigger.start < last and (trigger.start < start or text[stop : trigger.start] == " "):
        return "attack"
    return role or None


def _by_roles(event: Event) -> str:
    if event.fillers("weapon"):
        return "weapon"
    return "target" if event.fillers("target") else "attack"
