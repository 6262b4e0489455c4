"""A worker without a model, that fails in the ways that documents make workers fail."""

import os
import time
from multiprocessing.connection import Connection
from typing import Any

from warwire.model.archive.worker import Halt, Made, WorkerSettings

POISON = "ends the process"
SLOW = "takes for ever"
FULL = "fills the disk"


def faulty_work(connection: Connection, settings: WorkerSettings, watch: Any) -> None:
    """Serve tasks; ends with a poisonous article, whether it is read alone or with others."""
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        for index, article in enumerate(task.articles):
            watch[0], watch[1] = (index if task.apart else -1), time.monotonic()
            text = article.document.text
            if text == POISON:
                os._exit(11)
            if text == SLOW:
                watch[0] = index
                time.sleep(60)
            if text == FULL:
                connection.send(Halt(task.number, "no space left"))
                return
        watch[0] = -1
        connection.send(Made(task.number, (), len(task.articles), (), 0, 0, 0, {}))


def dying_work(connection: Connection, settings: WorkerSettings, watch: Any) -> None:
    """Die at once, as where a model does not fit into memory."""
    os._exit(9)
