"""The results of a sweep: one JSON line a finished run, and a table of means and deviations over seeds.

OUT/sweep.jsonl   {name, x: {key: value}, seed, scores: {core_f1, f1, precision, recall, loss}, run, config}

Evaluation reports take the file as a curve. `scores` are of the dev data, `run` is the run folder, `config` a digest of
everything that the run was configured by.
"""

import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from warwire.annotations.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

RESULTS: Final = "sweep.jsonl"
_SHOWN: Final = ("core_f1", "f1", "precision", "recall")


class Point(msgspec.Struct, frozen=True):
    """A finished run: its values by dotted key, its seed, and its dev scores."""

    name: str
    x: dict[str, Any]
    seed: int
    scores: dict[str, float]
    run: str
    config: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A set of values with the means and standard deviations of its scores over seeds (0 for a single seed)."""

    x: dict[str, Any]
    runs: int
    means: dict[str, float]
    deviations: dict[str, float]


def read_points(out: Path) -> list[Point]:
    """The finished runs of a sweep folder; a line that was cut off while it was written does not count.

    Raises:
        InputError: a line is broken.
    """
    path = out / RESULTS
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")
    points = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            points.append(msgspec.json.decode(line, type=Point))
        except msgspec.DecodeError as error:
            raise InputError(f"{path}:{number}: no result of a sweep: {error}") from None
    return points


def add_point(out: Path, point: Point) -> None:
    """Append a line, and have it on the disk before anything else is done."""
    path = out / RESULTS
    whole = path.read_bytes() if path.is_file() else b""
    with path.open("r+b" if path.is_file() else "wb") as file:
        file.truncate(whole.rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        file.write(msgspec.json.encode(point) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def settings(points: Iterable[Point], best_by: str) -> list[Setting]:
    """The sets of values, the best mean first."""
    groups: dict[bytes, list[Point]] = {}
    for point in points:
        groups.setdefault(msgspec.json.encode(point.x, order="sorted"), []).append(point)
    found = [_setting(group) for group in groups.values()]
    return sorted(found, key=lambda setting: -setting.means.get(best_by, float("-inf")))


def results_table(found: Sequence[Setting], best_by: str) -> "Table":
    """A table of the sets of values, in their order."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"dev scores, mean ± deviation over seeds, by {best_by}", title_justify="left")
    keys = list(dict.fromkeys(key for setting in found for key in setting.x))
    for key in keys:
        table.add_column(Text(key), justify="right")
    table.add_column("runs", justify="right")
    shown = [name for name in _SHOWN if any(name in setting.means for setting in found)]
    for name in shown:
        table.add_column(name, justify="right")
    for setting in found:
        scores = (_figure(setting, name) for name in shown)
        table.add_row(*(Text(_value(setting.x.get(key))) for key in keys), str(setting.runs), *scores)
    return table


def _setting(group: Sequence[Point]) -> Setting:
    names = [name for name in group[0].scores if all(name in point.scores for point in group)]
    values = {name: [point.scores[name] for point in group] for name in names}
    means = {name: statistics.fmean(those) for name, those in values.items()}
    deviations = {name: statistics.stdev(those) if len(those) > 1 else 0.0 for name, those in values.items()}
    return Setting(group[0].x, len(group), means, deviations)


def _figure(setting: Setting, name: str) -> str:
    if name not in setting.means:
        return "-"
    return f"{setting.means[name]:.4f}" + (f" ± {setting.deviations[name]:.4f}" if setting.runs > 1 else "")


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
