"""The agreement of two annotators as tables and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from warwire.annotations.labels import LABELS
from warwire.evaluate.agreement import Agreement, TokenTable
from warwire.evaluate.counts import Counts
from warwire.evaluate.disagreements import Disagreement, EventDisagreement, Mention

_NOTHING: Final = "–"


def tables(agreed: Agreement) -> Iterator[Table]:
    """The overall figures, then the figures by label, role and event type; what neither annotator has is a dash."""
    overall = _empty(f"agreement over {agreed.documents} documents", "score")
    for name, counts in _overall(agreed).items():
        overall.add_row(f"{name} F1", _f1(counts), *_numbers(counts))
    status = agreed.events.status
    overall.add_row("status the same", f"{status.accuracy:.3f}" if status.total else "–", *[str(status.total)] * 2)
    overall.add_row("kappa by token", _kappa(agreed.tokens), *[str(agreed.tokens.tokens)] * 2)
    yield overall
    by_label = _empty("span F1 by label", "label")
    by_label.add_column("kappa", justify="right", no_wrap=True)
    for label, counts in agreed.span_by_label.items():
        by_label.add_row(label, _f1(counts), *_numbers(counts), _kappa(agreed.tokens.only(label)))
    yield by_label
    for title, what, figures in (
        ("argument F1 by role", "role", agreed.argument_by_role),
        ("tuple F1 by event type", "event type", agreed.events.by_type),
    ):
        table = _empty(title, what)
        for name, counts in figures.items():
            table.add_row(name, _f1(counts), *_numbers(counts))
        yield table


def disagreement_table(found: Sequence[Disagreement]) -> Table:
    """The disagreements to read, a row each; texts are shown as they are, without markup."""
    table = Table(title=f"{len(found)} disagreements", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("document", "kind", "first", "second", "context"):
        table.add_column(name, overflow="fold")
    for item in found:
        mentions = [f"{mention.label}: {mention.surface}" if mention else "–" for mention in (item.first, item.second)]
        table.add_row(*(Text(" ".join(cell.split())) for cell in (item.document, item.kind, *mentions, item.context)))
    return table


def event_table(found: Sequence[EventDisagreement]) -> Table:
    """The events to read, a row each; of two joined events only the roles that differ are told."""
    table = Table(title=f"{len(found)} events differ", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("document", "type", "trigger", "first", "second"):
        table.add_column(name, overflow="fold")
    for item in found:
        cells = (item.document, item.type, item.trigger, item.first or _NOTHING, item.second or _NOTHING)
        table.add_row(*(Text(" ".join(cell.split())) for cell in cells))
    return table


def to_json(agreed: Agreement) -> dict[str, Any]:
    """The figures as plain JSON values under stable keys; later versions may add keys.

    signature, documents                      settings and data digests; number of documents in both
    only_first, only_second                   ids of the documents in one alone
    span, core_span, trigger, argument, tuple, exact_tuple   F1
    status                                    {agreement, agreed, aligned}, over the aligned events
    kappa                                     {kappa, tokens}
    span_by_label, argument_by_role, tuple_by_type           F1 under each name, also those at zero
    kappa_by_label                            kappa under each label
    disagreements                             [{document, kind, first, second, context}]
    event_disagreements                       [{document, type, trigger, first, second}], told in words

    F1 is {f1, first, second, agreed}: a ratio in 0..1 and numbers of items; kappa is null where undefined; first and
    second of a disagreement are {start, end, label, surface} or null.
    """
    status = agreed.events.status
    return {
        "signature": agreed.signature,
        "documents": agreed.documents,
        "only_first": list(agreed.only_first),
        "only_second": list(agreed.only_second),
        **{name.replace(" ", "_"): _counts(counts) for name, counts in _overall(agreed).items()},
        "status": {"agreement": status.accuracy, "agreed": status.right, "aligned": status.total},
        "kappa": {"kappa": agreed.tokens.kappa, "tokens": agreed.tokens.tokens},
        "span_by_label": {name: _counts(counts) for name, counts in agreed.span_by_label.items()},
        "kappa_by_label": {label: agreed.tokens.only(label).kappa for label in LABELS},
        "argument_by_role": {name: _counts(counts) for name, counts in agreed.argument_by_role.items()},
        "tuple_by_type": {name: _counts(counts) for name, counts in agreed.events.by_type.items()},
        "disagreements": [
            {
                "document": item.document,
                "kind": item.kind,
                "first": _mention_record(item.first),
                "second": _mention_record(item.second),
                "context": item.context,
            }
            for item in agreed.disagreements
        ],
        "event_disagreements": [asdict(item) for item in agreed.event_disagreements],
    }


def _overall(agreed: Agreement) -> dict[str, Counts]:
    return {
        "span": agreed.span,
        "core span": agreed.core_span,
        "trigger": agreed.trigger,
        "argument": agreed.argument,
        "tuple": agreed.events.tuples,
        "exact tuple": agreed.events.exact,
    }


def _empty(title: str, what: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(what, no_wrap=True)
    for name in ("F1", "first", "second"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _f1(counts: Counts) -> str:
    return f"{counts.f1:.3f}" if counts.gold or counts.predicted else _NOTHING


def _numbers(counts: Counts) -> tuple[str, str]:
    return str(counts.gold), str(counts.predicted)


def _kappa(tokens: TokenTable) -> str:
    kappa = tokens.kappa
    return _NOTHING if kappa is None else f"{kappa:.3f}"


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "f1": counts.f1,
        "first": counts.gold,
        "second": counts.predicted,
        "agreed": float(counts.right),
    }


def _mention_record(mention: Mention | None) -> dict[str, Any] | None:
    return None if mention is None else asdict(mention)
