"""Runs that are killed or asked to stop at any moment, and what the same command makes of them afterwards."""

import json
import os
import random
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, SIGUSR1

import pytest
from conftest import Ran, tiny_config
from test_pretrain import config_file
from training_processes import EVENTS, At, train

from warwire.annotations.errors import InputError
from warwire.train.config import load_config
from warwire.train.run_folder import claim, locked
from warwire.train.signals import RESUMABLE, PreemptedError, stop_requests

pytestmark = pytest.mark.filterwarnings("ignore")

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "in pieces": ("optimiser.epochs=4", "optimiser.batch=1", "optimiser.accumulate=2"),
    "stopped early": ("optimiser.epochs=9", "optimiser.patience=1"),
    "half an epoch": ("optimiser.epochs=2.5",),
}
FINETUNING_EVENTS = ("step", "evaluation", "flush", "rename", "removal", "bundle")
OF_ONE_START = ("runtime", "_per_second")
"""What a log tells of the process that wrote it, not of the training."""


@dataclass(frozen=True)
class Run:
    """A run of fine-tuning in a folder, by the command that starts it and goes on with it."""

    folder: Path
    settings: tuple[str, ...]

    def __call__(self, at: At | None = None, prepare: Callable[[], None] | None = None) -> Ran:
        common = ("encoder.dropout=0.1", "log_every=1", "optimiser.group_by_length=true", "--no-progress")
        return train("train", self.folder / "tiny.yaml", *common, *self.settings, at=at, prepare=prepare)

    def checkpoints(self) -> list[Path]:
        """The folders, by step."""
        found = (self.folder / "run" / "checkpoints").iterdir()
        return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))

    @property
    def weights(self) -> bytes:
        return (self.folder / "run" / "model" / "model.safetensors").read_bytes()

    @property
    def curve(self) -> list[dict[str, float]]:
        return curve(self.folder / "run")


def curve(run: Path) -> list[dict[str, float]]:
    """The log of a run, without what differs from start to start."""
    log = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    kept = [entry for entry in log if "train_runtime" not in entry]
    return [{k: v for k, v in entry.items() if not k.endswith(OF_ONE_START)} for entry in kept]


def made_run(folder: Path, setting: str) -> Run:
    folder.mkdir(exist_ok=True)
    tiny_config(folder, {"copies": 1, "hidden": 0.2}, batch=2)
    return Run(folder, SETTINGS[setting])


@pytest.fixture(scope="module")
def never_stopped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A run of each setting that nothing disturbed."""
    runs = {setting: made_run(tmp_path_factory.mktemp("straight"), setting) for setting in SETTINGS}
    for run in runs.values():
        assert run().code == 0
    return runs


def kill_at_random(run: Run, kills: int, seed: int) -> None:
    source = random.Random(seed)
    for _ in range(kills):
        ran = run(At(source.randint(1, 30), FINETUNING_EVENTS))
        assert ran.code in (-signal.SIGKILL, 0), ran.err
    assert run().code == 0


def test_a_run_killed_three_times_ends_as_one_never_stopped(never_stopped: Mapping[str, Run], tmp_path: Path) -> None:
    run = made_run(tmp_path, "in pieces")
    kill_at_random(run, 3, seed=5)
    assert run.weights == never_stopped["in pieces"].weights
    assert run.curve == never_stopped["in pieces"].curve


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_run_killed_twenty_times_ends_as_one_never_stopped(
    never_stopped: Mapping[str, Run], tmp_path: Path, setting: str
) -> None:
    for seed in range(5):
        run = made_run(tmp_path / str(seed), setting)
        kill_at_random(run, 4, seed)
        assert run.weights == never_stopped[setting].weights
        assert run.curve == never_stopped[setting].curve


# Three updates an epoch; in pieces, each is computed in two steps, and an evaluation in two batches.
REQUESTS = [
    ("in pieces", At(9, ("step",), (SIGUSR1,)), "stopped on request at step 5 of 12"),
    ("in pieces", At(12, ("step",), (SIGTERM,)), "stopped on request at step 6 of 12"),
    ("in pieces", At(2, ("evaluation",), (SIGTERM,)), "stopped on request at step 3 of 12"),
    ("in pieces", At(15, ("flush",), (SIGTERM,)), "stopped on request at step"),
    ("stopped early", At(2, ("evaluation",), (SIGTERM,)), "stopped on request at step 6 of 27"),
    ("half an epoch", At(8, ("step",), (SIGTERM,)), "stopped on request at step 8 of 8"),
    ("in pieces", At(9, ("step",), (SIGTERM, SIGTERM)), "SIGTERM again: stopping at once; the last checkpoint stays"),
    ("in pieces", At(1, ("bundle",), (SIGTERM,)), "SIGTERM: stopped outside of training; the same command goes on"),
]


@pytest.mark.parametrize(("setting", "at", "message"), REQUESTS, ids=[f"{s}-{a.events[0]}" for s, a, _ in REQUESTS])
def test_a_run_asked_to_stop_says_so_with_code_75_and_goes_on(
    never_stopped: Mapping[str, Run], tmp_path: Path, setting: str, at: At, message: str
) -> None:
    run = made_run(tmp_path, setting)
    ran = run(at)
    assert (ran.code, message in ran.err) == (RESUMABLE, True), ran.err
    again = run()
    assert again.code == 0, again.err
    assert run.weights == never_stopped[setting].weights
    assert run.curve == never_stopped[setting].curve


def test_a_run_killed_after_it_stopped_early_trains_no_further(
    never_stopped: Mapping[str, Run], tmp_path: Path
) -> None:
    run = made_run(tmp_path, "stopped early")
    assert run(At(1, ("bundle",))).code == -signal.SIGKILL
    ran = run(At(1, ("step",)))
    assert ran.code == 0, ran.err
    assert run.weights == never_stopped["stopped early"].weights


def test_each_step_is_in_the_log_once(never_stopped: Mapping[str, Run]) -> None:
    log = never_stopped["in pieces"].curve  # those of stopped runs are compared with it above
    assert [entry["step"] for entry in log if "loss" in entry] == list(range(1, 13))
    assert [entry["step"] for entry in log if "eval_loss" in entry] == [3, 6, 9, 12]


def pretrained(folder: Path, *kills: At) -> tuple[bytes, list[dict[str, float]]]:
    """The weights and the log of a pre-training run that is stopped each time it is started, but for the last."""
    folder.mkdir()
    schedule = {"tokens": 4000, "length": 16, "batch": 16, "learning_rate": 0.01, "precision": "fp32"}
    path = config_file(folder, schedule=schedule, save_every=4, report_every=3)
    codes = [train("pretrain", path, "--no-progress", at=at).code for at in kills]
    assert codes == [RESUMABLE if SIGTERM in at.signals else -signal.SIGKILL for at in kills]
    ran = train("pretrain", path, "--no-progress")
    assert (ran.code, "going on from" in ran.err) == (0, bool(kills)), ran.err
    log = [{k: v for k, v in e.items() if not k.startswith("tokens_per")} for e in curve(folder / "run")]
    return (folder / "run" / "encoder" / "model.safetensors").read_bytes(), log


def test_pre_training_goes_on_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    killed, asked = At(6, ("pretraining step",)), At(3, ("pretraining step",), (SIGTERM,))
    assert pretrained(tmp_path / "stopped", killed, asked) == pretrained(tmp_path / "straight")


def test_a_request_outside_of_training_ends_the_run_at_once() -> None:
    with pytest.raises(PreemptedError, match="SIGUSR1"), stop_requests():
        signal.raise_signal(SIGUSR1)


def test_a_request_in_training_is_only_noted() -> None:
    with stop_requests() as stop:
        stop.saves = True
        signal.raise_signal(SIGTERM)
        assert stop.made


def test_the_handlers_from_before_are_put_back() -> None:
    before = signal.getsignal(SIGTERM)
    with stop_requests():
        assert signal.getsignal(SIGTERM) is not before
    assert signal.getsignal(SIGTERM) is before


def test_in_another_thread_no_handler_is_set() -> None:
    made: list[bool] = []

    def ask() -> None:
        with stop_requests() as stop:
            made.append(stop.made)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert made == [False]


def test_a_folder_holds_one_run_at_a_time(tmp_path: Path) -> None:
    message = rf"another run \(process {os.getpid()} on .*\) is writing"
    with locked(tmp_path), pytest.raises(InputError, match=message), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


CLAIMS = [
    ([], True),
    (["log_every=3", "threads=2", "report_to=[]"], True),
    (["seed=7"], False),
    (["optimiser.batch=4"], False),
    (["optimiser.batch=1", "optimiser.accumulate=3"], True),
]


@pytest.mark.parametrize(("changes", "fits"), CLAIMS)
def test_a_run_goes_on_with_what_changes_nothing_it_trains(tmp_path: Path, changes: list[str], fits: bool) -> None:
    path, out = tiny_config(tmp_path), tmp_path / "run"
    claim(out, load_config(path))
    older = json.loads((out / "config.json").read_text())
    del older["optimiser"]["compile"]
    (out / "config.json").write_text(json.dumps(older))
    expected = nullcontext() if fits else pytest.raises(InputError, match="belongs to another configuration")
    with expected:
        claim(out, load_config(path, changes))


def test_every_event_is_there_to_be_struck() -> None:
    assert set(FINETUNING_EVENTS) < set(EVENTS)
