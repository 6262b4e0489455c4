"""The section of learning curves and sweeps."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from warwire.evaluate.report import charts
from warwire.evaluate.report.blocks import (
    UNKNOWN,
    Block,
    Cell,
    Chart,
    Column,
    Group,
    Legend,
    Section,
    Table,
    name,
    score,
    shown,
    whole,
)
from warwire.evaluate.report.score_sections import page_signature, score_titles

Figures = Mapping[str, Any]


def learning_curves(figures: Figures) -> Section:
    """Scores against the amount of training data, or whatever was swept."""
    titles = score_titles(figures)
    blocks: list[Block] = []
    for curve in figures.get("curves") or ():
        found = [key for key in titles if any(point["scores"].get(key) is not None for point in curve["points"])]
        found += sorted({key for point in curve["points"] for key in point["scores"]} - set(titles))
        series = [
            charts.Series(
                titles.get(key, shown(key)),
                tuple((p["x"], p["scores"][key]) for p in curve["points"] if p["scores"].get(key) is not None),
                number,
            )
            for number, key in enumerate(found)
        ]
        blocks += _curve(curve, series)
    blocks += (_sweep(sweep, titles) for sweep in figures.get("sweeps") or ())
    lead = "What more data, or another setting, brings. A curve that still climbs at its end is worth more annotation."
    groups = (Group("", tuple(blocks), page_signature(figures)),) if blocks else ()
    return Section("curves", "Learning curves and sweeps", lead, groups)


def _curve(curve: Figures, series: Sequence[charts.Series]) -> Iterator[Block]:
    xs = [point["x"] for point in curve["points"]]
    ys = [y for one in series for _, y in one.points]
    title = shown(curve["x_title"])
    wide = bool(xs) and min(xs) > 0 and max(xs) / min(xs) >= 8
    across = charts.count_axis(title, xs) if wide else charts.nice_axis(title, xs)
    caption = f"{shown(curve['name'])}: scores against {title}{' (logarithmic)' if wide else ''}"
    legend = tuple(Legend(charts.swatch(one.number), one.name) for one in series)
    yield Chart(caption, charts.lines(series, across, charts.nice_axis("score", ys), caption), legend)
    rows = tuple((Cell(f"{x:,g}", "name"), *(Cell(score(dict(one.points).get(x))) for one in series)) for x in xs)
    columns = (Column(title, "name"), *(Column(one.name, "number long") for one in series))
    yield Table("The same in figures", columns, rows, folded=True)


def _sweep(sweep: Figures, titles: Mapping[str, str]) -> Table:
    keys = list(sweep["keys"])
    present = {key for setting in sweep["settings"] for key in setting["scores"]}
    found = [key for key in titles if key in present] + sorted(present - set(titles))
    rows = []
    for setting in sweep["settings"]:
        values = [Cell(shown(setting["x"].get(key, UNKNOWN)), "word") for key in keys]
        cells = (_averaged(setting["scores"].get(key), setting["deviations"].get(key)) for key in found)
        rows.append((*(values or [name("all")]), Cell(whole(setting["runs"])), *cells))
    heads = [Column(shown(key), "word") for key in keys] or [Column("setting", "name")]
    columns = (*heads, Column("runs"), *(Column(titles.get(key, shown(key)), "number long") for key in found))
    note = "Means over the runs of a setting; below them the standard deviation."
    return Table(f"{shown(sweep['name'])}: settings, best first", columns, tuple(rows), note)


def _averaged(mean: float | None, deviation: float | None) -> Cell:
    return Cell(score(mean), small="" if deviation is None else f"± {deviation:.3f}")
