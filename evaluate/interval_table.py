"""Scores with their intervals as tables for a person's eyes, several models side by side."""

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from warwire.evaluate.document_counts import SCORES, DocumentCounts
from warwire.evaluate.intervals import Estimate, Resampling, intervals

Counted = Sequence[tuple[str, DocumentCounts]]
"""Models by name, in the order of their columns."""


def interval_tables(named: Counted, resampling: Resampling) -> Iterator[Table]:
    """The main scores, then tag F1 by label, tuple F1 by event type and argument F1 by role, each with its interval.

    A cell is F1 and the ends of its interval, which are a dash where too few documents have anything to count.
    """
    documents = len(named[0][1].documents)
    title = f"scores over {documents} documents, with {resampling.confidence:.0%} intervals"
    by_score = [(model, intervals(counts.by_score, resampling)) for model, counts in named]
    yield _table(title, "score", by_score, SCORES)
    for title, what, found in (
        ("tag F1, strict, by label", "label", [(model, counts.by_label) for model, counts in named]),
        ("tuple F1 by event type", "event type", [(model, counts.by_type) for model, counts in named]),
        ("argument F1 by role", "role", [(model, counts.by_role) for model, counts in named]),
    ):
        yield _table(title, what, [(model, intervals(counts, resampling)) for model, counts in found])


def _table(
    title: str,
    what: str,
    named: Sequence[tuple[str, Mapping[str, Estimate]]],
    titles: Mapping[str, str] | None = None,
) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(what, no_wrap=True)
    table.add_column("gold", justify="right", no_wrap=True)
    for model, _ in named:
        table.add_column(Text(model), overflow="fold")
    for name, first in named[0][1].items():
        # The gold items of the status are the aligned events, which differ from model to model.
        gold = "" if name == "status" else str(first.counts.gold)
        table.add_row(titles[name] if titles else name, gold, *(_cell(found[name]) for _, found in named))
    return table


def _cell(estimate: Estimate) -> Text:
    if not estimate.counts.gold and not estimate.counts.predicted:
        return Text("–", style="dim")
    low, high = estimate.f1.low, estimate.f1.high
    ends = "  –" if low is None or high is None else f"  {low:.3f} to {high:.3f}"
    return Text.assemble((f"{estimate.f1.value:.3f}", "bold"), (ends, "dim"))
