"""`warwire sweep`: which trials there are, that a kill loses none of them, and what the results look like."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import tiny_config

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.train.config import TrainConfig
from warwire.train.loss_watch import DivergedError
from warwire.train.sweep import sweep
from warwire.train.sweep_plan import Recipe, combinations, plan_of, trial_name
from warwire.train.sweep_results import add_point, read_points, results_table, settings

RATE = "optimiser.learning_rate"


class Stub:
    """An objective that trains nothing: the score is best at a learning rate of 0.01, and worse for odd seeds."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.seen: list[TrainConfig] = []
        self.stop_after = stop_after

    def __call__(self, config: TrainConfig) -> Mapping[str, float]:
        if len(self.seen) == self.stop_after:
            raise KeyboardInterrupt
        self.seen.append(config)
        score = 1 - abs(config.optimiser.learning_rate - 0.01) - 0.1 * (config.seed % 2)
        return {"core_f1": score / 2, "f1": score}


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return Recipe(tiny_config(tmp_path), (f"out={tmp_path / 'sweep'}",))


GRIDS = [
    ({}, [{}]),
    ({"a": (1, 2)}, [{"a": 1}, {"a": 2}]),
    ({"a": (1,), "b": ("x", None)}, [{"a": 1, "b": "x"}, {"a": 1, "b": None}]),
]


@pytest.mark.parametrize(("grid", "expected"), GRIDS)
def test_a_grid_has_every_combination(grid: Mapping[str, tuple[object, ...]], expected: list[object]) -> None:
    assert list(combinations(grid)) == expected


OPTIONS = [
    ("optimiser.batch=3,5", (3, 5)),
    ("optimiser.learning_rate=1e-4, 3e-4", (1e-4, 3e-4)),
    ("optimiser.precision=fp32,bf16", ("fp32", "bf16")),
    ("optimiser.compile=true,false", (True, False)),
    ("report_to=[],[tensorboard]", ([], ["tensorboard"])),
    ("lora=null", (None,)),
]


@pytest.mark.parametrize(("option", "values"), OPTIONS)
def test_values_on_the_command_line_are_read_as_in_the_file(
    option: str, values: tuple[object, ...], recipe: Recipe
) -> None:
    assert plan_of(recipe, [option]).grid[option.partition("=")[0]] == values


SPACES = [
    ("1e-5..1e-2:log", {"low": 1e-5, "high": 1e-2, "log": True, "whole": False}),
    ("0.001..1", {"low": 0.001, "high": 1, "log": False}),
    ("1e-4,1e-3", {"choices": (1e-4, 1e-3)}),
]


@pytest.mark.parametrize(("text", "expected"), SPACES)
def test_a_space_is_a_range_or_choices(text: str, expected: Mapping[str, object], recipe: Recipe) -> None:
    space = plan_of(recipe, search=[f"{RATE}={text}"], trials=1).search[RATE]
    assert {name: getattr(space, name) for name in expected} == expected


def test_the_section_of_the_file_and_the_command_line_add_up(tmp_path: Path) -> None:
    path = tiny_config(tmp_path)
    path.write_text(path.read_text() + "sweep:\n  seeds: 2\n  grid: {optimiser.batch: [2, 3]}\n")
    plan = plan_of(Recipe(path), [f"{RATE}=0.1"], seeds=3)
    assert (plan.grid, plan.seeds) == ({"optimiser.batch": (2, 3), RATE: (0.1,)}, 3)


REFUSED: list[tuple[dict[str, object], str]] = [
    ({}, "nothing to try"),
    ({"grid": ["optimiser.epohcs=1"]}, "unknown field `epohcs`.*did you mean `epochs`"),
    ({"grid": ["optimiser.batch=2,many"]}, "optimiser.batch: Expected `int`"),
    ({"grid": ["optimiser.batch="]}, "is expected"),
    ({"grid": ["seed=1,2"]}, "cannot be swept over; --seeds does"),
    ({"grid": ["out=a,b"]}, "cannot be swept over"),
    ({"grid": [f"{RATE}=1"], "search": ["optimiser.batch=1..4:whole"], "trials": 2}, "not both"),
    ({"search": [f"{RATE}=0.1..1"]}, "needs a number of trials"),
    ({"search": [f"{RATE}=1..0.1"], "trials": 1}, "below high"),
    ({"search": [f"{RATE}=0..1:log"], "trials": 1}, "above 0"),
    ({"search": ["optimiser.batch=1..4"], "trials": 1}, "optimiser.batch: Expected `int`"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_a_faulty_sweep_is_refused_before_the_first_run(
    options: dict[str, object], message: str, recipe: Recipe
) -> None:
    with pytest.raises(InputError, match=message):
        plan_of(recipe, **options)  # type: ignore[arg-type]


def test_every_trial_has_a_run_folder_of_its_own_and_a_line(recipe: Recipe, tmp_path: Path) -> None:
    stub = Stub()
    points = sweep(recipe, plan_of(recipe, [f"{RATE}=0.01,0.1"], seeds=2), stub)
    assert len({config.out for config in stub.seen}) == 4
    assert [(p.name, p.x, p.seed, round(p.scores["f1"], 4)) for p in points] == [
        ("tiny", {RATE: 0.01}, 42, 1.0),
        ("tiny", {RATE: 0.01}, 43, 0.9),
        ("tiny", {RATE: 0.1}, 42, 0.91),
        ("tiny", {RATE: 0.1}, 43, 0.81),
    ]
    line = json.loads((tmp_path / "sweep" / "sweep.jsonl").read_text().splitlines()[0])
    assert set(line) == {"name", "x", "seed", "scores", "run", "config"}


@pytest.mark.parametrize("options", [{"grid": [f"{RATE}=0.01,0.1,0.2"]}, {"search": [f"{RATE}=0.001..1"], "trials": 3}])
@pytest.mark.parametrize("after", [0, 3])
def test_after_a_kill_only_what_is_left_is_run(options: dict[str, list[str]], after: int, recipe: Recipe) -> None:
    plan = plan_of(recipe, **options, seeds=2)  # type: ignore[arg-type]
    first, second = Stub(stop_after=after), Stub()
    with pytest.raises(KeyboardInterrupt):
        sweep(recipe, plan, first)
    points = sweep(recipe, plan, second)
    assert (len(first.seen), len(second.seen), len(points)) == (after, 6 - after, 6)
    assert len({point.run for point in points}) == 6


def test_an_interrupted_search_draws_what_one_never_interrupted_draws(tmp_path: Path) -> None:
    drawn = []
    for name, stops in (("straight", [None]), ("interrupted", [1, 2, None])):
        recipe = Recipe(tiny_config(tmp_path), (f"out={tmp_path / name}",))
        plan = plan_of(recipe, search=[f"{RATE}=0.001..1:log", "optimiser.batch=1..9:whole"], trials=4)
        for stop in stops:
            try:
                points = sweep(recipe, plan, Stub(stop_after=stop))
            except KeyboardInterrupt:
                continue
        drawn.append([point.x for point in points])
    assert drawn[0] == drawn[1]
    assert len({point[RATE] for point in drawn[0]}) == 4


def test_more_trials_go_on_from_those_that_are_there(recipe: Recipe) -> None:
    for trials, expected in ((2, 2), (3, 1)):
        stub = Stub()
        sweep(recipe, plan_of(recipe, search=[f"{RATE}=0.001..1"], trials=trials), stub)
        assert len(stub.seen) == expected


def test_a_run_whose_loss_is_no_number_is_noted_and_the_rest_goes_on(recipe: Recipe, tmp_path: Path) -> None:
    def objective(config: TrainConfig) -> Mapping[str, float]:
        if config.optimiser.learning_rate > 0.05:
            raise DivergedError("the loss is nan at step 3")
        return {"f1": 0.5}

    points = sweep(recipe, plan_of(recipe, [f"{RATE}=0.1,0.01"]), objective)
    assert [point.x[RATE] for point in points] == [0.01]
    assert json.loads((tmp_path / "sweep" / "failed.jsonl").read_text()) == {
        "x": {RATE: 0.1},
        "seed": 42,
        "error": "the loss is nan at step 3",
    }


def test_a_search_counts_failed_runs_and_goes_on(recipe: Recipe) -> None:
    seen: list[float] = []

    def objective(config: TrainConfig) -> Mapping[str, float]:
        seen.append(config.optimiser.learning_rate)
        if len(seen) == 1:
            raise DivergedError("the loss is nan at step 3")
        return {"f1": 0.5}

    points = sweep(recipe, plan_of(recipe, search=[f"{RATE}=0.001..1"], trials=3), objective)
    assert (len(seen), [point.x[RATE] for point in points]) == (3, seen[1:])


def test_a_sweep_folder_of_another_configuration_is_refused(recipe: Recipe) -> None:
    sweep(recipe, plan_of(recipe, [f"{RATE}=0.01"]), Stub())
    other = Recipe(recipe.path, (*recipe.overrides, "optimiser.epochs=3"))
    with pytest.raises(InputError, match="of another configuration"):
        sweep(other, plan_of(other, [f"{RATE}=0.01"]), Stub())


def test_a_second_sweep_in_the_folder_is_refused(recipe: Recipe) -> None:
    plan = plan_of(recipe, [f"{RATE}=0.01"])

    def objective(config: TrainConfig) -> Mapping[str, float]:
        with pytest.raises(InputError, match="another run"):
            sweep(recipe, plan, Stub())
        return {"f1": 1.0}

    assert len(sweep(recipe, plan, objective)) == 1


def test_a_sweep_under_a_launcher_of_processes_is_refused(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(InputError, match="trains in one process"):
        sweep(recipe, plan_of(recipe, [f"{RATE}=0.01"]), Stub())


def test_a_line_that_was_cut_off_does_not_count_and_is_written_anew(recipe: Recipe, tmp_path: Path) -> None:
    (point,) = sweep(recipe, plan_of(recipe, [f"{RATE}=0.01"]), Stub())
    path = tmp_path / "sweep" / "sweep.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert read_points(path.parent) == [point]
    add_point(path.parent, point)
    assert path.read_bytes() == whole * 2


def test_the_table_has_means_and_deviations_the_best_first(recipe: Recipe) -> None:
    from rich.console import Console

    points = sweep(recipe, plan_of(recipe, [f"{RATE}=0.1,0.01"], seeds=2), Stub())
    found = settings(points, "f1")
    assert [(s.x[RATE], s.runs, round(s.means["f1"], 4), round(s.deviations["f1"], 4)) for s in found] == [
        (0.01, 2, 0.95, 0.0707),
        (0.1, 2, 0.86, 0.0707),
    ]
    console = Console(width=120)
    with console.capture() as capture:
        console.print(results_table(found, "f1"))
    assert "0.9500 ± 0.0707" in capture.get()


def test_the_name_of_a_trial_is_that_of_its_values_in_any_order() -> None:
    assert trial_name({"a": 1, "b": 2}, 7) == trial_name({"b": 2, "a": 1}, 7)
    assert len({trial_name({"a": a}, seed) for a in (1, 2) for seed in (1, 2)}) == 4


def test_a_search_without_optuna_says_what_to_install(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtraError, match=r"warwire\[sweep\]"):
        sweep(recipe, plan_of(recipe, search=[f"{RATE}=0.001..1"], trials=1), Stub())


def test_the_command_prints_the_table_and_names_the_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from warwire.train.cli import app

    monkeypatch.setattr("warwire.train.sweep.trained", Stub())
    options = ["--grid", f"{RATE}=0.01,0.1", "--seeds", "2"]
    ran = CliRunner().invoke(app, ["sweep", str(tiny_config(tmp_path)), f"out={tmp_path / 'out'}", *options])
    assert (ran.exit_code, "0.9500 ± 0.0707" in ran.output) == (0, True)
    assert f"results: {tmp_path / 'out' / 'sweep.jsonl'}" in ran.output


@pytest.mark.filterwarnings("ignore")
def test_a_real_sweep_leaves_models_to_choose_from(recipe: Recipe, tmp_path: Path) -> None:
    recipe = Recipe(recipe.path, (*recipe.overrides, "optimiser.epochs=2"))
    points = sweep(recipe, plan_of(recipe, [f"{RATE}=1e-9,0.01"]))
    models = [Path(point.run) / "model" / "warwire.json" for point in points]
    assert all(model.is_file() for model in models)
    assert points[0].scores["loss"] > points[1].scores["loss"]
    assert not list((tmp_path / "sweep" / "trials").glob("*/checkpoints"))
