"""The label inventory of the annotation guide, version 1.

Every other part of warwire takes labels, roles and statuses from here, never from the data at hand.
"""

from typing import Final

GUIDE_VERSION: Final = 1

ARGUMENT_LABELS: Final = ("WEAPON", "COUNT", "PLACE", "SPEAKER", "ACTOR", "TARGET", "TIME")
"""Labels of spans that fill roles."""

EVENT_TYPES: Final = (
    "LAUNCH",
    "INTERCEPT",
    "STRIKE",
    "CLASH",
    "CONTROL",
    "KILL",
    "INJURE",
    "DAMAGE",
    "DETAIN",
    "DISPLACE",
)
"""Labels of trigger spans, which are the event types."""

LABELS: Final = ARGUMENT_LABELS + EVENT_TYPES
"""All span labels, in the order in which models number them."""

CORE_LABELS: Final = ("WEAPON", "COUNT", "PLACE", "SPEAKER")
"""The four mission labels of the core tag F1."""

ROLE_FILLERS: Final[dict[str, frozenset[str]]] = {
    "agent": frozenset({"ACTOR", "SPEAKER"}),
    "target": frozenset({"TARGET", "ACTOR", "WEAPON", "PLACE", "SPEAKER"}),
    "weapon": frozenset({"WEAPON"}),
    "count": frozenset({"COUNT"}),
    "place": frozenset({"PLACE"}),
    "origin": frozenset({"PLACE"}),
    "time": frozenset({"TIME"}),
    "speaker": frozenset({"SPEAKER"}),
}
"""Which span labels may fill which role."""

ROLES: Final = tuple(ROLE_FILLERS)

STATUSES: Final = ("asserted", "denied", "unverified", "planned")
"""Event statuses; the first is the default."""

BIO_TAGS: Final = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
"""The 35 tags of the IOB2 scheme in model output order: O, then B- and I- of each label."""
