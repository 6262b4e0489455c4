"""How well the ledger finds which reports tell of one incident, and how its cost grows.

    python -m warwire.evaluate.benchmarks.ledger
    python -m warwire.evaluate.benchmarks.ledger --seed 7 --theatres ukraine,syria,yemen
    python -m warwire.evaluate.benchmarks.ledger --sizes 1000,10000,100000

The archive is made up (`ledger_archive`). Pairwise scores are over all pairs of reports, B-cubed ones over reports.
By kind: over the pairs of which at least one report is told so (a *copy*, a *vague place*), or of which at least one
incident stands in such a setting (*successive days*). Baselines: reports with the same place name and the same day
(that of publication where none is told), and those where the names are the same and the days no more than one apart,
chained.

The weights of the rules were chosen with `--seed 1 --theatres ukraine,syria,yemen`; the defaults are other places.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from rich.console import Console
from rich.table import Table

from warwire.evaluate.benchmarks.ledger_archive import Told, make_archive
from warwire.evaluate.counts import Counts
from warwire.model.ledger.grouping import group_reports
from warwire.model.ledger.reports import Report, incidents_of, reports_of
from warwire.model.ledger.similarity import MIN_SCORE

SEED: Final = 2024
THEATRES: Final = "sudan,congo,iraq,afghanistan"

Grouping = Callable[[Sequence[Report]], list[list[str]]]


@dataclass(frozen=True)
class Labelled:
    """A report with the incident that it tells of, how it is told, and in what setting the incident stands."""

    report: Report
    incident: int
    kinds: frozenset[str]


@dataclass(frozen=True)
class Scores:
    """Pairwise counts, and B-cubed precision and recall."""

    pairs: Counts
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """B-cubed F1."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def labelled_reports(archive: Iterable[Told], settings: dict[int, str]) -> list[Labelled]:
    """The reports of the archive's articles that tell of a known incident: that of most of their events."""
    found = []
    for told in archive:
        spans = told.document.span_by_id()
        reports = reports_of(told.document)
        for report, events in zip(reports, incidents_of(told.document), strict=True):
            at = [told.incident_at(spans[event.trigger].start) for event in events]
            votes = Counter(vote for vote in at if vote is not None)
            if votes:
                incident = votes.most_common(1)[0][0][0]
                told_so = {how for other, how in votes if other == incident}
                found.append(Labelled(report, incident, frozenset({*told_so, settings[incident]})))
    return found


def ledger(reports: Sequence[Report]) -> list[list[str]]:
    """Keys of reports by incident, as the ledger groups them."""
    return [[report.key for report in incident.reports] for incident in group_reports(reports)]


def same_name_and_day(reports: Sequence[Report]) -> list[list[str]]:
    """The first baseline."""
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    for report in reports:
        place = report.places[0].key if report.places else report.key
        groups[place, report.day].append(report.key)
    return list(groups.values())


def same_name_and_a_day_apart(reports: Sequence[Report]) -> list[list[str]]:
    """The second baseline: single links."""
    by_place: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        by_place[report.places[0].key if report.places else report.key].append(report)
    groups: list[list[str]] = []
    for members in by_place.values():
        last: int | None = None
        for report in sorted(members, key=lambda report: (report.day or 0, report.key)):
            day = report.day or 0
            if last is None or day - last > 1:
                groups.append([])
            groups[-1].append(report.key)
            last = day
    return groups


METHODS: Final[dict[str, Grouping]] = {
    "ledger": ledger,
    "same place name, same day": same_name_and_day,
    "same place name, within a day": same_name_and_a_day_apart,
}


def score(labelled: Sequence[Labelled], groups: Iterable[Sequence[str]], kind: str | None = None) -> Scores:
    """Scores of a grouping; with a kind, of the pairs and reports of that kind alone."""
    group_of = {key: number for number, keys in enumerate(groups) for key in keys}
    cells = Counter((item.incident, group_of[item.report.key]) for item in labelled)
    gold, found = Counter[int](), Counter[int]()
    for (incident, group), number in cells.items():
        gold[incident] += number
        found[group] += number
    if kind is None:
        pairs = Counts(*(sum(n * (n - 1) // 2 for n in counter.values()) for counter in (cells, found, gold)))
        chosen = list(labelled)
    else:
        chosen = [item for item in labelled if kind in item.kinds]
        pairs = _pairs_with(labelled, group_of, kind)
    shared = [cells[item.incident, group_of[item.report.key]] for item in chosen]
    precision = sum(n / found[group_of[item.report.key]] for n, item in zip(shared, chosen, strict=True))
    recall = sum(n / gold[item.incident] for n, item in zip(shared, chosen, strict=True))
    return Scores(pairs, precision / max(len(chosen), 1), recall / max(len(chosen), 1))


def _pairs_with(labelled: Sequence[Labelled], group_of: dict[str, int], kind: str) -> Counts:
    """Pairs of which one is of a kind, by walking through the incidents and the groups that hold one."""
    right = 0
    totals = []
    for key_of in (lambda item: group_of[item.report.key], lambda item: item.incident):
        members: defaultdict[int, list[Labelled]] = defaultdict(list)
        for item in labelled:
            members[key_of(item)].append(item)
        total = right = 0
        for group in members.values():
            for one, other in combinations(group, 2):
                if kind in one.kinds or kind in other.kinds:
                    total += 1
                    same = group_of[one.report.key] == group_of[other.report.key]
                    right += same and one.incident == other.incident
        totals.append(total)
    return Counts(right, *totals)


def clones(reports: Sequence[Report], size: int) -> list[Report]:
    """So many reports: the same again and again, 90 days later each time."""
    found = []
    for number in range(size):
        report, later = reports[number % len(reports)], 90 * (number // len(reports))
        days = report.days and (report.days[0] + later, report.days[1] + later)
        published = report.published and report.published + later
        name = f"{report.article}-{later}"
        found.append(replace(report, key=f"{name}#{report.key}", article=name, days=days, published=published))
    return found


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--theatres", default=THEATRES, help="names of ledger_wording.THEATRES, separated by commas")
    parser.add_argument("--incidents", type=int, default=240)
    parser.add_argument("--sizes", default="", help="numbers of reports to measure the time of grouping for")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    archive, settings = make_archive(options.seed, options.theatres.split(","), options.incidents)
    start = time.process_time()
    labelled = labelled_reports(archive, settings)
    milliseconds = 500 * (time.process_time() - start) / len(archive)  # read twice
    reports = [item.report for item in labelled]
    told = len({item.incident for item in labelled})
    console.print(
        f"seed {options.seed}, {options.theatres}: {told} incidents, {len(archive)} articles, {len(reports)} reports, "
        f"smallest score {MIN_SCORE}; {milliseconds:.1f} ms an article to read reports from"
    )
    grouped = {name: method(reports) for name, method in METHODS.items()}
    console.print(_overall(labelled, grouped))
    console.print(_by_kind(labelled, grouped))
    if options.sizes:
        console.print(_times(reports, [int(size) for size in options.sizes.split(",")]))


def _overall(labelled: Sequence[Labelled], grouped: dict[str, list[list[str]]]) -> Table:
    table = Table("grouping", title="All reports", title_justify="left")
    for column in ("groups", "pairwise P", "R", "F1", "B-cubed P", "R", "F1"):
        table.add_column(column, justify="right")
    for name, groups in grouped.items():
        scores = score(labelled, groups)
        pairs = scores.pairs
        figures = (pairs.precision, pairs.recall, pairs.f1, scores.precision, scores.recall, scores.f1)
        table.add_row(name, str(len(groups)), *(f"{figure:.3f}" for figure in figures))
    return table


def _by_kind(labelled: Sequence[Labelled], grouped: dict[str, list[list[str]]]) -> Table:
    table = Table("kind", title="Pairwise, by kind of report and by setting of the incident", title_justify="left")
    for column in ("reports", "pairs", "P", "R", "F1", "B-cubed F1", "F1 of same name, same day"):
        table.add_column(column, justify="right")
    groups, baseline = grouped["ledger"], grouped["same place name, same day"]
    for kind in sorted({kind for item in labelled for kind in item.kinds}):
        scores, other = score(labelled, groups, kind), score(labelled, baseline, kind)
        figures = (scores.pairs.precision, scores.pairs.recall, scores.pairs.f1, scores.f1, other.pairs.f1)
        number = sum(kind in item.kinds for item in labelled)
        table.add_row(kind, str(number), str(scores.pairs.gold), *(f"{figure:.3f}" for figure in figures))
    return table


def _times(reports: Sequence[Report], sizes: Sequence[int]) -> Table:
    table = Table("reports", title="Time of grouping", title_justify="left")
    for column in ("CPU seconds", "microseconds a report", "incidents"):
        table.add_column(column, justify="right")
    for size in sizes:
        many = clones(reports, size)
        start = time.process_time()
        incidents = group_reports(many)
        seconds = time.process_time() - start
        table.add_row(f"{size:,}", f"{seconds:.1f}", f"{1e6 * seconds / size:.0f}", f"{len(incidents):,}")
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
