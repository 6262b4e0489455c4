"""Reports to incidents: agglomerative grouping with vetoes.

The two groups whose reports agree best are joined first, again and again, until no two groups agree well enough. How
well two groups agree is the mean score over all pairs of a report of one and a report of the other, so a report that
fits one member and no other does not join; and a veto between any two reports keeps their groups apart, so two
incidents are never chained through a vague report that would fit both. Where a group would fit two others about
equally well that cannot be one incident, it stays by itself and names both: nothing is picked for the reader.

The order in which reports come is of no matter: they are put in order first, and ties go by that order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final

from warwire.model.ledger.blocking import candidate_pairs
from warwire.model.ledger.reports import Report
from warwire.model.ledger.similarity import MIN_SCORE, Match, compare, may_be_one

UNDECIDED: Final = 0.3
"""A group stays by itself where two others that cannot be one incident fit it with mean scores no further apart."""

COMPARED: Final = 32
"""Reports of a group, spread evenly over it, that stand for it where two groups are large."""

_MOST_NAMED: Final = 5


Progress = Callable[[str, int], None]
_VETOED: Final = 1000.0  # a vetoed pair ties two reports only where no other does


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept of the comparison of two reports."""

    score: float
    veto: str | None
    copied: bool


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well two groups agree; `why` says what keeps them apart, empty where nothing does."""

    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Link:
    """Why a report stands with another one of its incident; `one` and `other` are keys of reports."""

    one: str
    other: str
    match: Match


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another incident that may be the same, by its number; `why` says what kept the two apart."""

    incident: int
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Reports of one incident, in the order of publication; `links` (one fewer than reports) say what joins them."""

    number: int
    reports: tuple[Report, ...]
    links: tuple[Link, ...]
    neighbours: tuple[Neighbour, ...]


def group_reports(
    reports: Iterable[Report], min_score: float = MIN_SCORE, progress: Progress | None = None
) -> list[Incident]:
    """The incidents that reports tell of, by day and place; every report is in exactly one.

    Args:
        reports: in any order, with keys of their own.
        min_score: mean score from which two groups are joined.
        progress: called now and then with what is being done and how many of the reports it has been done for.

    Raises:
        ValueError: two reports have one key.
    """
    ordered = sorted(reports, key=_order)
    if len({report.key for report in ordered}) < len(ordered):
        raise ValueError("two reports have one key")
    copies = _copies(ordered)
    firsts = sorted(copies)
    grouping = _Grouping([ordered[i] for i in firsts], min_score)
    grouping.run(progress)
    groups = {
        root: [ordered[i] for i in sorted(copy for member in members for copy in copies[firsts[member]])]
        for root, members in grouping.members.items()
    }
    roots = sorted(groups, key=lambda root: _incident_order(groups[root]))
    numbers = {root: number for number, root in enumerate(roots, 1)}
    return [
        Incident(numbers[root], tuple(groups[root]), links_of(groups[root]), grouping.neighbours(root, numbers))
        for root in roots
    ]


def links_of(reports: Sequence[Report]) -> tuple[Link, ...]:
    """For the reports of one incident, the surest pairs that tie all of them together (a maximum spanning tree)."""
    waiting = dict.fromkeys(range(1, len(reports)))
    best: dict[int, tuple[float, int]] = {}
    links: list[Link] = []
    newest = 0
    large = frozenset(_spread(range(len(reports)))) if len(reports) > 2 * COMPARED else None
    while waiting:
        if large is None or newest in large or not best:
            for i in waiting:
                match = compare(reports[newest], reports[i])
                score = match.score if match.veto is None else match.score - _VETOED
                if i not in best or score > best[i][0]:
                    best[i] = score, newest
        i = max(waiting, key=lambda i: (best[i][0], -i))
        del waiting[i]
        one, other = sorted((best[i][1], i))
        links.append(Link(reports[one].key, reports[other].key, compare(reports[one], reports[other])))
        newest = i
    return tuple(sorted(links, key=lambda link: (link.other, link.one)))


def _order(report: Report) -> tuple[int, int, str]:
    return report.published or 0, report.day or 0, report.key


def _incident_order(reports: Sequence[Report]) -> tuple[int, str, str]:
    """By day, place and key; incidents without a day come last."""
    days = [report.days[0] for report in reports if report.days] or [r.published for r in reports if r.published]
    places = [place for report in reports for place in report.places]
    name = min((place.name for place in places if not place.broad), default=min((p.name for p in places), default="~"))
    return min(days, default=4_000_000), name, min(report.key for report in reports)


def _copies(reports: Sequence[Report]) -> dict[int, list[int]]:
    """Positions of the reports that are compared, each with those that say the very same; one article's never are."""
    first: dict[tuple[object, ...], int] = {}
    copies: dict[int, list[int]] = {}
    articles: dict[int, set[str]] = {}
    for i, report in enumerate(reports):
        figures = tuple((s.name, s.speaker, s.text, s.part) for s in report.statements)
        week = (report.published or 0) // 7
        same = (report.sketch, report.days, report.places, report.kinds, report.weapons, report.mood, figures, week)
        at = first.setdefault(same, i) if report.sketch else i
        if at != i and report.article in articles[at]:
            at = i
        copies.setdefault(at, []).append(i)
        articles.setdefault(at, set()).add(report.article)
    return copies


class _Grouping:
    """Groups of positions in a sequence of reports, and how well each fits its neighbours."""

    def __init__(self, reports: Sequence[Report], min_score: float) -> None:
        self._reports = reports
        self._min_score = min_score
        self.members = {i: [i] for i in range(len(reports))}
        self._fits: dict[int, dict[int, _Fit]] = {i: {} for i in range(len(reports))}
        self._known: dict[tuple[int, int], _Known] = {}
        self._heap: list[tuple[float, int, int]] = []

    def run(self, progress: Progress | None = None) -> None:
        """Join until no two groups fit."""
        self._score_candidates(progress)
        heapify(self._heap)
        while self._heap:
            score, one, other = heappop(self._heap)
            fit = self._fits.get(one, {}).get(other)
            if fit is None or fit.why or fit.score != -score:
                continue
            undecided = self._undecided(one, other, fit) or self._undecided(other, one, fit)
            if undecided is None:
                self._join(one, other)
            else:
                self._set_aside(undecided)

    def neighbours(self, root: int, numbers: Mapping[int, int]) -> tuple[Neighbour, ...]:
        """The groups that one report of a group would have fitted, best first."""
        found = [Neighbour(numbers[other], fit.score, fit.why) for other, fit in self._fits[root].items()]
        return tuple(sorted(found, key=lambda near: (-near.score, near.incident))[:_MOST_NAMED])

    def _score_candidates(self, progress: Progress | None) -> None:
        for number, (i, j) in enumerate(candidate_pairs(self._reports)):
            if progress is not None and not number % 2048:
                progress("comparing reports", i)
            if j in self._fits[i] or not may_be_one(self._reports[i], self._reports[j]):
                continue
            match = compare(self._reports[i], self._reports[j])
            if match.veto is None and match.score >= self._min_score:
                self._known[i, j] = _known(match)
                self._set_fit(i, j, _Fit(match.score, ""))

    def _set_fit(self, one: int, other: int, fit: _Fit) -> None:
        self._fits[one][other] = self._fits[other][one] = fit
        if not fit.why:
            heappush(self._heap, (-fit.score, min(one, other), max(one, other)))

    def _undecided(self, group: int, chosen: int, fit: _Fit) -> int | None:
        """The group, where another one fits it as well that is not one with the chosen."""
        size = len(self.members[group])
        for other, rival in sorted(self._fits[group].items()):
            if other == chosen or rival.why or rival.score < fit.score - UNDECIDED:
                continue
            if size <= min(len(self.members[other]), len(self.members[chosen])) and self._agreement(other, chosen).why:
                return group
        return None

    def _set_aside(self, group: int) -> None:
        for other, fit in tuple(self._fits[group].items()):
            if not fit.why:
                self._set_fit(group, other, _Fit(fit.score, "fits this one and another about equally well"))

    def _join(self, one: int, other: int) -> None:
        self.members[one] = sorted((*self.members[one], *self.members.pop(other)))
        around = {**self._fits.pop(other), **self._fits[one]}
        self._fits[one] = {}
        for third in sorted(around):
            if third in (one, other):
                continue
            self._fits[third].pop(other, None)
            self._set_fit(one, third, self._agreement(one, third))

    def _agreement(self, one: int, other: int) -> _Fit:
        """The mean score of two groups, and why they are not joined; a veto on the day does not hold for a copy."""
        ours, theirs = _spread(self.members[one]), _spread(self.members[other])
        pairs = {(i, j): self._match(i, j) for i in ours for j in theirs}
        copies = {i for (i, _), known in pairs.items() if known.copied}
        copies |= {j for (_, j), known in pairs.items() if known.copied}
        counted = [
            known for (i, j), known in pairs.items() if known.veto != "two days" or not (i in copies or j in copies)
        ]
        score = sum(known.score for known in counted) / len(counted)
        veto = min((known.veto for known in counted if known.veto is not None), default=None)
        if veto is not None:
            return _Fit(score, f"reports of the two exclude each other: {veto}")
        return _Fit(score, "" if score >= self._min_score else f"too little in common on average ({score:.1f} points)")

    def _match(self, i: int, j: int) -> _Known:
        pair = (i, j) if i < j else (j, i)
        if pair not in self._known:
            self._known[pair] = _known(compare(self._reports[pair[0]], self._reports[pair[1]]))
        return self._known[pair]


def _known(match: Match) -> _Known:
    return _Known(match.score, match.veto, match.is_copy)


def _spread(members: Sequence[int]) -> Sequence[int]:
    """All members of a group, of a large one some that lie evenly over it, the first and the last among them."""
    if len(members) <= COMPARED:
        return members
    return [members[round(i * (len(members) - 1) / (COMPARED - 1))] for i in range(COMPARED)]
