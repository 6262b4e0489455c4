"""The figures of an attack as one speaker gives them: launched, intercepted, hit, killed, injured, damaged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from warwire.model.attack_claims import Claim

FIGURES: Final = {
    "launched": "LAUNCH",
    "intercepted": "INTERCEPT",
    "hit": "STRIKE",
    "killed": "KILL",
    "injured": "INJURE",
    "damaged": "DAMAGE",
}
"""Names of figures and the event type whose count each is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How many: `min` to `max`, None for open or unknown, how that is meant, and the words of all mentions.

    `of` is what is counted (weapon, target, attack).
    """

    text: str
    min: int | None
    max: int | None
    bound: str | None
    of: str | None

    @property
    def is_known(self) -> bool:
        """Whether one of the ends is a number."""
        return self.min is not None or self.max is not None


def figure_of(claims: Iterable[Claim], type: str) -> Figure | None:
    """The leading figure of a type of event among claims of one speaker; None where none of them counts.

    Wholes go before parts (*including two children*), which alone are a least number. What one word counts apart,
    of other things or in other places, adds up (*killed two soldiers and three drivers*); otherwise its first count
    leads (*26, not 30*). Of several tellings the largest leads. The words of the others stay in `text`, parts after
    *of them*.
    """
    told = [claim for claim in claims if claim.type == type and claim.values.get("count")]
    if len(told) == 1:
        return _part(_figure(told[0])) if told[0].part else _figure(told[0])
    wholes: dict[str, list[Claim]] = {}
    parts = [_part(_figure(claim)) for claim in told if claim.part]
    for claim in told:
        if not claim.part:
            wholes.setdefault(claim.event.trigger, []).append(claim)
    if wholes:
        return _leading([_of_one_word(found) for found in wholes.values()], [part.text for part in parts])
    return _leading(parts, ()) if parts else None


def _of_one_word(claims: Sequence[Claim]) -> Figure:
    """The figure of the events of one trigger."""
    things: dict[tuple[tuple[str, ...], ...], Figure] = {}
    seen: set[tuple[str, ...]] = set()
    for claim in claims:
        if claim.event.fillers("count") in seen:
            continue
        seen.add(claim.event.fillers("count"))
        thing = tuple(claim.event.fillers(role) for role in ("target", "weapon", "place"))
        first, figure = things.get(thing), _figure(claim)
        things[thing] = figure if first is None else replace(first, text=f"{first.text}; {figure.text}")
    return _sum(list(things.values()))


def apart(left: Figure | None, right: Figure | None) -> bool:
    """Whether two figures exclude each other."""
    if left is None or right is None or not (left.is_known and right.is_known):
        return False
    return (left.max is not None and right.min is not None and left.max < right.min) or (
        right.max is not None and left.min is not None and right.max < left.min
    )


def _figure(claim: Claim) -> Figure:
    """The first count of a claim, with the words of all."""
    first = claim.values["count"][0]
    words = "; ".join(value["text"] for value in claim.values["count"])
    return Figure(words, first.get("min"), first.get("max"), first.get("bound"), first.get("of"))


def _part(figure: Figure) -> Figure:
    return replace(figure, text=f"of them {figure.text}", max=None, bound="at_least")


def _leading(figures: Sequence[Figure], parts: Sequence[str]) -> Figure:
    lead = max(figures, key=_size)
    texts = dict.fromkeys([lead.text, *(figure.text for figure in figures), *parts])
    return Figure("; ".join(texts), lead.min, lead.max, lead.bound, lead.of)


def _size(figure: Figure) -> tuple[int, int]:
    """By the least number first: *at least 40* is more than *up to 30*; an unread count is least."""
    low = figure.min if figure.min is not None else -1
    return low, figure.max if figure.max is not None else low


def _sum(figures: Sequence[Figure]) -> Figure:
    """Counts that one word has of different things, added end by end."""
    if len(figures) == 1 or not all(figure.is_known for figure in figures):
        return max(figures, key=_size) if len(figures) > 1 else figures[0]
    low = None if any(f.min is None for f in figures) else sum(f.min or 0 for f in figures)
    high = None if any(f.max is None for f in figures) else sum(f.max or 0 for f in figures)
    bounds = {figure.bound for figure in figures}
    bound = bounds.pop() if len(bounds) == 1 else "at_least" if high is None else "about" if low == high else "range"
    return Figure(" + ".join(figure.text for figure in figures), low, high, bound, figures[0].of)
