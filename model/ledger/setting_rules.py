"""Rules about where and when: what two reports' places and times say about whether they tell of one incident."""

from datetime import date
from typing import Final

from warwire.model.ledger.location import Location, precise, relation
from warwire.model.ledger.reports import Report
from warwire.model.ledger.weights import Point, award

LONG: Final = 3
"""Days from which a time is a period and no longer the time of one incident."""

REPORTED_WITHIN: Final = 3
"""Days before publication in which an article that names no day is taken to place its incident."""

MISDATED: Final = 2
"""Days that two times may lie apart and still, with much else in common, be of one incident that one article dates
wrongly."""

_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# --- place --------------------------------------------------------------------------------------------------------


def compare_places(left: Report, right: Report) -> Point | None:
    """The best relation of any two places; of reports that name several, how many they share.

    Districts, towns and sites are compared with each other where both reports name some.
    """
    ours, theirs = precise(left.places), precise(right.places)
    if ours and theirs:
        return _towns(ours, theirs)
    best: Point | None = None
    for one in left.places:
        for other in right.places:
            found = _broad_pair(one, other)
            if found is not None and (best is None or found.value > best.value):
                best = found
    if best is not None and best.rule == "place within":
        return _inside(ours or theirs, right.places if ours else left.places) or best
    return best


def _inside(towns: tuple[Location, ...], outer: tuple[Location, ...]) -> Point | None:
    """Of a report that names several places, how many lie in the province that the other one names."""
    inside = sum(any(relation(town, place)[0] in {"within", "same"} for place in outer) for town in towns)
    if inside == len(towns):
        return None
    rule = "some of several places" if 2 * inside >= len(towns) else "few of several places"
    return award(rule, f"{inside} of {len(towns)} places lie in {' or '.join(place.name for place in outer)}")


def _towns(ours: tuple[Location, ...], theirs: tuple[Location, ...]) -> Point | None:
    pairs = [(relation(one, other), one, other) for one in ours for other in theirs]
    same = [(km, one, other) for (kind, km), one, other in pairs if kind == "same"]
    if same:
        km, one, other = min(same, key=lambda item: (item[0] or 0.0, item[1].name, item[2].name))
        shared, several = _shared(ours, theirs)
        if shared < several:
            rule = "some of several places" if 2 * shared >= several else "few of several places"
            return award(rule, f"{shared} of {several} places shared ({one.name})")
        if one.position is None and other.position is None:
            return award("same name, on no map", f"same name, on no map ({one.name})")
        apart = f", {km:.0f} km apart" if km and km >= 1 else ""
        return award("same place", f"same place ({one.name}{apart})")
    within = [(one, other) for (kind, _), one, other in pairs if kind == "within"]
    if within:
        one, other = min(within, key=lambda pair: (pair[0].name, pair[1].name))
        return award("place within", f"{one.name} and {other.name} lie in one another")
    near = [(km or 0.0, one, other) for (kind, km), one, other in pairs if kind == "near"]
    if near:
        km, one, other = min(near, key=lambda item: (item[0], item[1].name, item[2].name))
        return award("near place", f"places side by side ({one.name} and {other.name}, {km:.0f} km apart)")
    return None


def _shared(ours: tuple[Location, ...], theirs: tuple[Location, ...]) -> tuple[int, int]:
    """How many places of both reports have a like in the other, of how many; places side by side count once."""
    groups: list[list[Location]] = []
    for place in (*ours, *theirs):
        for group in groups:
            if any(relation(place, member)[0] in {"same", "near", "within"} for member in group):
                group.append(place)
                break
        else:
            groups.append([place])
    shared = sum(any(p in ours for p in group) and any(p in theirs for p in group) for group in groups)
    return shared, len(groups)


def _broad_pair(one: Location, other: Location) -> Point | None:
    kind, _ = relation(one, other)
    if kind == "same":
        if "country" in (one.grain, other.grain):
            return award("same country", f"same country ({one.name})")
        return award("same broad place", f"same region ({one.name})")
    inner, outer = (one, other) if other.broad else (other, one)
    if kind == "within":
        return award("place within", f"{inner.name} lies in {outer.name}")
    if kind == "country":
        return award("same country", f"same country ({inner.name} and {outer.name})")
    return None


# --- time ---------------------------------------------------------------------------------------------------------


def compare_times(left: Report, right: Report) -> Point | None:
    """Days that overlap or lie near; where one report tells no day, whether the other's fits its publication."""
    ours, theirs = left.days, right.days
    if ours and theirs:
        return _days(ours, theirs)
    if ours or theirs:
        days, dateless = (ours, right) if ours else (theirs, left)
        if days and dateless.published is not None and _fits(days, dateless.published):
            return award("day fits publication", f"no day told, published {_after(days[1], dateless.published)}")
        return _weekdays(days, dateless.weekdays) if days and dateless.weekdays else None
    if left.published is not None and right.published is not None:
        gap = abs(left.published - right.published)
        if gap <= 1:
            return award("published together", f"no day told, published {'a day apart' if gap else 'on one day'}")
        if gap <= REPORTED_WITHIN:
            return award("published near", f"no day told, published {gap} days apart")
    return None


def _days(ours: tuple[int, int], theirs: tuple[int, int]) -> Point | None:
    gap = _gap(ours, theirs)
    if gap > 0:
        return award("next day", "a day apart") if gap == 1 else award("two days apart", f"{gap} days apart")
    if _is_long(ours) != _is_long(theirs):
        return award("day within period", "the day lies in the other's period")
    if _is_long(ours):
        return award("day within period", "periods overlap")
    if ours == theirs:
        return award("same day", ("same day", "same night", "same days")[ours[1] - ours[0]])
    return award("overlapping days", "a day and a night that overlap")


def _weekdays(days: tuple[int, int], told: frozenset[str]) -> Point | None:
    """The days of one report beside the weekday that the other names without a date to count from."""
    if _is_long(days):
        return None
    if {_WEEK[date.fromordinal(day).weekday()] for day in range(days[0], days[1] + 1)} & {day[:3] for day in told}:
        return award("same weekday", "same weekday, no date of publication")
    return award("other weekday", "other weekday")


def _gap(ours: tuple[int, int], theirs: tuple[int, int]) -> int:
    """Days between two times, 0 or less where they overlap."""
    return max(ours[0] - theirs[1], theirs[0] - ours[1])


def _is_long(days: tuple[int, int]) -> bool:
    return days[1] - days[0] >= LONG


def _fits(days: tuple[int, int], published: int) -> bool:
    return days[0] <= published and days[1] >= published - REPORTED_WITHIN


def _after(day: int, published: int) -> str:
    days = published - day
    return "the same day" if days <= 0 else "a day later" if days == 1 else f"{days} days later"


# --- vetoes -------------------------------------------------------------------------------------------------------


def are_two_places(left: Report, right: Report) -> bool:
    """Whether every place of one is apart from every place of the other; precise ones where both have some."""
    ours, theirs = precise(left.places), precise(right.places)
    if not ours or not theirs:
        ours, theirs = left.places, right.places
    return bool(ours and theirs) and all(relation(a, b)[0] == "apart" for a in ours for b in theirs)


def are_two_days(left: Report, right: Report) -> bool:
    """Whether the times lie further apart than a wrong date explains, or a day does not fit the other's publication."""
    if left.days and right.days:
        return _gap(left.days, right.days) > MISDATED
    days, dateless = (left.days, right) if left.days else (right.days, left)
    if days:
        return dateless.published is not None and not _fits(days, dateless.published)
    if left.published is not None and right.published is not None:
        return abs(left.published - right.published) > REPORTED_WITHIN
    return False
