"""Worker processes that survive documents which end them.

A worker that dies is replaced and its shard begun again. Dies the next one too, the shard is read article by article
until the one that ends the process is known, which is rejected; then the shard is read as usual, without it. An
article that takes longer than its time ends its worker and is rejected at once.
"""

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from warwire.model.archive.incoming import Rejection
from warwire.model.archive.worker import Halt, Made, Task, WorkerSettings, work

Target = Callable[[Connection, WorkerSettings, Any], None]
"""What a worker process runs."""

_TICK: Final = 0.5
"""Seconds between looks at the clock."""

_DEATHS: Final = 2
"""Deaths after which a document is looked for that causes them."""

_GIVEN_UP: Final = 6
"""Deaths, with no document to blame, after which the run halts."""

_CHARACTERS_A_SECOND: Final = 10_000
"""Code points for which an article has a second more: a tenth of what a slow machine reads."""


_HEAVY: Final = 4_000_000
"""Code points of a task above which it is worked on while no other such one is, for the sake of memory."""

_HELD: Final = 2
"""Heavy tasks that wait, at most, while lighter ones behind them are looked for."""


@dataclass(slots=True)
class _Job:
    """A task with what has befallen it; articles in `lost` are left out."""

    task: Task
    deaths: int = 0
    probed: bool = False
    lost: dict[int, Rejection] = field(default_factory=dict)

    @property
    def heavy(self) -> bool:
        """Whether it takes much memory."""
        return sum(article.characters for article in self.task.articles) > _HEAVY

    def attempt(self) -> Task:
        kept = tuple(article for i, article in enumerate(self.task.articles) if i not in self.lost)
        return Task(self.task.number, kept, apart=self.deaths >= _DEATHS and not self.probed)

    def index(self, among_kept: int) -> int:
        """The article's place in the whole task."""
        return [i for i in range(len(self.task.articles)) if i not in self.lost][among_kept]

    def lose(self, index: int, code: str, reason: str) -> None:
        article = self.task.articles[index]
        self.lost[index] = Rejection(article.origin, "tag", code, reason, article.document.id, article.excerpt)


@dataclass(slots=True)
class _Worker:
    process: Any
    connection: Connection
    watch: Any
    job: _Job | None = None


class _Queue:
    """Tasks in their order, except that a heavy one may wait while lighter ones go ahead."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks = tasks
        self._held: deque[_Job] = deque()

    def take(self, *, heavy: bool) -> _Job | None:
        """The next job; where a heavy one is worked on, the next that is not. None: there is none for now."""
        if self._held and not heavy:
            return self._held.popleft()
        while len(self._held) < _HELD:
            task = next(self._tasks, None)
            if task is None:
                return None
            job = _Job(task)
            if not (heavy and job.heavy):
                return job
            self._held.append(job)
        return None


class Pool:
    """Processes that make shards; `close` ends them."""

    def __init__(self, settings: WorkerSettings, workers: int, patience: float, target: Target = work) -> None:
        """Begin so many workers; an article is given up after `patience` seconds, a long one later."""
        self._settings = settings
        self._target = target
        self._patience = patience
        self._context = _context()
        self._workers = [self._begin() for _ in range(workers)]

    def run(self, tasks: Iterator[Task], stopping: Callable[[], bool] = lambda: False) -> Iterator[Made | Halt]:
        """What becomes of the tasks, in the order in which they are finished.

        Tasks are taken from the iterator as workers fall free. Once `stopping` says so, no more are taken, and those
        begun are finished.
        """
        again: list[_Job] = []
        queue = _Queue(tasks)
        while True:
            for i, worker in enumerate(self._workers):
                if worker.job is None and (again or not stopping()):
                    job = self._next(again, queue, stopping=stopping())
                    if job is not None and not self._hand(i, job):
                        again.append(job)
            busy = [worker for worker in self._workers if worker.job is not None]
            if not busy and not again:
                return
            wait([handle for w in busy for handle in (w.connection, w.process.sentinel)], timeout=_TICK)
            for i, worker in enumerate(self._workers):
                if worker.job is not None:
                    yield from self._look(i, worker, worker.job, again)

    def _next(self, again: list[_Job], queue: "_Queue", *, stopping: bool) -> _Job | None:
        """The job to do next: those begun before first, and no second heavy one beside another."""
        heavy = any(worker.job is not None and worker.job.heavy for worker in self._workers)
        for i, job in enumerate(again):
            if not (heavy and job.heavy):
                return again.pop(i)
        return None if stopping else queue.take(heavy=heavy)

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.kill()
            worker.process.join()

    def _begin(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        watch = self._context.Array("d", [-1.0, time.monotonic()], lock=False)
        process = self._context.Process(target=self._target, args=(theirs, self._settings, watch), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, watch)

    def _hand(self, i: int, job: _Job) -> bool:
        worker = self._workers[i]
        try:
            worker.connection.send(job.attempt())
        except OSError:
            # It died while it was idle: nothing of the job's doing.
            self._replace(i)
            return False
        worker.job = job
        return True

    def _look(self, i: int, worker: _Worker, job: _Job, again: list[_Job]) -> Iterator[Made | Halt]:
        result = _received(worker)
        if isinstance(result, Halt):
            worker.job = None
            yield result
        elif result is not None:
            worker.job = None
            if job.deaths >= _DEATHS and not job.probed:
                job.probed = True
                again.append(job)
            else:
                yield replace(result, rejections=(*result.rejections, *job.lost.values()))
        elif not worker.process.is_alive():
            worker.process.join()
            yield from self._died(job, worker)
            self._begin_again(i, job, again)
        elif worker.watch[0] >= 0:
            index = job.index(int(worker.watch[0]))
            allowed = self._patience + job.task.articles[index].characters / _CHARACTERS_A_SECOND
            if time.monotonic() - worker.watch[1] > allowed:
                job.lose(index, "timeout", f"took longer than {allowed:.0f} s; a larger --patience gives it more")
                self._begin_again(i, job, again)

    def _died(self, job: _Job, worker: _Worker) -> Iterator[Halt]:
        code, suspect = worker.process.exitcode, int(worker.watch[0])
        job.deaths += 1
        if job.deaths > _DEATHS and suspect >= 0:
            job.lose(job.index(suspect), "process-death", f"ends the process that reads it (exit code {code})")
            job.deaths = _DEATHS
        elif job.deaths >= _GIVEN_UP:
            yield Halt(
                job.task.number, f"the processes that read this shard all end (exit code {code}): too little memory?"
            )

    def _begin_again(self, i: int, job: _Job, again: list[_Job]) -> None:
        self._replace(i)
        again.append(job)

    def _replace(self, i: int) -> None:
        worker = self._workers[i]
        worker.connection.close()
        worker.process.kill()
        worker.process.join()
        self._workers[i] = self._begin()


def _context() -> Any:
    """Processes that inherit nothing but, where the system can, what is imported already: they begin in no time."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    return context


def _received(worker: _Worker) -> Made | Halt | None:
    try:
        if worker.connection.poll():
            result: Made | Halt = worker.connection.recv()
            return result
    except (EOFError, OSError):
        pass
    return None
