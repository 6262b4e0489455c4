"""The sections that look behind the scores: confidence, confusion, numbers of events, normalised values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from warwire.evaluate.report import charts
from warwire.evaluate.report.blocks import (
    UNKNOWN,
    Block,
    Cell,
    Chart,
    Column,
    Group,
    Legend,
    Models,
    Section,
    Table,
    name,
    score,
    shown,
    signed,
    whole,
)

Figures = Mapping[str, Any]

_SIDES: Final = (("spans", "spans"), ("events", "events"))
_SHADES: Final = (0.005, 0.02, 0.05, 0.15, 0.4)
"""Shares of a gold label from which a cell of the confusion matrix is shaded one step darker."""


def thresholds(figures: Figures, models: Models) -> Section:
    """Precision and recall when only what is confident enough is kept."""
    groups = []
    for result in figures["results"]:
        block = result.get("thresholds")
        blocks = [part for side, title in _SIDES for part in _curves(block, side, title, models)] if block else []
        if block and blocks:
            groups.append(Group(shown(result["data"]), tuple(blocks), shown(block["signature"])))
    lead = (
        "What if only predictions with enough confidence are kept? Each line runs from everything (right) to the "
        "surest few (left). Choose a threshold where precision pays for the recall it costs."
    )
    return Section("thresholds", "Precision and recall by threshold", lead, tuple(groups))


def _curves(block: Figures, side: str, title: str, models: Models) -> Iterator[Block]:
    found = {model: curve for model in models.names if (curve := (block["models"].get(model) or {}).get(side))}
    if not found:
        return
    series = [
        charts.Series(
            shown(model), tuple((one["recall"], one["precision"]) for one in reversed(curve)), models.number(model)
        )
        for model, curve in found.items()
    ]
    values = [value for one in series for point in one.points for value in point]
    low = min(0.9, max(0.0, min(values, default=0.0)))
    across, up = (charts.nice_axis(axis, [low, 1.0]) for axis in ("recall", "precision"))
    caption = f"Precision against recall, {title}"
    legend = tuple(Legend(charts.swatch(one.number), one.name) for one in series)
    yield Chart(caption, charts.lines(series, across, up, caption), legend)
    yield _best_thresholds(found, title)
    for model, curve in found.items():
        yield _threshold_table(curve, f"{shown(model)}, {title}: every threshold")


def _best_thresholds(found: Mapping[str, Sequence[Figures]], title: str) -> Table:
    rows = []
    for model, curve in found.items():
        everything, top = curve[0], max(curve, key=lambda one: one["f1"])
        cells = [Cell(score(everything["f1"])), Cell(f"{top['threshold']:.2f}")]
        cells += [Cell(score(top[part])) for part in ("precision", "recall", "f1")]
        rows.append((name(model), *cells, Cell(whole(top["kept"]))))
    columns = (
        Column("model", "name"),
        Column("F1 of all"),
        Column("threshold", over="where F1 is best"),
        *(Column(part, over="where F1 is best") for part in ("precision", "recall", "F1", "kept")),
    )
    return Table(
        f"Best threshold, {title}", columns, tuple(rows), "Chosen on the data it is measured on: read it as a hint."
    )


def _threshold_table(curve: Sequence[Figures], caption: str) -> Table:
    rows = tuple(
        (
            Cell(f"{one['threshold']:.2f}", "name"),
            Cell(whole(one["kept"])),
            *(Cell(score(one[part])) for part in ("precision", "recall", "f1")),
        )
        for one in curve
    )
    columns = (Column("threshold", "name"), *map(Column, ("kept", "precision", "recall", "F1")))
    return Table(caption, columns, rows, folded=True, on_paper=False)


def calibration(figures: Figures, models: Models) -> Section:
    """Whether a confidence of 80% is right in 80 of 100 cases."""
    groups = []
    for result in figures["results"]:
        block = result.get("calibration")
        if not block:
            continue
        blocks = [part for side, title in _SIDES for part in _reliability(block, side, title, models)]
        table = _calibration_table(block, models)
        if table.rows:
            groups.append(Group(shown(result["data"]), (table, *blocks), shown(block["signature"])))
    lead = (
        "Does a confidence of 80% mean right in 80 of 100 cases? On the dashed line it does; below it the model is too "
        "sure, above it too modest. Bars show how many predictions have that confidence. A span "
        "is right when its ends and label are, an event when it is an exact tuple."
    )
    return Section("calibration", "Calibration", lead, tuple(groups))


def _reliability(block: Figures, side: str, title: str, models: Models) -> Iterator[Chart]:
    for model in models.names:
        found = (block["models"].get(model) or {}).get(side)
        if found:
            bins = [charts.Bin(one["confidence"], one["accuracy"], one["items"]) for one in found["width_bins"]]
            caption = f"{shown(model)}, {title}"
            picture = charts.reliability(bins, models.number(model), f"Reliability diagram of {caption}")
            yield Chart(caption, picture, note=f"ECE {score(found['ece_width'])} over {whole(found['items'])} {title}")


def _calibration_table(block: Figures, models: Models) -> Table:
    rows = []
    for side, title in _SIDES:
        for model in models.names:
            found = (block["models"].get(model) or {}).get(side)
            if found:
                parts = ("mean_confidence", "accuracy", "ece_width", "ece_mass", "brier")
                cells = (Cell(score(found.get(part))) for part in parts)
                rows.append((name(model), Cell(title, "name"), Cell(whole(found["items"])), *cells))
    heads = ("items", "mean confidence", "share right", "ECE, equal widths", "ECE, equal numbers", "Brier")
    return Table("", (Column("model", "name"), Column("of", "name"), *map(Column, heads)), tuple(rows))


def confusion(figures: Figures, models: Models) -> Section:
    """Which labels are taken for which; the first model's matrix is open, the others are folded."""
    groups = []
    for result in figures["results"]:
        block = result.get("confusion")
        if not block:
            continue
        order = [model for model in result["leaderboard"]["order"] if model in block["models"]]
        order += [model for model in block["models"] if model not in order]
        tables = tuple(
            _matrix(block["models"][model], block["labels"], shown(model), folded=number > 0)
            for number, model in enumerate(order)
            if block["models"][model]
        )
        groups.append(Group(shown(result["data"]), tables, shown(block["signature"])))
    lead = (
        "Rows are what the annotators say, columns what the model says; the diagonal is right. Spans that overlap are "
        "compared, each once. The stronger a cell's tint, the greater its share of the row."
    )
    return Section("confusion", "Confusion of labels", lead, tuple(groups))


def _matrix(matrix: Sequence[Sequence[int]], labels: Sequence[str], model: str, *, folded: bool) -> Table:
    heads = [*labels, "missed"]
    rows = []
    for number, row in enumerate(matrix):
        total = sum(row)
        cells = [
            Cell(whole(count) if count else "·", _shade(count, total, right=number == column))
            for column, count in enumerate(row)
        ]
        if number >= len(labels):
            cells[-1] = Cell("", "shade0")  # neither side has anything there
        rows.append((name(heads[number] if number < len(labels) else "spurious"), *cells))
    columns = (Column("gold", "name"), *(Column(shown(text), "turned") for text in heads))
    return Table(model, columns, tuple(rows), folded=folded, name="confusion")


def _shade(count: int, total: int, *, right: bool) -> str:
    share = count / total if total else 0.0
    step = sum(share >= edge for edge in _SHADES)
    return f"shade{step}{' right' if right else ''}"


def event_counts(figures: Figures, models: Models) -> Section:
    """How many events too many or too few a document has."""
    groups = []
    for result in figures["results"]:
        block = result.get("event_count")
        if block:
            blocks = (_event_totals(block["models"], models), _event_types(block["models"], models))
            found = tuple(table for table in blocks if table.rows)
            groups.append(Group(shown(result["data"]), found, shown(block["signature"])))
    lead = (
        "Events in the predictions less those in the gold documents, a document. The mean error says whether a model "
        "finds too many or too few; the mean absolute error how far off it is."
    )
    return Section("event-counts", "Numbers of events", lead, tuple(groups))


def _event_totals(by_model: Figures, models: Models) -> Table:
    rows = []
    for model in models.names:
        found = by_model.get(model)
        if found:
            mean, absolute = found["mean_error"], found["mean_absolute_error"]
            rows.append(
                (
                    name(model),
                    Cell(whole(found["gold"])),
                    Cell(whole(found["predicted"])),
                    Cell(signed(mean.get("value")), small=_bounds(mean, signed)),
                    Cell(_plain(absolute.get("value")), small=_bounds(absolute, _plain)),
                )
            )
    heads = ("gold", "predicted", "mean error", "mean absolute error")
    return Table("", (Column("model", "name"), *map(Column, heads)), tuple(rows))


def _bounds(block: Figures, form: Callable[[float | None], str]) -> str:
    low, high = block.get("low"), block.get("high")
    return "" if low is None or high is None else f"{form(low)} to {form(high)}"


def _plain(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"


def _event_types(by_model: Figures, models: Models) -> Table:
    present = [model for model in models.names if by_model.get(model)]
    by_type = {model: {one["type"]: one for one in by_model[model].get("by_type") or ()} for model in present}
    rows = []
    for kind in dict.fromkeys(kind for found in by_type.values() for kind in found):
        gold = next(found[kind]["gold"] for found in by_type.values() if kind in found)
        cells = []
        for model in present:
            one = by_type[model].get(kind) or {}
            cells += [Cell(whole(one.get("predicted"))), Cell(signed(one.get("mean_error")))]
            cells.append(Cell(_plain(one.get("mean_absolute_error"))))
        rows.append((name(kind), Cell(whole(gold)), *cells))
    heads = ("predicted", "error", "absolute")
    columns = (Column(head, over=shown(model)) for model in present for head in heads)
    return Table("By event type", (Column("event type", "name"), Column("gold"), *columns), tuple(rows))


def normalised(figures: Figures, models: Models) -> Section:
    """How often counts, dates, places and the rest come to the right value."""
    groups = []
    compared = ""
    for result in figures["results"]:
        block = result.get("normalised")
        if block:
            compared = compared or shown(block["compared"])
            tables = (_values(block["models"], models), _values(block["models"], models, grouped=True))
            found = tuple(table for table in tables if table.rows)
            groups.append(Group(shown(result["data"]), found, shown(block["signature"])))
    lead = f"{compared} Right: of the values found. Found: of the gold values. Numbers that were compared stand below."
    return Section("values", "Normalised values", lead.strip(), tuple(groups))


def _values(by_model: Figures, models: Models, *, grouped: bool = False) -> Table:
    """One table of all values, one (`grouped`) of those of each precision."""
    present = [model for model in models.names if by_model.get(model)]
    keyed = {
        model: {_value_key(one): one for one in by_model[model] if bool(one.get("group")) == grouped}
        for model in present
    }
    rows = []
    for key in dict.fromkeys(key for found in keyed.values() for key in found):
        role, check, group = key
        golds = [found[key]["gold"] for found in keyed.values() if key in found]
        cells = []
        for model in present:
            one = keyed[model].get(key)
            cells += [_ratio(one, "right", "found"), _ratio(one, "found", "gold")]
        title = f"{shown(check)}, {shown(group)}" if group else shown(check)
        rows.append((name(role), Cell(title, "word"), Cell(whole(max(golds))), *cells))
    columns = (Column(head, over=shown(model)) for model in present for head in ("right", "found"))
    first = (Column("role", "name"), Column("counts as right", "word"), Column("gold"))
    return Table("By precision" if grouped else "", (*first, *columns), tuple(rows), folded=grouped)


def _value_key(one: Figures) -> tuple[str, str, str]:
    return str(one["role"]), str(one["check"]), str(one.get("group") or "")


def _ratio(one: Figures | None, part: str, of: str) -> Cell:
    if one is None or not one[of]:
        return Cell(UNKNOWN)
    return Cell(f"{100 * one[part] / one[of]:.1f}%", small=f"{whole(one[part])} of {whole(one[of])}")
