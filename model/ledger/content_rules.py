"""Rules about what happened: weapons, sides, targets, kinds of events, figures, and the text itself."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from warwire.model.attack_claims import same_attackers, same_weapons
from warwire.model.ledger.reports import PEOPLE, Report, Statement, head_of
from warwire.model.ledger.shingles import resemblance
from warwire.model.ledger.weights import Point, award

_COPY, _MUCH, _SOME = 0.6, 0.3, 0.12  # shares of shingles in common
_FAMILIES: Final = {
    "attack": frozenset({"LAUNCH", "STRIKE", "INTERCEPT"}),
    "fighting": frozenset({"CLASH", "CONTROL"}),
    "detention": frozenset({"DETAIN"}),
    "flight": frozenset({"DISPLACE"}),
}
_HARM: Final = frozenset({"KILL", "INJURE", "DAMAGE"})

# --- what happened ------------------------------------------------------------------------------------------------


def compare_weapons(left: Report, right: Report) -> Point | None:
    """One model, one class, classes that may name one weapon, or others."""
    models = left.models & right.models
    if models:
        return award("same model", " and ".join(sorted(models)))
    classes = left.weapons & right.weapons
    if classes and left.models and right.models:
        return award("weapons may be one", f"{_words(classes)}, but other models")
    if classes:
        return award("same weapon", _words(classes))
    same = same_weapons(left.weapons, right.weapons)
    if same is None:
        return None
    told = f"{_words(left.weapons)} and {_words(right.weapons)}"
    return award("weapons may be one", f"{told} may be one") if same else award("other weapons", told)


def _words(names: Iterable[str]) -> str:
    return " and ".join(sorted(name.replace("_", " ") for name in names))


def compare_sides(left: Report, right: Report) -> Point | None:
    """The attackers; parties that blame each other speak against, but may well tell of one incident."""
    same = same_attackers(left.attackers, right.attackers)
    if same is None:
        return None
    told = sorted({text for text, _ in (*left.agents, *right.agents)})
    if same:
        return award("same side", f"same side ({told[0]})" if told else "same side")
    return award("other side", f"other sides ({', '.join(told)})" if told else "other sides")


def compare_targets(left: Report, right: Report) -> Point | None:
    """What was hit, by the last words of its names; people tell no two incidents apart."""
    shared = left.targets & right.targets
    if shared:
        return award("same target", f"same target ({' and '.join(sorted(shared))})")
    if left.targets and right.targets:
        return award("other target", f"{' and '.join(sorted(left.targets))} or {' and '.join(sorted(right.targets))}")
    return None


def compare_kinds(left: Report, right: Report) -> Point | None:
    """Attacks, fighting, detention or flight; deaths and damage go with any of them."""
    ours, theirs = _families(left.kinds), _families(right.kinds)
    if ours & theirs:
        return award("same events", " and ".join(sorted(ours & theirs)))
    if ours and theirs:
        return award("other events", f"{' and '.join(sorted(ours))} or {' and '.join(sorted(theirs))}")
    if not ours and not theirs and left.kinds & right.kinds:
        return award("same events", " and ".join(sorted(kind.lower() for kind in left.kinds & right.kinds)))
    return None


@lru_cache(maxsize=1024)
def _families(kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name, members in _FAMILIES.items() if kinds & members)


# --- figures ------------------------------------------------------------------------------------------------------


def compare_figures(left: Report, right: Report) -> tuple[Point, ...]:
    """For each figure that both give, the pair that agrees best; no more than two agreements and one difference."""
    found: list[Point] = []
    for name in dict.fromkeys(statement.name for statement in left.statements):
        ours = [statement for statement in left.statements if statement.name == name]
        theirs = [statement for statement in right.statements if statement.name == name]
        pairs = [pair for one in ours for other in theirs if (pair := _pair_of_figures(one, other)) is not None]
        if pairs:
            found.append(max(pairs, key=lambda pair: (pair.value, pair.why)))
    found.sort(key=lambda pair: (-pair.value, pair.why))
    agree = [pair for pair in found if pair.value > 0][:2]
    return (*agree, *[pair for pair in found if pair.value <= 0][-1:])


def _pair_of_figures(one: Statement, other: Statement) -> Point | None:
    low, other_low = _least(one), _least(other)
    if low is None or other_low is None or one.part != other.part:
        return None
    if not counts_one_thing(one.what, other.what):
        return None
    told = f"{one.name} {one.text} and {other.text}"
    if one.min is not None and one.min == other.min and "vague" not in (one.bound, other.bound):
        return award("large figure" if low >= 10 else "figure" if low >= 3 else "small figure", told)
    if _overlap(one, other):
        return award("figures overlap", told)
    small, large = sorted((low, other_low))
    if large - small <= 2 or large <= 1.5 * small:
        return award("figures near", told)
    return award("figures far apart" if large > 4 * small and large - small > 10 else "figures apart", told)


def _least(statement: Statement) -> int | None:
    return statement.min if statement.min is not None else statement.max


def _overlap(one: Statement, other: Statement) -> bool:
    low = max(one.min or 0, other.min or 0)
    highs = [high for high in (one.max, other.max) if high is not None]
    return not highs or low <= min(highs)


_ANYONE: Final = "people"


def counts_one_thing(one: str, other: str) -> bool:
    """Whether two figures may count one thing, by the words for it: *people* and *civilians* may, *tanks* may not."""
    ours, theirs = thing_counted(one), thing_counted(other)
    return ours == theirs or not ours or not theirs


def thing_counted(words: str) -> str:
    """What a figure counts, one word for all people; empty where it does not say, and then it may be anything."""
    head = head_of(words)
    return _ANYONE if head in PEOPLE else head


# --- text and article ---------------------------------------------------------------------------------------------


def compare_texts(left: Report, right: Report) -> Point | None:
    """Text in common, of two articles."""
    if left.article == right.article:
        return None
    share = resemblance(left.sketch, right.sketch)
    if share < _SOME:
        return None
    rule = "copy" if share >= _COPY else "much text" if share >= _MUCH else "some text"
    return award(rule, f"{share:.0%} of the text in common")


def compare_articles(left: Report, right: Report) -> Point | None:
    """An article that tells two incidents speaks against their being one."""
    return award("one article", "one article tells them apart") if left.article == right.article else None
