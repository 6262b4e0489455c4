"""What a sweep tries: combinations of a grid, or spaces that a search draws from, checked before the first run."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.train.config import Space, Sweep, TrainConfig, load_config
from warwire.train.config_file import parse_value

Values = Mapping[str, Any]
"""A value for each dotted key."""

_RANGE: Final = re.compile(r"(?P<low>[^.,:]\S*?)\.\.(?P<high>[^:]+)(?P<marks>(?::log|:whole)*)")
_OWN: Final = ("name", "out", "seed", "sweep", "data.dev", "push")
"""Keys that the sweep itself sets, or that would make scores of different things."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The configuration that the trials share: its file and what was changed on the command line."""

    path: Path
    overrides: tuple[str, ...] = ()

    def config(self, values: Values | None = None, seed: int | None = None, run: Path | None = None) -> TrainConfig:
        """The configuration with values, seed and run folder of a trial.

        Raises:
            InputError: a key or value that a configuration does not take.
        """
        changes = [f"{key}={json.dumps(value)}" for key, value in (values or {}).items()]
        if seed is not None:
            changes.append(f"seed={seed}")
        if run is not None:
            changes.append(f"out={json.dumps(str(run))}")
        config = load_config(self.path, [*self.overrides, *changes])
        return config if run is None else msgspec.structs.replace(config, sweep=None, push=None)


def plan_of(
    recipe: Recipe,
    grid: Sequence[str] = (),
    search: Sequence[str] = (),
    trials: int | None = None,
    seeds: int | None = None,
) -> Sweep:
    """The `sweep` section of the configuration with what the command line adds or changes.

    Args:
        recipe: the configuration.
        grid: `key=v1,v2`, values as in YAML.
        search: `key=LOW..HIGH`, `key=LOW..HIGH:log`, `key=LOW..HIGH:whole`, or `key=a,b,c`.
        trials: draws from `search` in all.
        seeds: runs of each set of values.

    Raises:
        InputError: nothing to try, grid and search at once, or a key or value that a configuration does not take.
    """
    given = recipe.config().sweep or Sweep()
    plan = Sweep(
        grid={**given.grid, **dict(_grid_values(text) for text in grid)},
        search={**given.search, **dict(_space(text) for text in search)},
        trials=given.trials if trials is None else trials,
        seeds=given.seeds if seeds is None else seeds,
    )
    if not plan.grid and not plan.search:
        raise InputError("nothing to try: give --grid KEY=V1,V2 or --search KEY=LOW..HIGH, or a section 'sweep'")
    if plan.grid and plan.search:
        raise InputError("a sweep is over a grid or a search, not both: put the grid's values into the search")
    if plan.search and not plan.trials:
        raise InputError("a search needs a number of trials: --trials 20")
    _check(recipe, plan)
    return plan


def combinations(grid: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Every combination of the values, the last key changing fastest."""
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def trial_name(values: Values, seed: int) -> str:
    """The name of a trial's run folder; the same values and seed always have the same."""
    text = json.dumps(dict(sorted(values.items())), sort_keys=True)
    return f"{hashlib.sha256(text.encode()).hexdigest()[:10]}-seed{seed}"


def _check(recipe: Recipe, plan: Sweep) -> None:
    for key in (*plan.grid, *plan.search):
        if key == "data" or any(key == own or key.startswith(f"{own}.") for own in _OWN):
            raise InputError(f"{key!r} cannot be swept over{'; --seeds does' if key == 'seed' else ''}")
    for key, values in plan.grid.items():
        if not values:
            raise InputError(f"{key!r}: no values to try")
    for key, space in plan.search.items():
        _check_space(key, space)
    tried = combinations(plan.grid) if plan.grid else combinations({k: ends(s) for k, s in plan.search.items()})
    for combination in tried:
        recipe.config(combination)


def ends(space: Space) -> tuple[Any, ...]:
    """The outermost values of a space, or all of its choices."""
    if space.choices:
        return space.choices
    numbers = (space.low or 0.0, space.high or 0.0)
    return tuple(int(number) for number in numbers) if space.whole else numbers


def _check_space(key: str, space: Space) -> None:
    if space.choices:
        if space.low is not None or space.high is not None:
            raise InputError(f"{key!r}: give either choices, or low and high")
        return
    if space.low is None or space.high is None or not space.low < space.high:
        raise InputError(f"{key!r}: low must be given and below high, or choices given")
    if space.log and space.low <= 0:
        raise InputError(f"{key!r}: low {space.low:g} must be above 0 to draw by logarithm")


def _grid_values(text: str) -> tuple[str, tuple[Any, ...]]:
    key, values = _halves(text, "--grid", "optimiser.learning_rate=1e-4,3e-4")
    return key, _listed(values, text)


def _space(text: str) -> tuple[str, Space]:
    key, values = _halves(text, "--search", "optimiser.learning_rate=1e-5..1e-3:log")
    found = _RANGE.fullmatch(values)
    if found is None:
        return key, Space(choices=_listed(values, text))
    low, high = (parse_value(found[name]) for name in ("low", "high"))
    if not all(isinstance(bound, int | float) for bound in (low, high)):
        raise InputError(f"--search {text!r}: {found['low']} and {found['high']} must be numbers")
    marks = found["marks"]
    return key, Space(low=float(low), high=float(high), log=":log" in marks, whole=":whole" in marks)


def _halves(text: str, option: str, example: str) -> tuple[str, str]:
    key, equals, values = text.partition("=")
    if not (key and equals and values):
        raise InputError(f"{option} {text!r}: something like {example} is expected")
    return key, values


def _listed(values: str, text: str) -> tuple[Any, ...]:
    import yaml

    try:
        return tuple(parse_value(f"[{values}]"))
    except yaml.YAMLError:
        raise InputError(f"{text!r}: the values are no YAML list") from None
