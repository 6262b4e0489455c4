"""Scores as tables for a person's eyes, several models side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.scores import Scores
from warwire.evaluate.tags import SeqevalRatios

Named = Sequence[tuple[str, Scores]]
"""Models by name, in the order of their columns."""

_OVERALL: Final[dict[str, Callable[[Scores], Counts | SeqevalRatios | Share]]] = {
    "core tag F1": lambda scores: scores.core_tag,
    "tag F1, strict": lambda scores: scores.tag,
    "tag F1, relaxed": lambda scores: scores.tag_relaxed,
    "trigger F1": lambda scores: scores.trigger,
    "argument F1": lambda scores: scores.argument,
    "tuple F1": lambda scores: scores.events.tuples,
    "exact tuple F1": lambda scores: scores.events.exact,
    "status right": lambda scores: scores.events.status,
    "ceiling: tuple F1": lambda scores: scores.ceiling.tuples,
    "ceiling: exact tuple F1": lambda scores: scores.ceiling.exact,
    "ceiling: status right": lambda scores: scores.ceiling.status,
}


def tables(named: Named) -> Iterator[Table]:
    """Overall scores, then tag F1 by label, tuple F1 by event type and argument F1 by role.

    Every model was scored against the same documents. A cell is F1 with precision and recall, or an accuracy
    with the number of pairs it is taken over; a dash where there was nothing to find and nothing was found.
    """
    yield _overall(named)
    yield _breakdown("tag F1, strict, by label", "label", named, lambda scores: scores.tag_by_label)
    yield _breakdown("tuple F1 by event type", "event type", named, lambda scores: scores.events.by_type)
    yield _breakdown("argument F1 by role", "role", named, lambda scores: scores.argument_by_role)


def _overall(named: Named) -> Table:
    table = _empty(f"scores over {named[0][1].documents} documents", "score", named)
    for name, figure in _OVERALL.items():
        figures = [figure(scores) for _, scores in named]
        gold = "" if isinstance(figures[0], Share) else str(figures[0].gold)
        table.add_row(name, gold, *map(_cell, figures), end_section=name in ("tag F1, relaxed", "status right"))
    return table


def _breakdown(title: str, what: str, named: Named, counts: Callable[[Scores], Mapping[str, Counts]]) -> Table:
    table = _empty(title, what, named)
    for name, first in counts(named[0][1]).items():
        table.add_row(name, str(first.gold), *(_cell(counts(scores)[name]) for _, scores in named))
    return table


def _empty(title: str, what: str, named: Named) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(what, no_wrap=True)
    table.add_column("gold", justify="right", no_wrap=True)
    for name, _ in named:
        table.add_column(Text(name), overflow="fold")
    return table


def _cell(figure: Counts | SeqevalRatios | Share) -> Text:
    if isinstance(figure, Share):
        return Text.assemble((f"{figure.accuracy:.3f}", "bold"), (f"  of {figure.total}", "dim"))
    if isinstance(figure, Counts) and figure.gold == figure.predicted == 0:
        return Text("–", style="dim")
    ratios = f"  P {figure.precision:.3f}  R {figure.recall:.3f}"
    return Text.assemble((f"{figure.f1:.3f}", "bold"), (ratios, "dim"))
