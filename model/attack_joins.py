"""Which claims of an article tell of one attack: a table of rules that join, and a table of vetoes that keep apart.

The rules run from the surest to the least sure. Each proposes pairs of claims; the groups that the two stand in are
joined unless a veto speaks against it. A veto looks at everything that the two groups say, so that nothing is joined
by way of a third claim that could not be joined directly.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from warwire.model.attack_claims import ON_TOP, RESULTS, Claim, Party, same_attackers, same_weapons
from warwire.model.attack_places import Spot, same_places

_LONG: Final = 7  # days from which a time is a period (*since February*) and no day of one attack
_SENTENCES_BACK: Final = 2
_PARAGRAPHS_BACK: Final = 2
_CLOSE: Final = 3  # sentences
_NOT_SMALL: Final = 5  # a smaller figure is repeated by chance
_CLAIMS_BACK: Final = 4  # of a sentence before

Pairs = Iterator[tuple[Claim, Claim]]


@dataclass(frozen=True, slots=True)
class Group:
    """All that the claims of one attack say together, and the names of the rules that joined them.

    `first` is the offset of the first claim, `another` that of the first that is said to be another attack; `told`
    holds type, speakers and range of each whole figure.
    """

    mood: str
    kinds: frozenset[str]
    first: int
    another: int | None
    days: frozenset[tuple[int, int]]
    weekdays: frozenset[str]
    spots: frozenset[Spot]
    weapons: frozenset[str]
    attackers: frozenset[Party]
    told: frozenset[tuple[str, tuple[str, ...], int, int | None]]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Veto:
    """What keeps two groups apart: `says` for the reader, `holds` for the pair, earlier group first."""

    name: str
    says: str
    holds: Callable[[Group, Group], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What joins two claims: `pairs` proposes, earlier claim first; `waives` names vetoes that it overrules.

    A rule puts a claim with one earlier claim, the first proposed that no veto keeps it from.
    `needs` are respects (`place`, `day`) in which the two groups have to be the same and not only not different.
    """

    name: str
    says: str
    pairs: Callable[[Sequence[Claim]], Pairs]
    waives: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Attack:
    """The claims of one attack in the order of the text, and the names of the rules that joined them, surest first."""

    claims: tuple[Claim, ...]
    rules: tuple[str, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Which of LAUNCH, STRIKE, INTERCEPT, CLASH and the results are told."""
        return frozenset(claim.type for claim in self.claims)


def join_claims(claims: Sequence[Claim]) -> list[Attack]:
    """The attacks that claims (in the order of the text) tell of; each claim is in exactly one.

    Groups of results or of ground fighting alone are among them.
    """
    groups = {claim.event.id: _group_of(claim) for claim in claims}
    members = {claim.event.id: [claim] for claim in claims}
    home = {claim.event.id: claim.event.id for claim in claims}
    for rule in RULES if len(claims) > 1 else ():
        settled: set[str] = set()  # claims that this rule has put with an earlier one
        for left, right in rule.pairs(claims):
            ours, theirs = home[left.event.id], home[right.event.id]
            if right.event.id in settled or (ours != theirs and not _may_join(groups[ours], groups[theirs], rule)):
                continue
            settled.add(right.event.id)
            if ours == theirs:
                continue
            if len(members[ours]) < len(members[theirs]):
                ours, theirs = theirs, ours
            groups[ours] = _joined(groups[ours], groups.pop(theirs), rule.name)
            for claim in members.pop(theirs):
                home[claim.event.id] = ours
                members[ours].append(claim)
    order = {rule.name: i for i, rule in enumerate(RULES)}
    found = [
        Attack(tuple(sorted(members[id], key=attrgetter("offset"))), tuple(sorted(group.rules, key=order.__getitem__)))
        for id, group in groups.items()
    ]
    return sorted(found, key=lambda attack: attack.claims[0].offset)


def same_days(left: Group, right: Group) -> bool | None:
    """Whether two groups are of one night or day: True, False, or None where one gives no time."""
    if left.days and right.days:
        ours, theirs = [_is_long(days) for days in left.days], [_is_long(days) for days in right.days]
        if all(ours) != all(theirs):
            return False
        return all(a[0] <= b[1] and b[0] <= a[1] for a in left.days for b in right.days)
    if left.weekdays and right.weekdays and not (left.days or right.days):
        return bool(left.weekdays & right.weekdays)
    if any(map(_is_long, left.days)) or any(map(_is_long, right.days)):
        return False
    return None


def _is_long(days: tuple[int, int]) -> bool:
    return days[1] - days[0] > _LONG


def _group_of(claim: Claim) -> Group:
    figures = _figures(claim) if claim.type != "STRIKE" else ()
    return Group(
        mood=claim.mood,
        kinds=frozenset({claim.kind} if claim.kind else ()),
        first=claim.offset,
        another=claim.offset if claim.another else None,
        days=frozenset({claim.days} if claim.days else ()),
        weekdays=claim.weekdays,
        spots=frozenset(claim.spots),
        weapons=claim.weapons,
        attackers=claim.attackers,
        told=frozenset([(claim.type, claim.speakers, low, high) for low, high in figures]),
    )


def _joined(left: Group, right: Group, rule: str) -> Group:
    return Group(
        mood=left.mood,
        kinds=left.kinds | right.kinds,
        first=min(left.first, right.first),
        another=min((offset for offset in (left.another, right.another) if offset is not None), default=None),
        days=left.days | right.days,
        weekdays=left.weekdays | right.weekdays,
        spots=left.spots | right.spots,
        weapons=left.weapons | right.weapons,
        attackers=left.attackers | right.attackers,
        told=left.told | right.told,
        rules=tuple(dict.fromkeys((*left.rules, *right.rules, rule))),
    )


def _may_join(left: Group, right: Group, rule: Rule) -> bool:
    if right.first < left.first:
        left, right = right, left
    if "place" in rule.needs and not same_places(left.spots, right.spots):
        return False
    if "day" in rule.needs and not same_days(left, right):
        return False
    return not any(holds(left, right) for holds in _VETOES_OF[rule.name])


# --- vetoes -------------------------------------------------------------------------------------------------------


def _is_another(left: Group, right: Group) -> bool:
    """The later group has words that set it apart from what was told before it."""
    return right.another is not None and left.first < right.another


def _figures_exclude(left: Group, right: Group) -> bool:
    """One speaker gives two whole figures for one thing that cannot both be right."""
    return any(
        (type, speakers) == (other_type, others)
        and ((high is not None and high < other_low) or (other_high is not None and other_high < low))
        for type, speakers, low, high in left.told
        for other_type, others, other_low, other_high in right.told
    )


VETOES: Final = (
    Veto("status", "denied and planned events never join told ones", lambda a, b: a.mood != b.mood),
    Veto("kind", "an attack from a distance is no ground fighting", lambda a, b: len(a.kinds | b.kinds) > 1),
    Veto("day", "two days or nights, or a day and a long period", lambda a, b: same_days(a, b) is False),
    Veto("place", "two towns", lambda a, b: same_places(a.spots, b.spots) is False),
    Veto("weapon", "weapons that are no names of one", lambda a, b: same_weapons(a.weapons, b.weapons) is False),
    Veto("agent", "two attackers", lambda a, b: same_attackers(a.attackers, b.attackers) is False),
    Veto("another", "*a second attack*, *a similar strike*: said to be another one", _is_another),
    Veto("figure", "one speaker, two figures for one thing that exclude each other", _figures_exclude),
)


# --- rules --------------------------------------------------------------------------------------------------------


def _parts(claims: Sequence[Claim]) -> Pairs:
    by_event = {claim.event.id: claim for claim in claims}
    for claim in claims:
        for count in claim.values.get("count", ()):
            whole = by_event.get(count.get("part_of") or "")
            if whole is not None:
                yield whole, claim


def _one_trigger(claims: Sequence[Claim]) -> Pairs:
    first: dict[str, Claim] = {}
    for claim in claims:
        yield first.setdefault(claim.event.trigger, claim), claim


def _results(claims: Sequence[Claim]) -> Pairs:
    """An interception is the cause only where there is no other, and nobody who did it (*debris killed two*)."""
    for sentence in _sentences(claims):
        causes = [claim for claim in sentence if claim.type not in RESULTS]
        hits = [cause for cause in causes if cause.type != "INTERCEPT"]
        for result in (claim for claim in sentence if claim.type in RESULTS):
            near = sorted(
                hits or (causes if not result.attackers else ()),
                key=lambda cause: (abs(cause.offset - result.offset), cause.offset),
            )
            yield from ((cause, result) for cause in near[:1])


def _neighbours(claims: Sequence[Claim]) -> Pairs:
    for sentence in _sentences(claims):
        for i, claim in enumerate(sentence):
            for earlier in reversed(sentence[max(0, i - _CLAIMS_BACK) : i]):
                if not _destroys_apart(earlier, claim):
                    yield earlier, claim


def _destroys_apart(left: Claim, right: Claim) -> bool:
    """*destroyed three launchers and shot down a drone*: who destroys on the ground does not intercept."""
    return {left.type, right.type} == {"INTERCEPT", "DAMAGE"} and bool(left.attackers | right.attackers)


def _one_place_and_day(claims: Sequence[Claim]) -> Pairs:
    last: dict[tuple[str, int | str], Claim] = {}
    for claim in claims:
        days = range(claim.days[0], claim.days[1] + 1) if claim.days and not _is_long(claim.days) else ()
        for spot in claim.spots:
            for day in (*days, *(claim.weekdays if not claim.days else ())):
                earlier = last.get((spot.key, day))
                last[spot.key, day] = claim
                if earlier is not None:
                    yield earlier, claim


def _repeats(claims: Sequence[Claim]) -> Pairs:
    last: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        for spot in claim.spots:
            earlier = last.get((claim.type, spot.key))
            last[claim.type, spot.key] = claim
            if earlier is not None and _repeats_more_than_the_place(earlier, claim):
                yield earlier, claim


def _repeats_more_than_the_place(left: Claim, right: Claim) -> bool:
    figures, others = _figures(left), _figures(right)
    if figures and others:
        return bool(figures & others)
    return (
        right.definite
        or right.at.sentence - left.at.sentence <= _CLOSE
        or same_attackers(left.attackers, right.attackers) is True
        or same_weapons(left.weapons, right.weapons) is True
    )


def _one_figure(claims: Sequence[Claim]) -> Pairs:
    last: dict[tuple[str, tuple[int, int | None]], Claim] = {}
    for claim in claims:
        for figure in _figures(claim):
            earlier = last.get((claim.type, figure))
            last[claim.type, figure] = claim
            if earlier is not None and figure[0] > 1 and _counts_the_same(earlier, claim, figure[0]):
                yield earlier, claim


def _counts_the_same(left: Claim, right: Claim, number: int) -> bool:
    """The same word for what is counted; where one has none, a number that is not small, or a headline's."""
    role = "weapon" if left.type in {"LAUNCH", "INTERCEPT"} else "target"
    ours, theirs = _names(left, role), _names(right, role)
    if ours and theirs:
        return bool(ours & theirs)
    return number >= _NOT_SMALL or left.at.headline


def _next_sentence(claims: Sequence[Claim]) -> Pairs:
    """Each claim with those of the sentences before it, nearest first, where it adds to what they tell.

    A result whose cause is in its sentence goes where the cause goes.
    """
    sentences = list(_sentences(claims))
    for i, sentence in enumerate(sentences):
        caused = any(claim.type not in RESULTS and claim.type != "INTERCEPT" for claim in sentence)
        for claim in sentence if i else ():
            if caused and claim.type in RESULTS:
                continue
            for earlier in _before(sentences, i, claim):
                if _adds(earlier, claim):
                    yield earlier, claim


def _before(sentences: list[list[Claim]], i: int, claim: Claim) -> Iterator[Claim]:
    for sentence in reversed(sentences[max(0, i - _SENTENCES_BACK) : i]):
        for earlier in reversed(sentence[-_CLAIMS_BACK:]):
            near = claim.at.paragraph - earlier.at.paragraph <= _PARAGRAPHS_BACK
            if near and (claim.at.section == earlier.at.section or earlier.at.headline):
                yield earlier


def _adds(earlier: Claim, claim: Claim) -> bool:
    """Whether a claim adds to an earlier one: told of the same place, pointing back, or with no place of its own.

    A claim with a time of its own adds to one without only where that is the headline. One without a place adds
    within its paragraph, or from one paragraph of a single sentence to the next.
    """
    headline = earlier.at.headline and not claim.at.headline
    if not headline and claim.values.get("time") and not earlier.values.get("time"):
        return False
    if claim.definite:
        return True
    if same_places(earlier.spots, claim.spots):
        return not claim.carried or claim.kind is None or claim.type == "INTERCEPT" or _one_hand(earlier, claim)
    follows = claim.at.paragraph == earlier.at.paragraph or earlier.at.alone
    points_back = claim.type in RESULTS or claim.type == "INTERCEPT" or headline
    return follows and points_back and not claim.spots


def _one_hand(earlier: Claim, claim: Claim) -> bool:
    """A weapon or an attacker in common, or neither named."""
    if not claim.values.get("weapon") and not claim.values.get("agent"):
        return True
    common = _names(earlier, "weapon") & _names(claim, "weapon")
    return bool(common) or same_attackers(earlier.attackers, claim.attackers) is True


def _names(claim: Claim, role: str) -> set[str]:
    """The last words of the fillers of a role."""
    return {value["text"].split()[-1].casefold() for value in claim.values.get(role, ()) if value["text"].split()}


def _sentences(claims: Sequence[Claim]) -> Iterable[list[Claim]]:
    found: dict[int, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.at.sentence, []).append(claim)
    return found.values()


def _figures(claim: Claim) -> set[tuple[int, int | None]]:
    """Ranges of a claim's whole counts; those of a part, or on top (*another 73*), say nothing about the attack."""
    known = (c for c in claim.values.get("count", ()) if c.get("min") is not None and not ON_TOP.match(c["text"]))
    return set() if claim.part else {(c["min"], c["max"]) for c in known}


_ALL_BUT_STATUS: Final = frozenset(veto.name for veto in VETOES) - {"status"}
_FIGURE: Final = frozenset({"figure"})

RULES: Final = (
    Rule("part", "*11 of them*: a part belongs to the attack of its whole", _parts, _ALL_BUT_STATUS),
    Rule("one trigger", "*fired 40 drones and 7 missiles*: two events of one word", _one_trigger, _ALL_BUT_STATUS),
    Rule(
        "result",
        "killed, injured, damaged: to the nearest attack of the sentence",
        _results,
        _FIGURE | {"weapon", "another"},
    ),
    Rule("one sentence", "events of one sentence that nothing keeps apart", _neighbours, _FIGURE),
    Rule(
        "place and day",
        "the same place on the same night or day, anywhere in the article",
        _one_place_and_day,
        needs=frozenset({"place", "day"}),
    ),
    Rule(
        "repeat",
        "the same kind of event in the same place, near by or with a weapon, agent, figure or *the* in common",
        _repeats,
        needs=frozenset({"place"}),
    ),
    Rule("figure", "the same figure, above one, for the same kind of event: headline and body", _one_figure),
    Rule("next sentence", "what adds to the sentences before: the same place, *the attack*, no place", _next_sentence),
)
"""The rules in the order in which they run."""

_VETOES_OF: Final = {rule.name: [veto.holds for veto in VETOES if veto.name not in rule.waives] for rule in RULES}
