"""When two events' fillers agree: the part of the tuple scores that looks at text.

Span ids are names that each side gives for itself, so that fillers are compared by offsets and text alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from warwire.annotations.document import Document, Event
from warwire.annotations.labels import ROLES
from warwire.model.normalise.count import normalise_count


@dataclass(frozen=True, slots=True)
class Filler:
    """One argument: offsets, case-folded text, and for a count its (min, max), None where it has none."""

    start: int
    end: int
    text: str
    range: tuple[int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """The fillers of one event by role."""

    by_role: Mapping[str, tuple[Filler, ...]]

    @property
    def fillers(self) -> int:
        """Number of fillers over all roles."""
        return sum(map(len, self.by_role.values()))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Fillers of two events: how many each has and on how many they agree, by role."""

    agreed: Mapping[str, int]
    gold: Slots
    predicted: Slots

    @property
    def sim(self) -> Fraction:
        """2 · (1 + agreed fillers) / (2 + fillers of one + fillers of the other), above 0 and at most 1."""
        return Fraction(2 * (1 + sum(self.agreed.values())), 2 + self.gold.fillers + self.predicted.fillers)

    def complete(self, roles: Sequence[str]) -> bool:
        """Whether these roles have no filler, on either side, that is not agreed upon."""
        return all(
            len(self.gold.by_role[role]) == len(self.predicted.by_role[role]) == self.agreed[role] for role in roles
        )


def slots_of(document: Document, event: Event) -> Slots:
    """The fillers of an event of the document; every role is a key."""
    spans = document.span_by_id()
    by_role: dict[str, tuple[Filler, ...]] = {}
    for role in ROLES:
        found = [spans[name] for name in event.fillers(role)]
        by_role[role] = tuple(_filler(s.start, s.end, s.surface(document.text), role) for s in found)
    return Slots(by_role)


def compare(gold: Slots, predicted: Slots) -> Agreement:
    """The agreement of two events, each filler used once within its role."""
    agreed = {role: _most_agreeing(role, gold.by_role[role], predicted.by_role[role]) for role in ROLES}
    return Agreement(agreed, gold, predicted)


def fillers_agree(role: str, one: Filler, other: Filler) -> bool:
    """Whether two fillers of a role say the same.

    Counts do when their normalised ranges are equal, or their texts where neither has a range; where they
    stand plays no part. All others do when they overlap or have the same text, case folded.
    """
    if role == "count":
        return one.text == other.text if one.range is None and other.range is None else one.range == other.range
    return (one.start < other.end and other.start < one.end) or one.text == other.text


def _filler(start: int, end: int, surface: str, role: str) -> Filler:
    if role != "count":
        return Filler(start, end, surface.casefold())
    count = normalise_count(surface)
    return Filler(start, end, surface.casefold(), None if count is None else (count.min, count.max))


def _most_agreeing(role: str, gold: Sequence[Filler], predicted: Sequence[Filler]) -> int:
    """The size of a maximum matching of agreeing fillers, by augmenting paths (Kuhn's algorithm).

    Taking the first that agrees is not enough: *Kyiv* may agree with two fillers by its text, one of which is
    all that another filler agrees with, by overlap.
    """
    partner: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j, filler in enumerate(predicted):
            if j in seen or not fillers_agree(role, gold[i], filler):
                continue
            seen.add(j)
            if j not in partner or place(partner[j], seen):
                partner[j] = i
                return True
        return False

    return sum(place(i, set()) for i in range(len(gold)))
