"""The same training by one process and by several, in one piece and in several, with much memory and with little."""

import functools
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import tiny_config
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from test_preemption import curve
from training_processes import At, train, train_together

from warwire.train.batches import Batches, Padded, Shares, label_loss
from warwire.train.features import IGNORED
from warwire.train.window_trainer import divided, without_idle_mask

pytestmark = pytest.mark.filterwarnings("ignore")

BIN = Path(sys.executable).parent

# --- batches --------------------------------------------------------------------------------------------------------

LENGTHS = st.lists(st.integers(2, 64), min_size=1, max_size=60)


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 9), st.integers(1, 3), st.integers(1, 3), st.booleans(), st.integers(0, 3))
def test_processes_and_pieces_together_compute_the_batch_of_one(
    lengths: list[int], batch: int, processes: int, pieces: int, by_length: bool, epoch: int
) -> None:
    def batches(shares: Shares) -> Batches:
        found = Batches(lengths, batch, 1, by_length=by_length, shares=shares)
        found.epoch = epoch
        return found

    whole = list(batches(Shares()))
    shared = [list(batches(Shares(processes, rank, pieces))) for rank in range(processes)]
    assert {len(share) for share in shared} == {len(whole) * pieces}
    for number, expected in enumerate(whole):
        parts = [share[number * pieces : (number + 1) * pieces] for share in shared]
        counted = [draw for draw in chain.from_iterable(chain.from_iterable(parts)) if draw.counts]
        assert sorted(counted) == sorted(expected)
        assert len({len(part) for part in chain.from_iterable(parts)}) == 1


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 9), st.booleans())
def test_every_window_is_drawn_once_an_epoch(lengths: list[int], batch: int, by_length: bool) -> None:
    drawn = list(chain.from_iterable(Batches(lengths, batch, 1, by_length=by_length)))
    assert sorted(draw.number for draw in drawn) == list(range(len(lengths)))


def padding(batches: Batches) -> float:
    padded = sum(len(batch) * int(batches.lengths[batch].max()) for batch in batches.whole())
    return 1 - int(batches.lengths.sum()) / padded


def test_windows_of_similar_length_share_a_batch_and_the_longest_comes_first() -> None:
    lengths = np.random.default_rng(1).integers(4, 256, 2000)
    grouped, mixed = (Batches(lengths.tolist(), 16, 1, by_length=by_length) for by_length in (True, False))
    assert padding(grouped) < 0.05 < 0.3 < padding(mixed)
    first, *rest = grouped.whole()
    assert lengths[first].max() == max(lengths[batch].max() for batch in rest)


def test_each_epoch_has_an_order_of_its_own_that_can_be_had_again() -> None:
    batches = Batches([5] * 40, 4, 1)
    orders = []
    for epoch in (0, 1, 0):
        batches.epoch = epoch
        orders.append([[draw.number for draw in batch] for batch in batches])
    assert orders[0] == orders[2] != orders[1]


def test_padding_is_no_label_and_no_attention() -> None:
    rows = [{"input_ids": [5, 6, 7], "labels": [1, 2, 3]}, {"input_ids": [8], "labels": [4]}]
    batch = Padded(pad=9)(rows)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 9, 9]]
    assert batch["labels"].tolist() == [[1, 2, 3], [4, IGNORED, IGNORED]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert Padded(pad=9, multiple=True)(rows)["input_ids"].shape == (2, 8)


def test_a_mask_that_hides_nothing_is_left_out() -> None:
    rows = [{"input_ids": [5, 6], "labels": [1, 2]}] * 2
    assert "attention_mask" not in without_idle_mask(Padded(0)(rows))
    assert "attention_mask" in without_idle_mask(Padded(0)([*rows, {"input_ids": [5], "labels": [1]}]))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from([0.0, 0.1]))
def test_the_loss_of_the_parts_adds_up_to_that_of_the_whole(rows: int, parts: int, smoothing: float) -> None:
    source = torch.Generator().manual_seed(rows)
    logits = torch.randn(rows, 5, 4, generator=source)
    labels = torch.randint(0, 4, (rows, 5), generator=source)
    labels[:, 2] = IGNORED
    loss, counted = label_loss(smoothing), (labels != IGNORED).sum()
    pieces = [loss(part, part["labels"], counted) for part in divided({"logits": logits, "labels": labels}, parts)]
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), label_smoothing=smoothing)
    assert float(torch.stack(pieces).sum()) == pytest.approx(float(expected), rel=1e-5)


def test_a_batch_without_any_label_has_no_loss() -> None:
    assert float(label_loss(0.0)({"logits": torch.ones(1, 2, 4)}, torch.full((1, 2), IGNORED))) == 0.0


# --- runs -----------------------------------------------------------------------------------------------------------

SAME = ("optimiser.epochs=3", "log_every=1", "optimiser.learning_rate=0.003", "--no-progress")


def in_pieces(number: int) -> tuple[str, str]:
    """Settings for the same four windows an update, so many at once."""
    return f"optimiser.batch={4 // number}", f"optimiser.accumulate={number}"


def made_config(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return tiny_config(folder, {"copies": 1, "hidden": 0.1}, batch=4)


@pytest.fixture(scope="module")
def by_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of one process, in one piece; there is no dropout, which no two ways draw alike."""
    folder = tmp_path_factory.mktemp("one")
    assert train("train", made_config(folder), *SAME).code == 0
    return folder / "run"


def assert_alike(run: Path, other: Path) -> None:
    weights, others = (load_file(folder / "model" / "model.safetensors") for folder in (run, other))
    assert max(float(np.abs(weights[name] - others[name]).max()) for name in others) < 1e-3
    losses, other_losses = ([e["loss"] for e in curve(folder) if "loss" in e] for folder in (run, other))
    assert losses == pytest.approx(other_losses, rel=1e-3)


LAUNCHERS = {
    "torchrun": ["torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--no-python"],
    "accelerate": [
        *("accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1", "--no_python"),
        *("--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"),
    ],
}


@pytest.mark.parametrize("launcher", LAUNCHERS.values(), ids=LAUNCHERS)
def test_two_processes_of_a_launcher_train_what_one_does(launcher: list[str], by_one: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", *launcher, str(BIN / "warwire"), "train", str(made_config(tmp_path)), *SAME]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("warwire: never in the training data") == 1
    assert done.stderr.count("epoch 3:") == 1
    assert done.stdout.count("core_f1:") == 1
    assert_alike(tmp_path / "run", by_one)


WAYS = [(1, 2, True), (1, 4, False), (2, 2, False)]


@pytest.mark.parametrize(("processes", "pieces", "by_length"), WAYS)
def test_it_does_not_matter_how_a_batch_is_shared(
    by_one: Path, tmp_path: Path, processes: int, pieces: int, by_length: bool
) -> None:
    ways = (*in_pieces(pieces), f"optimiser.group_by_length={str(by_length).lower()}")
    for ran in train_together(processes, "train", made_config(tmp_path), *SAME, *ways):
        assert ran.code == 0, ran.err
    if not by_length:
        assert_alike(tmp_path / "run", by_one)
    assert (tmp_path / "run" / "model" / "model.safetensors").is_file()


def test_processes_stop_together_and_fewer_go_on(by_one: Path, tmp_path: Path) -> None:
    config = made_config(tmp_path)
    ran = train_together(2, "train", config, *SAME, at=At(3, ("step",), (15,)))
    assert [each.code for each in ran] == [75, 75], ran
    assert ["stopped on request at step 3 of 6" in each.err for each in ran] == [True, False]
    again = train("train", config, *SAME)
    assert (again.code, "is of 2 processes, these are 1" in again.err) == (0, True)
    assert_alike(tmp_path / "run", by_one)


def test_an_error_of_the_input_is_told_by_one_process(tmp_path: Path) -> None:
    config = made_config(tmp_path)
    (tmp_path / "dev.jsonl").write_bytes((tmp_path / "train.jsonl").read_bytes())
    ran = train_together(2, "train", config, *SAME)
    assert [(each.code, "in both train and dev" in each.err) for each in ran] == [(2, True), (2, False)]


# --- memory ---------------------------------------------------------------------------------------------------------


def fail_over(rows: int, steps: Sequence[str]) -> None:
    """Make the network run out of memory with more windows than this at once, in training, evaluation or both."""
    from transformers import ModernBertForTokenClassification

    forward = ModernBertForTokenClassification.forward

    @functools.wraps(forward)
    def limited(self: torch.nn.Module, input_ids: torch.Tensor, **rest: object) -> object:
        if len(input_ids) > rows and ("training" if self.training else "evaluation") in steps:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return forward(self, input_ids=input_ids, **rest)

    ModernBertForTokenClassification.forward = limited  # type: ignore[method-assign]


def one_window_in_training() -> None:
    fail_over(1, ("training",))


def one_window_in_evaluation() -> None:
    fail_over(1, ("evaluation",))


def none_at_all() -> None:
    fail_over(0, ("training",))


@pytest.mark.parametrize(
    ("prepare", "pieces", "lines"),
    [(one_window_in_training, 1, 2), (one_window_in_training, 2, 1), (one_window_in_evaluation, 1, 0)],
)
def test_out_of_memory_less_is_computed_at_once_and_the_result_stays(
    by_one: Path, tmp_path: Path, prepare: Callable[[], None], pieces: int, lines: int
) -> None:
    ran = train("train", made_config(tmp_path), *SAME, *in_pieces(pieces), prepare=prepare)
    assert ran.code == 0, ran.err
    told = [line for line in ran.err.splitlines() if "out of GPU memory with" in line]
    assert len(told) == lines
    assert_alike(tmp_path / "run", by_one)


def test_a_window_that_memory_cannot_hold_is_named_by_its_length(tmp_path: Path) -> None:
    ran = train("train", made_config(tmp_path), *SAME, prepare=none_at_all)
    assert (ran.code, "Traceback" in ran.err) == (1, False), ran.err
    assert re.search(r"step 1: one window of \d+ tokens does not fit .* set a smaller", ran.err.splitlines()[-1])


def test_of_several_processes_each_says_what_to_do(tmp_path: Path) -> None:
    ran = train_together(2, "train", made_config(tmp_path), *SAME, prepare=none_at_all)
    assert all("halve optimiser.batch and double optimiser.accumulate" in each.err for each in ran), ran


def test_half_precision_smoothing_and_activations_computed_again_train_too(tmp_path: Path) -> None:
    ways = ("precision=bf16", "label_smoothing=0.1", "activation_checkpointing=true")
    ran = train("train", made_config(tmp_path), *SAME, *(f"optimiser.{way}" for way in ways))
    assert ran.code == 0, ran.err
