"""Learning curves and sweeps for a report, from files of JSON lines.

A line is one run, in one of two forms:

    {"name": ..., "x": number, "x_title": ..., score: number, ...}      a point of a curve: articles, updates, ...
    {"name": ..., "x": {key: value, ...}, "scores": {score: number}}    a setting of `warwire sweep`, whose file this is

Runs of one setting (other seeds) are averaged. A sweep is a table of settings; each of its keys that takes several
numbers also makes curves, one for each combination of the other values.
"""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import open_binary

_NOT_SCORES: Final = ("name", "x", "x_title")


@dataclass(frozen=True, slots=True)
class CurveFigures:
    """The `curves` and `sweeps` of a report, under the keys of schema.md."""

    curves: tuple[dict[str, Any], ...] = ()
    sweeps: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    name: str
    x: float | Mapping[str, Any]
    x_title: str | None
    scores: Mapping[str, float]


def read_curves(paths: Sequence[Path]) -> CurveFigures:
    """The curves and sweeps of the files, in the order in which their names occur first.

    Raises:
        InputError: a file cannot be read, or a line is neither form; the message names the line.
    """
    runs = [run for path in paths for run in _read(path)]
    plain: dict[str, list[_Run]] = {}
    swept: dict[str, list[_Run]] = {}
    for run in runs:
        (swept if isinstance(run.x, Mapping) else plain).setdefault(run.name, []).append(run)
    curves = [_curve(name, found) for name, found in plain.items()]
    sweeps = [_sweep(name, found) for name, found in swept.items()]
    curves += [curve for sweep in sweeps for curve in _sweep_curves(sweep)]
    return CurveFigures(tuple(curves), tuple(sweeps))


def _read(path: Path) -> Iterator[_Run]:
    with open_binary(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _run(line, f"{path}:{number}")


def _run(line: bytes, where: str) -> _Run:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise InputError(f"{where}: broken JSON: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("name"), str) or "x" not in found:
        raise InputError(f'{where}: no point of a curve; a line holds "name", "x" and scores')
    x, title = found["x"], found.get("x_title")
    if isinstance(x, dict):
        scores = found.get("scores")
        if not isinstance(scores, dict):
            raise InputError(f'{where}: no scores; a setting of a sweep holds "scores": {{name: number}}')
    else:
        scores = {key: value for key, value in found.items() if key not in _NOT_SCORES}
        _check_number("x", x, where)
    if not scores:
        raise InputError(f"{where}: no score; give at least one number beside name and x")
    for key, value in scores.items():
        _check_number(key, value, where)
    return _Run(found["name"], x, title if isinstance(title, str) else None, scores)


def _check_number(key: str, value: Any, where: str) -> None:
    if not _is_number(value) or not math.isfinite(value):
        raise InputError(f"{where}: {key} is {value!r}; a curve holds numbers")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _curve(name: str, runs: Sequence[_Run]) -> dict[str, Any]:
    grouped: dict[Any, list[_Run]] = {}
    for run in runs:
        grouped.setdefault(run.x, []).append(run)
    points = [{"x": x, "scores": _means(found)} for x, found in grouped.items()]
    title = next((run.x_title for run in runs if run.x_title), None)
    return {"name": name, "x_title": title, "points": sorted(points, key=lambda point: point["x"])}


def _sweep(name: str, runs: Sequence[_Run]) -> dict[str, Any]:
    grouped: dict[bytes, list[_Run]] = {}
    for run in runs:
        grouped.setdefault(msgspec.json.encode(run.x, order="sorted"), []).append(run)
    first = next(iter(runs[0].scores))
    settings: list[dict[str, Any]] = [
        {"x": dict(found[0].x), "runs": len(found), "scores": _means(found), "deviations": _deviations(found)}
        for found in grouped.values()
        if isinstance(found[0].x, Mapping)
    ]
    settings.sort(key=lambda setting: -setting["scores"].get(first, -math.inf))
    keys = list(dict.fromkeys(key for setting in settings for key in setting["x"]))
    return {"name": name, "keys": keys, "settings": settings}


def _sweep_curves(sweep: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in sweep["keys"]:
        grouped: dict[str, list[Mapping[str, Any]]] = {}
        for setting in sweep["settings"]:
            if _is_number(setting["x"].get(key)):
                others = ", ".join(f"{other}={value}" for other, value in setting["x"].items() if other != key)
                grouped.setdefault(others, []).append(setting)
        for others, settings in grouped.items():
            if len(settings) > 1:
                points = [{"x": one["x"][key], "scores": one["scores"]} for one in settings]
                name = f"{sweep['name']} ({others})" if others else sweep["name"]
                yield {"name": name, "x_title": key, "points": sorted(points, key=lambda point: point["x"])}


def _means(runs: Sequence[_Run]) -> dict[str, float]:
    return {key: statistics.fmean(values) for key, values in _values(runs).items()}


def _deviations(runs: Sequence[_Run]) -> dict[str, float]:
    return {key: statistics.stdev(values) if len(values) > 1 else 0.0 for key, values in _values(runs).items()}


def _values(runs: Sequence[_Run]) -> dict[str, list[float]]:
    """The values of every score, over the runs that have it."""
    values: dict[str, list[float]] = {}
    for run in runs:
        for key, value in run.scores.items():
            values.setdefault(key, []).append(float(value))
    return values
