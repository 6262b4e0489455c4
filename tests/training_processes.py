"""Training runs in processes of their own, which can be killed; they are copies of one that has imported everything.

An event is something that a run does, by the name of a function: the process can be made to kill itself, or to send
itself a signal, at the n-th of them.
"""

import contextlib
import functools
import importlib
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from conftest import Ran

EVENTS = {
    "step": ("warwire.train.window_trainer", "WindowTrainer.training_step"),
    "evaluation": ("warwire.train.trainer", "ResumableTrainer.prediction_step"),
    "flush": ("warwire.train.checkpoints", "flush"),
    "rename": ("warwire.train.checkpoints", "_rename"),
    "removal": ("warwire.train.checkpoints", "_remove"),
    "bundle": ("warwire.train.save", "_self_test"),
    "pretraining step": ("warwire.train.trainer", "ResumableTrainer.training_step"),
}
_PRELOADED = ["conftest", "datasets", "accelerate", "tokenizers", "sklearn", "seqeval.metrics"]
_PRELOADED += ["transformers.models.modernbert.modeling_modernbert", "transformers.trainer"]
_PRELOADED += ["warwire.model.main", "warwire.train.cli", "warwire.train.finetune", "warwire.train.window_trainer"]
_PRELOADED += ["warwire.train.pretrain", "peft", "torch.distributed", "training_preload"]


@dataclass(frozen=True)
class At:
    """The n-th event, from 1, of one of the kinds, and what the process does to itself then."""

    number: int
    events: tuple[str, ...]
    signals: tuple[signal.Signals, ...] = (signal.SIGKILL,)


@functools.cache
def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def train(*arguments: object, at: At | None = None, prepare: Callable[[], None] | None = None) -> Ran:
    """Run `warwire` with the arguments; `prepare`, a function of a module, is called in the process before."""
    return train_together(1, *arguments, at=at, prepare=prepare)[0]


def train_together(
    number: int, *arguments: object, at: At | None = None, prepare: Callable[[], None] | None = None
) -> list[Ran]:
    """Run `warwire` as so many processes that know of each other, as a launcher does."""
    config = Path(str(next(a for a in arguments if str(a).endswith(".yaml"))))
    logs = [config.with_name(f"process-{rank}.log") for rank in range(number)]
    group = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port()), "WORLD_SIZE": str(number)}
    started = []
    for rank, log in enumerate(logs):
        variables = {**group, "RANK": str(rank), "LOCAL_RANK": str(rank)} if number > 1 else {}
        given = ([str(a) for a in arguments], log, at, prepare, variables)
        started.append(_context().Process(target=_run, args=given))
        with _environment(OMP_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false"):
            started[-1].start()
    for process, log in zip(started, logs, strict=True):
        process.join(100)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"still running: {log.read_text()}")
    return [Ran(int(p.exitcode or 0), "", log.read_text()) for p, log in zip(started, logs, strict=True)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(
    arguments: list[str],
    log: Path,
    at: At | None,
    prepare: Callable[[], None] | None,
    variables: dict[str, str],
) -> None:
    os.environ.update(variables)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, closefd=False) for number in (1, 2))
    import warnings

    import torch

    from warwire.model.main import main

    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    if prepare is not None:
        prepare()
    if at is not None:
        _strike(at)
    main(arguments)


def _strike(at: At) -> None:
    """Put the signals before the n-th event."""
    left = [at.number]
    for event in at.events:
        module, name = EVENTS[event]
        owner = importlib.import_module(module)
        *classes, name = name.split(".")
        for part in classes:
            owner = getattr(owner, part)
        setattr(owner, name, _striking(getattr(owner, name), left, at.signals))


def _striking(function: Callable[..., object], left: list[int], signals: Sequence[signal.Signals]) -> object:
    @functools.wraps(function)
    def call(*arguments: object, **options: object) -> object:
        left[0] -= 1
        if not left[0]:
            for number in signals:
                os.kill(os.getpid(), number)
        return function(*arguments, **options)

    return call
