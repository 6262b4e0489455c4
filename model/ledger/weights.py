"""Points: what each rule of the comparison gives, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "same place": 3.0,
    "some of several places": 1.5,
    "few of several places": -1.0,
    "near place": -0.5,
    "place within": 1.5,
    "same broad place": 1.5,
    "same name, on no map": 2.5,
    "same country": -0.5,
    "same day": 3.0,
    "overlapping days": 2.0,
    "day within period": 1.0,
    "day fits publication": 1.0,
    "published together": 1.5,
    "published near": 0.5,
    "same weekday": 1.0,
    "other weekday": -1.5,
    "next day": -0.5,
    "two days apart": -1.5,
    "same model": 1.5,
    "same weapon": 1.0,
    "weapons may be one": 0.25,
    "other weapons": -1.5,
    "same side": 0.5,
    "other side": -1.0,
    "same target": 1.0,
    "other target": -0.5,
    "large figure": 1.5,
    "figure": 1.0,
    "small figure": 0.5,
    "figures overlap": 0.25,
    "figures near": -0.25,
    "figures apart": -1.0,
    "figures far apart": -2.0,
    "same events": 0.5,
    "other events": -2.0,
    "copy": 4.0,
    "much text": 2.5,
    "some text": 1.0,
    "one article": -2.0,
}
"""Points by rule."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one rule gives, and why: *same place (Kharkiv, 2 km apart) +3*."""

    rule: str
    value: float
    why: str

    def __str__(self) -> str:
        return f"{self.why} {self.value:+g}"


def award(rule: str, why: str) -> Point:
    """The points of a rule, with their reason."""
    return Point(rule, WEIGHTS[rule], why)
