"""How well spans are linked to events, apart from how well they are found: on gold spans, and on a model's.

    python -m warwire.evaluate.benchmarks.linking annotations/corpus/dev.jsonl --model default

For each data set: the scores of the learned linker, of the rules alone, and of the naive baseline that links each
mention to the nearest trigger of its sentence in its label's usual role; arguments by role on gold spans; milliseconds
for a document. With `--model`, the linkers also get the spans that a model finds.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from warwire.annotations.document import Argument, Document, Event
from warwire.annotations.jsonl import read_documents
from warwire.annotations.labels import ROLES
from warwire.evaluate.arguments import arguments_by_role
from warwire.evaluate.counts import Counts
from warwire.evaluate.pairs import Pair
from warwire.evaluate.predictions import DEFAULT
from warwire.evaluate.tuples import score_tuples
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, lay_out
from warwire.model.linking.learned import link
from warwire.model.linking.rules import link_by_rules
from warwire.model.linking.voice import Voice

Linker = Callable[[Layout], list[Draft]]

_USUAL_ROLE: Final = {
    "WEAPON": "weapon",
    "COUNT": "count",
    "PLACE": "place",
    "SPEAKER": "speaker",
    "ACTOR": "agent",
    "TARGET": "target",
    "TIME": "time",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One linker on one data set."""

    pairs: tuple[Pair, ...]
    milliseconds: float


def link_nearest(layout: Layout) -> list[Draft]:
    """The baseline: each mention goes to the nearest trigger of its sentence, in its label's usual role."""
    drafts: list[Draft] = []
    for mentions in layout.by_sentence.values():
        here = [Draft(mention, Voice.ACTIVE) for mention in mentions if mention.is_trigger]
        for mention in mentions:
            if here and not mention.is_trigger:
                _nearest(here, mention).fill(_USUAL_ROLE[mention.label], [mention])
        drafts += here
    return drafts


LINKERS: Final[dict[str, Linker]] = {"learned": link, "rules": link_by_rules, "nearest trigger": link_nearest}


def measure(gold: Sequence[Document], spans: Sequence[Document], linker: Linker) -> Measured:
    """A linker's events for the spans of documents, beside the gold documents, and its time for a document."""
    start = time.perf_counter()
    linked = [_with_events(document, linker(lay_out(document))) for document in spans]
    milliseconds = 1000 * (time.perf_counter() - start) / max(len(spans), 1)
    return Measured(tuple(Pair(one, other) for one, other in zip(gold, linked, strict=True)), milliseconds)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--model", help=f"a model folder, or '{DEFAULT}'")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    for path in options.data:
        gold = read_documents(path)
        bare = [replace(document, events=()) for document in gold]
        measured = {name: measure(gold, bare, linker) for name, linker in LINKERS.items()}
        console.print(_scores(f"{path.name}, gold spans", measured))
        console.print(_roles(f"{path.name}, gold spans: arguments", measured))
        if options.model:
            tagged = _tagged(options.model, gold)
            measured = {name: measure(gold, tagged, linker) for name, linker in LINKERS.items()}
            console.print(_scores(f"{path.name}, spans of {options.model}", measured))


def _nearest(drafts: Sequence[Draft], mention: Mention) -> Draft:
    def characters(draft: Draft) -> int:
        trigger = draft.trigger.span
        distance: int = max(trigger.start - mention.span.end, mention.span.start - trigger.end)
        return distance

    return min(drafts, key=characters)


def _with_events(document: Document, drafts: Sequence[Draft]) -> Document:
    events = tuple(
        Event(
            f"E{n}",
            draft.type,
            draft.trigger.span.id,
            tuple(Argument(role, mention.span.id) for role, fillers in draft.roles.items() for mention in fillers),
            draft.status,
        )
        for n, draft in enumerate(drafts, 1)
    )
    return replace(document, events=events)


def _tagged(model: str, gold: Sequence[Document]) -> list[Document]:
    from warwire.model.extractor import load_extractor

    tagger = load_extractor(None if model == DEFAULT else Path(model)).tagger
    spans = tagger.tag([document.text for document in gold])
    return [replace(document, spans=found, events=()) for document, found in zip(gold, spans, strict=True)]


def _scores(title: str, measured: dict[str, Measured]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("linker", "tuple F1", "precision", "recall", "exact F1", "status", "argument F1", "ms"):
        table.add_column(column, justify="left" if column == "linker" else "right")
    for name, result in measured.items():
        scores = score_tuples(result.pairs)
        argument = sum(arguments_by_role(result.pairs).values(), start=Counts())
        figures = (
            scores.tuples.f1,
            scores.tuples.precision,
            scores.tuples.recall,
            scores.exact.f1,
            scores.status.accuracy,
            argument.f1,
        )
        table.add_row(name, *(f"{figure:.3f}" for figure in figures), f"{result.milliseconds:.1f}")
    return table


def _roles(title: str, measured: dict[str, Measured]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("role")
    counts = {name: arguments_by_role(result.pairs) for name, result in measured.items()}
    for name in measured:
        table.add_column(f"{name}: P", justify="right")
        table.add_column("R", justify="right")
    table.add_column("gold", justify="right")
    for role in ROLES:
        cells = [f"{value:.3f}" for of in counts.values() for value in (of[role].precision, of[role].recall)]
        table.add_row(role, *cells, str(next(iter(counts.values()))[role].gold))
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
