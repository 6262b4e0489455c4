"""Whether two reports tell of one incident: a table of rules that give points, and a table of vetoes.

Every rule looks at one respect (place, time, weapon, side, target, figures, kind of event, text, article) and gives
the points of one row of `weights.WEIGHTS`, or none where it has nothing to compare. The score is the sum of the
points; every point comes with its reason in words, so that a reader can check it.

A veto keeps two reports apart whatever their score: two towns, two days, a plan and a deed. Text in common waives the
veto of the day alone: a copy of an article with another date tells of the same incident.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from warwire.model.ledger.content_rules import (
    compare_articles,
    compare_figures,
    compare_kinds,
    compare_sides,
    compare_targets,
    compare_texts,
    compare_weapons,
)
from warwire.model.ledger.reports import Report
from warwire.model.ledger.setting_rules import are_two_days, are_two_places, compare_places, compare_times
from warwire.model.ledger.weights import Point

MIN_SCORE: Final = 5.0
"""Score from which two reports are taken to tell of one incident, unless the caller says otherwise."""

COPY_RULES: Final = frozenset({"copy", "much text"})
"""Rules that show one text to be taken from the other."""

RULES: Final[tuple[Callable[[Report, Report], Point | None], ...]] = (
    compare_places,
    compare_times,
    compare_weapons,
    compare_sides,
    compare_targets,
    compare_kinds,
    compare_texts,
    compare_articles,
)
"""The rules of one point each; `compare_figures` gives up to three more."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two reports compared: the points, and the veto that keeps them apart, None where none does."""

    points: tuple[Point, ...]
    veto: str | None

    @property
    def score(self) -> float:
        """The sum of the points."""
        return sum(point.value for point in self.points)

    @property
    def is_copy(self) -> bool:
        """Whether the two share so much text that one was taken from the other."""
        return any(point.rule in COPY_RULES for point in self.points)

    @property
    def reason(self) -> str:
        """All points in words, the largest first."""
        ordered = sorted(self.points, key=lambda point: -abs(point.value))
        return ", ".join(map(str, ordered)) or "nothing in common"


def compare(left: Report, right: Report) -> Match:
    """The points of all rules for two reports, and the first veto against them, in whatever order the two come."""
    if right.key < left.key:
        left, right = right, left
    found = tuple(point for rule in RULES if (point := rule(left, right)) is not None)
    points = Match((*found, *compare_figures(left, right)), None)
    waived = WAIVED if points.is_copy else frozenset()
    veto = next((name for name, holds in VETOES.items() if name not in waived and holds(left, right)), None)
    return Match(points.points, veto)


def may_be_one(left: Report, right: Report) -> bool:
    """Whether no veto that text in common cannot waive speaks against two reports; cheaper than `compare`."""
    return not any(holds(left, right) for name, holds in VETOES.items() if name not in WAIVED)


def _is_planned(left: Report, right: Report) -> bool:
    return left.mood != right.mood


VETOES: Final[Mapping[str, Callable[[Report, Report], bool]]] = {
    "planned": _is_planned,
    "two places": are_two_places,
    "two days": are_two_days,
}
"""What keeps two reports apart, by name."""

WAIVED: Final = frozenset({"two days"})
"""Vetoes that do not hold for copies."""
