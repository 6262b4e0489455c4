"""Documents that end the process that reads them cost themselves, and nothing else."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from worker_faults import FULL, POISON, SLOW, dying_work, faulty_work

from warwire.annotations.document import Document
from warwire.model.archive import pool as pool_module
from warwire.model.archive.incoming import Article, Origin
from warwire.model.archive.pool import Pool
from warwire.model.archive.worker import Halt, Made, Task, WorkerSettings
from warwire.model.normalise.vague import GUIDE

SETTINGS = WorkerSettings(Path(), None, None, "cpu", GUIDE, "jsonl")


def task(number: int, *texts: str) -> Task:
    return Task(number, tuple(Article(Document(f"{number}-{i}", t), Origin("f", i)) for i, t in enumerate(texts)))


def results(tasks: list[Task], workers: int = 1, target: Any = faulty_work, patience: float = 60) -> list[Made | Halt]:
    pool = Pool(SETTINGS, workers, patience, target)
    try:
        return list(pool.run(iter(tasks)))
    finally:
        pool.close()


def lost(made: Made | Halt) -> dict[str | None, str]:
    assert isinstance(made, Made)
    return {rejection.id: rejection.code for rejection in made.rejections}


@pytest.mark.parametrize(
    ("texts", "bad"),
    [
        (("good", "good"), set()),
        (("good", POISON, "good"), {"0-1"}),
        ((POISON, "good", POISON), {"0-0", "0-2"}),
        ((POISON,), {"0-0"}),
    ],
)
def test_a_poisonous_document_is_rejected_and_the_others_are_read(texts: tuple[str, ...], bad: set[str]) -> None:
    (made,) = results([task(0, *texts)])
    assert lost(made) == dict.fromkeys(bad, "process-death")
    assert isinstance(made, Made)
    assert made.tagged == len(texts) - len(bad)


def test_other_shards_are_made_while_one_is_poisonous() -> None:
    found = results([task(0, "good", POISON), *(task(n, "good") for n in range(1, 6))], workers=2)
    assert sorted(made.number for made in found) == list(range(6))
    assert sum(made.tagged for made in found if isinstance(made, Made)) == 6


def test_a_document_that_takes_too_long_is_given_up() -> None:
    (made,) = results([task(0, "good", SLOW, "good")], patience=1)
    assert lost(made) == {"0-1": "timeout"}


def test_a_full_disk_is_told_and_blamed_on_no_document() -> None:
    (halt,) = results([task(0, "good", FULL)])
    assert halt == Halt(0, "no space left")


def test_workers_that_cannot_live_end_the_run_with_a_reason() -> None:
    pool = Pool(SETTINGS, 1, 60, dying_work)
    try:
        halt = next(found for found in pool.run(iter([task(0, "good")])) if isinstance(found, Halt))
    finally:
        pool.close()
    assert "exit code 9" in halt.message


def test_once_stopping_no_more_tasks_are_taken_and_those_begun_are_finished() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(10):
            taken.append(number)
            yield task(number, "good")

    pool = Pool(SETTINGS, 2, 60, faulty_work)
    try:
        found = list(pool.run(tasks(), lambda: len(taken) >= 3))
    finally:
        pool.close()
    assert sorted(made.number for made in found) == taken == [0, 1, 2]


def timed_work(connection: Connection, settings: WorkerSettings, watch: Any) -> None:
    """Serve tasks, and tell when each was begun and ended; the first ends when a tiny one has ended elsewhere."""
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        begun = time.monotonic()
        ended = settings.out / "tiny"
        while task.number == 0 and not ended.exists() and time.monotonic() < begun + 30:
            time.sleep(0.01)
        if task.articles[0].document.text == "tiny":
            ended.touch()
        connection.send(Made(task.number, (), 1, (), 0, 0, 0, {"begun": begun, "ended": time.monotonic()}))


def test_heavy_tasks_are_never_worked_on_at_once_and_light_ones_go_ahead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pool_module, "_HEAVY", 5)
    texts = ["heavy one", "heavy two", "tiny", "heavy three", "heavy four", "tiny", "tiny"]
    pool = Pool(replace(SETTINGS, out=tmp_path), 2, 60, timed_work)
    try:
        found = list(pool.run(iter([task(n, text) for n, text in enumerate(texts)])))
    finally:
        pool.close()
    assert sorted(made.number for made in found) == list(range(len(texts)))
    spent = [made.seconds for made in found if isinstance(made, Made) and texts[made.number] != "tiny"]
    spent.sort(key=lambda seconds: seconds["begun"])
    assert all(before["ended"] <= after["begun"] for before, after in pairwise(spent))
    assert spent[0]["ended"] - spent[0]["begun"] < 30
